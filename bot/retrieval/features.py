"""TF-IDF over three blocks of features, each of length 1, joined: fitted by scikit-learn, read from dictionaries.

scikit-learn's own transform costs nearly a millisecond a query whatever its size; the same numbers from
dictionaries cost a tenth (tests/retrieval hold the two against each other).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.analyzer import Analyzer, char_ngrams, pairs

if TYPE_CHECKING:
    from bot.retrieval.vectors import WordVectors

PAIR_WEIGHT = 0.5  #: bench: pairs help with few examples, at half the weight of words
VECTOR_WEIGHT = 1.0  #: length of the block of word vectors beside the three sparse blocks

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A text as features: sparse ids with values, plus a dense block (empty without word vectors)."""

    ids: Ints  #: (n,) ascending
    values: Floats  #: (n,) above 0; together with `dense` of length 1, or all zero
    dense: Floats  #: (d,)
    known: float  #: share of the idf of the words as typed that is known words, 0..1
    tokens: tuple[str, ...]

    def blend(self, other: Vector, weight: float) -> Vector:
        """This text with `weight` times another one added, of length 1 again; `known` and tokens stay this one's."""
        ids = np.union1d(self.ids, other.ids)
        values = np.zeros(len(ids), dtype=np.float32)
        values[np.searchsorted(ids, self.ids)] += self.values
        values[np.searchsorted(ids, other.ids)] += np.float32(weight) * other.values
        dense = self.dense + np.float32(weight) * other.dense
        length = np.float32(math.sqrt(float(values @ values) + float(dense @ dense)) or 1.0)
        return replace(self, ids=ids, values=values / length, dense=dense / length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    vocabulary: Mapping[str, int]  #: feature -> id within the whole space
    weight: float


class FeatureSpace:
    """Vocabulary and idf of a set of texts; `vector` maps a text into it."""

    def __init__(
        self,
        *,
        analyzer: Analyzer,
        word_ids: Mapping[str, int],
        pair_ids: Mapping[str, int],
        char_ids: Mapping[str, int],
        idf: Floats,
        vectors: WordVectors | None,
    ) -> None:
        self.analyzer = analyzer
        self.word_ids = word_ids
        self.pair_ids = pair_ids
        self.char_ids = char_ids
        self.idf = idf
        self.vectors = vectors
        self._idf: list[float] = idf.tolist()
        self._unknown_idf = max(self._idf, default=1.0)
        self._chars_of: dict[str, list[int]] = {}

    @property
    def size(self) -> int:
        """Number of sparse features."""
        return len(self._idf)

    @property
    def dense_size(self) -> int:
        return self.vectors.dimensions if self.vectors else 0

    def vector(self, text: str, *, typed: Sequence[str] | None = None) -> Vector:
        """The features of a text.

        Args:
            text: the query, repaired.
            typed: the words before repair, when they differ; `known` is counted on them.
        """
        tokens = self.analyzer.tokens(text)
        stems = self.analyzer.stems(tokens)
        ids: list[int] = []
        values: list[float] = []
        self._add(ids, values, self._count(stems, self.word_ids), 1.0)
        self._add(ids, values, self._count(pairs(stems), self.pair_ids), PAIR_WEIGHT)
        self._add(ids, values, Counter(i for token in tokens for i in self._chars(token)), 1.0)
        dense = self._dense(tokens)
        length = math.sqrt(sum(v * v for v in values) + float(dense @ dense)) or 1.0
        order = np.argsort(np.asarray(ids, dtype=np.int32))
        return Vector(
            ids=np.asarray(ids, dtype=np.int32)[order],
            values=(np.asarray(values, dtype=np.float32) / np.float32(length))[order],
            dense=dense / np.float32(length),
            known=self._known(typed if typed is not None else tokens),
            tokens=tokens,
        )

    @staticmethod
    def _count(features: Iterable[str], vocabulary: Mapping[str, int]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for feature in features:
            number = vocabulary.get(feature)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
        return counts

    def _chars(self, token: str) -> list[int]:
        found = self._chars_of.get(token)
        if found is None:
            get = self.char_ids.get
            found = [i for i in map(get, char_ngrams(token)) if i is not None]
            if len(self._chars_of) < 50_000:
                self._chars_of[token] = found
        return found

    def _add(self, ids: list[int], values: list[float], counts: Mapping[int, int], weight: float) -> None:
        """Append one block, sublinear tf times idf, of length `weight`."""
        idf = self._idf
        block = [(1.0 + math.log(count) if count > 1 else 1.0) * idf[number] for number, count in counts.items()]
        length = math.sqrt(sum(v * v for v in block))
        if length:
            ids.extend(counts)
            values.extend(v * weight / length for v in block)

    def _dense(self, tokens: Sequence[str]) -> Floats:
        if self.vectors is None:
            return np.zeros(0, dtype=np.float32)
        return self.vectors.mean(tokens) * np.float32(VECTOR_WEIGHT)

    def _known(self, tokens: Sequence[str]) -> float:
        total = known = 0.0
        for token in tokens:
            number = self.word_ids.get(self.analyzer.stem(token))
            idf = self._idf[number] if number is not None else self._unknown_idf
            total += idf
            known += idf if number is not None else 0.0
        return known / total if total else 0.0


def fit_space(texts: Sequence[str], *, analyzer: Analyzer, vectors: WordVectors | None = None) -> FeatureSpace:
    """The feature space of some texts, by scikit-learn's `TfidfVectorizer`, a block at a time."""
    tokens = [analyzer.tokens(text) for text in texts]
    stems = [analyzer.stems(row) for row in tokens]
    lone = 2 if len(texts) > 50 else 1
    blocks = [
        _fit_block(stems, lambda row: row, min_df=1),
        _fit_block(stems, pairs, min_df=lone),
        _fit_block(tokens, lambda row: [g for token in row for g in char_ngrams(token)], min_df=lone),
    ]
    offsets = np.cumsum([0] + [len(vocabulary) for vocabulary, _ in blocks])
    word_ids, pair_ids, char_ids = (
        {feature: int(number + offset) for feature, number in sorted(vocabulary.items(), key=itemgetter(1))}
        for (vocabulary, _), offset in zip(blocks, offsets, strict=False)
    )
    return FeatureSpace(
        analyzer=analyzer,
        word_ids=word_ids,
        pair_ids=pair_ids,
        char_ids=char_ids,
        idf=np.concatenate([idf for _, idf in blocks]).astype(np.float32),
        vectors=vectors,
    )


def _fit_block(
    rows: Sequence[Any], analyze: Callable[[Any], Sequence[str]], *, min_df: int
) -> tuple[dict[str, int], NDArray[np.float64]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=analyze, sublinear_tf=True, min_df=min_df)
    try:
        vectorizer.fit(rows)
    except ValueError:  # scikit-learn refuses an empty vocabulary; for us it is a block without features
        return {}, np.zeros(0)
    vocabulary = {feature: int(number) for feature, number in vectorizer.vocabulary_.items()}
    return vocabulary, vectorizer.idf_

"""TF-IDF over three joined blocks of length 1: fitted by scikit-learn, read from dictionaries.

scikit-learn's own transform costs nearly a millisecond a query whatever its size; the same numbers
from dictionaries cost a tenth (tests/retrieval hold the two against each other).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from bot.retrieval.analyzer import Analyzer, char_ngrams, pairs

if TYPE_CHECKING:
    from bot.retrieval.arrays import Floats, Ints
    from bot.retrieval.vectors import WordVectors


PAIR_WEIGHT = 0.5  #: bench: pairs help with few examples, at half the weight of words
_NO_IDS: Ints = np.zeros(0, dtype=np.int32)
_REMEMBERED = 16  #: vectors kept for the length of a message
VECTOR_WEIGHT = 1.0  #: length of the block of word vectors beside the three sparse blocks


class Vector(Struct, frozen=True, kw_only=True):
    """A text as features: sparse ids with values and a dense block (empty without vectors)."""

    ids: Ints  #: (n,) ascending
    values: Floats  #: (n,) above 0; together with `dense` of length 1, or all zero
    dense: Floats  #: (d,)
    known: float  #: share of the idf of the words as typed that is known words, 0..1
    tokens: tuple[str, ...]

    def blend(self, other: Vector, weight: float) -> Vector:
        """This text with `weight` times another one added, of length 1 again.

        `known` and tokens stay this one's.
        """
        ids = np.union1d(self.ids, other.ids)
        values = np.zeros(len(ids), dtype=np.float32)
        values[np.searchsorted(ids, self.ids)] += self.values
        values[np.searchsorted(ids, other.ids)] += np.float32(weight) * other.values
        dense = self.dense + np.float32(weight) * other.dense
        length = np.float32(math.sqrt(float(values @ values) + float(dense @ dense)) or 1.0)
        return replace(self, ids=ids, values=values / length, dense=dense / length)


class Block(Struct, frozen=True, kw_only=True):
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
        self._unknown_idf = float(idf.max()) if len(idf) else 1.0
        self._chars_of: dict[str, Ints] = {}
        self._last: dict[
            tuple[str, ...], Vector
        ] = {}  # one message asks for the same words many times

    @property
    def size(self) -> int:
        """Number of sparse features."""
        return len(self.idf)

    @property
    def dense_size(self) -> int:
        return self.vectors.dimensions if self.vectors else 0

    def vector(self, text: str) -> Vector:
        """The features of a text."""
        return self.vector_of(self.analyzer.tokens(text))

    def vector_of(self, tokens: tuple[str, ...], *, typed: Sequence[str] | None = None) -> Vector:
        """The features of a row of words.

        Args:
            tokens: the words, repaired.
            typed: the words before repair, when they differ; `known` is counted on them.
        """
        found = self._last.get(tokens)
        if found is None:
            if len(self._last) >= _REMEMBERED:
                self._last.clear()
            found = self._last[tokens] = self._vector(tokens)
        return found if typed is None else replace(found, known=self._known(typed))

    def _vector(self, tokens: tuple[str, ...]) -> Vector:
        stems = self.analyzer.stems(tokens)
        blocks = (
            self._block(_ids(stems, self.word_ids), 1.0),
            self._block(_ids(pairs(stems), self.pair_ids), PAIR_WEIGHT),
            self._block(
                np.concatenate([self._chars(t) for t in tokens]) if tokens else _NO_IDS, 1.0
            ),
        )
        # The blocks come one after the other in the space, each sorted: joined they are sorted too.
        ids = np.concatenate([ids for ids, _ in blocks])
        values = np.concatenate([values for _, values in blocks])
        dense = self._dense(tokens)
        length = np.float32(math.sqrt(float(values @ values) + float(dense @ dense)) or 1.0)
        return Vector(
            ids=ids,
            values=values / length,
            dense=dense / length,
            known=self._known(tokens),
            tokens=tokens,
        )

    def _chars(self, token: str) -> Ints:
        found = self._chars_of.get(token)
        if found is None:
            found = _ids(char_ngrams(token), self.char_ids)
            if len(self._chars_of) < 50_000:
                self._chars_of[token] = found
        return found

    def _block(self, ids: Ints, weight: float) -> tuple[Ints, Floats]:
        """One block, sublinear tf times idf, of length `weight`."""
        distinct = np.sort(ids)
        repeated = distinct[1:] == distinct[:-1]
        values: Floats
        if repeated.any():
            distinct, counts = np.unique(ids, return_counts=True)
            values = (1.0 + np.log(counts)).astype(np.float32) * self.idf[distinct]
        else:
            values = self.idf[distinct]
        length = math.sqrt(float(values @ values)) or 1.0
        return distinct, values * np.float32(weight / length)

    def _dense(self, tokens: Sequence[str]) -> Floats:
        if self.vectors is None:
            return np.zeros(0, dtype=np.float32)
        return self.vectors.mean(tokens) * np.float32(VECTOR_WEIGHT)

    def _known(self, tokens: Sequence[str]) -> float:
        total = known = 0.0
        for token in tokens:
            number = self.word_ids.get(self.analyzer.stem(token))
            idf = float(self.idf[number]) if number is not None else self._unknown_idf
            total += idf
            known += idf if number is not None else 0.0
        return known / total if total else 0.0


def _ids(features: Iterable[str], vocabulary: Mapping[str, int]) -> Ints:
    """Ids of the known features, in the order given, with repeats."""
    return np.array([i for i in map(vocabulary.get, features) if i is not None], dtype=np.int32)


def fit_space(
    texts: Sequence[str], *, analyzer: Analyzer, vectors: WordVectors | None = None
) -> FeatureSpace:
    """The feature space of some texts, by scikit-learn's `TfidfVectorizer`, a block at a time."""
    tokens = [analyzer.tokens(text) for text in texts]
    stems = [analyzer.stems(row) for row in tokens]
    least = _least_texts(len(texts))
    blocks = [
        _fit_block(stems, lambda row: row, min_df=1),
        _fit_block(stems, pairs, min_df=least),
        _fit_block(
            tokens, lambda row: [g for token in row for g in char_ngrams(token)], min_df=least
        ),
    ]
    offsets = np.cumsum([0] + [len(vocabulary) for vocabulary, _ in blocks])
    word_ids, pair_ids, char_ids = (
        {
            feature: int(number + offset)
            for feature, number in sorted(vocabulary.items(), key=itemgetter(1))
        }
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


def _least_texts(texts: int) -> int:
    """In how many texts a pair or n-gram must stand.

    The rare ones are most of the memory and none of the accuracy.
    """
    return 1 if texts <= 50 else 2 if texts <= 5000 else 5


def _fit_block(
    rows: Sequence[Any], analyze: Callable[[Any], Sequence[str]], *, min_df: int
) -> tuple[dict[str, int], Floats]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=analyze, sublinear_tf=True, min_df=min_df)
    try:
        vectorizer.fit(rows)
    except (
        ValueError
    ):  # scikit-learn refuses an empty vocabulary; for us it is a block without features
        return {}, np.zeros(0)
    vocabulary = {feature: int(number) for feature, number in vectorizer.vocabulary_.items()}
    return vocabulary, vectorizer.idf_

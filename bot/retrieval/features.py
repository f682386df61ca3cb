"""TF-IDF over three joined blocks of length 1: fitted in `corpus`, read here by sorted keys.

scikit-learn's own transform costs nearly a millisecond a query whatever its size; the same numbers
cost a tenth of it here (tests/retrieval hold the two against each other). Pairs and n-grams are
looked up by number in sorted arrays, which are ready as soon as the index has been read:
dictionaries of 90,000 strings took a start 25 ms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from bot.retrieval.analyzer import Analyzer, ngram_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.arrays import Floats, Ints
    from bot.retrieval.vectors import WordVectors


PAIR_WEIGHT = 0.75  #: bench: 0.5 is as good with ten examples a label, 0.3 points worse with many
PAIR_WINDOW = 3  #: words apart at the most; 10 measured the same with twice the pairs
_PAIR_BASE = 1 << 31  #: above every word id
_MOST_VECTOR_WEIGHT, _LEAST_VECTOR_WEIGHT, _MANY_EXAMPLES = 2.0, 1.0, 30
_NO_IDS: Ints = np.zeros(0, dtype=np.int32)
_NO_VALUES: Floats = np.zeros(0, dtype=np.float32)
_SUBLINEAR: Floats = (1.0 + np.log(np.maximum(np.arange(4096), 1))).astype(np.float32)
"""tf -> weight"""
_REMEMBERED_VECTORS = 16  #: one message asks for the same words many times
_REMEMBERED_WORDS = 50_000


def vector_weight(examples_a_label: float) -> float:
    """Length of the block of word vectors beside the three sparse blocks.

    Words of one's own tell more the more examples there are. Measured best: 2 with four examples a
    label, 1.7 with ten, 1 from thirty on.
    """
    step = (_MOST_VECTOR_WEIGHT - _LEAST_VECTOR_WEIGHT) / _MANY_EXAMPLES
    return max(_LEAST_VECTOR_WEIGHT, _MOST_VECTOR_WEIGHT - step * examples_a_label)


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
        every = np.concatenate([self.ids, other.ids])
        order = every.argsort(kind="stable")
        every = every[order]
        values = np.concatenate([self.values, np.float32(weight) * other.values])[order]
        starts = _firsts(every)
        ids, values = every[starts], np.add.reduceat(values, starts) if starts.size else values
        dense = self.dense + np.float32(weight) * other.dense
        length = np.float32(math.sqrt(float(values @ values) + float(dense @ dense)) or 1.0)
        return replace(self, ids=ids, values=values / length, dense=dense / length)


class _Word(Struct, frozen=True):
    """What the space knows of one word as typed."""

    chars: Ints  #: ids of its n-grams, with repeats
    idf: float
    known: bool


class FeatureSpace:
    """Vocabulary and idf of a set of texts; `vector` maps a text into it.

    Ids count words first, then pairs of words, then character n-grams.

    Args:
        words: stems and meanings, in order of id.
        pair_keys: `pair_keys` of the known pairs, ascending.
        char_keys: `ngram_keys` of the known n-grams, ascending.
        idf: (words + pairs + n-grams,)
        vector_weight: length of the block of word vectors.
    """

    def __init__(
        self,
        *,
        analyzer: Analyzer,
        words: Sequence[str],
        pair_keys: NDArray[np.int64],
        char_keys: NDArray[np.uint32],
        idf: Floats,
        vectors: WordVectors | None,
        vector_weight: float,
    ) -> None:
        self.analyzer = analyzer
        self.word_ids: Mapping[str, int] = dict(zip(words, range(len(words)), strict=True))
        self.pair_keys = pair_keys
        self.char_keys = char_keys
        self.idf = idf
        self.vectors = vectors
        self.vector_weight = vector_weight
        self._unknown_idf = float(idf.max()) if len(idf) else 1.0
        self._first_pair = np.int32(len(words))
        self._first_char = np.int32(len(words) + len(pair_keys))
        self._begins = np.array([self._first_pair, self._first_char])
        self._words: dict[str, _Word] = {}
        self._last: dict[tuple[str, ...], Vector] = {}

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
            if len(self._last) >= _REMEMBERED_VECTORS:
                self._last.clear()
            found = self._last[tokens] = self._vector(tokens)
        if typed is None:
            return found
        return replace(found, known=_known([self._word(token) for token in typed]))

    def _vector(self, tokens: tuple[str, ...]) -> Vector:
        get = self.word_ids.get
        words = [i for i in map(get, self.analyzer.stems(tokens)) if i is not None]
        read = [self._word(token) for token in tokens]
        chars = [word.chars for word in read]
        ids = np.concatenate([np.array(words, dtype=np.int32), self._pairs(words), *chars])
        ids, values = self._weigh(ids)
        dense = self._dense(tokens)
        square = self._even_blocks(ids, values) + float(dense @ dense)
        scale = np.float32(1.0 / (math.sqrt(square) or 1.0))
        values *= scale
        dense *= scale
        return Vector(ids=ids, values=values, dense=dense, known=_known(read), tokens=tokens)

    def _pairs(self, words: Sequence[int]) -> Ints:
        return find_keys(self.pair_keys, pair_keys(words)) + self._first_pair

    def _word(self, token: str) -> _Word:
        found = self._words.get(token)
        if found is None:
            number = self.word_ids.get(self.analyzer.stem(token))
            keys = np.array(ngram_keys(token), dtype=np.uint32)
            found = _Word(
                find_keys(self.char_keys, keys) + self._first_char,
                float(self.idf[number]) if number is not None else self._unknown_idf,
                number is not None,
            )
            if len(self._words) < _REMEMBERED_WORDS:
                self._words[token] = found
        return found

    def _weigh(self, ids: Ints) -> tuple[Ints, Floats]:
        """Distinct ids, ascending, and their values: sublinear tf times idf."""
        if not ids.size:
            return _NO_IDS, _NO_VALUES
        ids.sort()
        starts = _firsts(ids)
        if starts.size == ids.size:
            return ids, self.idf.take(ids)
        counts = np.empty(starts.size, dtype=np.int64)
        np.subtract(starts[1:], starts[:-1], out=counts[:-1])
        counts[-1] = ids.size - starts[-1]
        ids = ids.take(starts)
        return ids, self.idf.take(ids) * _SUBLINEAR.take(counts, mode="clip")

    def _even_blocks(self, ids: Ints, values: Floats) -> float:
        """Give words, pairs and n-grams their lengths, in place; returns the square of the whole.

        The blocks come one after the other in the space, so that each is a slice.
        """
        pair, char = ids.searchsorted(self._begins).tolist()
        total = 0.0
        for block, weight in (
            (values[:pair], 1.0),
            (values[pair:char], PAIR_WEIGHT),
            (values[char:], 1.0),
        ):
            if block.size:
                block *= np.float32(weight / math.sqrt(float(block @ block)))
                total += weight * weight
        return total

    def _dense(self, tokens: Sequence[str]) -> Floats:
        if self.vectors is None:
            return _NO_VALUES
        return self.vectors.mean(tokens, self.vector_weight)


def _known(words: Sequence[_Word]) -> float:
    """Share of the idf of some words that is known ones."""
    total = known = 0.0
    for word in words:
        total += word.idf
        known += word.idf if word.known else 0.0
    return known / total if total else 0.0


def _firsts(ids: Ints) -> NDArray[np.intp]:
    """Places where a new id begins in an ascending row."""
    is_first = np.ones(ids.size, dtype=np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=is_first[1:])
    return is_first.nonzero()[0]


def pair_keys(word_ids: Sequence[int]) -> NDArray[np.int64]:
    """A number for each unordered pair of different words that stand near each other, once each."""
    distinct = np.array(list(dict.fromkeys(word_ids)), dtype=np.int64)
    earlier, later = _near(len(distinct))
    a, b = distinct[earlier], distinct[later]
    return np.minimum(a, b) * _PAIR_BASE + np.maximum(a, b)


@lru_cache(maxsize=512)
def _near(count: int) -> tuple[Ints, Ints]:
    """Places of the words of all pairs among `count` words within the window."""
    earlier, later = (places.astype(np.int32) for places in np.triu_indices(count, 1))
    near = later - earlier <= PAIR_WINDOW
    return earlier[near], later[near]


def find_keys(keys: NDArray[Any], wanted: NDArray[Any]) -> Ints:
    """Places in `keys` (ascending) of those wanted keys that stand there, in the order wanted."""
    if not len(keys):
        return _NO_IDS
    places = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
    found: Ints = places[keys[places] == wanted].astype(np.int32)
    return found

"""Static word vectors: meaning borrowed from a sentence encoder, a table at query time.

The table is made once by `bot.retrieval.distill` and ships as knowledge/language/vectors.npz. A
text's vector is the sum of its words' rows (each already weighted by how telling the word is), of
length 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REMEMBERED = 50_000


class WordVectors:
    """A row of an int8 table with a scale of its own for each word, found by the word's key.

    Args:
        keys: (words,) `word_key` of each word, ascending.
        table: (words, dimensions)
        scales: (words,)
        ranks: (words,) 0 for the commonest word of English
    """

    def __init__(
        self,
        keys: NDArray[np.uint32],
        table: NDArray[np.int8],
        scales: NDArray[np.floating[Any]],
        ranks: NDArray[np.uint16],
    ) -> None:
        self.keys = keys
        self.table = table
        self.scales = scales
        self.ranks = ranks
        self._rows: dict[str, int] = {}  #: of the words asked for; -1 for an unknown one

    @classmethod
    def of_words(
        cls, words: Sequence[str], table: NDArray[np.int8], scales: NDArray[np.floating[Any]]
    ) -> WordVectors:
        """The table of some words, the commonest first, row by row."""
        every = np.array([word_key(word) for word in words], dtype=np.uint32)
        keys, rows = np.unique(every, return_index=True)
        return cls(keys, table[rows], scales[rows], rows.astype(np.uint16))

    @property
    def dimensions(self) -> int:
        return int(self.table.shape[1])

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._row(word) >= 0

    def commonest(self, words: Sequence[str]) -> str | None:
        """The one of the words that is commonest in English; None when no vector has one."""
        keys = np.array([word_key(word) for word in words], dtype=np.uint32)
        rows = np.minimum(self.keys.searchsorted(keys), len(self.keys) - 1)
        listed = (self.keys[rows] == keys).nonzero()[0]
        if not listed.size:
            return None
        return words[int(listed[self.ranks[rows[listed]].argmin()])]

    def rank(self, word: str) -> int:
        """0 for the commonest word of English; one past the last for a word that is not listed."""
        row = self._row(word)
        return int(self.ranks[row]) if row >= 0 else len(self.ranks)

    def _row(self, word: str) -> int:
        row = self._rows.get(word)
        if row is None:
            key = word_key(word)
            row = int(self.keys.searchsorted(key))
            if row == len(self.keys) or self.keys[row] != key:
                row = -1
            if len(self._rows) < _REMEMBERED:
                self._rows[word] = row
        return row

    def rows(self, words: Sequence[str]) -> NDArray[np.floating[Any]]:
        """(words, dimensions) the row of each word; zero for an unknown one."""
        places = np.array([self._row(word) for word in words], dtype=np.int64)
        found = self.scales[places][:, None] * self.table[places].astype(np.float32)
        found[places < 0] = 0.0
        return found

    def mean(self, tokens: Sequence[str], weight: float = 1.0) -> NDArray[np.floating[Any]]:
        """Direction of a text, of length `weight`; all zero when no word is known."""
        known = [row for row in map(self._row, tokens) if row >= 0]
        if not known:
            return np.zeros(self.dimensions, dtype=np.float32)
        rows = np.array(known)
        total = self.scales.take(rows) @ self.table.take(rows, axis=0).astype(np.float32)
        length = math.sqrt(float(total @ total))
        return total * np.float32(weight / length) if length else total


def word_key(word: str) -> int:
    """A number below 2**32 for a word: arrays of them need no strings at a start."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def load_vectors(path: Path) -> WordVectors | None:
    """The table in a file, None when there is none: the engine then works on words alone."""
    if not path.exists():
        return None
    return WordVectors.of_words(*load_table(path))


def load_table(
    path: Path,
) -> tuple[list[str], NDArray[np.int8], NDArray[np.floating[Any]]]:
    """Words, the commonest first, their rows and the scales of the rows."""
    with np.load(path, allow_pickle=False) as data:
        words = bytes(data["words"]).decode("utf-8").split("\n")
        return words, data["table"], data["scales"].astype(np.float32)

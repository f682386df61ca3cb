"""Static word vectors: meaning borrowed from a sentence encoder, a table at query time.

The table is made once by `bot.retrieval.distill` and ships as knowledge/language/vectors.npz. A
text's vector is the sum of its words' rows (each already weighted by how telling the word is), of
length 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class WordVectors:
    """word -> row of an int8 table with one scale per row."""

    def __init__(
        self, words: Sequence[str], table: NDArray[np.int8], scales: NDArray[np.floating[Any]]
    ) -> None:
        self.words = words
        self.table = table  #: (words, dimensions)
        self.scales = scales  #: (words,)
        self.rows = {word: row for row, word in enumerate(words)}

    @property
    def dimensions(self) -> int:
        return int(self.table.shape[1])

    def mean(self, tokens: Sequence[str]) -> NDArray[np.floating[Any]]:
        """Direction of a text, length 1; all zero when no word is known."""
        rows = [row for row in map(self.rows.get, tokens) if row is not None]
        if not rows:
            return np.zeros(self.dimensions, dtype=np.float32)
        total = self.scales[rows] @ self.table[rows].astype(np.float32)
        length = float(np.sqrt(total @ total))
        return total / np.float32(length) if length else total


def load_vectors(path: Path) -> WordVectors | None:
    """The table in a file, None when there is none: the engine then works on words alone."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as data:
        words = bytes(data["words"]).decode("utf-8").split("\n")
        return WordVectors(words, data["table"], data["scales"].astype(np.float32))

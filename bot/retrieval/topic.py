"""Is a query about what the examples are about? Its words there, beside the words of English."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

from bot.retrieval.vectors import WordVectors

_UNSEEN = 0.3  #: added to every count, so that an unseen word is rare and not impossible
_ZIPF_SHIFT = 2.7  #: Mandelbrot's shift of Zipf's law for English
_REMEMBERED = 50_000


class Topic:
    """Log likelihood ratio of a row of words: from the examples, against from anywhere.

    Args:
        counts: word of the examples -> in how many of them it stands.
        vectors: their ranks tell how common a word is in English; without them all is on topic.
    """

    def __init__(self, counts: Mapping[str, float], vectors: WordVectors | None) -> None:
        self._counts = counts
        self._vectors = vectors
        self._ratios: dict[str, float] = {}

    def ratio(self, tokens: Sequence[str]) -> float:
        """Sum over the words; above 0 when they are more usual here than in English."""
        if self._vectors is None:
            return 0.0
        found = 0.0
        for token in tokens:
            known = self._ratios.get(token)
            found += self._ratio(token, self._vectors) if known is None else known
        return found

    def _ratio(self, token: str, vectors: WordVectors) -> float:
        here = (self._counts.get(token, 0.0) + _UNSEEN) / self._total
        ratio = math.log(here * self._harmonic * (vectors.rank(token) + _ZIPF_SHIFT))
        if len(self._ratios) < _REMEMBERED:
            self._ratios[token] = ratio
        return ratio

    @cached_property
    def _total(self) -> float:
        return sum(self._counts.values()) + _UNSEEN * self._listed

    @cached_property
    def _harmonic(self) -> float:
        """The sum of 1 / (rank + shift): what Zipf's law is divided by."""
        return math.log((self._listed + _ZIPF_SHIFT) / _ZIPF_SHIFT)

    @property
    def _listed(self) -> int:
        return len(self._vectors.ranks) if self._vectors is not None else 0

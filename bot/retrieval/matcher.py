"""The engine alone, for any FAQ and for public benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.retrieval.ranker import OUTSIDE, Ranker, fit_ranker
from bot.retrieval.vectors import WordVectors


class Matcher:
    """Fits (text, label) examples and ranks labels for a query; "oos" means out of scope."""

    def __init__(self, vectors: WordVectors | None = None) -> None:
        self._vectors = vectors
        self._ranker: Ranker | None = None

    def fit(self, examples: Sequence[tuple[str, str]]) -> Matcher:
        """Learn from examples; at least two different labels. Returns itself."""
        self._ranker = fit_ranker(examples, vectors=self._vectors)
        return self

    def rank(self, query: str) -> list[tuple[str, float]]:
        """(label, score) best first, ten at the most; score is a probability, 0..1.

        Raises `RuntimeError` before `fit`.
        """
        if self._ranker is None:
            raise RuntimeError("fit() comes before rank()")
        ranking = self._ranker.rank(query)
        found = [(r.entry_id, r.score) for r in ranking.ranked]
        if OUTSIDE in ranking.decisions and ranking.signals.outside > 0:
            found.insert(0, (OUTSIDE, max(1.0 - found[0][1], found[0][1])))
        return found[:10]

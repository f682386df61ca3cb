"""The engine alone, for any FAQ and for public benchmarks."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import Literal

from bot.knowledge.folder import shipped_folder, vectors_file
from bot.retrieval.ranker import OUTSIDE, Ranker, fit_ranker
from bot.retrieval.vectors import WordVectors, load_vectors

_BETWEEN_WORDS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_LIKELY = 0.5


class Matcher:
    """Fits (text, label) examples and ranks labels for a query; "oos" means out of scope.

    Args:
        vectors: word vectors; those that ship, unless told otherwise, or none.
    """

    def __init__(self, vectors: WordVectors | Literal["shipped"] | None = "shipped") -> None:
        self._vectors = vectors
        self._ranker: Ranker | None = None

    def fit(self, examples: Sequence[tuple[str, str]]) -> Matcher:
        """Learn from examples; at least two different labels. Returns itself."""
        vectors = self._vectors
        if vectors == "shipped":
            vectors = load_vectors(vectors_file(shipped_folder()))
        titles = titles_of([label for _, label in examples], vectors or ())
        self._ranker = fit_ranker([*examples, *titles], vectors=vectors)
        return self

    def rank(self, query: str) -> list[tuple[str, float]]:
        """(label, score) best first, ten at the most; score is a probability, 0..1.

        Taught what is out of scope, it says so where its guess is more likely wrong than right.

        Raises `RuntimeError` before `fit`.
        """
        if self._ranker is None:
            raise RuntimeError("fit() comes before rank()")
        ranking = self._ranker.rank(query)
        found = [(r.entry_id, r.score) for r in ranking.ranked]
        if OUTSIDE in ranking.decisions and found[0][1] < _LIKELY:
            found.insert(0, (OUTSIDE, 1.0 - found[0][1]))
        return found[:10]


def titles_of(labels: Sequence[str], known: Container[str]) -> Iterator[tuple[str, str]]:
    """Each label as one more example of itself, where it says something: "card_arrival" does,
    "faq12" does not. A title is what somebody called the entry, in a few telling words.

    Args:
        known: English words; a title is made of nothing else.
    """
    for label in dict.fromkeys(labels):
        words = [word.lower() for word in _BETWEEN_WORDS.split(label) if word]
        if label != OUTSIDE and all(w in known for w in words) and any(len(w) > 2 for w in words):
            yield " ".join(words), label

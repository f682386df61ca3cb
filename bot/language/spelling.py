"""Spelling repair: an unknown word becomes the nearest known one, if one is near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from functools import cached_property

SHORTEST = 4  #: shorter words have too many neighbours: "leg", "led", "let"
_TWO_EDITS_FROM = 8


class AnyOf:
    """Holds what any of its parts holds; joining them would cost every start."""

    def __init__(self, *parts: Container[str]) -> None:
        self._parts = parts

    def __contains__(self, word: object) -> bool:
        return any(word in part for part in self._parts)


class _AtLeast:
    """The keys whose value is at least so much."""

    def __init__(self, weights: Mapping[str, float], least: float) -> None:
        self._weights = weights
        self._least = least

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._weights.get(word, 0.0) >= self._least


class Speller:
    """Known words by first letter and length; repairs are remembered.

    Args:
        weights: word -> how common it is; of two words equally near the more common one is taken.
        correct: words that are right as they are although no entry uses them (an English word list,
            names of medicines): never repaired.
        from_length: shortest word that is repaired at all.
        two_edits_from: shortest word that may be two edits away.
    """

    def __init__(
        self,
        weights: Mapping[str, float],
        *,
        correct: Container[str] = (),
        from_length: int = SHORTEST,
        two_edits_from: int = _TWO_EDITS_FROM,
    ) -> None:
        self.weights = weights
        self.correct = correct
        self._from_length = from_length
        self._two_edits_from = two_edits_from
        self._seen: dict[str, str] = {}

    @cached_property
    def _by_shape(self) -> dict[tuple[str, int], list[str]]:
        """Known words by first letter and length; made when the first unknown word comes."""
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self.weights:
            if len(word) >= self._from_length - 1 and word.isalpha():
                found[word[0], len(word)].append(word)
        return found

    def known_from(self, least: float) -> Container[str]:
        """Words with at least that weight, and all that are correct."""
        return AnyOf(_AtLeast(self.weights, least), self.correct)

    def repair(self, word: str) -> str:
        """The word itself when known, protected, short, with a digit, or without near neighbour."""
        found = self._seen.get(word)
        if found is None:
            found = self._repair(word)
            if len(self._seen) < 50_000:
                self._seen[word] = found
        return found

    def _repair(self, word: str) -> str:
        if word in self.weights or word in self.correct or not word.isascii() or not word.isalpha():
            return word
        single = _single_letters(word)
        long_enough = len(word) >= self._from_length  # "poo" is no long "po", but "hii" is "hi"
        known = single in self.weights or (long_enough and single in self.correct)
        if single != word and len(single) > 1 and known:
            return single
        return (self._nearest(word) if len(word) >= self._from_length else None) or word

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz.distance import OSA  # late: most messages hold no unknown word

        most = 2 if len(word) >= self._two_edits_from else 1
        best: tuple[int, float, str] | None = None
        for candidate in self._candidates(word, most):
            distance = OSA.distance(word, candidate, score_cutoff=most)
            if distance <= most:
                key = (distance, -self.weights[candidate], candidate)
                best = min(best, key) if best else key
        return best[2] if best else None

    def _candidates(self, word: str, most: int) -> Iterable[str]:
        """Same first letter, or the first two letters swapped: people rarely miss the first key."""
        for length in range(len(word) - most, len(word) + most + 1):
            yield from self._by_shape.get((word[0], length), ())
        for candidate in self._by_shape.get((word[1], len(word)), ()):
            if candidate[1] == word[0]:
                yield candidate


def _single_letters(word: str) -> str:
    """ "numbb" -> "numb": letters doubled for emphasis or by a trembling finger."""
    kept = [letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1]]
    return "".join(kept)

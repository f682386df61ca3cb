"""Spelling repair: an unknown word becomes the nearest known one, if one is near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from bot.language.slips import missing_letter, slips

SHORTEST = 4  #: shorter words have too many neighbours: "leg", "led", "let"
_TWO_EDITS_FROM = 8


class English(Protocol):
    """A list of English words."""

    def commonest(self, words: Sequence[str]) -> str | None:
        """The one of the words that is commonest in English; None when the list has none."""


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
        missing_from: shortest word that is repaired when only a letter is missing.
        english: words that are looked for when no known one is near.
    """

    def __init__(
        self,
        weights: Mapping[str, float],
        *,
        correct: Container[str] = (),
        from_length: int = SHORTEST,
        two_edits_from: int = _TWO_EDITS_FROM,
        missing_from: int | None = None,
        english: English | None = None,
    ) -> None:
        self.weights = weights
        self.correct = correct
        self._from_length = from_length
        self._two_edits_from = two_edits_from
        self._missing_from = from_length if missing_from is None else missing_from
        self._english = english
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
        if len(word) >= self._from_length:
            return self._one_slip(word) or self._two_edits(word) or word
        if len(word) >= self._missing_from:
            return self._commonest(missing_letter(word)) or word
        return word

    def _one_slip(self, word: str) -> str | None:
        for meant in slips(word):
            known = self._commonest(meant)
            if known is None and self._english is not None:
                known = self._english.commonest(meant)
            if known is not None:
                return known
        return None

    def _commonest(self, words: Sequence[str]) -> str | None:
        known = [word for word in words if word in self.weights]
        return min(known, key=lambda word: (-self.weights[word], word), default=None)

    def _two_edits(self, word: str) -> str | None:
        if len(word) < self._two_edits_from:
            return None
        from rapidfuzz.distance import OSA  # late: most messages hold no unknown word

        near = [c for c in self._candidates(word, 2) if OSA.distance(word, c, score_cutoff=2) <= 2]
        return self._commonest(near)

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

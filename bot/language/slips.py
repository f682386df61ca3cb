"""What somebody may have meant to type: the words one slip of the finger away, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase


def slips(word: str) -> Iterator[list[str]]:
    """Words one slip away: letters swapped or doubled; one missing; one wrong or too many.

    A swap or a doubled letter leaves few words that can be meant, a wrong letter many: so the
    first kind that gives a known word is most likely right (Kernighan, Church & Gale 1990). The
    first letter stays, but for a swap: people rarely miss the first key.
    """
    cuts = range(1, len(word))
    yield [
        *(word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)),
        *(word[:i] + word[i + 1 :] for i in cuts if word[i] == word[i - 1]),
    ]
    yield missing_letter(word)
    yield [
        *(word[:i] + letter + word[i + 1 :] for i in cuts for letter in ascii_lowercase),
        *(word[:i] + word[i + 1 :] for i in cuts),
    ]


def missing_letter(word: str) -> list[str]:
    """The words that one letter more would make."""
    return [
        word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in ascii_lowercase
    ]

"""US school grade of a text, computed offline."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)")


def grade(text: str, *, leave_out: Collection[str] = ()) -> float:
    """Flesch-Kincaid grade level (Kincaid et al. 1975); about 0 to 18, 0 for a text without words.

    Args:
        leave_out: glossary words, lower case: they count as words of one syllable, since they
            cannot be avoided.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len([s for s in _SENTENCE_END.split(text) if _WORD.search(s)]))
    syllables = sum(1 if w.lower() in leave_out else count_syllables(w.lower()) for w in words)
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


@lru_cache(maxsize=8192)
def count_syllables(word: str) -> int:
    """Syllables by the places where the word may be hyphenated, one at least.

    So textstat 0.7.4 counts them.
    """
    return len(_hyphenator().positions(word)) + 1


@lru_cache(maxsize=1)
def _hyphenator() -> Any:
    import pyphen

    return pyphen.Pyphen(lang="en_US")

"""Signs that carry a meaning: "🤒 103" is a fever."""

from __future__ import annotations

from collections.abc import Mapping


def spell_out(text: str, meanings: Mapping[str, str]) -> str:
    """The text with each known sign replaced by its words (knowledge/language/words.yaml)."""
    if text.isascii():
        return text
    for sign, meaning in meanings.items():
        text = text.replace(sign, f" {meaning} ")
    return text.strip()

"""Slips of the finger: which words somebody may have meant, likeliest first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.language.slips import missing_letter, slips

WORDS = st.text(alphabet="abcdefgh", min_size=2, max_size=9)


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("accounst", "accounts", 0),
        ("acccount", "account", 0),
        ("htere", "there", 0),
        ("timr", "timer", 1),
        ("timr", "time", 2),
        ("mouey", "money", 2),
        ("plante", "plane", 2),
    ],
)
def test_what_may_be_meant_comes_in_order(typed: str, meant: str, kind: int) -> None:
    found = [number for number, words in enumerate(slips(typed)) if meant in words]

    assert found[0] == kind


def test_a_letter_may_be_missing_at_the_end() -> None:
    assert "what" in missing_letter("wha")


@settings(deadline=None, derandomize=True, max_examples=60)
@given(WORDS)
def test_every_slip_is_one_edit_away(word: str) -> None:
    meant = [m for kind in slips(word) for m in kind if m != word]

    assert {OSA.distance(word, m) for m in meant} == {1}

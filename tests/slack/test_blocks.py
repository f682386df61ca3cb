"""Blocks stay within Slack's limits whatever they are given."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import blocks
from bot.slack.text import escape, linked

LONG = "A sentence about the spine & its canal. " * 400


def rendered(part: str) -> str:
    return linked(part, ["911"])


def test_long_text_fills_several_sections() -> None:
    made = blocks.sections(LONG, rendered)

    assert len(made) > 5
    assert all(len(b["text"]["text"]) <= blocks.SECTION for b in made)


def test_parts_together_are_the_text() -> None:
    assert "".join(blocks.split(LONG, rendered)) == LONG


def test_text_is_cut_between_paragraphs_first() -> None:
    first, second = "a " * 1000, "b " * 1000

    assert blocks.split(f"{first}\n\n{second}", str) == [f"{first}\n\n", second]


def test_word_longer_than_a_section_is_cut_anyway() -> None:
    made = blocks.split("x" * 7000, str)

    assert [len(part) <= blocks.SECTION for part in made] == [True] * len(made)
    assert "".join(made) == "x" * 7000


def test_nothing_is_no_section() -> None:
    assert blocks.sections(" \n ", str) == []


@settings(derandomize=True, max_examples=50)
@given(st.text(alphabet="a&< \n", max_size=9000))
def test_every_section_fits_and_no_word_is_lost(text: str) -> None:
    parts = blocks.split(text, escape)

    assert all(len(escape(part)) <= blocks.SECTION for part in parts)
    assert "".join(parts).split() == text.split()


@given(st.text(alphabet="a&<", max_size=200))
def test_button_label_fits_and_no_escape_is_cut(label: str) -> None:
    text = blocks.button(label, "x")["text"]["text"]

    assert len(text) <= blocks.BUTTON
    assert "&" not in text.replace("&amp;", "").replace("&lt;", "")


def test_row_holds_no_more_buttons_than_slack_takes() -> None:
    row = blocks.actions(*[blocks.button("x", str(n)) for n in range(40)])

    assert len(row["elements"]) == blocks.ACTIONS


def test_what_a_button_has_not_is_left_out() -> None:
    assert set(blocks.button("x", "y")) == {"type", "text", "action_id"}

"""Normalising: one spelling for what phones and web pages write in many ways, no word lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.normalise import normalise
from bot.language.tokens import words
from tests.rows import Row, rows, said

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
PIECES = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "<b>",
        "&",
        "amp;",
        "&lt;",
        "\u200b",
        "\u00ad",
        "а",
        "a",
        "é",
        "İ",
        "ß",
        "\r",
        " ",
    ]
)
WORDS = st.lists(st.text("abcdefghij", min_size=1, max_size=2), max_size=20)


@pytest.mark.parametrize("row", rows("normalise.yaml"), ids=said)
def test_normalise(row: Row) -> None:
    found = normalise(row.say)

    assert found == row.values["is"], row.place


@given(ANY_TEXT)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_normalising_broken_markup_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_normalised_text_is_lower_case_and_trimmed(text: str) -> None:
    found = normalise(text)

    assert found == found.lower()
    assert found == found.strip(" \t")


@given(WORDS, st.sampled_from([" ", "  ", "\n", "\r\n", "\t", "\u00a0", "&nbsp;", "<br>", ", "]))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_normalising_keeps_every_word(typed: list[str], gap: str) -> None:
    found = words(normalise(gap.join(typed)))

    assert list(found) == typed


def test_a_lone_surrogate_is_not_an_error() -> None:
    found = normalise("chest \udcff pain")

    assert words(found)[0] == "chest"
    assert words(found)[-1] == "pain"


def test_forty_thousand_letters_are_cut_to_two() -> None:
    found = normalise("a" * 40_000)

    assert found == "aa"


def test_deeply_nested_entities_end_in_one_character() -> None:
    found = normalise("&" + "amp;" * 50)

    assert found == "&"

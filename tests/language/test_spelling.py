"""Spelling repair: an unknown word becomes the nearest known one, known words stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.spelling import Speller

KNOWN = {"numb": 5.0, "chest": 3.0, "breathe": 2.0, "incision": 1.0, "fever": 1.0, "legs": 1.0}
LETTERS = st.text("abcdefgnumbchst", max_size=10)


def speller(
    weights: Mapping[str, float] = KNOWN,
    *,
    correct: Collection[str] = (),
    from_length: int = 4,
    two_edits_from: int = 8,
) -> Speller:
    return Speller(weights, correct=correct, from_length=from_length, two_edits_from=two_edits_from)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chesst", "chest"),
        ("chset", "chest"),
        ("ches", "chest"),
        ("fevr", "fever"),
        ("brethe", "breathe"),
        ("nubm", "numb"),
    ],
)
def test_a_word_one_edit_away_is_repaired(typed: str, meant: str) -> None:
    found = speller().repair(typed)

    assert found == meant


def test_swapped_first_letters_are_repaired() -> None:
    found = speller().repair("hcest")

    assert found == "chest"


def test_a_wrong_first_letter_is_not_repaired() -> None:
    found = speller().repair("shest")

    assert found == "shest"


def test_a_long_word_may_be_two_edits_away() -> None:
    found = speller().repair("insisoin")

    assert found == "incision"


def test_a_shorter_word_may_not_be_two_edits_away() -> None:
    found = speller(two_edits_from=9).repair("insisoin")

    assert found == "insisoin"


def test_a_letter_typed_twice_is_repaired() -> None:
    found = speller().repair("nnumbb")

    assert found == "numb"


def test_a_doubled_letter_is_repaired_even_in_a_short_word() -> None:
    found = speller({"leg": 1.0}).repair("legg")

    assert found == "leg"


@pytest.mark.parametrize("word", ["never", "cheat", "finger"])
def test_a_correct_word_stays(word: str) -> None:
    found = speller(correct=["never", "cheat", "finger"]).repair(word)

    assert found == word


@pytest.mark.parametrize("word", ["lgs", "ab", "a", ""])
def test_a_short_word_stays(word: str) -> None:
    found = speller().repair(word)

    assert found == word


@pytest.mark.parametrize("word", ["ch3st", "l5", "2015", "señal", "боль", "🩸"])
def test_a_word_with_digits_or_foreign_letters_stays(word: str) -> None:
    found = speller().repair(word)

    assert found == word


def test_a_word_without_near_neighbour_stays() -> None:
    found = speller().repair("parking")

    assert found == "parking"


def test_of_two_equally_near_words_the_more_common_one_is_taken() -> None:
    found = speller({"cart": 1.0, "care": 7.0}).repair("carx")

    assert found == "care"


def test_of_two_equally_common_words_the_first_in_the_alphabet_is_taken() -> None:
    found = speller({"cart": 1.0, "care": 1.0}).repair("carx")

    assert found == "care"


def test_the_nearer_word_beats_the_more_common_one() -> None:
    found = speller({"breathing": 1.0, "breathe": 9.0}).repair("breathng")

    assert found == "breathing"


@given(LETTERS)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_repaired_word_is_not_repaired_again(word: str) -> None:
    repaired = speller().repair(word)

    assert speller().repair(repaired) == repaired


@given(st.lists(LETTERS, max_size=10))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_repair_does_not_depend_on_what_was_repaired_before(typed: list[str]) -> None:
    used = speller()

    found = [used.repair(word) for word in typed]

    assert found == [speller().repair(word) for word in typed]


class Listed:
    """English with two words, the first one commoner."""

    def commonest(self, words: Sequence[str]) -> str | None:
        return next((word for word in ("banana", "bandana") if word in words), None)


def test_a_word_that_no_entry_uses_is_repaired_to_english() -> None:
    found = Speller(KNOWN, correct=("banana",), english=Listed()).repair("bannana")

    assert found == "banana"


def test_a_likelier_slip_to_english_beats_an_unlikelier_one_to_a_known_word() -> None:
    found = Speller({"banane": 5.0}, english=Listed()).repair("banaan")

    assert found == "banana"


def test_a_short_word_may_miss_a_letter_where_that_is_allowed() -> None:
    assert Speller({"what": 3.0}, missing_from=3).repair("wht") == "what"
    assert Speller({"what": 3.0}).repair("wht") == "wht"


def test_a_short_word_with_a_wrong_letter_stays() -> None:
    assert Speller({"leg": 3.0}, missing_from=3).repair("lex") == "lex"

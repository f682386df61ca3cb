"""Words and sentences: contractions as patterns expect them, no word lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.normalise import normalise
from bot.language.tokens import sentences, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i can't feel", ("i", "cant", "feel")),
        ("i cant feel", ("i", "cant", "feel")),
        ("i can not feel", ("i", "cant", "feel")),
        ("i cannot feel", ("i", "cant", "feel")),
        ("could not feel", ("couldnt", "feel")),
        ("do not", ("dont",)),
        ("does not", ("doesnt",)),
        ("did not", ("didnt",)),
        ("is not", ("is", "not")),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_every_spelling_of_a_negation_is_one_word(text: str, expected: tuple[str, ...]) -> None:
    found = words(text)

    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i'll", ("i", "will")),
        ("i've", ("i", "have")),
        ("they're", ("they", "are")),
        ("he'd", ("he", "would")),
        ("i'm", ("i", "am")),
        ("im", ("i", "am")),
        ("ive", ("i", "have")),
        ("gonna", ("going", "to")),
        ("it's", ("it",)),
        ("its", ("it",)),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_contraction_is_two_words(text: str, expected: tuple[str, ...]) -> None:
    found = words(text)

    assert found == expected


def test_i_will_is_not_ill() -> None:
    found = words("i'll be there")

    assert "ill" not in found


def test_a_possessive_loses_its_ending() -> None:
    found = words("my mom's leg")

    assert found == ("my", "mom", "leg")


def test_an_apostrophe_inside_a_word_vanishes() -> None:
    found = words("five o'clock")

    assert found == ("five", "oclock")


def test_hyphens_and_underscores_part_words() -> None:
    found = words("x-ray a_b 2.5")

    assert found == ("x", "ray", "a", "b", "2", "5")


def test_letters_of_other_scripts_are_words() -> None:
    found = words("боль в спине")

    assert found == ("боль", "в", "спине")


def test_signs_and_emoji_are_no_words() -> None:
    found = words("🩸 ... !? --")

    assert found == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one. two? three!", ("one.", "two?", "three!")),
        ("first; second", ("first;", "second")),
        ("one line\nanother line", ("one line", "another line")),
        ("- first\n- second", ("first", "second")),
        ("• first • second", ("first", "second")),
        ("no fever.chest pain", ("no fever.", "chest pain")),
        ("mild takes 1.5 hours", ("mild takes 1.5 hours",)),
        ("one\n\n\ntwo", ("one", "two")),
        ("", ()),
        ("\n - \n", ()),
    ],
    ids=repr,
)
def test_sentences(text: str, expected: tuple[str, ...]) -> None:
    found = sentences(text)

    assert found == expected


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_cutting_into_sentences_loses_no_word(text: str) -> None:
    normal = normalise(text).replace(" not", "")  # "can. not" would join only when uncut

    found = [word for sentence in sentences(normal) for word in words(sentence)]

    assert found == list(words(normal))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_sentence_is_empty_or_begins_with_a_space(text: str) -> None:
    found = sentences(normalise(text))

    assert [s for s in found if not s or s != s.strip(" ")] == []

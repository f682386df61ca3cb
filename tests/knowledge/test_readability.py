"""Syllables and US school grade, computed by hand beside the formula of Kincaid et al. (1975)."""

from __future__ import annotations

import pytest

from bot.knowledge.readability import count_syllables, grade


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("walk", 1), ("doctor", 2), ("incision", 3), ("medication", 4), ("a", 1)],
)
def test_syllables_are_counted(word: str, syllables: int) -> None:
    found = count_syllables(word)

    assert found == syllables


def test_text_without_words_is_grade_zero() -> None:
    found = grade("... 24 !")

    assert found == 0.0


def test_short_plain_words_are_never_below_grade_zero() -> None:
    found = grade("You can go home.")

    assert found == 0.0


def test_grade_is_the_formula_of_kincaid() -> None:
    found = grade("The doctor will explain the incision before the medication.")

    # the doc-tor will ex-plain the in-ci-sion be-fore the med-i-ca-tion: 9 words, 17 syllables
    assert found == pytest.approx(0.39 * 9 + 11.8 * 17 / 9 - 15.59)


def test_two_sentences_read_easier_than_one() -> None:
    one = grade("The doctor cleans the skin of the lower back and then makes one tiny incision.")
    two = grade("The doctor cleans the skin of the lower back. Then makes one tiny incision.")

    assert two < one


def test_glossary_word_counts_as_one_syllable() -> None:
    found = grade("Ligamentum doctor doctor.", leave_out={"ligamentum"})

    assert found == pytest.approx(0.39 * 3 + 11.8 * 5 / 3 - 15.59)


def test_colon_ends_a_sentence() -> None:
    with_colon = grade("Remember the medication: doctor decides everything important.")
    without = grade("Remember the medication doctor decides everything important.")

    assert with_colon < without

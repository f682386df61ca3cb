"""What of a text becomes a feature: stems, meanings, pairs, letters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.analyzer import Analyzer, char_ngrams

LETTERS = st.text(alphabet="abcdefgh", min_size=1, max_size=12)


def analyzer() -> Analyzer:
    return Analyzer(
        {"blood-thinner": ["eliquis", "blood thinners"], "ride": ["take me home"]},
        {"proc": "procedure", "pt": "patient", "bt": "blood thinner"},
    )


def test_shorthand_is_written_out() -> None:
    found = analyzer().tokens("pt asks about proc")

    assert found == ("patient", "asks", "about", "procedure")


def test_shorthand_may_stand_for_several_words() -> None:
    found = analyzer().tokens("BT tomorrow")

    assert found == ("blood", "thinner", "tomorrow")


def test_letters_inside_a_word_are_no_shorthand() -> None:
    found = analyzer().tokens("process the script")

    assert found == ("process", "the", "script")


def test_forms_of_a_word_share_a_stem() -> None:
    found = analyzer().stems(("driving", "drives", "drive"))

    assert found == ["drive", "drive", "drive"]


def test_a_word_keeps_its_own_feature_beside_that_of_its_meaning() -> None:
    found = analyzer().stems(("stop", "eliquis"))

    assert found == ["stop", "eliqui", "@blood-thinner"]


def test_a_phrase_has_its_meaning_in_any_form_of_its_words() -> None:
    found = analyzer().stems(("my", "blood", "thinner"))

    assert found[-1] == "@blood-thinner"


def test_words_of_a_phrase_that_stand_apart_have_no_meaning() -> None:
    found = analyzer().stems(("blood", "is", "thinner"))

    assert "@blood-thinner" not in found


def test_a_phrase_of_three_words_is_found() -> None:
    found = analyzer().stems(("who", "can", "take", "me", "home"))

    assert found[-1] == "@ride"


def test_a_phrase_cut_off_at_the_end_is_not_found() -> None:
    found = analyzer().stems(("take", "me"))

    assert "@ride" not in found


def test_a_meaning_comes_once_for_each_place() -> None:
    found = analyzer().stems(("eliquis", "or", "eliquis"))

    assert found.count("@blood-thinner") == 2


def test_an_empty_text_has_no_features() -> None:
    found = analyzer().stems(analyzer().tokens(""))

    assert found == []


def test_letters_are_taken_within_a_word_with_its_edges() -> None:
    found = char_ngrams("cut")

    assert found == [" cu", "cut", "ut "]


def test_a_word_of_one_letter_has_letters_too() -> None:
    assert char_ngrams("a") == [" a "]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(LETTERS)
def test_letters_are_those_of_scikit_learn(word: str) -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(3, 3)).build_analyzer()

    assert sorted(set(char_ngrams(word))) == sorted(set(theirs(word)))

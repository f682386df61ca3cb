"""On topic or not: words of the examples against words of English."""

from __future__ import annotations

import pytest

from bot.retrieval.topic import Topic
from tests.small import word_vectors

COUNTS = {"money": 9.0, "lumbar": 3.0}


def topic() -> Topic:
    return Topic(COUNTS, word_vectors())


def test_words_of_the_examples_are_more_on_topic_than_others() -> None:
    assert topic().ratio(("money",)) > topic().ratio(("zero",))


def test_a_rare_english_word_among_the_examples_speaks_more_than_a_common_one() -> None:
    assert Topic({"car": 3.0, "lumbar": 3.0}, word_vectors()).ratio(("lumbar",)) > Topic(
        {"car": 3.0, "lumbar": 3.0}, word_vectors()
    ).ratio(("car",))


def test_a_common_word_that_no_example_uses_is_off_topic() -> None:
    assert topic().ratio(("car",)) < 0.0


def test_words_add_up() -> None:
    found = topic()

    assert found.ratio(("money", "car")) == pytest.approx(
        found.ratio(("money",)) + found.ratio(("car",))
    )


def test_no_words_say_nothing() -> None:
    assert topic().ratio(()) == 0.0


def test_without_a_word_list_nothing_is_off_topic() -> None:
    assert Topic(COUNTS, None).ratio(("car", "money")) == 0.0

"""Small talk and other languages: what is heard, and what is left of the message."""

from __future__ import annotations

import pytest

from bot.api import Bot
from bot.dialogue.talk import Talk, intent_of, is_spanish, listen
from bot.language.normalise import normalise
from tests.rows import Row, rows, said
from tests.small import small_engine

ROWS = rows("talk.yaml")


@pytest.mark.parametrize("row", ROWS, ids=said)
def test_talk(row: Row, bot: Bot) -> None:
    found = listen(normalise(row.say), bot.engine)

    assert (found.intent, found.rest) == (row.get("intent"), row.get("rest", "")), row.place


def test_a_message_without_small_talk_is_left_whole() -> None:
    assert listen("can i drive", small_engine()) == Talk(rest="can i drive")


def test_sentences_that_are_left_stand_on_lines_of_their_own() -> None:
    found = listen("hello. can i drive? what does it cost?", small_engine())

    assert found.rest == "can i drive?\nwhat does it cost?"


def test_the_first_small_talk_is_the_one_that_counts() -> None:
    assert listen("thank you. good morning.", small_engine()).intent == "thanks"


def test_a_wish_for_a_person_counts_before_all_others() -> None:
    assert listen("thank you. I want a person.", small_engine()).intent == "human"


def test_a_long_sentence_is_never_small_talk() -> None:
    sentence = "hello " * 15

    assert intent_of(sentence, small_engine(), 0.2) is None


def test_a_question_is_no_small_talk() -> None:
    assert intent_of("what does it cost", small_engine(), 0.2) is None


def test_two_spanish_words_make_a_spanish_message() -> None:
    assert is_spanish("cuando puedo manejar", small_engine())


def test_one_spanish_word_does_not() -> None:
    assert not is_spanish("cuanto", small_engine())


def test_two_spanish_words_in_a_long_english_message_do_not() -> None:
    text = "my friend says cuanto cuesta but i want to know what it costs here"

    assert not is_spanish(text, small_engine())


def test_an_empty_message_is_not_spanish() -> None:
    assert not is_spanish("", small_engine())


@pytest.mark.parametrize("text", ["wann darf ich fahren", "darf ich"])
def test_two_words_of_another_language_make_a_foreign_message(text: str) -> None:
    assert listen(text, small_engine()).foreign


def test_an_english_message_is_not_foreign() -> None:
    assert not listen("when may i drive", small_engine()).foreign

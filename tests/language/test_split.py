"""Cutting a message into the parts that may each ask something."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.normalise import normalise
from bot.language.split import QuestionWords, asking_parts, asking_sentences, is_one_piece
from bot.language.tokens import words
from tests.rows import Row, rows, said

KNOWN = QuestionWords(
    anywhere=frozenset(["what", "when", "where", "who", "how", "wants", "asks"]),
    first=frozenset(["can", "does", "is", "do", "will"]),
)
MESSAGES = st.lists(
    st.sampled_from(
        ["what", "can", "drive", "and", ",", "?", ".", ";", "\n", "but", "it's", "&", "🩸"]
    ),
    max_size=25,
).map(" ".join)


@pytest.mark.parametrize("row", rows("split.yaml"), ids=said)
def test_split(row: Row) -> None:
    found = asking_parts(row.say, KNOWN)

    assert [part.text for part in found] == row.parts, row.place


@settings(deadline=None, derandomize=True, max_examples=300)
@given(MESSAGES.map(normalise))
def test_what_is_one_piece_is_never_cut(message: str) -> None:
    parts = asking_parts(message, KNOWN)

    if is_one_piece(message):
        assert [words(part.text) for part in parts] in ([], [words(message)])


@pytest.mark.parametrize("message", ["can i drive", "can i drive?", "drive ??", ""])
def test_most_questions_are_one_piece(message: str) -> None:
    assert is_one_piece(message)


@pytest.mark.parametrize(
    "message", ["can i drive? how far", "drive and swim", "drive, swim", "a. b"]
)
def test_a_message_of_two_parts_is_not_one_piece(message: str) -> None:
    assert not is_one_piece(message)


def test_a_part_without_question_words_does_not_begin_a_question() -> None:
    found = asking_parts("pt asks return date and lifting limit", KNOWN)

    assert [part.begins_a_question for part in found] == [True, False]


def test_a_question_word_must_stand_near_the_beginning() -> None:
    found = asking_sentences("the nurse told me what to eat", KNOWN)

    assert found == ()


def test_is_asks_only_as_the_first_word() -> None:
    found = asking_sentences("my leg is fine", KNOWN)

    assert found == ()


def test_only_marked_sentences_ask_when_one_is_marked() -> None:
    found = asking_sentences("what a day. my son drives. may i eat?", KNOWN)

    assert found == ("may i eat?",)


def test_without_question_marks_the_first_words_tell() -> None:
    found = asking_sentences("my son drives. what about food", KNOWN)

    assert found == ("what about food",)


@given(MESSAGES)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_every_part_holds_a_word_and_stands_in_the_message(message: str) -> None:
    text = normalise(message)

    parts = [part.text for part in asking_parts(text, KNOWN)]

    assert [part for part in parts if not words(part)] == []
    assert [part for part in parts if not set(words(part)) <= set(words(text))] == []


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_can_be_cut(text: str) -> None:
    normal = normalise(text)

    parts = asking_parts(normal, KNOWN)

    assert len(parts) <= len(words(normal))


def test_forty_thousand_characters_are_cut() -> None:
    found = asking_parts("what is it and " * 2_600, KNOWN)

    assert len(found) == 2_600

"""What a message asks: one thing, several, or something that leans on the message before."""

from __future__ import annotations

import pytest

from bot.dialogue.queries import MOST_QUERIES, Asked, understand
from bot.dialogue.reply import Memory
from bot.language.normalise import normalise
from tests.small import small_engine

NOTHING = Memory()
DROVE = Memory(entry_ids=("driving",), query="can i drive")


def firsts(asked: Asked) -> list[str]:
    return [r.ranked[0].entry_id for r in asked.rankings]


def ask(message: str, memory: Memory = NOTHING) -> Asked:
    return understand(normalise(message), memory, small_engine())


def test_one_question_is_one_ranking() -> None:
    assert firsts(ask("What does it cost?")) == ["cost"]


def test_two_questions_are_two_rankings_in_order() -> None:
    found = ask("How long does it take? Can I drive?")

    assert firsts(found) == ["length", "driving"]


def test_two_questions_joined_by_and_are_two_rankings() -> None:
    found = ask("how long does it take and what does it cost")

    assert firsts(found) == ["length", "cost"]


def test_the_same_question_twice_is_one_ranking() -> None:
    found = ask("Can I drive? When can I drive my car again?")

    assert firsts(found) == ["driving"]


def test_three_things_are_understood_at_the_most() -> None:
    found = ask("Can I drive? What does it cost? How long does it take? Is the price high?")

    assert len(found.rankings) == MOST_QUERIES == 3


def test_a_message_taken_as_one_question_is_one_ranking() -> None:
    found = understand(
        "how long does it take and what does it cost", NOTHING, small_engine(), alone=True
    )

    assert len(found.rankings) == 1


def test_a_statement_is_searched_too() -> None:
    assert firsts(ask("the price worries me")) == ["cost"]


def test_the_question_weighs_more_than_the_story_around_it() -> None:
    found = ask("My son takes the car and the truck. How much is it?")

    assert firsts(found) == ["cost"]


def test_without_a_memory_nothing_is_a_follow_up() -> None:
    assert not ask("and the price?").follow_up


def test_a_message_that_leans_on_the_one_before_is_a_follow_up() -> None:
    found = ask("and the price?", DROVE)

    assert found.follow_up
    assert firsts(found) == ["cost"]


def test_a_follow_up_that_says_nothing_by_itself_stays_with_the_question_before() -> None:
    found = ask("and then?", DROVE)

    assert found.follow_up
    assert firsts(found) == ["driving"]


def test_a_complete_question_is_no_follow_up() -> None:
    found = ask("What does the operation cost?", DROVE)

    assert not found.follow_up


@pytest.mark.parametrize("words", [13, 40])
def test_a_long_message_stands_by_itself(words: int) -> None:
    assert not ask("and " * words, DROVE).follow_up


def test_of_a_very_long_message_the_end_is_searched() -> None:
    found = ask("weather " * 5000 + "how much is it")

    assert firsts(found) == ["cost"]
    assert len(found.rankings[0].vector.tokens) == 400


def test_a_misspelt_word_is_repaired_in_the_query() -> None:
    found = ask("the lenght")

    assert found.rankings[0].query == "the length"

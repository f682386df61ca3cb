"""Whose turn it is: one thread per conversation, and nobody is forgotten."""

from __future__ import annotations

import pytest

from bot.slack.turns import UNKNOWN, Turns


@pytest.fixture
def turns() -> Turns:
    return Turns()


def test_first_message_sends_a_thread_and_the_next_joins_it(turns: Turns) -> None:
    assert turns.add("c", 1, urgent=False)
    assert not turns.add("c", 1, urgent=False)
    assert turns.add("d", 1, urgent=False)


def test_urgent_message_overtakes_the_queue(turns: Turns) -> None:
    turns.add("c", 1, urgent=False)

    assert turns.add("c", 1, urgent=True)


def test_second_thread_goes_home(turns: Turns) -> None:
    turns.add("c", 1, urgent=False)
    turns.add("c", 1, urgent=True)

    assert turns.begin("c")
    assert not turns.begin("c")


def test_message_that_comes_while_another_is_worked_on_is_done_next(turns: Turns) -> None:
    turns.add("c", 1, urgent=False)
    turns.begin("c")
    assert not turns.add("c", 1, urgent=True)

    turns.took("c")

    assert turns.waiting("c") == 1


def test_turn_ends_when_nothing_waits(turns: Turns) -> None:
    turns.add("c", 1, urgent=False)
    turns.begin("c")
    turns.took("c")
    assert turns.waiting("c") == 0

    assert turns.add("c", 1, urgent=False)
    assert turns.begin("c")


def test_nothing_found_forgets_only_what_was_known_before(turns: Turns) -> None:
    turns.add("c", UNKNOWN, urgent=False)
    turns.begin("c")
    known = turns.waiting("c")
    turns.add("c", 1, urgent=False)

    turns.found_nothing("c", of=known)

    assert turns.waiting("c") == 1


def test_failed_thread_leaves_the_conversation_to_the_next(turns: Turns) -> None:
    turns.add("c", 2, urgent=False)
    turns.begin("c")

    turns.give_up("c")

    assert turns.add("c", UNKNOWN, urgent=False)
    assert turns.begin("c")

"""The store fails under the desk: a clear error, nothing lost, nothing doubled."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.desk.desk import Desk
from bot.store.errors import StoreError
from bot.store.open import Store
from tests.desk.made import (
    CHANNEL,
    COMMAND,
    EMERGENCY,
    IF_EMERGENCY,
    QUESTION,
    START,
    UNKNOWN,
    Fragile,
    Sent,
    later,
    make_desk,
    message,
    say,
    small_bot,
    talk,
)


def refuse(store: Store, what: str) -> None:
    """Let the database refuse something from now on: "INSERT ON outbox"."""
    with store.writing() as tx:
        end = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        tx.execute(text(f"CREATE TRIGGER refuse BEFORE {what} {end}"))


def accept(store: Store) -> None:
    with store.writing() as tx:
        tx.execute(text("DROP TRIGGER refuse"))


def test_message_that_cannot_be_kept_is_not_acknowledged(desk: Desk) -> None:
    refuse(desk.store, "INSERT ON inbox")
    incoming = message(QUESTION)

    with pytest.raises(StoreError, match="full"):
        desk.receive(incoming, START)
    accept(desk.store)

    assert desk.receive(incoming, START).outcome == "new"


@pytest.mark.parametrize(
    "what", ["INSERT ON outbox", "INSERT ON interactions", "INSERT ON alerts", "UPDATE ON inbox"]
)
def test_answer_that_cannot_be_written_is_written_later(what: str, desk: Desk) -> None:
    received = desk.receive(message(EMERGENCY), START)
    row = desk.claim(received.conversation or "", START)
    assert row is not None
    refuse(desk.store, what)

    with pytest.raises(StoreError, match="full"):
        desk.answer(row, START)
    accept(desk.store)

    (conversation,) = desk.sweep(later(16)).conversations
    again = desk.claim(conversation, later(16))
    assert again is not None
    sent = Sent(desk)
    sent.take(desk.answer(again, later(16)).deliveries, later(16))
    assert [t.split()[0] for t in sent.texts] == ["EMERGENCY", "flag", "FIRST"]


def test_delivery_that_cannot_be_confirmed_is_confirmed_later(desk: Desk) -> None:
    answered = say(desk, message(QUESTION))
    assert answered is not None
    refuse(desk.store, "UPDATE ON outbox")

    with pytest.raises(StoreError, match="full"):
        desk.delivered(answered.deliveries[0], START, "1.0")
    accept(desk.store)
    following = desk.delivered(answered.deliveries[0], START, "1.0")

    assert [d.purpose for d in following] == ["notice"]


def test_failed_sweep_is_made_good_by_the_next(desk: Desk) -> None:
    talk(desk, message(EMERGENCY))
    refuse(desk.store, "INSERT ON outbox")
    with pytest.raises(StoreError, match="full"):
        desk.sweep(later(120))
    accept(desk.store)

    assert [d.purpose for d in desk.sweep(later(121)).deliveries] == ["card_thread"]


# ---------------------------------------------------------------- the last resort
@pytest.mark.parametrize("kind", ["message", "mention", "command", "edit"])
def test_red_flag_is_answered_without_a_store(kind: str, desk: Desk) -> None:
    outgoing = desk.last_resort(message(EMERGENCY, kind=kind))  # type: ignore[arg-type]

    assert outgoing is not None
    assert (outgoing.kind, outgoing.channel_id) == ("post", "D1")
    assert outgoing.text == small_bot().reply(EMERGENCY).text
    assert outgoing.priority == 0


def test_private_red_flag_is_answered_lastingly_without_a_store(desk: Desk) -> None:
    outgoing = desk.last_resort(message(EMERGENCY, kind="command", place=COMMAND))

    assert outgoing is not None
    assert (outgoing.kind, outgoing.user_id) == ("dm", "UPATIENT")


@pytest.mark.parametrize("said", [QUESTION, UNKNOWN, "hello", ""])
def test_nothing_else_is_answered_without_a_store(said: str, desk: Desk) -> None:
    assert desk.last_resort(message(said)) is None


def test_what_is_only_spoken_of_among_others_is_left_alone(desk: Desk) -> None:
    assert desk.last_resort(message(IF_EMERGENCY, place=CHANNEL)) is None
    assert desk.last_resort(message(EMERGENCY, place=CHANNEL)) is not None


def test_broken_bot_and_no_store_still_answer(sqlite_store: Store) -> None:
    desk = make_desk(sqlite_store, bot=Fragile(small_bot().engine))

    outgoing = desk.last_resort(message(EMERGENCY))

    assert outgoing is not None
    assert outgoing.text.startswith("COULD NOT READ SAFELY")

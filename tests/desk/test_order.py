"""Nothing is lost, doubled or out of order: rows, leases, kills, clocks."""

from __future__ import annotations

import pytest

from bot.desk.desk import Desk
from bot.desk.thinking import MOST_ATTEMPTS
from bot.desk.values import Delivery
from bot.store.open import Store
from tests.desk.made import (
    CHANNEL,
    EMERGENCY,
    OTHER,
    QUESTION,
    START,
    THREAD,
    Sent,
    later,
    make_desk,
    message,
    say,
    talk,
)


def received(desk: Desk, *texts: str) -> str:
    """Messages of one conversation that wait; its key."""
    keys = {desk.receive(message(text), START).conversation for text in texts}
    (key,) = keys
    assert key is not None
    return key


def drain(desk: Desk, conversation: str, sent: Sent) -> None:
    """What the worker does: answer row after row."""
    while (row := desk.claim(conversation, START)) is not None:
        sent.take(desk.answer(row, START).deliveries, START)


# ---------------------------------------------------------------- order
def test_messages_of_a_conversation_are_answered_in_their_order(desk: Desk) -> None:
    conversation = received(desk, QUESTION, "what does it cost", EMERGENCY)
    sent = Sent(desk)

    drain(desk, conversation, sent)

    firsts = [text.split()[0] for text in sent.to_patient]
    assert firsts == ["You", "FIRST", "The", "EMERGENCY"]


def test_threads_of_a_channel_are_conversations_of_their_own(desk: Desk) -> None:
    first = desk.receive(message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"), START)
    inside = desk.receive(message(QUESTION, kind="mention", place=THREAD), START)
    other = desk.receive(message(QUESTION, kind="mention", place=CHANNEL), START)

    assert first.conversation == inside.conversation
    assert other.conversation != first.conversation
    assert desk.claim(first.conversation or "", START) is not None
    assert desk.claim(first.conversation or "", START) is None
    assert desk.claim(other.conversation or "", START) is not None


def test_reply_waits_for_the_one_before_it(desk: Desk) -> None:
    slow = say(desk, message(QUESTION))
    second = say(desk, message("what does it cost"))
    assert slow is not None
    assert second is not None

    (first,) = slow.deliveries
    then = desk.delivered(first, START, "1.0")  # the notice
    last = desk.delivered(then[0], START, "2.0")

    assert second.deliveries == ()
    assert [d.purpose for d in then] == ["notice"]
    assert last[0].outgoing.text.startswith("The price depends")


def test_emergency_overtakes_replies_that_wait(desk: Desk) -> None:
    slow = say(desk, message(QUESTION))
    assert slow is not None
    desk.failed(slow.deliveries[0], START, "ratelimited", retry_after_s=30)

    urgent = say(desk, message(EMERGENCY))

    assert urgent is not None
    assert [d.purpose for d in urgent.deliveries] == ["reply", "card"]
    assert [d.priority for d in urgent.deliveries] == [0, 0]


def test_other_conversations_do_not_wait(desk: Desk) -> None:
    slow = say(desk, message(QUESTION))
    assert slow is not None
    desk.failed(slow.deliveries[0], START, "ratelimited", retry_after_s=30)

    other = say(desk, message(QUESTION, kind="mention", place=CHANNEL, person=OTHER))

    assert other is not None
    assert len(other.deliveries) == 1


# ---------------------------------------------------------------- leases and kills
def test_row_of_a_dead_process_is_answered_by_another(sqlite_store: Store) -> None:
    dead, alive = make_desk(sqlite_store, process="dead"), make_desk(sqlite_store, process="alive")
    conversation = received(dead, QUESTION)
    dead.claim(conversation, START)

    early = alive.sweep(later(10))
    late = alive.sweep(later(16))
    row = alive.claim(conversation, later(16))

    assert (early.conversations, late.conversations) == ((), (conversation,))
    assert row is not None
    assert row.attempts == 2


def test_process_that_was_too_slow_writes_nothing(sqlite_store: Store) -> None:
    slow, quick = make_desk(sqlite_store, process="slow"), make_desk(sqlite_store, process="quick")
    conversation = received(slow, QUESTION)
    slow_row = slow.claim(conversation, START)
    quick_row = quick.claim(conversation, later(16))
    assert slow_row is not None
    assert quick_row is not None

    good = quick.answer(quick_row, later(16))
    late = slow.answer(slow_row, later(17))

    assert len(good.deliveries) == 1
    assert late.deliveries == ()
    with sqlite_store.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM interactions").scalar() == 1


def test_everything_held_by_a_dead_process_is_free_at_start(sqlite_store: Store) -> None:
    dead = make_desk(sqlite_store, process="dead")
    talk(dead, message("hello", place=CHANNEL, kind="mention"))
    say(dead, message(QUESTION))  # its reply is held
    waiting = dead.receive(message(QUESTION, place=CHANNEL, kind="mention"), START)
    dead.claim(waiting.conversation or "", START)

    alive = make_desk(sqlite_store, process="alive")
    released = alive.release_all_leases(START)
    swept = alive.sweep(later(3))

    assert released == 2
    assert swept.conversations == (waiting.conversation,)
    assert [d.outgoing.text.split()[0] for d in swept.deliveries] == ["You"]


def test_kill_between_answer_and_delivery_loses_nothing(sqlite_store: Store) -> None:
    dead, alive = make_desk(sqlite_store, process="dead"), make_desk(sqlite_store, process="alive")
    say(dead, message(EMERGENCY))  # written, and then the process dies

    sent = Sent(alive)
    sent.take(alive.sweep(later(16)).deliveries, later(16))

    assert [text.split()[0] for text in sent.texts] == ["EMERGENCY", "flag", "FIRST"]


def test_kill_before_the_answer_was_written_answers_once(sqlite_store: Store) -> None:
    dead, alive = make_desk(sqlite_store, process="dead"), make_desk(sqlite_store, process="alive")
    conversation = received(dead, EMERGENCY)
    dead.claim(conversation, START)  # and then the process dies

    sent = Sent(alive)
    for name in alive.sweep(later(16)).conversations:
        row = alive.claim(name, later(16))
        assert row is not None
        sent.take(alive.answer(row, later(16)).deliveries, later(16))

    assert [text.split()[0] for text in sent.to_patient] == ["EMERGENCY", "FIRST"]
    assert len(sent.to_staff) == 1


def test_delivery_that_another_process_took_is_dropped(sqlite_store: Store) -> None:
    slow, quick = make_desk(sqlite_store, process="slow"), make_desk(sqlite_store, process="quick")
    answered = say(slow, message(QUESTION))
    assert answered is not None

    taken = quick.sweep(later(16)).deliveries

    assert len(taken) == 1
    assert not slow.hold(answered.deliveries[0], later(17))
    assert quick.hold(taken[0], later(17))


def test_lease_that_ends_soon_is_renewed_before_sending(sqlite_store: Store) -> None:
    slow, quick = make_desk(sqlite_store, process="slow"), make_desk(sqlite_store, process="quick")
    answered = say(slow, message(QUESTION))
    assert answered is not None

    held = slow.hold(answered.deliveries[0], later(12))

    assert held
    assert quick.sweep(later(16)).deliveries == ()


def test_what_was_sent_is_sent_even_if_the_lease_was_lost(sqlite_store: Store) -> None:
    slow, quick = make_desk(sqlite_store, process="slow"), make_desk(sqlite_store, process="quick")
    answered = say(slow, message(QUESTION))
    assert answered is not None
    (delivery,) = answered.deliveries

    taken = quick.sweep(later(16)).deliveries
    slow.delivered(delivery, later(17), "1.0")

    assert [d.id for d in taken] == [delivery.id]
    assert not _waits(sqlite_store, delivery)


def _waits(store: Store, delivery: Delivery) -> bool:
    with store.reading() as tx:
        statement = f"SELECT finished_at FROM outbox WHERE id = {delivery.id}"
        return tx.exec_driver_sql(statement).scalar() is None


def test_row_that_kills_every_process_is_answered_without_the_bot(desk: Desk) -> None:
    conversation = received(desk, QUESTION)
    for attempt in range(MOST_ATTEMPTS):
        assert desk.claim(conversation, later(20 * attempt)) is not None

    row = desk.claim(conversation, later(20 * MOST_ATTEMPTS))
    assert row is not None
    answered = desk.answer(row, later(20 * MOST_ATTEMPTS))

    assert answered.deliveries[0].outgoing.text.startswith("COULD NOT READ SAFELY")


# ---------------------------------------------------------------- clocks
@pytest.mark.parametrize("seconds", [120, 3600, 86_400])
def test_clock_that_is_set_back_stops_nothing(seconds: int, desk: Desk) -> None:
    before = later(-seconds)
    conversation = received(desk, QUESTION)
    desk.claim(conversation, START)
    answered = say(desk, message(EMERGENCY, kind="mention", place=CHANNEL, person=OTHER))
    assert answered is not None

    swept = desk.sweep(before)

    assert swept.conversations == (conversation,)
    assert sorted(d.purpose for d in swept.deliveries) == ["card", "reply"]


def test_clock_that_is_set_back_makes_no_odd_latency(desk: Desk) -> None:
    say(desk, message(QUESTION), later(-3600))

    with desk.store.reading() as tx:
        assert tx.exec_driver_sql("SELECT latency_ms FROM interactions").scalar() == 0


def test_message_that_waited_long_is_answered(desk: Desk) -> None:
    conversation = received(desk, QUESTION)

    row = desk.claim(conversation, later(80 * 86_400))
    assert row is not None
    answered = desk.answer(row, later(80 * 86_400))

    assert len(answered.deliveries) == 1


# ---------------------------------------------------------------- sweeping
def test_sweep_deletes_what_expired_once_an_hour(desk: Desk) -> None:
    talk(desk, message(QUESTION))

    def rows() -> int:
        with desk.store.reading() as tx:
            return int(tx.exec_driver_sql("SELECT count(*) FROM inbox").scalar() or 0)

    desk.sweep(later(0))
    desk.sweep(later(3590))
    before = rows()
    desk.sweep(later(86_400 + 60))
    after = rows()

    assert (before, after) == (1, 0)


def test_sweep_of_an_idle_desk_finds_nothing(desk: Desk) -> None:
    talk(desk, message(QUESTION))

    swept = desk.sweep(later(60))

    assert (swept.conversations, swept.deliveries) == ((), ())


def test_health_says_how_far_behind_the_desk_is(desk: Desk) -> None:
    desk.receive(message(QUESTION, kind="mention", place=CHANNEL), START)
    say(desk, message(QUESTION), START)

    found = desk.health(later(7))

    assert (found.waiting, found.oldest_s) == (1, 7.0)
    assert (found.unsent, found.oldest_unsent_s) == (2, 7.0)

"""What becomes of a delivery: sent, put off, sent in another way, given up."""

from __future__ import annotations

import pytest

from bot.desk.desk import Desk
from bot.desk.values import Delivery
from tests.desk.made import (
    CHANNEL,
    COMMAND,
    EMERGENCY,
    QUESTION,
    START,
    Sent,
    later,
    message,
    say,
)


def reply(desk: Desk, **changes: object) -> Delivery:
    """The held reply to a question."""
    answered = say(desk, message(QUESTION, **changes))  # type: ignore[arg-type]  # of tests only
    assert answered is not None
    return answered.deliveries[0]


def test_rate_limit_is_waited_for(desk: Desk) -> None:
    desk.failed(reply(desk), START, "ratelimited", retry_after_s=30)

    assert desk.sweep(later(29)).deliveries == ()
    (again,) = desk.sweep(later(30)).deliveries
    assert again.attempts == 2
    assert again.outgoing.text.startswith("You may drive")


def test_every_failure_waits_longer(desk: Desk) -> None:
    delivery, now, pauses = reply(desk), START, []
    for _ in range(4):
        desk.failed(delivery, now, "http_502")
        started = now
        while not (due := desk.sweep(now).deliveries):
            now = later((now - START).total_seconds() + 1)
        pauses.append((now - started).total_seconds())
        (delivery,) = due

    assert pauses == [1, 2, 4, 8]


def test_permanent_error_ends_a_row_and_its_text(desk: Desk) -> None:
    following = desk.failed(reply(desk), START, "account_inactive")

    assert [d.purpose for d in following] == ["notice"]
    with desk.store.reading() as tx:
        reasons = tx.exec_driver_sql("SELECT failed_reason, payload FROM outbox ORDER BY id").all()
    assert tuple(reasons[0]) == ("account_inactive", None)


def test_reply_goes_on_for_a_day_and_not_longer(desk: Desk) -> None:
    delivery = reply(desk)

    desk.failed(delivery, later(86_400), "connection")
    (again,) = desk.sweep(later(86_402)).deliveries
    desk.failed(again, later(86_402), "connection")

    assert [d.purpose for d in desk.sweep(later(86_500)).deliveries] == ["notice"]


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived"])
def test_reply_to_a_closed_channel_goes_to_the_person(error: str, desk: Desk) -> None:
    delivery = reply(desk, kind="mention", place=CHANNEL)

    (again,) = desk.failed(delivery, START, error)

    assert (again.outgoing.kind, again.outgoing.user_id) == ("dm", "UPATIENT")
    assert again.outgoing.text == delivery.outgoing.text
    assert again.outgoing.thread_ts is None


def test_private_reply_that_came_too_late_goes_to_the_person(desk: Desk) -> None:
    (again,) = desk.failed(reply(desk, kind="command", place=COMMAND), START, "expired_url")

    assert (again.outgoing.kind, again.outgoing.response_url) == ("dm", "")


def test_direct_message_that_cannot_be_sent_is_given_up(desk: Desk) -> None:
    (again,) = desk.failed(reply(desk, kind="command", place=COMMAND), START, "expired_url")

    following = desk.failed(again, START, "cannot_dm_bot")

    assert [d.purpose for d in following] == ["notice"]


def test_refused_blocks_are_left_out(desk: Desk) -> None:
    delivery = reply(desk)

    (again,) = desk.failed(delivery, START, "invalid_blocks")

    assert delivery.outgoing.blocks
    assert again.outgoing.blocks == ()
    assert again.outgoing.text == delivery.outgoing.text


def test_text_that_is_refused_without_blocks_is_given_up(desk: Desk) -> None:
    (again,) = desk.failed(reply(desk), START, "invalid_blocks")

    following = desk.failed(again, START, "invalid_blocks")

    assert [d.purpose for d in following] == ["notice"]


def test_card_with_refused_blocks_is_drawn_plainly(desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY))
    assert answered is not None
    card = answered.deliveries[1]

    (again,) = desk.failed(card, START, "invalid_blocks")

    assert (card.purpose, again.purpose) == ("card", "card")
    assert again.outgoing.blocks == ()
    assert again.outgoing.text == card.outgoing.text


def test_confirmed_delivery_is_confirmed_once(desk: Desk) -> None:
    delivery = reply(desk)

    first = desk.delivered(delivery, START, "1.0")
    again = desk.delivered(delivery, START, "1.0")

    assert [d.purpose for d in first] == ["notice"]
    assert again == ()


def test_failure_told_by_who_lost_the_lease_changes_nothing(desk: Desk) -> None:
    delivery = reply(desk)
    (taken,) = desk.sweep(later(16)).deliveries

    desk.failed(delivery, later(17), "ratelimited", retry_after_s=500)

    assert desk.hold(taken, later(17))


def test_given_up_deliveries_are_counted(desk: Desk) -> None:
    desk.failed(reply(desk), START, "account_inactive")

    with desk.store.reading() as tx:
        found = tx.exec_driver_sql("SELECT name, n FROM counters").all()
    assert [tuple(row) for row in found] == [("undelivered", 1)]


def test_outage_of_slack_loses_nothing(desk: Desk) -> None:
    waiting = []
    for place in ("D1", "D2", "D3"):
        from dataclasses import replace

        from tests.desk.made import DM

        waiting.append(reply(desk, place=replace(DM, channel_id=place)))
    for delivery in waiting:
        desk.failed(delivery, START, "connection")

    sent = Sent(desk)
    sent.take(desk.sweep(later(60)).deliveries, later(60))

    assert sorted(d.outgoing.channel_id for d in sent.all if d.purpose == "reply") == [
        "D1",
        "D2",
        "D3",
    ]

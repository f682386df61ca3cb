"""The life of an alert: raised, reminded of, taken, closed; and when staff cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.desk.alerts import MOST_REALERTS
from bot.desk.desk import Desk
from bot.desk.values import AlertCard, Delivery
from tests.desk.made import (
    CHANNEL,
    COMMAND,
    EMERGENCY,
    IF_EMERGENCY,
    NURSE,
    PATIENT,
    QUESTION,
    SECOND_NURSE,
    START,
    UNKNOWN,
    URGENT,
    Sent,
    later,
    message,
    say,
    talk,
)


def raised(desk: Desk, text: str = EMERGENCY) -> AlertCard:
    """A delivered card."""
    talk(desk, message(text))
    return desk.open_alerts()[-1]


def card_of(deliveries: Sequence[Delivery]) -> Delivery:
    return next(d for d in deliveries if d.purpose == "card")


def seconds_of_reminders(desk: Desk, until: int) -> list[int]:
    """When something is said in the card's thread, sweeping every ten seconds."""
    found = []
    for second in range(0, until, 10):
        deliveries = desk.sweep(later(second)).deliveries
        Sent(desk).take(deliveries, later(second))
        found += [second for d in deliveries if d.purpose == "card_thread"]
    return found


# ---------------------------------------------------------------- raised
def test_card_shows_what_staff_need(desk: Desk) -> None:
    card = raised(desk)

    assert (card.kind, card.tier, card.signs) == ("flag", "emergency", ("chest pain",))
    assert card.words == ("chest pain",)
    assert (card.user_id, card.created_at, card.times) == ("UPATIENT", START, 1)
    assert card.channel_id is None


def test_card_of_a_channel_says_where_to_look(desk: Desk) -> None:
    talk(desk, message(EMERGENCY, kind="mention", place=CHANNEL, ts="7.0"))

    (card,) = desk.open_alerts()

    assert (card.channel_id, card.message_ts) == ("C1", "7.0")


def test_card_goes_to_the_staff_channel_in_its_lane(desk: Desk) -> None:
    cards = [
        card_of(answered.deliveries)
        for text in (EMERGENCY, URGENT, UNKNOWN)
        if (answered := say(desk, message(text, kind="mention", place=CHANNEL)))
    ]

    assert [d.priority for d in cards] == [0, 1, 2]
    assert {(d.outgoing.kind, d.outgoing.channel_id) for d in cards} == {("post", "CSTAFF")}


def test_flag_that_is_spoken_of_raises_no_card(desk: Desk) -> None:
    talk(desk, message(IF_EMERGENCY))

    assert desk.open_alerts() == ()


def test_unanswered_question_is_a_card_without_its_words(desk: Desk) -> None:
    sent = talk(desk, message(UNKNOWN))

    (card,) = desk.open_alerts()
    assert (card.kind, card.question_state, card.nearest) == (
        "unanswered",
        "open",
        desk.lookup(UNKNOWN)[0].question,
    )
    staff = str([d.outgoing for d in sent.all if d.purpose == "card"])
    assert "football" not in staff


def test_shortcut_tells_of_the_writer_of_the_message(desk: Desk) -> None:
    used = message(EMERGENCY, kind="shortcut", person=NURSE, place=COMMAND, author="UPATIENT")

    talk(desk, used)
    (card,) = desk.open_alerts()
    acted = desk.claim_alert(card.id, NURSE, START)

    assert card.user_id == "UPATIENT"
    assert [d.purpose for d in acted.deliveries] == ["card_update"]  # the nurse is not told


# ---------------------------------------------------------------- another message
def test_second_flag_is_counted_on_the_same_card(desk: Desk) -> None:
    raised(desk, URGENT)

    sent = talk(desk, message(URGENT))

    (card,) = desk.open_alerts()
    assert card.times == 2
    assert [d.outgoing.kind for d in sent.all if d.purpose == "card_update"] == ["update"]
    assert sent.to_staff == ["flag open urgent 2 UPATIENT"]


def test_more_urgent_message_opens_a_taken_card_again(desk: Desk) -> None:
    card = raised(desk, URGENT)
    Sent(desk).take(desk.claim_alert(card.id, NURSE, START).deliveries, START)

    sent = talk(desk, message(EMERGENCY))

    (card,) = desk.open_alerts()
    assert (card.tier, card.state, card.claimed_by) == ("emergency", "open", None)
    assert sent.to_staff == ["flag open emergency 2 UPATIENT", "CARD MORE URGENT 555-0199"]
    assert sent.all[-1].outgoing.broadcast


def test_another_message_on_a_taken_card_is_told_in_its_thread(desk: Desk) -> None:
    card = raised(desk)
    Sent(desk).take(desk.claim_alert(card.id, NURSE, START).deliveries, START)

    sent = talk(desk, message(EMERGENCY))

    last = sent.all[-1].outgoing
    assert last.text == "CARD WROTE AGAIN 555-0199"
    assert (last.thread_ts, last.broadcast) == ("2.5", False)


def test_closed_card_is_followed_by_a_new_one(desk: Desk) -> None:
    first = raised(desk)
    desk.close_alert(first.id, NURSE, START)

    second = raised(desk)

    assert second.id != first.id
    assert second.times == 1


def test_wish_for_a_person_has_a_card_of_its_own(desk: Desk) -> None:
    raised(desk)
    talk(desk, message("", kind="person"))
    talk(desk, message("", kind="person"))

    assert [(c.kind, c.times) for c in desk.open_alerts()] == [("flag", 1), ("person", 2)]


# ---------------------------------------------------------------- reminders
def test_emergency_is_told_again_every_two_minutes(desk: Desk) -> None:
    raised(desk)

    assert seconds_of_reminders(desk, 400) == [120, 240, 360]


def test_urgent_is_told_again_every_quarter_of_an_hour(desk: Desk) -> None:
    raised(desk, URGENT)

    assert seconds_of_reminders(desk, 2000) == [900, 1800]


def test_reminders_end_after_ten(desk: Desk) -> None:
    raised(desk)

    assert len(seconds_of_reminders(desk, 120 * (MOST_REALERTS + 5))) == MOST_REALERTS


def test_reminder_is_seen_in_the_whole_channel(desk: Desk) -> None:
    raised(desk)

    (again,) = desk.sweep(later(120)).deliveries

    outgoing = again.outgoing
    assert (outgoing.text, outgoing.thread_ts, outgoing.broadcast) == (
        "CARD AGAIN 555-0199",
        "2.5",
        True,
    )
    assert again.priority == 0


def test_taken_card_is_not_told_again(desk: Desk) -> None:
    card = raised(desk)
    desk.claim_alert(card.id, NURSE, START)

    assert seconds_of_reminders(desk, 400) == []


def test_reminder_that_is_still_on_its_way_is_not_doubled(desk: Desk) -> None:
    raised(desk)
    (first,) = desk.sweep(later(120)).deliveries
    desk.failed(first, later(120), "ratelimited", retry_after_s=300)

    found = [d.purpose for d in desk.sweep(later(425)).deliveries]

    assert found == ["card_thread"]
    assert desk.sweep(later(426)).deliveries == ()


def test_two_processes_remind_once(desk: Desk) -> None:
    raised(desk)
    desk.sweep(later(120))

    assert desk.sweep(later(121)).deliveries == ()


def test_clock_that_is_set_back_does_not_silence_a_card(desk: Desk) -> None:
    raised(desk)

    found = [d.purpose for d in desk.sweep(later(-60)).deliveries]

    assert found == ["card_thread"]


# ---------------------------------------------------------------- staff cannot be reached
@pytest.mark.parametrize(("text", "limit"), [(EMERGENCY, 60), (URGENT, 300)])
def test_patient_is_told_when_a_card_does_not_arrive(text: str, limit: int, desk: Desk) -> None:
    answered = say(desk, message(text))
    assert answered is not None
    reply, card = answered.deliveries
    Sent(desk).take([reply], START)
    desk.failed(card, START, "ratelimited", retry_after_s=600)

    early = desk.sweep(later(limit - 1)).deliveries
    told = desk.sweep(later(limit)).deliveries
    again = desk.sweep(later(limit + 1)).deliveries

    assert (early, again) == ((), ())
    assert [d.outgoing.text for d in told] == ["ALERT UNDELIVERED 555-0199"]
    assert told[0].outgoing.channel_id == "D1"


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "msg_too_long"])
def test_patient_is_told_at_once_when_a_card_cannot_arrive(error: str, desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY))
    assert answered is not None
    reply, card = answered.deliveries
    Sent(desk).take([reply], START)

    desk.failed(card, START, error)
    told = desk.sweep(later(1)).deliveries

    assert [d.outgoing.text for d in told] == ["ALERT UNDELIVERED 555-0199"]


def test_card_arrives_when_the_bot_is_invited_at_last(desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY))
    assert answered is not None
    reply, card = answered.deliveries
    Sent(desk).take([reply], START)
    desk.failed(card, START, "not_in_channel")
    Sent(desk).take(desk.sweep(later(1)).deliveries, later(1))

    sent = Sent(desk)
    sent.take(desk.sweep(later(60)).deliveries, later(60))

    assert sent.texts == ["flag open emergency 1 UPATIENT"]
    (shown,) = desk.open_alerts()
    assert shown.patient_told


def test_card_is_given_up_after_a_day(desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY))
    assert answered is not None
    reply, card = answered.deliveries
    Sent(desk).take([reply], START)

    desk.failed(card, later(25 * 3600), "not_in_channel")
    Sent(desk).take(desk.sweep(later(25 * 3600 + 1)).deliveries, later(25 * 3600 + 1))

    assert desk.sweep(later(26 * 3600)).deliveries == ()


def test_who_wants_a_person_is_told_too(desk: Desk) -> None:
    answered = say(desk, message("", kind="person"))
    assert answered is not None
    said, card = answered.deliveries
    Sent(desk).take([said], START)

    desk.failed(card, START, "not_in_channel")

    told = desk.sweep(later(1)).deliveries
    assert [d.outgoing.text for d in told] == ["ALERT UNDELIVERED 555-0199"]


def test_nobody_is_told_that_a_question_card_did_not_arrive(desk: Desk) -> None:
    answered = say(desk, message(UNKNOWN))
    assert answered is not None
    reply, card = answered.deliveries
    Sent(desk).take([reply], START)

    desk.failed(card, START, "not_in_channel")

    assert desk.sweep(later(10)).deliveries == ()


def test_patient_of_a_command_is_told_in_a_direct_message(desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY, kind="command", place=COMMAND))
    assert answered is not None
    card = card_of(answered.deliveries)
    Sent(desk).take([d for d in answered.deliveries if d.purpose != "card"], START)
    desk.failed(card, START, "not_in_channel")

    (told,) = desk.sweep(later(1)).deliveries

    assert (told.outgoing.kind, told.outgoing.user_id) == ("dm", "UPATIENT")


# ---------------------------------------------------------------- taken, done
def test_patient_is_told_that_somebody_has_seen_it_only_when_somebody_has(desk: Desk) -> None:
    sent = talk(desk, message(EMERGENCY))
    (card,) = desk.open_alerts()

    acted = desk.claim_alert(card.id, NURSE, later(30))
    sent.take(acted.deliveries, later(30))

    seen = [i for i, text in enumerate(sent.texts) if text == "SEEN BY CLINIC 555-0199"]
    assert seen == [len(sent.texts) - 1]
    assert "UNURSE" not in sent.texts[-1]


def test_taken_card_says_who_and_when(desk: Desk) -> None:
    card = raised(desk)

    acted = desk.claim_alert(card.id, NURSE, later(30))

    assert acted.problem is None
    assert acted.card is not None
    assert (acted.card.state, acted.card.claimed_by) == ("claimed", "UNURSE")
    assert acted.card.claimed_at == later(30)
    update = acted.deliveries[0].outgoing
    assert (update.kind, update.channel_id, update.update_ts) == ("update", "CSTAFF", "2.5")
    assert update.text == "flag claimed emergency 1 UPATIENT"


def test_only_one_takes_a_card(desk: Desk) -> None:
    card = raised(desk)
    desk.claim_alert(card.id, NURSE, START)

    acted = desk.claim_alert(card.id, SECOND_NURSE, START)

    assert (acted.problem, acted.text) == ("taken", "ACT TAKEN 555-0199")
    assert acted.card is not None
    assert acted.card.claimed_by == "UNURSE"
    assert acted.deliveries == ()


def test_button_pressed_twice_acts_once(desk: Desk) -> None:
    card = raised(desk)
    first = desk.claim_alert(card.id, NURSE, START)
    again = desk.claim_alert(card.id, NURSE, later(1))
    desk.close_alert(card.id, NURSE, later(2))
    closed = desk.close_alert(card.id, NURSE, later(3))

    assert len(first.deliveries) == 2
    assert (again.problem, again.deliveries) == (None, ())
    assert (closed.problem, closed.deliveries) == (None, ())


def test_closed_card_keeps_nobody(desk: Desk) -> None:
    card = raised(desk)

    acted = desk.close_alert(card.id, NURSE, later(30))

    assert acted.card is not None
    assert (acted.card.state, acted.card.user_id) == ("closed", None)
    assert (acted.card.closed_by, acted.card.closed_at) == ("UNURSE", later(30))
    assert acted.deliveries[0].outgoing.text == "flag closed emergency 1 None"
    with desk.store.reading() as tx:
        row = tx.exec_driver_sql("SELECT user_id, return_place FROM alerts").one()
    assert tuple(row) == (None, None)


def test_card_that_was_closed_before_it_arrived_is_drawn_as_it_is(desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY))
    assert answered is not None
    card = card_of(answered.deliveries)
    desk.failed(card, START, "http_500")
    (shown,) = desk.open_alerts()
    desk.close_alert(shown.id, NURSE, START)

    sent = Sent(desk)
    sent.take(desk.sweep(later(2)).deliveries, later(2))

    assert sent.to_staff[0] == "flag closed emergency 1 None"


@pytest.mark.parametrize("act", ["claim_alert", "close_alert"])
def test_only_staff_act(act: str, desk: Desk) -> None:
    card = raised(desk)

    acted = getattr(desk, act)(card.id, PATIENT, START)

    assert (acted.problem, acted.text) == ("staff_only", "ACT NOT STAFF 555-0199")
    assert [c.state for c in desk.open_alerts()] == ["open"]


@pytest.mark.parametrize("act", ["claim_alert", "close_alert"])
def test_alert_that_is_not_there_is_gone(act: str, desk: Desk) -> None:
    assert getattr(desk, act)("none", NURSE, START).problem == "gone"


def test_reply_after_a_question_raises_no_card(desk: Desk) -> None:
    assert talk(desk, message(QUESTION)).to_staff == []

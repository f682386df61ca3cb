"""What arrives is kept once, durably, or ignored."""

from __future__ import annotations

import pytest
from msgspec import structs

from bot.desk.desk import Desk
from bot.desk.values import EMERGENCY, ORDINARY, URGENT, IncomingKind
from bot.store.open import Store
from tests.desk.made import (
    CHANNEL,
    DM,
    IF_EMERGENCY,
    NURSE,
    OTHER,
    QUESTION,
    START,
    THREAD,
    Fragile,
    make_desk,
    message,
    say,
    small_bot,
    talk,
)
from tests.desk.made import EMERGENCY as CHEST_PAIN
from tests.desk.made import URGENT as FEVER


def test_message_is_kept_before_it_is_answered(desk: Desk) -> None:
    received = desk.receive(message(QUESTION), START)

    assert received.outcome == "new"
    assert desk.health(START).waiting == 1


@pytest.mark.parametrize(
    ("text", "lane"), [(CHEST_PAIN, EMERGENCY), (FEVER, URGENT), (IF_EMERGENCY, ORDINARY)]
)
def test_red_flags_are_seen_before_anything_is_answered(text: str, lane: int, desk: Desk) -> None:
    assert desk.receive(message(text), START).priority == lane


def test_same_event_twice_is_answered_once(desk: Desk) -> None:
    first = talk(desk, message(QUESTION, key="Ev1"))
    again = desk.receive(message(QUESTION, key="Ev1"), START)

    assert len(first.texts) == 2  # the answer, and the first-contact notice
    assert (again.outcome, again.conversation) == ("duplicate", None)


def test_mention_and_channel_message_of_one_posting_are_answered_once(desk: Desk) -> None:
    mention = message(CHEST_PAIN, kind="mention", place=CHANNEL, ts="5.0")
    seen = message(CHEST_PAIN, kind="message", place=CHANNEL, ts="5.0")

    outcomes = [desk.receive(each, START).outcome for each in (mention, seen)]

    assert outcomes == ["new", "duplicate"]


def test_button_pressed_on_the_same_message_twice_is_heard_twice(desk: Desk) -> None:
    first = desk.receive(message("driving", kind="choice", ts="5.0"), START)
    second = desk.receive(message("cost", kind="choice", ts="5.0"), START)

    assert (first.outcome, second.outcome) == ("new", "new")


def test_duplicates_are_counted(desk: Desk) -> None:
    desk.receive(message(QUESTION, key="Ev1"), START)
    desk.receive(message(QUESTION, key="Ev1"), START)

    with desk.store.reading() as tx:
        found = tx.exec_driver_sql("SELECT name, n FROM counters").all()
    assert [tuple(row) for row in found] == [("duplicates", 1)]


# ---------------------------------------------------------------- channels
def test_what_others_say_to_each_other_is_not_stored(desk: Desk) -> None:
    received = desk.receive(message("lunch at noon?", place=CHANNEL), START)

    assert received.outcome == "ignored"
    assert desk.health(START).waiting == 0


def test_emergency_in_a_channel_is_answered_in_its_thread(desk: Desk) -> None:
    sent = talk(desk, message(CHEST_PAIN, place=CHANNEL, ts="5.0"))

    first = sent.all[0].outgoing
    assert first.text.startswith("EMERGENCY 911")
    assert (first.channel_id, first.thread_ts) == ("C1", "5.0")


def test_who_has_not_asked_is_not_introduced_to_the_bot(desk: Desk) -> None:
    sent = talk(desk, message(CHEST_PAIN, place=CHANNEL))

    assert len(sent.to_patient) == 1


def test_emergency_that_staff_speak_of_in_a_channel_is_left_alone(desk: Desk) -> None:
    received = desk.receive(message(CHEST_PAIN, place=CHANNEL, person=NURSE), START)

    assert received.outcome == "ignored"


def test_thread_of_an_overheard_emergency_gets_no_small_talk(desk: Desk) -> None:
    talk(desk, message(CHEST_PAIN, place=CHANNEL, ts="1.000"))

    quiet = talk(desk, message(QUESTION, place=THREAD))
    again = talk(desk, message(FEVER, place=THREAD))

    assert quiet.texts == []
    assert again.texts[0].startswith("CALL")


def test_asker_goes_on_in_the_thread_without_a_mention(desk: Desk) -> None:
    talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"))

    sent = talk(desk, message("what does it cost", place=THREAD))

    assert sent.texts[0].startswith("The price depends")
    assert sent.all[0].outgoing.thread_ts == "1.000"


def test_bot_is_silent_once_a_person_answers(desk: Desk) -> None:
    talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"))
    desk.receive(message("I can help", place=THREAD, person=NURSE), START)

    assert talk(desk, message("what does it cost", place=THREAD)).texts == []


def test_bot_is_never_silent_about_red_flags(desk: Desk) -> None:
    talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"))
    desk.receive(message("I can help", place=THREAD, person=NURSE), START)

    present = talk(desk, message(CHEST_PAIN, place=THREAD))
    spoken_of = talk(desk, message(IF_EMERGENCY, place=THREAD))

    assert present.texts[0].startswith("EMERGENCY")
    assert spoken_of.texts[0].startswith("IF pain in your chest")


def test_mention_wakes_the_bot_again(desk: Desk) -> None:
    talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"))
    desk.receive(message("I can help", place=THREAD, person=NURSE), START)

    sent = talk(desk, message("what does it cost", kind="mention", place=THREAD))

    assert sent.texts[0].startswith("The price depends")


def test_somebody_else_with_an_emergency_in_the_thread_is_answered(desk: Desk) -> None:
    talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"))

    sent = talk(desk, message(CHEST_PAIN, place=THREAD, person=OTHER))

    assert sent.texts[0].startswith("EMERGENCY")


# ---------------------------------------------------------------- edits
def edit(text: str, *, ts: str, of: str = "dm") -> object:
    place = DM if of == "dm" else CHANNEL
    return message(text, kind="edit", place=place, ts=ts, edited_ts="9.9")


def test_edit_that_adds_a_red_flag_is_answered(desk: Desk) -> None:
    talk(desk, message(QUESTION, ts="1.0"))

    sent = talk(desk, edit(f"{QUESTION}? {CHEST_PAIN}", ts="1.0"))  # type: ignore[arg-type]

    assert sent.to_patient[0].startswith("EMERGENCY")
    assert sent.to_staff[0].startswith("flag open emergency")


def test_edit_without_a_red_flag_is_ignored(desk: Desk) -> None:
    talk(desk, message(QUESTION, ts="1.0"))

    received = desk.receive(edit("what does it cost", ts="1.0"), START)  # type: ignore[arg-type]

    assert received.outcome == "ignored"


def test_edit_that_keeps_its_red_flag_is_not_answered_again(desk: Desk) -> None:
    talk(desk, message(CHEST_PAIN, ts="1.0"))

    sent = talk(desk, edit(f"{CHEST_PAIN}!", ts="1.0"))  # type: ignore[arg-type]

    assert sent.texts == []


def test_edit_from_spoken_of_to_present_is_answered(desk: Desk) -> None:
    talk(desk, message(IF_EMERGENCY, ts="1.0"))

    sent = talk(desk, edit(CHEST_PAIN, ts="1.0"))  # type: ignore[arg-type]

    assert sent.to_patient[0].startswith("EMERGENCY")


def test_second_edit_with_the_same_flag_is_not_answered_again(desk: Desk) -> None:
    talk(desk, message(QUESTION, ts="1.0"))
    talk(desk, edit(CHEST_PAIN, ts="1.0"))  # type: ignore[arg-type]

    again = message(f"{CHEST_PAIN} now", kind="edit", ts="1.0", edited_ts="10.0")

    assert talk(desk, again).texts == []


def test_same_edit_delivered_twice_is_one(desk: Desk) -> None:
    talk(desk, message(QUESTION, ts="1.0"))
    first = desk.receive(edit(CHEST_PAIN, ts="1.0"), START)  # type: ignore[arg-type]
    second = desk.receive(edit(CHEST_PAIN, ts="1.0"), START)  # type: ignore[arg-type]

    assert (first.outcome, second.outcome) == ("new", "duplicate")


def test_edit_of_a_mention_is_answered_in_its_thread(desk: Desk) -> None:
    talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="1.000"))

    sent = talk(desk, edit(CHEST_PAIN, ts="1.000", of="channel"))  # type: ignore[arg-type]

    assert sent.all[0].outgoing.thread_ts == "1.000"
    assert sent.to_patient[0].startswith("EMERGENCY")


def test_edit_before_the_message_was_answered_waits_for_it(desk: Desk) -> None:
    desk.receive(message(CHEST_PAIN, ts="1.0"), START)
    received = desk.receive(edit(CHEST_PAIN, ts="1.0"), START)  # type: ignore[arg-type]
    assert received.conversation is not None

    replies = []
    while (row := desk.claim(received.conversation, START)) is not None:
        replies.append(desk.answer(row, START).reply is not None)

    assert replies == [True, False]


# ---------------------------------------------------------------- odd input
@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800 lone", "👍", "x" * 40_000, "\u202e\u200b", "' OR 1=1 --"]
)
@pytest.mark.parametrize("kind", ["message", "mention", "command", "shortcut"])
def test_odd_text_gets_exactly_one_reply(text: str, kind: IncomingKind, desk: Desk) -> None:
    answered = say(desk, message(text, kind=kind))

    assert answered is not None
    assert [d.purpose for d in answered.deliveries if d.purpose != "card"] == ["reply"]


def test_message_that_triage_fails_on_is_kept_as_urgent(sqlite_store: Store) -> None:
    broken = structs.replace(small_bot().engine, rules=None)
    desk = make_desk(sqlite_store, bot=Fragile(broken))

    received = desk.receive(message("anything", place=CHANNEL), START)

    assert (received.outcome, received.priority) == ("new", URGENT)

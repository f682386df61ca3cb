"""What a person reads, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from bot.api import Bot
from bot.desk.desk import Desk
from bot.desk.values import Place
from bot.store.open import Store
from tests.desk.made import (
    CHANNEL,
    COMMAND,
    DM,
    EMERGENCY,
    HOME,
    IF_EMERGENCY,
    NURSE,
    OTHER,
    QUESTION,
    SETTINGS,
    START,
    THREAD,
    UNKNOWN,
    URGENT,
    Fragile,
    PlainRenderer,
    later,
    make_desk,
    message,
    say,
    small_bot,
    talk,
)

ANSWER = "You may drive after 24 hours. Ask Small Clinic."


@pytest.mark.parametrize("text", [QUESTION, EMERGENCY, URGENT, IF_EMERGENCY, UNKNOWN, "hello"])
def test_text_is_what_the_command_line_says(text: str, desk: Desk) -> None:
    sent = talk(desk, message(text))

    assert sent.texts[0] == small_bot().reply(text).text


def test_conversation_is_the_one_of_the_command_line(desk: Desk) -> None:
    turns = [QUESTION, "and what does it cost", EMERGENCY, "yes", "still"]

    texts = [talk(desk, message(turn)).to_patient[0] for turn in turns]

    expected = [small_bot().reply(turn, history=turns[:i]).text for i, turn in enumerate(turns)]
    assert texts == expected


def test_memory_ends_after_half_an_hour(desk: Desk) -> None:
    talk(desk, message(EMERGENCY))

    soon = talk(desk, message("yes"), later(29 * 60)).to_patient
    late = talk(desk, message("yes"), later(3 * 3600)).to_patient

    assert soon[0].startswith("EMERGENCY")
    assert not late[0].startswith("EMERGENCY")


# ---------------------------------------------------------------- places
def test_direct_message_is_answered_where_it_was_written(desk: Desk) -> None:
    outgoing = talk(desk, message(QUESTION)).all[0].outgoing

    assert (outgoing.kind, outgoing.channel_id, outgoing.thread_ts) == ("post", "D1", None)


def test_thread_in_a_direct_message_is_answered_in_the_thread(desk: Desk) -> None:
    outgoing = talk(desk, message(QUESTION, place=replace(DM, thread_ts="3.0"))).all[0].outgoing

    assert outgoing.thread_ts == "3.0"


def test_mention_is_answered_in_a_thread(desk: Desk) -> None:
    new = talk(desk, message(QUESTION, kind="mention", place=CHANNEL, ts="7.0"))
    old = talk(desk, message(QUESTION, kind="mention", place=THREAD, ts="8.0"))

    assert (new.all[0].outgoing.thread_ts, old.all[0].outgoing.thread_ts) == ("7.0", "1.000")


def test_command_is_answered_privately(desk: Desk) -> None:
    outgoing = talk(desk, message(QUESTION, kind="command", place=COMMAND)).all[0].outgoing

    assert (outgoing.kind, outgoing.response_url) == ("respond", "https://x.test/r")
    assert not outgoing.in_channel


def test_topic_of_the_home_page_is_answered_in_a_direct_message(desk: Desk) -> None:
    outgoing = talk(desk, message("driving", kind="choice", place=HOME)).all[0].outgoing

    assert (outgoing.kind, outgoing.user_id) == ("dm", "UPATIENT")
    assert outgoing.text.startswith(ANSWER)


@pytest.mark.parametrize("kind", ["command", "shortcut"])
@pytest.mark.parametrize("text", [EMERGENCY, URGENT, IF_EMERGENCY])
def test_red_flag_of_a_private_question_is_said_in_a_lasting_message_too(
    kind: str, text: str, desk: Desk
) -> None:
    incoming = message(text, kind=kind, place=COMMAND)  # type: ignore[arg-type]

    replies = [d for d in talk(desk, incoming).all if d.purpose == "reply"]

    assert [d.outgoing.kind for d in replies] == ["respond", "dm"]
    assert replies[0].outgoing.text == replies[1].outgoing.text
    assert replies[0].priority == replies[1].priority


def test_lasting_message_does_not_wait_for_the_private_one(desk: Desk) -> None:
    answered = say(desk, message(EMERGENCY, kind="command", place=COMMAND))

    assert answered is not None
    kinds = sorted(d.outgoing.kind for d in answered.deliveries)
    assert kinds == ["dm", "post", "respond"]  # and the card


# ---------------------------------------------------------------- notices
def test_first_answer_is_followed_by_the_notice(desk: Desk) -> None:
    first, second = talk(desk, message(QUESTION)), talk(desk, message(QUESTION))

    assert first.texts[1:] == ["FIRST CONTACT 555-0199"]
    assert second.texts[1:] == []


def test_notice_of_a_private_question_is_an_ordinary_message(desk: Desk) -> None:
    sent = talk(desk, message(QUESTION, kind="command", place=COMMAND))

    assert [d.outgoing.kind for d in sent.all] == ["respond", "dm"]


def test_first_answer_in_a_channel_offers_a_direct_message(desk: Desk) -> None:
    first = talk(desk, message(QUESTION, kind="mention", place=CHANNEL))
    second = talk(desk, message(QUESTION, kind="mention", place=CHANNEL, person=OTHER))

    assert first.texts[1:] == ["FIRST CONTACT 555-0199", "DM OFFER 555-0199"]
    assert second.texts[1:] == ["FIRST CONTACT 555-0199"]


def test_two_first_questions_at_once_are_followed_by_one_notice(desk: Desk) -> None:
    here, there = message(QUESTION), message(QUESTION, kind="command", place=COMMAND)
    rows = []
    for incoming in (here, there):
        received = desk.receive(incoming, START)
        rows.append(desk.claim(received.conversation or "", START))

    for row in rows:
        assert row is not None
        desk.answer(row, START)

    with desk.store.reading() as tx:
        purposes = tx.exec_driver_sql("SELECT purpose FROM outbox").scalars().all()
    assert sorted(purposes) == ["notice", "reply", "reply"]


def test_reply_knows_its_interaction_and_the_address_for_wrong_answers(
    sqlite_store: Store,
) -> None:
    frames = []

    class Watching(PlainRenderer):
        def reply(self, reply, frame):  # type: ignore[no-untyped-def]  # as its base
            frames.append(frame)
            return super().reply(reply, frame)

    desk = make_desk(sqlite_store, renderer=Watching())
    patient, nurse = say(desk, message(QUESTION)), say(desk, message(QUESTION, person=NURSE))

    assert patient is not None
    assert nurse is not None
    assert [f.interaction_id for f in frames] == [patient.interaction_id, nurse.interaction_id]
    assert [f.staff for f in frames] == [False, True]
    assert frames[0].report == "REPORT WRONG 555-0199"
    assert frames[0].surface == "dm"


# ---------------------------------------------------------------- instead of an answer
def test_paused_by_setting(sqlite_store: Store) -> None:
    desk = make_desk(sqlite_store, settings=replace(SETTINGS, paused=True))

    question, flag = talk(desk, message(QUESTION)), talk(desk, message(EMERGENCY))

    assert question.texts == ["PAUSED 555-0199\n\n[demo]"]
    assert flag.texts[0].startswith("EMERGENCY")


def test_paused_bot_keeps_no_question(desk: Desk) -> None:
    desk.pause(True, NURSE, START)

    talk(desk, message(UNKNOWN))

    assert desk.open_questions(START) == ()


def staff_only() -> Bot:
    engine = small_bot().engine
    clinic = structs.replace(engine.knowledge.clinic, slack_audience="staff")
    knowledge = structs.replace(engine.knowledge, clinic=clinic)
    return Bot(structs.replace(engine, knowledge=knowledge))


def test_audience_of_staff(sqlite_store: Store) -> None:
    desk = make_desk(sqlite_store, bot=staff_only())

    assert talk(desk, message(QUESTION)).texts == ["STAFF ONLY 555-0199\n\n[demo]"]
    assert talk(desk, message(EMERGENCY)).texts[0].startswith("EMERGENCY")
    assert talk(desk, message(QUESTION, person=NURSE)).texts[0].startswith(ANSWER)


@pytest.mark.parametrize("kind", ["choice", "message", "command"])
def test_audience_of_staff_holds_for_every_way_to_ask(kind: str, sqlite_store: Store) -> None:
    desk = make_desk(sqlite_store, bot=staff_only())

    sent = talk(desk, message("driving", kind=kind))  # type: ignore[arg-type]

    assert sent.texts == ["STAFF ONLY 555-0199\n\n[demo]"]


def test_channel_shared_with_others_is_refused(desk: Desk) -> None:
    shared = replace(CHANNEL, external=True)

    question = talk(desk, message(QUESTION, kind="mention", place=shared))
    flag = talk(desk, message(EMERGENCY, kind="mention", place=shared))

    assert question.texts == ["EXTERNAL REFUSED 555-0199\n\n[demo]"]
    assert flag.texts[0].startswith("EMERGENCY")


# ---------------------------------------------------------------- no words
def test_file_without_a_word_cannot_be_read(desk: Desk) -> None:
    sent = talk(desk, message("", files="1"))

    assert sent.texts == ["FILES UNREADABLE 555-0199\n\n[demo]"]


def test_file_with_a_question_is_answered_and_told(desk: Desk) -> None:
    sent = talk(desk, message(QUESTION, files="1"))

    assert sent.texts[0].startswith(ANSWER)
    assert sent.texts[1] == "FILES UNREADABLE 555-0199"


@pytest.mark.parametrize(("kind", "place"), [("mention", CHANNEL), ("command", COMMAND)])
def test_empty_question_gets_help(kind: str, place: Place, desk: Desk) -> None:
    sent = talk(desk, message(" ", kind=kind, place=place))  # type: ignore[arg-type]

    assert sent.texts[0] == "HELP\n\n[demo]"


# ---------------------------------------------------------------- buttons
def test_chosen_entry_is_answered_and_remembered(desk: Desk) -> None:
    sent = talk(desk, message("driving", kind="choice"))
    row = say(desk, message("what about it"))

    assert sent.texts[0].startswith(ANSWER)
    assert row is not None


def test_chosen_group_lists_its_questions(desk: Desk) -> None:
    text = talk(desk, message("recovery", kind="choice")).texts[0]

    assert "- When may I drive again?" in text
    assert text.endswith("[demo]")


def test_entry_that_is_gone_is_out_of_scope(desk: Desk) -> None:
    text = talk(desk, message("an-old-entry", kind="choice")).texts[0]

    assert text == "NO ANSWER 555-0199\n\n[demo]"


def test_flags_are_remembered_over_a_choice(desk: Desk) -> None:
    talk(desk, message(URGENT))
    talk(desk, message("driving", kind="choice"))

    assert talk(desk, message("still")).to_patient[0].startswith("CALL")


def test_staff_post_an_answer_for_everybody(desk: Desk) -> None:
    by_url = message("driving", kind="post", place=COMMAND, person=NURSE)
    by_channel = message("driving", kind="post", place=THREAD, person=NURSE)

    respond = talk(desk, by_url).all[0].outgoing
    post = talk(desk, by_channel).all[0].outgoing

    assert (respond.kind, respond.in_channel) == ("respond", True)
    assert (post.kind, post.channel_id, post.thread_ts) == ("post", "C1", "1.000")
    assert respond.text.startswith(ANSWER)


def test_nobody_else_posts_answers(desk: Desk) -> None:
    sent = talk(desk, message("driving", kind="post", place=COMMAND))

    assert sent.texts == ["ACT NOT STAFF 555-0199"]
    assert not sent.all[0].outgoing.in_channel


def test_rating_is_kept_and_thanked_for(desk: Desk) -> None:
    answer = talk(desk, message(QUESTION)).all[0]
    interaction_id = answer.outgoing.blocks[0]["id"]

    button = replace(DM, response_url="https://x.test/r")
    rating = message(interaction_id, kind="feedback", place=button, helpful="1")
    sent = talk(desk, rating)

    assert sent.texts == ["FEEDBACK THANKS 555-0199"]
    assert sent.all[0].outgoing.kind == "respond"
    with desk.store.reading() as tx:
        assert tx.exec_driver_sql("SELECT helpful FROM interactions").scalars().all() == [1]


def test_wish_for_a_person_is_passed_on(desk: Desk) -> None:
    sent = talk(desk, message("", kind="person"))

    assert sent.to_patient == ["PERSON ASKED 555-0199"]
    assert sent.to_staff == ["person open None 1 UPATIENT"]


def test_wish_for_a_person_in_words_is_passed_on(desk: Desk) -> None:
    sent = talk(desk, message("let me talk to a person"))

    assert sent.to_patient[0].startswith("PERSON 555-0199")
    assert sent.to_staff == ["person open None 1 UPATIENT"]


# ---------------------------------------------------------------- faults
def test_broken_bot_gives_the_urgent_reply_and_an_alert(sqlite_store: Store) -> None:
    desk = make_desk(sqlite_store, bot=Fragile(small_bot().engine))

    sent = talk(desk, message("anything"))

    assert sent.to_patient[0] == "COULD NOT READ SAFELY 555-0199\n\n[demo]"
    assert sent.to_staff == ["flag open urgent 1 UPATIENT"]


def test_broken_view_costs_only_the_looks(sqlite_store: Store) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError("the view is broken")

    desk = make_desk(sqlite_store, renderer=Broken())

    sent = talk(desk, message(EMERGENCY))

    assert sent.to_patient[0] == small_bot().reply(EMERGENCY).text
    assert sent.all[0].outgoing.blocks == ()
    assert sent.to_staff == ["emergency | chest pain | open | person UPATIENT"]


@pytest.mark.parametrize(
    ("kind", "first"),
    [("message", "COULD"), ("person", "COULD"), ("choice", "COULD"), ("feedback", None)],
)
def test_whatever_else_breaks_the_person_is_told_whom_to_call(
    kind: str, first: str | None, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **given: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("bot.desk.working.think", broken)

    sent = talk(desk, message("driving", kind=kind))  # type: ignore[arg-type]

    assert [text.split()[0] for text in sent.to_patient[:1]] == ([first] if first else [])
    assert desk.health(START).waiting == 0


def test_staff_are_not_looked_up_for_an_emergency(sqlite_store: Store) -> None:
    class Slow:
        def is_staff(self, person: object) -> bool:
            raise AssertionError("it costs a call to Slack")

    desk = make_desk(sqlite_store, staff=Slow())

    assert talk(desk, message(EMERGENCY)).texts[0].startswith("EMERGENCY")


def test_text_without_a_view_cannot_become_a_mention(sqlite_store: Store) -> None:
    from bot.desk.parts import escape

    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"

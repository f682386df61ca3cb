"""The whole path from message to reply: order of paragraphs, failures, memory."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory, Reply
from bot.dialogue.respond import respond
from bot.retrieval.decide import Limits
from tests.small import small_engine

PHONE = "555-0199"


class Broken:
    """Stands for any part of the engine, and fails whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("broken")


def broken_triage() -> Engine:
    return replace(small_engine(), rules=Broken())


def broken_retrieval() -> Engine:
    return replace(small_engine(), ranker=Broken())


def say(message: str, *earlier: str, engine: Engine | None = None) -> Reply:
    engine = engine or small_engine()
    memory = Memory()
    for before in earlier:
        _, memory = respond(before, engine, memory)
    return respond(message, engine, memory)[0]


def ids(reply: Reply) -> list[str]:
    return [e.id for e in reply.entries]


def paragraphs(reply: Reply) -> list[str]:
    return [p.split("\n")[0] for p in reply.text.split("\n\n")]


# ---------------------------------------------------------------- paragraphs
def test_an_answer_is_followed_by_the_way_to_the_clinic() -> None:
    assert paragraphs(say("can i drive")) == [
        "You may drive after 24 hours. Ask Small Clinic.",
        f"MORE {PHONE}",
        "[demo]",
    ]


def test_two_answers_carry_their_questions() -> None:
    assert paragraphs(say("can i drive? what does it cost?"))[:2] == [
        "When may I drive again?",
        "What does it cost?",
    ]


def test_an_emergency_is_the_instruction_alone() -> None:
    assert paragraphs(say("I have chest pain. can i drive?")) == [
        f"EMERGENCY 911 then {PHONE}",
        "[demo]",
    ]


def test_an_urgent_sign_comes_before_the_answer() -> None:
    assert paragraphs(say("I have a fever. can i drive?")) == [
        f"CALL {PHONE} NOW",
        "You may drive after 24 hours. Ask Small Clinic.",
        "[demo]",
    ]


def test_a_negated_sign_gives_the_if_sentence_and_the_answer() -> None:
    assert paragraphs(say("no chest pain. can i drive?")) == [
        "IF pain in your chest NOW 911",
        "You may drive after 24 hours. Ask Small Clinic.",
        "[demo]",
    ]


def reserved() -> Engine:
    """Offers no choices: nine examples do not tell that a fever is none of their questions."""
    return replace(small_engine(), limits=Limits(answer=0.9, clarify=0.9))


def test_a_flag_without_a_question_is_the_instruction_alone() -> None:
    assert paragraphs(say("I have a fever", engine=reserved())) == [f"CALL {PHONE} NOW", "[demo]"]


def test_small_talk_is_answered_in_kind() -> None:
    assert paragraphs(say("good morning")) == ["HELLO", "[demo]"]


def test_small_talk_beside_a_question_is_not_answered() -> None:
    assert "WELCOME" not in say("can i drive? thank you.").text


def test_a_wish_for_a_person_beside_a_question_is_answered_last() -> None:
    assert paragraphs(say("can i drive? I want a person."))[-2:] == [f"PERSON {PHONE}", "[demo]"]


def test_small_talk_beside_a_flag_is_not_answered() -> None:
    reply = say("good morning. I have a fever", engine=reserved())

    assert paragraphs(reply) == [f"CALL {PHONE} NOW", "[demo]"]


def test_a_personal_question_without_an_answer_is_left_to_the_clinic() -> None:
    reply = say("should i stop the eliquis")

    assert reply.personal
    assert paragraphs(reply) == [f"ASK {PHONE}", "[demo]"]


def test_a_personal_question_with_an_answer_begins_with_the_clinic() -> None:
    reply = say("should i stop, or can i drive")

    assert reply.personal
    assert paragraphs(reply)[0] == f"IN GENERAL {PHONE}"


def test_a_wish_for_a_decision_in_two_parts_needs_a_sure_answer() -> None:
    loose = replace(
        small_engine(),
        limits=Limits(answer=1.1, clarify=1.1),
        part_limits=Limits(answer=0.0, clarify=0.0),
        personal_lead=-100.0,
    )

    reply = say("should i drive? should i pay?", engine=loose)

    assert reply.personal
    assert reply.entries == ()


def test_a_personal_question_is_given_no_choices() -> None:
    assert say("should i stop and what now").suggestions == ()


def test_a_question_from_outside_is_declined() -> None:
    assert paragraphs(say("what is the weather tomorrow")) == [f"NO ANSWER {PHONE}", "[demo]"]


def test_letters_without_sense_are_told_to_be_unreadable() -> None:
    assert paragraphs(say("qzxv kjwq")) == [f"UNREADABLE {PHONE}", "[demo]"]


@pytest.mark.parametrize("message", ["", " ", "\n", "🙂", "...", "\x00", "\u200b", "\u202e"])
def test_a_message_without_words_is_told_to_be_unreadable(message: str) -> None:
    reply = say(message)

    assert reply.kind == "out_of_scope"
    assert paragraphs(reply)[0] == f"UNREADABLE {PHONE}"


def test_a_clinic_that_is_no_placeholder_is_not_called_demo() -> None:
    engine = small_engine()
    clinic = replace(engine.knowledge.clinic, demo=False)
    real = replace(engine, knowledge=replace(engine.knowledge, clinic=clinic))

    assert "[demo]" not in say("can i drive", engine=real).text


# ---------------------------------------------------------------- failures
@pytest.mark.parametrize("message", ["can i drive", "I have chest pain", "hello"])
def test_failing_triage_gives_the_urgent_reply(message: str) -> None:
    reply = say(message, engine=broken_triage())

    assert reply.kind == "escalation"
    assert reply.escalation is not None
    assert (reply.escalation.tier, reply.escalation.context) == ("urgent", "present")
    assert reply.escalation.flags == ()
    assert reply.text.startswith(f"COULD NOT READ SAFELY {PHONE}")


def test_failing_triage_answers_nothing() -> None:
    reply = say("can i drive", engine=broken_triage())

    assert (reply.entries, reply.suggestions, reply.ranking) == ((), (), ())


def test_failing_triage_leaves_the_memory_as_it_was() -> None:
    memory = Memory(entry_ids=("cost",), query="what does it cost")

    _, after = respond("can i drive", broken_triage(), memory)

    assert after == memory


@pytest.mark.parametrize(
    ("message", "tier", "text"),
    [
        ("I have chest pain", "emergency", f"EMERGENCY 911 then {PHONE}"),
        ("I have a fever. can i drive?", "urgent", f"CALL {PHONE} NOW"),
    ],
)
def test_failing_retrieval_still_gives_the_result_of_triage(
    message: str, tier: str, text: str
) -> None:
    reply = say(message, engine=broken_retrieval())

    assert reply.kind == "escalation"
    assert reply.escalation is not None
    assert reply.escalation.tier == tier
    assert paragraphs(reply)[0] == text


def test_failing_retrieval_without_a_flag_gives_the_telephone() -> None:
    reply = say("can i drive", engine=broken_retrieval())

    assert reply.kind == "out_of_scope"
    assert PHONE in reply.text


def test_failing_retrieval_keeps_the_flag_in_mind() -> None:
    _, memory = respond("I have chest pain", broken_retrieval())

    assert [f.concept for f in memory.flags] == ["E01"]


# ---------------------------------------------------------------- the last resort
def without_replies() -> Engine:
    """Everything works, and every sentence of replies.yaml is gone."""
    engine = small_engine()
    return replace(engine, knowledge=replace(engine.knowledge, replies={}))


def test_an_emergency_is_told_by_the_card_when_no_reply_can_be_read() -> None:
    reply = say("I have chest pain", engine=without_replies())

    assert reply.kind == "escalation"
    assert reply.escalation is not None
    assert (reply.escalation.tier, reply.escalation.context) == ("emergency", "present")
    assert [f.concept for f in reply.escalation.flags] == ["E01"]
    assert reply.text.startswith("EMERGENCY: Call 911 now")
    assert PHONE in reply.text


@pytest.mark.parametrize(
    "message", ["I have a fever", "no chest pain", "can i drive", "hello", "", "qzxv kwjq"]
)
def test_the_card_names_both_numbers_when_no_reply_can_be_read(message: str) -> None:
    reply = say(message, engine=without_replies())

    assert "In an emergency call 911 now." in reply.text
    assert PHONE in reply.text


def test_the_card_keeps_what_triage_found_in_mind() -> None:
    _, memory = respond("I have chest pain", without_replies())

    assert [f.concept for f in memory.flags] == ["E01"]


def test_failing_triage_without_replies_is_urgent_by_the_card() -> None:
    reply = say("can i drive", engine=replace(without_replies(), rules=Broken()))

    assert reply.escalation is not None
    assert (reply.escalation.tier, reply.escalation.context) == ("urgent", "present")
    assert PHONE in reply.text


PARTS = [
    "knowledge",
    "entries",
    "ranker",
    "rules",
    "net",
    "question_words",
    "follow_up",
    "personal",
    "limits",
    "part_limits",
    "slots",
    "spanish",
]


@pytest.mark.parametrize("message", ["can i drive", "I have chest pain", "hello", "", "\ud800"])
@pytest.mark.parametrize("part", PARTS)
def test_any_part_may_break_and_an_emergency_number_is_given(part: str, message: str) -> None:
    engine = replace(small_engine(), **{part: Broken()})

    reply, memory = respond(message, engine)

    assert reply.text
    assert "911" in reply.text or PHONE in reply.text or reply.small_talk
    assert isinstance(memory, Memory)


def test_everything_may_break_and_the_emergency_number_is_given() -> None:
    reply, _ = respond("I have chest pain", Broken())

    assert reply.as_json()["kind"] == "escalation"
    assert "call 911 now" in reply.text
    assert "the number on your papers" in reply.text


# ---------------------------------------------------------------- memory
def test_a_question_is_remembered_with_its_entry() -> None:
    _, memory = respond("can i drive", small_engine())

    assert (memory.entry_ids, memory.query) == (("driving",), "can i drive")


def test_small_talk_leaves_the_memory_as_it_was() -> None:
    memory = Memory(entry_ids=("driving",), query="can i drive")

    _, after = respond("thank you", small_engine(), memory)

    assert after == memory


def test_a_message_without_words_leaves_the_memory_as_it_was() -> None:
    memory = Memory(entry_ids=("driving",), query="can i drive")

    _, after = respond("🙂", small_engine(), memory)

    assert after == memory


def test_a_new_question_takes_the_place_of_the_old() -> None:
    memory = Memory(entry_ids=("driving",), query="can i drive")

    _, after = respond("what does it cost", small_engine(), memory)

    assert after.entry_ids == ("cost",)


def test_a_flag_is_remembered() -> None:
    _, memory = respond("I have chest pain", small_engine())

    assert [f.concept for f in memory.flags] == ["E01"]


def test_a_flag_goes_on_when_the_next_message_says_so() -> None:
    reply = say("yes", "I have chest pain")

    assert reply.escalation is not None
    assert reply.escalation.tier == "emergency"


def test_a_flag_goes_on_after_small_talk() -> None:
    reply = say("still", "I have chest pain", "thank you")

    assert reply.escalation is not None


def test_a_conditional_flag_that_goes_on_is_present() -> None:
    reply = say("yes", "no chest pain")

    assert reply.escalation is not None
    assert reply.escalation.context == "present"


def test_an_answered_question_ends_the_flag_before() -> None:
    assert say("yes", "I have a fever", "what does it cost").escalation is None


def test_the_remembered_query_stays_short() -> None:
    _, memory = respond("can i drive " * 3000, small_engine())

    assert len(memory.query) <= 400


# ---------------------------------------------------------------- laws
@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.text(max_size=200))
def test_any_text_gets_one_reply_that_names_the_telephone_or_is_small_talk(text: str) -> None:
    reply = say(text)

    assert reply.text
    assert PHONE in reply.text or reply.small_talk is not None


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.text(max_size=80))
def test_a_sign_beside_any_text_stays_an_emergency(text: str) -> None:
    reply = say(f"I have chest pain.\n{text}")

    assert reply.escalation is not None
    assert reply.escalation.tier == "emergency"


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_the_same_message_after_the_same_message_gets_the_same_reply(
    before: str, message: str
) -> None:
    first, second = say(message, before), say(message, before)

    assert first.as_json() == second.as_json()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.text(alphabet="can idrve?whatoscplg, \n", max_size=120))
def test_kind_and_contents_agree(text: str) -> None:
    reply = say(text)

    assert (reply.kind == "escalation") == (reply.escalation is not None)
    assert (reply.kind == "clarify") <= bool(reply.suggestions)
    assert (reply.kind == "answer") <= bool(reply.entries)
    assert (reply.kind == "out_of_scope") <= (reply.entries == () == reply.suggestions)


# ---------------------------------------------------------------- a part without an answer
def test_a_part_that_nobody_can_answer_is_told() -> None:
    strict = replace(small_engine(), part_limits=Limits(answer=0.99, clarify=0.98))

    reply = say("how much is it? what is the airspeed of a swallow?", engine=strict)

    assert ids(reply) == ["cost"]
    assert "NOT THE REST" in reply.text

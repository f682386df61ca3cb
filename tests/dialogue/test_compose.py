"""Words of a reply: slots filled, instructions in order, sources named."""

from __future__ import annotations

import pytest

from bot.dialogue import compose
from bot.triage.flags import Assessment, Context, Flag, Tier
from tests.small import small_engine

ENGINE = small_engine()
TIER_OF: dict[str, Tier] = {"E01": "emergency", "U01": "urgent"}


def flag(concept: str, context: Context = "present", *, spanish: bool = False) -> Flag:
    return Flag(
        concept=concept,
        tier=TIER_OF[concept],
        words="",
        context=context,
        by="phrase",
        spanish=spanish,
    )


def instruct(*flags: Flag) -> list[str]:
    return compose.escalation(Assessment(flags=flags), ENGINE, spanish=False)


def test_details_of_the_clinic_are_put_in() -> None:
    assert compose.say("out_of_scope", ENGINE) == "NO ANSWER 555-0199"


def test_given_words_are_put_in() -> None:
    assert compose.say("sources", ENGINE, sources="A, B") == "Sources: A, B"


def test_braces_that_are_no_slot_stay() -> None:
    assert compose.fill("{clinic.fax} {x}", ENGINE) == "{clinic.fax} {x}"


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        compose.say("weather", ENGINE)


def test_without_flags_there_is_no_instruction() -> None:
    assert instruct() == []


def test_an_emergency_is_instructed() -> None:
    assert instruct(flag("E01")) == ["EMERGENCY 911 then 555-0199"]


def test_the_most_urgent_of_two_present_flags_is_instructed_alone() -> None:
    assert instruct(flag("U01"), flag("E01")) == ["EMERGENCY 911 then 555-0199"]


def test_a_conditional_flag_names_the_sign() -> None:
    assert instruct(flag("E01", "conditional")) == ["IF pain in your chest NOW 911"]


def test_a_higher_conditional_flag_adds_its_sentence_below() -> None:
    found = instruct(flag("U01"), flag("E01", "conditional"))

    assert found == ["CALL 555-0199 NOW", "IF pain in your chest NOW 911"]


def test_a_lower_conditional_flag_adds_nothing() -> None:
    assert instruct(flag("E01"), flag("U01", "conditional")) == ["EMERGENCY 911 then 555-0199"]


def test_a_spanish_flag_is_instructed_in_both_languages() -> None:
    found = instruct(flag("E01", spanish=True))

    assert found == ["EMERGENCY 911 then 555-0199", "EMERGENCIA 911 555-0199"]


def test_a_spanish_conditional_flag_names_the_sign_in_spanish() -> None:
    found = instruct(flag("E01", "conditional", spanish=True))

    assert found[1] == "SI dolor en el pecho AHORA 911"


def test_an_answer_ends_with_its_sources() -> None:
    found = compose.answer(ENGINE.entries["driving"], ENGINE, titled=False)

    assert found == "You may drive after 24 hours. Ask Small Clinic.\nSources: Leaflet Press"


def test_an_answer_among_others_begins_with_its_question() -> None:
    found = compose.answer(ENGINE.entries["driving"], ENGINE, titled=True)

    assert found.startswith("When may I drive again?\nYou may drive")


def test_a_disagreement_of_the_documents_is_said_after_the_answer() -> None:
    found = compose.answer(ENGINE.entries["cost"], ENGINE, titled=False)

    assert found.split("\n") == [
        "The price depends on your plan.",
        "The booklet names no price at all.",
        "Sources: Leaflet Press, Booklet House",
    ]


def test_a_source_cited_twice_is_named_once() -> None:
    assert compose.source_names(ENGINE.entries["cost"], ENGINE) == [
        "Leaflet Press",
        "Booklet House",
    ]


def test_choices_are_listed_under_a_heading() -> None:
    found = compose.choices("clarify", ["cost", "driving"], ENGINE)

    assert found.split("\n") == [
        "WHICH",
        "- What does it cost?",
        "- When may I drive again?",
        "ELSE 555-0199",
    ]


def test_small_talk_is_answered_in_kind() -> None:
    assert compose.small_talk("greeting", ENGINE) == "HELLO"

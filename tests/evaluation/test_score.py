"""The judges: what counts as right, and what else is measured, for every kind of case."""

from __future__ import annotations

import pytest

from tests.evaluation.made import (
    THINNER,
    case,
    escalated,
    findings,
    judged,
    question,
    reply,
)


# ---------------------------------------------------------------- questions
def test_question_answered_first_by_a_wanted_entry_is_right() -> None:
    found = findings(question("cost", "insurance-coverage"), reply("cost", ranking=["cost"]))

    assert found == {
        "right": True,
        "right or offered": True,
        "wrong answer served": False,
        "top of the ranking": True,
    }


def test_question_answered_by_another_entry_is_a_wrong_answer_served() -> None:
    found = findings(question("cost"), reply("ride-home", ranking=["ride-home", "cost"]))

    assert found == {
        "right": False,
        "right or offered": False,
        "wrong answer served": True,
        "top of the ranking": False,
    }


def test_wanted_entry_in_second_place_is_not_right() -> None:
    found = findings(question("cost"), reply("ride-home", "cost"))

    assert (found["right"], found["wrong answer served"]) == (False, True)


def test_wanted_entry_among_the_choices_is_offered() -> None:
    found = findings(question("cost"), reply(suggestions=["ride-home", "cost"]))

    assert (found["right"], found["right or offered"], found["wrong answer served"]) == (
        False,
        True,
        False,
    )


def test_abstaining_serves_no_wrong_answer() -> None:
    found = findings(question("cost"), reply())

    assert list(found.values()) == [False, False, False, False]


@pytest.mark.parametrize("asked", [question("driving-after"), case("out_of_scope")])
def test_settled_blood_thinner_is_right_in_every_file(asked: object) -> None:
    found = findings(asked, THINNER)  # type: ignore[arg-type]

    assert (found["right"], found["wrong answer served"]) == (True, False)


# ---------------------------------------------------------------- out of scope
def test_out_of_scope_without_an_answer_is_right() -> None:
    found = findings(case("out_of_scope"), reply())

    assert found == {"right": True, "wrong answer served": False, "choices offered": False}


def test_out_of_scope_with_an_answer_is_wrong() -> None:
    found = findings(case("out_of_scope"), reply("cost"))

    assert found == {"right": False, "wrong answer served": True, "choices offered": False}


def test_choices_are_no_answer_but_counted() -> None:
    found = findings(case("out_of_scope"), reply(suggestions=["cost"]))

    assert found == {"right": True, "wrong answer served": False, "choices offered": True}


def test_personal_question_may_be_answered_by_a_related_entry() -> None:
    asked = case("out_of_scope", related=frozenset({"return-to-work"}))

    found = findings(asked, reply("return-to-work", personal=True))

    assert found["right"] is True


def test_related_entry_needs_the_words_for_a_personal_question() -> None:
    asked = case("out_of_scope", related=frozenset({"return-to-work"}))

    found = findings(asked, reply("return-to-work", personal=False))

    assert found["right"] is False


def test_unrelated_entry_beside_a_related_one_is_wrong() -> None:
    asked = case("out_of_scope", related=frozenset({"return-to-work"}))

    found = findings(asked, reply("return-to-work", "cost", personal=True))

    assert found["right"] is False


# ---------------------------------------------------------------- small talk
def test_small_talk_of_the_right_intent_is_right() -> None:
    found = findings(case("small_talk", group="thanks"), reply(small_talk="thanks"))

    assert found == {"right": True}


def test_small_talk_of_another_intent_is_wrong() -> None:
    found = findings(case("small_talk", group="thanks"), reply(small_talk="goodbye"))

    assert found == {"right": False}


def test_small_talk_with_an_answer_is_wrong() -> None:
    found = findings(case("small_talk", group="thanks"), reply("cost", small_talk="thanks"))

    assert found == {"right": False}


def test_wish_for_a_person_may_be_answered_by_how_to_reach_the_clinic() -> None:
    found = findings(case("small_talk", group="human"), reply("contact-clinic"))

    assert found == {"right": True}


# ---------------------------------------------------------------- two questions, follow-ups
TWO = case("multi", wanted=(frozenset({"cost"}), frozenset({"driving-after", "ride-home"})))
ONE = case("multi", wanted=(frozenset({"cost"}),))


def test_both_questions_answered_is_right() -> None:
    found = findings(TWO, reply("cost", "ride-home"))

    assert found == {"right": True, "right or half": True}


def test_one_of_two_questions_answered_is_half() -> None:
    found = findings(TWO, reply("cost"))

    assert found == {"right": False, "right or half": True}


def test_none_of_two_questions_answered_is_neither() -> None:
    found = findings(TWO, reply("benefits"))

    assert found == {"right": False, "right or half": False}


def test_one_question_with_one_answer_is_right() -> None:
    found = findings(ONE, reply("cost"))

    assert found["right"] is True


def test_one_question_with_a_second_answer_is_wrong() -> None:
    found = findings(ONE, reply("cost", "ride-home"))

    assert found["right"] is False


FOLLOW_UP = case(
    "followup",
    turns=("can i drive", "and swim"),
    wanted=(frozenset({"driving-after"}), frozenset({"bathing-swimming"})),
)


def test_follow_up_is_judged_by_its_second_reply() -> None:
    found = findings(FOLLOW_UP, reply("cost"), reply("bathing-swimming"))

    assert found == {"right": True, "right or offered": True, "first turn right": False}


def test_follow_up_answered_as_the_first_turn_is_wrong() -> None:
    found = findings(FOLLOW_UP, reply("driving-after"), reply("driving-after"))

    assert found == {"right": False, "right or offered": False, "first turn right": True}


def test_follow_up_may_be_offered() -> None:
    found = findings(FOLLOW_UP, reply("driving-after"), reply(suggestions=["bathing-swimming"]))

    assert (found["right"], found["right or offered"]) == (False, True)


# ---------------------------------------------------------------- red flags
def test_red_flag_of_its_tier_and_present_is_right() -> None:
    found = findings(case("red_flag", tier="U"), reply(escalation=escalated("urgent", "present")))

    assert found == {
        "right": True,
        "escalated at all": True,
        "above its tier": False,
        "found by a phrase": True,
    }


def test_red_flag_above_its_tier_is_right_and_counted() -> None:
    found = findings(
        case("red_flag", tier="U"), reply(escalation=escalated("emergency", "present"))
    )

    assert (found["right"], found["above its tier"]) == (True, True)


def test_red_flag_below_its_tier_is_wrong() -> None:
    found = findings(case("red_flag", tier="E"), reply(escalation=escalated("urgent", "present")))

    assert (found["right"], found["escalated at all"]) == (False, True)


def test_red_flag_that_is_only_conditional_is_wrong() -> None:
    found = findings(
        case("red_flag", tier="E"), reply(escalation=escalated("emergency", "conditional"))
    )

    assert (found["right"], found["escalated at all"], found["above its tier"]) == (
        False,
        True,
        False,
    )


def test_red_flag_found_by_the_net_is_not_found_by_a_phrase() -> None:
    found = findings(
        case("red_flag", tier="O"), reply(escalation=escalated("office_hours", "present", "net"))
    )

    assert (found["right"], found["found by a phrase"]) == (True, False)


def test_missed_red_flag_is_wrong_in_every_way() -> None:
    found = findings(case("red_flag", tier="E"), reply("cost"))

    assert list(found.values()) == [False, False, False, False]


# ---------------------------------------------------------------- mentions, benign messages
MENTION = case("mention", wanted=(frozenset({"side-effects"}),))
BENIGN = case("benign", wanted=(frozenset({"cost"}),))


def test_mention_that_names_the_clinic_is_right() -> None:
    said = reply("side-effects", escalation=escalated("emergency", "conditional"))

    found = findings(MENTION, said)

    assert found == {
        "right": True,
        "emergency, present": False,
        "answered": True,
        "escalated at all": True,
    }


def test_mention_taken_for_an_emergency_is_wrong() -> None:
    found = findings(MENTION, reply(escalation=escalated("emergency", "present")))

    assert (found["right"], found["emergency, present"]) == (False, True)


def test_mention_without_the_number_of_the_clinic_is_wrong() -> None:
    found = findings(MENTION, reply("side-effects", text="Ask your clinic."))

    assert (found["right"], found["answered"]) == (False, True)


def test_benign_message_answered_is_right() -> None:
    found = findings(BENIGN, reply("cost"))

    assert found == {
        "right": True,
        "emergency, present": False,
        "urgent, present": False,
        "any escalation": False,
        "answered": True,
    }


def test_benign_message_taken_for_an_emergency_is_wrong() -> None:
    found = findings(BENIGN, reply(escalation=escalated("emergency", "present")))

    assert (found["right"], found["emergency, present"]) == (False, True)


def test_benign_message_taken_for_urgent_is_counted_and_no_false_alarm() -> None:
    found = findings(BENIGN, reply(escalation=escalated("urgent", "present")))

    assert (found["right"], found["urgent, present"], found["any escalation"]) == (
        True,
        True,
        True,
    )


# ---------------------------------------------------------------- judged
def test_case_fails_when_its_first_finding_does() -> None:
    one = judged(question("cost"), reply(suggestions=["cost"]))

    assert one.failed is True


def test_bot_is_asked_every_turn_of_the_case() -> None:
    one = judged(FOLLOW_UP, reply("driving-after"), reply("bathing-swimming"))

    assert len(one.replies) == 2
    assert one.failed is False

"""Who is answered, and where: decisions on values alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk import rules
from bot.desk.rules import Admission, Threads, admit, show
from bot.desk.values import EMERGENCY, ORDINARY, URGENT, Incoming, IncomingKind
from bot.dialogue.reply import Escalation, Reply
from bot.triage.flags import Assessment, Context, Flag, Tier
from tests.desk.made import CHANNEL, COMMAND, DM, HOME, message

NOTHING = Assessment(flags=())
ELSEWHERE = Threads(ours=False, by_asker=False, answered_before=False)
BY_ASKER = Threads(ours=True, by_asker=True, answered_before=False)
BY_OTHER = Threads(ours=True, by_asker=False, answered_before=False)
EDITED = Threads(ours=False, by_asker=False, answered_before=True)


def flag(tier: Tier = "emergency", context: Context = "present", concept: str = "E01") -> Flag:
    return Flag(concept=concept, tier=tier, words="chest pain", context=context, by="phrase")


def found(tier: Tier = "emergency", context: Context = "present") -> Assessment:
    return Assessment(flags=(flag(tier, context),))


def escalation(*flags: Flag) -> Escalation:
    given = flags or (flag(),)
    return Escalation(tier=given[0].tier, context=given[0].context, flags=given)


def admitted(
    incoming: Incoming, assessment: Assessment, threads: Threads = ELSEWHERE, staff: bool = False
) -> Admission:
    return admit(incoming, assessment, threads, is_staff=lambda: staff)


def in_channel(kind: IncomingKind = "message") -> Incoming:
    return message("text", place=CHANNEL, kind=kind)


# ---------------------------------------------------------------- what is kept
@pytest.mark.parametrize("place", [DM, COMMAND, HOME])
def test_everything_said_to_the_bot_is_kept(place: object) -> None:
    assert admitted(message("text", place=place), NOTHING).keep  # type: ignore[arg-type]


def test_mention_is_kept() -> None:
    assert admitted(in_channel("mention"), NOTHING).keep


@pytest.mark.parametrize(
    ("tier", "context", "kept"),
    [
        ("emergency", "present", True),
        ("urgent", "present", True),
        ("office_hours", "present", False),
        ("emergency", "conditional", False),
        ("urgent", "conditional", False),
    ],
)
def test_of_what_is_overheard_only_serious_present_flags_are_kept(
    tier: Tier, context: Context, kept: bool
) -> None:
    assert admitted(in_channel(), found(tier, context)).keep is kept


def test_what_staff_say_to_others_is_not_kept() -> None:
    assert not admitted(in_channel(), found(), staff=True).keep


def test_whether_it_is_staff_is_asked_only_where_it_matters() -> None:
    def ask() -> bool:
        raise AssertionError("it costs a call to Slack")

    assert not admit(in_channel(), NOTHING, ELSEWHERE, is_staff=ask).keep
    assert admit(message("text"), found(), ELSEWHERE, is_staff=ask).keep


def test_follow_up_of_the_asker_is_kept() -> None:
    assert admitted(in_channel(), NOTHING, BY_ASKER) == Admission(keep=True)


def test_somebody_else_in_the_thread_takes_over() -> None:
    assert admitted(in_channel(), NOTHING, BY_OTHER) == Admission(keep=False, takes_over=True)


def test_somebody_else_in_the_thread_is_answered_about_red_flags() -> None:
    assert admitted(in_channel(), found(), BY_OTHER) == Admission(keep=True, takes_over=True)


def test_edit_without_a_flag_is_not_kept() -> None:
    assert not admitted(message("text", kind="edit"), NOTHING).keep


@pytest.mark.parametrize("threads", [BY_ASKER, EDITED])
def test_edit_of_what_was_answered_is_kept_with_any_flag(threads: Threads) -> None:
    assert admitted(in_channel("edit"), found("office_hours", "conditional"), threads).keep


def test_edit_of_what_was_overheard_is_kept_when_serious() -> None:
    assert admitted(in_channel("edit"), found("urgent")).keep
    assert not admitted(in_channel("edit"), found("office_hours")).keep


def test_edit_takes_over_nothing() -> None:
    assert not admitted(in_channel("edit"), found(), BY_OTHER).takes_over


@pytest.mark.parametrize(
    ("assessment", "lane"),
    [
        (found("emergency"), EMERGENCY),
        (found("urgent"), URGENT),
        (found("office_hours"), ORDINARY),
        (found("emergency", "conditional"), ORDINARY),
        (NOTHING, ORDINARY),
    ],
)
def test_lane(assessment: Assessment, lane: int) -> None:
    assert rules.lane_of(assessment) == lane


# ---------------------------------------------------------------- what is shown
def shown(incoming: Incoming, flagged: Escalation | None = None, **changes: object) -> str:
    given: dict[str, object] = {
        "audience": "everyone",
        "paused": False,
        "by_asker": False,
        "person_answers": False,
        "is_staff": lambda: False,
        **changes,
    }
    return show(incoming, flagged, **given)  # type: ignore[arg-type]  # of tests only


def test_question_gets_its_reply() -> None:
    assert shown(message("text")) == "reply"


@pytest.mark.parametrize("place", [DM, CHANNEL, COMMAND])
@pytest.mark.parametrize(
    "closed", [{"paused": True}, {"audience": "staff"}, {"person_answers": True}]
)
def test_red_flag_is_answered_whatever_is_switched_off(
    place: object, closed: dict[str, object]
) -> None:
    incoming = message("text", place=place, kind="mention")  # type: ignore[arg-type]

    assert shown(incoming, escalation(), **closed) == "reply"


def test_red_flag_is_answered_in_external_channels() -> None:
    incoming = message("text", place=replace(CHANNEL, external=True), kind="mention")

    assert shown(incoming) == "external_refused"
    assert shown(incoming, escalation()) == "reply"


def test_paused_bot_gives_the_contact_card() -> None:
    assert shown(message("text"), paused=True) == "paused"


def test_audience_of_staff_refuses_others() -> None:
    assert shown(message("text"), audience="staff") == "staff_only"
    assert shown(message("text"), audience="staff", is_staff=lambda: True) == "reply"


def test_thread_that_a_person_took_over_is_left_alone() -> None:
    assert shown(in_channel(), by_asker=True) == "reply"
    assert shown(in_channel(), by_asker=True, person_answers=True) == "nothing"
    assert shown(in_channel("mention"), person_answers=True) == "reply"


def test_conditional_flag_of_somebody_who_did_not_ask_is_left_alone() -> None:
    conditional = escalation(flag(context="conditional"))

    assert shown(in_channel(), conditional) == "nothing"
    assert shown(in_channel(), conditional, by_asker=True) == "reply"
    assert shown(in_channel(), escalation()) == "reply"


# ---------------------------------------------------------------- edits, unanswered
@pytest.mark.parametrize(
    ("before", "is_new"),
    [
        ({}, True),
        ({"E01": "present"}, False),
        ({"E01": "conditional"}, True),
        ({"U01": "present"}, True),
    ],
)
def test_flag_of_an_edit_is_new(before: dict[str, str], is_new: bool) -> None:
    assert rules.new_flags(escalation(), before) is is_new


def test_conditional_flag_that_was_present_is_not_new() -> None:
    conditional = escalation(flag(context="conditional"))

    assert not rules.new_flags(conditional, {"E01": "present"})


def test_edit_that_could_not_be_read_counts_as_new() -> None:
    failed = Escalation(tier="urgent", context="present", flags=())

    assert rules.new_flags(failed, {"E01": "present"})


@pytest.mark.parametrize(
    ("changes", "unanswered"),
    [
        ({}, True),
        ({"kind": "answer"}, False),
        ({"personal": True}, False),
        ({"queries": ()}, False),
    ],
)
def test_unanswered_is_what_was_searched_and_not_found(
    changes: dict[str, object], unanswered: bool
) -> None:
    reply = Reply(
        kind="out_of_scope",
        escalation=None,
        entries=(),
        suggestions=(),
        ranking=(),
        small_talk=None,
        personal=False,
        queries=("garden lamps",),
        repairs=(),
        text="no answer",
        knowledge="abc",
    )

    assert rules.is_unanswered(replace(reply, **changes)) is unanswered  # type: ignore[arg-type]

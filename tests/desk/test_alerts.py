"""What staff are told, and when again: decisions on values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.alerts import (
    MOST_REALERTS,
    Held,
    Wanted,
    as_tier,
    flag_alert,
    lane,
    merge,
    next_realert,
)
from bot.dialogue.reply import Escalation
from bot.triage.flags import Flag, Tier
from tests.desk.made import SETTINGS, START
from tests.desk.test_rules import escalation, flag

HELD = Held(tier="urgent", concepts=("U01",), words=("fever",), times=1, claimed=False)


def test_present_flag_is_told_with_its_words() -> None:
    wanted = flag_alert(escalation())

    assert wanted == Wanted(kind="flag", tier="emergency", concepts=("E01",), words=("chest pain",))


def test_flag_that_is_only_spoken_of_alerts_nobody() -> None:
    assert flag_alert(escalation(flag(context="conditional"))) is None


def test_conditional_flags_beside_a_present_one_are_left_out() -> None:
    wanted = flag_alert(escalation(flag(), flag(concept="E02", context="conditional")))

    assert wanted is not None
    assert wanted.concepts == ("E01",)


@pytest.mark.parametrize("finder", ["net", "history"])
def test_words_of_whole_sentences_are_not_told(finder: str) -> None:
    by_net = Flag(
        concept="E01",
        tier="emergency",
        words="my chest and my name",
        context="present",
        by=finder,  # type: ignore[arg-type]  # the two that find sentences
    )

    wanted = flag_alert(escalation(by_net))

    assert wanted is not None
    assert wanted.words == ()


def test_words_are_redacted() -> None:
    told = Flag(
        concept="E01",
        tier="emergency",
        words="pain 555 123 4567 chest",
        context="present",
        by="phrase",
    )

    wanted = flag_alert(escalation(told))

    assert wanted is not None
    assert wanted.words == ("pain [number] chest",)


def test_message_that_could_not_be_read_is_told_too() -> None:
    wanted = flag_alert(Escalation(tier="urgent", context="present", flags=()))

    assert wanted == Wanted(kind="flag", tier="urgent")


@pytest.mark.parametrize(
    ("tier", "expected"), [("emergency", 0), ("urgent", 1), ("office_hours", 2), (None, 2)]
)
def test_lane_of_a_tier(tier: str | None, expected: int) -> None:
    assert lane(tier) == expected


# ---------------------------------------------------------------- another message
def test_another_message_is_counted_on_the_card() -> None:
    merged = merge(HELD, Wanted(kind="flag", tier="urgent", concepts=("U02",), words=("pus",)))

    assert (merged.times, merged.concepts) == (2, ("U01", "U02"))
    assert merged.words == ("fever", "pus")
    assert (merged.reopened, merged.say) == (False, "")


@pytest.mark.parametrize("claimed", [False, True])
def test_higher_tier_wins_and_has_to_be_taken_anew(claimed: bool) -> None:
    merged = merge(replace(HELD, claimed=claimed), Wanted(kind="flag", tier="emergency"))

    assert (merged.tier, merged.reopened) == ("emergency", True)
    assert merged.say == "card_more_urgent"


def test_lower_tier_lowers_nothing() -> None:
    held = replace(HELD, tier="emergency")

    merged = merge(held, Wanted(kind="flag", tier="office_hours"))

    assert (merged.tier, merged.reopened) == ("emergency", False)


def test_who_took_the_card_is_told_of_another_message() -> None:
    merged = merge(replace(HELD, claimed=True), Wanted(kind="flag", tier="urgent"))

    assert (merged.reopened, merged.say) == (False, "card_wrote_again")


# ---------------------------------------------------------------- reminders
@pytest.mark.parametrize(("tier", "seconds"), [("emergency", 120), ("urgent", 900)])
def test_silence_is_broken_after_a_while(tier: Tier, seconds: int) -> None:
    assert next_realert(tier, 0, START, SETTINGS) == START + timedelta(seconds=seconds)


@pytest.mark.parametrize("tier", ["office_hours", None])
def test_nobody_is_reminded_of_what_can_wait(tier: Tier | None) -> None:
    assert next_realert(tier, 0, START, SETTINGS) is None


def test_reminders_end() -> None:
    last = next_realert("emergency", MOST_REALERTS - 1, START, SETTINGS)

    assert last is not None
    assert next_realert("emergency", MOST_REALERTS, START, SETTINGS) is None


@pytest.mark.parametrize(("text", "tier"), [("urgent", "urgent"), (None, None), ("other", None)])
def test_stored_tier(text: str | None, tier: Tier | None) -> None:
    assert as_tier(text) == tier

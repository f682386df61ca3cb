"""What an assessment decides: present before conditional, then the most urgent tier."""

from __future__ import annotations

import pytest

from bot.triage.flags import Assessment, Context, Flag, Tier, highest


def flag(
    concept: str = "E06",
    *,
    tier: Tier = "emergency",
    context: Context = "present",
    spanish: bool = False,
) -> Flag:
    return Flag(
        concept=concept, tier=tier, words="w", context=context, by="phrase", spanish=spanish
    )


def test_no_flags_no_tier() -> None:
    found = Assessment(flags=())

    assert found.tier is None
    assert found.leading == ()
    assert found.conditional_above == ()


def test_the_most_urgent_present_flag_decides() -> None:
    found = Assessment(
        flags=(flag("O05", tier="office_hours"), flag("E06"), flag("U01", tier="urgent"))
    )

    assert (found.tier, found.context) == ("emergency", "present")


def test_a_present_flag_decides_over_a_more_urgent_conditional_one() -> None:
    found = Assessment(flags=(flag("E12", context="conditional"), flag("U01", tier="urgent")))

    assert (found.tier, found.context) == ("urgent", "present")


def test_conditional_flags_decide_among_themselves() -> None:
    urgent = flag("U01", tier="urgent", context="conditional")
    emergency = flag("E12", context="conditional")

    found = Assessment(flags=(urgent, emergency))

    assert (found.tier, found.context) == ("emergency", "conditional")


def test_leading_flags_are_those_of_the_deciding_pair() -> None:
    found = Assessment(
        flags=(
            flag("E06"),
            flag("E12", context="conditional"),
            flag("U01", tier="urgent"),
            flag("E01"),
        )
    )

    assert [f.concept for f in found.leading] == ["E06", "E01"]


def test_more_urgent_conditional_flags_are_kept_for_their_own_sentence() -> None:
    found = Assessment(
        flags=(
            flag("U01", tier="urgent"),
            flag("E12", context="conditional"),
            flag("U02", tier="urgent", context="conditional"),
            flag("O05", tier="office_hours", context="conditional"),
        )
    )

    assert [f.concept for f in found.conditional_above] == ["E12"]


def test_without_a_present_flag_nothing_stands_above() -> None:
    found = Assessment(flags=(flag("E12", context="conditional"),))

    assert found.conditional_above == ()


def test_one_spanish_flag_makes_the_assessment_spanish() -> None:
    found = Assessment(flags=(flag("E06"), flag("U01", spanish=True)))

    assert found.spanish


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        (["office_hours", "urgent"], "urgent"),
        (["urgent", "emergency", "office_hours"], "emergency"),
        (["office_hours"], "office_hours"),
        ([], None),
    ],
    ids=["urgent", "emergency", "office-hours", "none"],
)
def test_highest(tiers: list[Tier], expected: Tier | None) -> None:
    found = highest(tiers)

    assert found == expected

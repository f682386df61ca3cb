"""History on the shipped rules: what people write when the sign they told of goes on."""

from __future__ import annotations

import pytest

from bot.triage.assess import Rules, assess


@pytest.mark.parametrize(
    "message",
    [
        "yes",
        "Yes I do",
        "yeah",
        "yep",
        "still",
        "Still the same",
        "it's worse",
        "worse",
        "it hurts",
        "sí",
        "peor",
    ],
)
def test_the_flag_goes_on(message: str, rules: Rules) -> None:
    earlier = assess("my left leg is numb", rules).flags

    found = assess(message, rules, earlier=earlier)

    assert (found.tier, found.context) == ("emergency", "present")
    assert "E06" in {flag.concept for flag in found.flags}


@pytest.mark.parametrize(
    "message", ["Thank you", "how much does it cost?", "ok", "where do I park?"]
)
def test_another_subject_leaves_the_flag_behind(message: str, rules: Rules) -> None:
    earlier = assess("my left leg is numb", rules).flags

    found = assess(message, rules, earlier=earlier)

    assert found.flags == ()


def test_yes_after_if_makes_the_conditional_flag_present(rules: Rules) -> None:
    earlier = assess("What if I get chest pain?", rules).flags

    found = assess("yes", rules, earlier=earlier)

    assert (found.tier, found.context) == ("emergency", "present")


def test_a_flag_goes_on_over_several_messages(rules: Rules) -> None:
    first = assess("I can't pee", rules)
    second = assess("yes", rules, earlier=first.flags)

    third = assess("still", rules, earlier=second.flags)

    assert [flag.concept for flag in third.flags] == ["E02"]

"""Promised rates: the bound, the threshold that keeps it, and how it turns out in question sets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bot.errors import BotError
from bot.evaluation.promises import (
    MOST,
    SAID,
    Outcome,
    bound,
    least_threshold,
    outcomes,
    promise_line,
    promised,
)
from bot.knowledge import load as load_module
from bot.knowledge.model import Promise, Tuning
from tests.evaluation.made import case, escalated, judged, question, reply
from tests.knowledge.small import knowledge


# ---------------------------------------------------------------- the bound
@pytest.mark.parametrize(
    ("count", "total", "rate"),
    [
        (0, 100, 0.0295),  # 1 - 0.05 ** (1 / 100)
        (0, 1, 0.95),
        (1, 1, 1.0),
        (5, 100, 0.1023),
        (10, 200, 0.0833),
    ],
)
def test_bound_is_that_of_clopper_and_pearson(count: int, total: int, rate: float) -> None:
    assert bound(count, total) == pytest.approx(rate, abs=5e-5)


def test_bound_is_the_rate_at_which_so_few_come_once_in_twenty() -> None:
    rate = bound(3, 50)

    so_few = sum(math.comb(50, k) * rate**k * (1 - rate) ** (50 - k) for k in range(4))

    assert so_few == pytest.approx(0.05)


# ---------------------------------------------------------------- the threshold
def test_threshold_is_the_least_that_keeps_the_promise() -> None:
    scores = [n / 1000 for n in range(1000)]

    threshold = least_threshold(scores, "net_urgent", 0.05)
    reached = sum(score >= threshold for score in scores)

    assert bound(reached, 1000) <= 0.05 < bound(reached + 1, 1000)


def test_equal_scores_stay_below_the_threshold_together() -> None:
    threshold = least_threshold([0.5] * 900 + [0.2] * 100, "net_urgent", 0.05)

    assert threshold == 0.501


def test_no_threshold_is_needed_where_too_little_harm_is_possible() -> None:
    scores = [0.9] * 5 + [-math.inf] * 995

    assert least_threshold(scores, "wrong_in_scope", 0.05) == -math.inf


@pytest.mark.parametrize("number", [0, 1, 57])
def test_too_few_messages_for_the_promise_is_an_error(number: int) -> None:
    told = (
        rf"^{number} messages are too few to promise at most 5\.00% of questions that get a wrong"
    )
    with pytest.raises(BotError, match=told):
        least_threshold([0.5] * number, "wrong_in_scope", 0.05)


def test_least_number_of_messages_for_the_promise() -> None:
    assert least_threshold([0.5] * 59, "wrong_in_scope", 0.05) == 0.501


@pytest.mark.parametrize("most", [0.01, 0.05, 0.2])
def test_promise_holds_in_95_of_100_draws(most: float) -> None:
    """The law behind every promise; scores are even from 0 to 1, so a rate is 1 - threshold."""
    random = np.random.default_rng(20)

    rates = np.array(
        [1.0 - least_threshold(random.random(1500).tolist(), "x", most) for _ in range(1000)]
    )

    # thresholds are rounded up to three digits, which makes the promise a little safer
    assert 0.945 <= (rates <= most).mean() <= 0.985


def test_promise_holds_for_the_cheapest_of_all_higher_thresholds() -> None:
    """Whichever higher threshold is taken for other reasons, the rate is no greater."""
    random = np.random.default_rng(21)

    kept = []
    for _ in range(500):
        scores = random.random(1500)
        least = least_threshold(scores.tolist(), "x", 0.05)
        grid = np.arange(least, 1.0, 0.001)
        seen = np.array([(scores >= t).mean() for t in grid])
        chosen = grid[np.argmin(seen - 2.0 * (1.0 - grid))]  # the one that looks best by luck
        kept.append(1.0 - chosen <= 0.05)

    assert np.mean(kept) >= 0.94


# ---------------------------------------------------------------- names
def test_promises_are_those_that_the_file_may_hold() -> None:
    assert set(load_module.PROMISED) == set(MOST) == set(SAID)


def test_promise_of_the_file_replaces_the_default() -> None:
    made = knowledge(
        tuning=Tuning(values={}, measured="", promises={"net_urgent": Promise(most=0.02)})
    )

    assert promised(made) == {**MOST, "net_urgent": 0.02}


def test_line_has_the_promise_and_what_was_measured() -> None:
    assert promise_line("wrong_in_scope", Promise(most=0.05, count=9, of=200)) == (
        "questions that get a wrong answer: promised at most 5.00% (95 % confidence), "
        "measured 4.50% of 200"
    )


# ---------------------------------------------------------------- in question sets
PROMISES = {name: Promise(most=0.2, count=1, of=10) for name in MOST}
BY_NET = reply(escalation=escalated("emergency", "present", "net"))


def found(*cases: object) -> dict[str, tuple[int, int]]:
    return {o.name: (o.count, o.of) for o in outcomes(cases, PROMISES)}  # type: ignore[arg-type]


def test_wrong_answers_are_counted_among_questions() -> None:
    answers = (reply("cost"), reply("ride-home"), reply())

    counted = found(*(judged(question("cost"), answer) for answer in answers))

    assert counted["wrong_in_scope"] == (1, 3)
    assert "answered_out_of_scope" not in counted


def test_answers_are_counted_among_messages_out_of_scope() -> None:
    counted = found(*(judged(case("out_of_scope"), r) for r in (reply("cost"), reply())))

    assert counted["answered_out_of_scope"] == (1, 2)


@pytest.mark.parametrize(
    ("escalation", "raised"),
    [
        (escalated("emergency", "present", "net"), {"net_emergency": 1, "net_urgent": 0}),
        (escalated("urgent", "present", "net"), {"net_emergency": 0, "net_urgent": 1}),
        (escalated("emergency", "present", "phrase"), {"net_emergency": 0, "net_urgent": 0}),
        (escalated("emergency", "conditional", "net"), {"net_emergency": 0, "net_urgent": 0}),
        (None, {"net_emergency": 0, "net_urgent": 0}),
    ],
)
def test_what_the_net_raises_is_counted_by_tier(escalation: object, raised: dict[str, int]) -> None:
    benign = judged(case("benign", wanted=(frozenset(),)), reply(escalation=escalation))

    counted = found(benign, judged(case("small_talk"), reply()))

    assert {name: count for name, (count, _) in counted.items()} == raised
    assert {of for _, of in counted.values()} == {2}


def test_red_flags_are_no_ordinary_messages() -> None:
    flag = judged(case("red_flag", concept="E06", tier="E"), BY_NET)

    assert found(flag) == {}


def outcome(count: int) -> Outcome:
    return Outcome(name="wrong_in_scope", promise=PROMISES["wrong_in_scope"], count=count, of=10)


def test_outcome_shows_promise_bank_and_what_came() -> None:
    assert " ".join(outcome(2).as_text().split()) == (
        "questions that get a wrong answer at most 20.00% "
        "bank 10.00% of 10 here 20.00% of 10 (5.7% .. 51.0%)"
    )


def test_outcome_above_the_promise_says_so() -> None:
    assert "MORE" not in outcome(2).as_text()
    assert outcome(3).as_text().endswith("  MORE THAN PROMISED")


def test_outcome_as_json_has_both_counts_and_the_interval() -> None:
    assert outcome(2).as_json() == {
        "promise": "wrong_in_scope",
        "most": 0.2,
        "bank": {"count": 1, "of": 10},
        "here": {"count": 2, "of": 10, "low": 0.0567, "high": 0.5098},
    }


def test_promise_without_a_measurement_says_so() -> None:
    unmeasured = Outcome(name="net_urgent", promise=Promise(most=0.01), count=0, of=5)

    assert "bank not measured" in unmeasured.as_text()

"""Whether a score means what it says: calibration error from known probabilities, bins, columns."""

from __future__ import annotations

import numpy as np
import pytest

from bot.evaluation.intervals import wilson
from bot.evaluation.reliability import (
    BINS,
    COLUMNS,
    Scored,
    reliability,
    scored_in_bank,
    scored_in_sets,
)
from bot.evaluation.thresholds import OUTSIDE_SHARE
from bot.retrieval.calibration import Calibration
from tests.evaluation.made import case, guess, judged, question, reply


def scored(*pairs: tuple[float, bool], weight: float = 1.0) -> list[Scored]:
    return [Scored(score=score, right=right, weight=weight) for score, right in pairs]


SURE = [(0.9, True)] * 3 + [(0.9, False)] * 2
UNSURE = [(0.2, True)] + [(0.2, False)] * 4


# ---------------------------------------------------------------- calibration error
@pytest.mark.parametrize(
    ("messages", "error"),
    [
        (scored((1.0, True), (1.0, True)), 0.0),
        (scored((1.0, False), (1.0, False)), 1.0),
        (scored((0.0, False)), 0.0),
        (scored((0.5, True), (0.5, False)), 0.0),
        (scored(*UNSURE), 0.0),
        (scored(*SURE), 0.3),
        (scored(*SURE, *UNSURE), 0.15),  # the mean gap of the two
        (scored(*SURE) + scored(*UNSURE, weight=3.0), 0.075),
        (scored((0.9, False)) + scored((0.2, False), weight=3.0), 0.25 * 0.9 + 0.75 * 0.2),
    ],
)
def test_calibration_error_of_known_probabilities(messages: list[Scored], error: float) -> None:
    found = reliability(messages)

    assert found.error == pytest.approx(error)
    assert found.error_by_width == pytest.approx(error)


def drawn(power: float, number: int = 20_000) -> list[Scored]:
    """Messages that are right with the power of their score: exact for 1, too sure above it."""
    random = np.random.default_rng(7)
    scores = random.random(number)
    right = random.random(number) < scores**power
    return scored(*zip(scores.tolist(), right.tolist(), strict=True))


def test_exact_scores_show_no_error_but_that_of_chance() -> None:
    found = reliability(drawn(1.0))

    assert found.error < 0.01
    assert found.error == pytest.approx(found.by_chance, abs=0.005)


def test_scores_that_are_too_sure_show_how_much() -> None:
    found = reliability(drawn(2.0))

    # the mean of score - score ** 2 is 1/6
    assert found.error == pytest.approx(1 / 6, abs=0.01)
    assert found.error_by_width == pytest.approx(1 / 6, abs=0.01)
    assert all(b.right < b.score for b in found.bins[1:-1])


def test_chance_alone_is_the_mean_error_of_exact_scores() -> None:
    random = np.random.default_rng(8)
    scores = random.random(200)

    many = [
        reliability(scored(*zip(scores.tolist(), (random.random(200) < scores).tolist())))  # noqa: B905 - mypy knows both lengths
        for _ in range(200)
    ]

    assert np.mean([r.error for r in many]) == pytest.approx(many[0].by_chance, rel=0.05)


# ---------------------------------------------------------------- bins and columns
def test_bins_hold_a_tenth_of_the_messages_each() -> None:
    found = reliability(drawn(1.0, 1000))

    assert [b.count for b in found.bins] == [100] * BINS
    assert [b.score for b in found.bins] == sorted(b.score for b in found.bins)
    assert sum(b.mass for b in found.bins) == pytest.approx(1.0)


def test_bins_hold_a_tenth_of_the_weight_each() -> None:
    light = scored(*((n / 1000, True) for n in range(500)), weight=1.0)
    heavy = scored(*((n / 1000, True) for n in range(500, 1000)), weight=9.0)

    found = reliability([*light, *heavy])

    assert [b.mass for b in found.bins] == pytest.approx([0.1] * BINS, abs=0.002)
    assert found.bins[0].count == 500


def test_equal_scores_are_never_parted() -> None:
    found = reliability(scored(*[(0.5, True)] * 30, *[(0.9, True)] * 3))

    assert [b.count for b in found.bins] == [30, 3]


def test_bin_has_the_interval_of_its_share() -> None:
    (found,) = reliability(scored(*SURE)).bins

    assert (found.low, found.high) == pytest.approx(wilson(3, 5))


def test_weights_that_differ_widen_the_interval() -> None:
    even = reliability(scored(*SURE)).bins[0]
    uneven = reliability([*scored((0.9, True), weight=2.0), *scored(*SURE[1:], weight=0.75)]).bins[
        0
    ]

    assert uneven.high - uneven.low > even.high - even.low


def test_columns_count_every_message_once() -> None:
    found = reliability(scored((0.0, False), (0.04, True), (0.05, True), (1.0, True), (1.0, False)))

    assert found.columns[0] == (1, 1)
    assert found.columns[1] == (1, 0)
    assert found.columns[-1] == (1, 1)
    assert len(found.columns) == COLUMNS
    assert sum(right + wrong for right, wrong in found.columns) == found.total == 5


# ---------------------------------------------------------------- what is scored
def test_questions_are_scored_by_the_first_of_the_ranking() -> None:
    right = judged(question("cost"), reply(ranking=["cost", "ride-home"]))
    wrong = judged(question("cost"), reply("cost", ranking=["ride-home", "cost"]))

    assert scored_in_sets([right, wrong]) == scored((0.75, True), (0.75, False))


def test_messages_out_of_scope_are_never_right() -> None:
    one = case("out_of_scope", wanted=(frozenset(),), related=frozenset({"cost"}))

    assert scored_in_sets([judged(one, reply(ranking=["cost"]))]) == scored((0.75, False))


def test_other_messages_and_those_without_a_ranking_are_left_out() -> None:
    others = [
        judged(case("small_talk"), reply(ranking=["cost"])),
        judged(case("benign", wanted=(frozenset({"cost"}),)), reply(ranking=["cost"])),
        judged(question("cost"), reply()),
    ]

    assert scored_in_sets(others) == []


def test_guesses_of_the_bank_are_scored_by_the_calibration_and_weighed() -> None:
    guesses = [guess("cost", "cost"), guess("cost", "ride-home"), guess("oos:near", "cost")]

    found = scored_in_bank(guesses, Calibration(bias=0.0))

    assert [(s.score, s.right) for s in found] == [(0.5, True), (0.5, False), (0.5, False)]
    assert found[2].weight / sum(s.weight for s in found) == pytest.approx(OUTSIDE_SHARE)


def test_text_and_json_say_the_same() -> None:
    found = reliability(scored(*SURE, *UNSURE))

    assert found.as_text() == (
        "0.150 in 10 bins of equal mass (by chance 0.125), 0.150 in 10 of equal width; 10 messages"
    )
    assert found.as_json() == {
        "messages": 10,
        "error": 0.15,
        "error_by_width": 0.15,
        "by_chance": 0.1249,
        "bins": [
            {"score": 0.2, "right": 0.2, "low": 0.0362, "high": 0.6245, "messages": 5},
            {"score": 0.9, "right": 0.6, "low": 0.2307, "high": 0.8824, "messages": 5},
        ],
    }

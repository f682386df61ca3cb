"""Thresholds from hand-made guesses: calibration error, the cost of a reply, the limits."""

from __future__ import annotations

import numpy as np
import pytest

from bot.evaluation.guesses import Guess, NetGuess
from bot.evaluation.thresholds import (
    calibration_error,
    cost,
    fit_calibration,
    set_limits,
    set_net,
    weights_of,
)
from bot.retrieval.calibration import Signals
from bot.triage.net import ORDINARY
from tests.knowledge.small import knowledge


def guess(label: str, best: str, *also: str, decision: float = 0.0) -> Guess:
    signals = Signals(
        decision=decision,
        standing=0.0,
        alike=0.0,
        topic=0.0,
        lead=0.0,
        nearest=0.0,
        known=0.0,
        outside_nearest=0.0,
        outside=0.0,
    )
    return Guess(label=label, best=best, offered=(best, *also), signals=signals, personal_lead=0.0)


RIGHT = guess("cost", "cost")
WRONG = guess("cost", "ride-home")
OFFERED = guess("cost", "ride-home", "cost")
OUTSIDE = guess("oos:near", "cost")


# ---------------------------------------------------------------- calibration error
def test_certain_and_always_right_has_no_calibration_error() -> None:
    assert calibration_error([1.0, 1.0], [True, True], np.ones(2)) == 0.0


def test_certain_and_always_wrong_has_the_greatest_calibration_error() -> None:
    assert calibration_error([1.0, 1.0], [False, False], np.ones(2)) == 1.0


def test_half_sure_and_half_right_has_no_calibration_error() -> None:
    assert calibration_error([0.5, 0.5], [True, False], np.ones(2)) == pytest.approx(0.0)


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    sure = [0.9, 0.9, 0.9, 0.9, 0.9, 0.2, 0.2, 0.2, 0.2, 0.2]
    right = [True, True, True, False, False, True, False, False, False, False]

    found = calibration_error(sure, right, np.ones(10))

    # bin of 0.9: three of five right, gap 0.3; bin of 0.2: one of five, gap 0
    assert found == pytest.approx(0.15)


def test_calibration_error_weighs_the_messages() -> None:
    found = calibration_error([0.9, 0.2], [False, False], np.array([1.0, 3.0]))

    assert found == pytest.approx(0.25 * 0.9 + 0.75 * 0.2)


# ---------------------------------------------------------------- cost, thresholds
def test_messages_out_of_scope_weigh_three_tenths_whatever_their_number() -> None:
    found = weights_of([RIGHT, RIGHT, RIGHT, OUTSIDE])

    assert found[3] / found.sum() == pytest.approx(0.3)
    assert found[:3].tolist() == pytest.approx([found[0]] * 3)


def inside_cost(inside: Guess, probability: float) -> float:
    """Cost of a message in scope, beside one out of scope that costs nothing."""
    return cost([inside, OUTSIDE], np.array([probability, 0.0]), 0.5, 0.3)


def outside_cost(probability: float) -> float:
    """Cost of a message out of scope, beside one in scope that is served right."""
    return cost([RIGHT, OUTSIDE], np.array([0.9, probability]), 0.5, 0.3)


def test_right_answer_costs_nothing() -> None:
    assert inside_cost(RIGHT, 0.9) == 0.0


def test_leaving_a_question_to_the_clinic_costs_one_by_its_weight() -> None:
    assert inside_cost(RIGHT, 0.1) == pytest.approx(0.7)


def test_wrong_answer_costs_more_than_none() -> None:
    assert inside_cost(WRONG, 0.9) > inside_cost(WRONG, 0.1)


def test_choices_with_the_right_entry_cost_less_than_no_answer() -> None:
    assert 0.0 < inside_cost(OFFERED, 0.4) < inside_cost(OFFERED, 0.1)


def test_choices_without_the_right_entry_cost_as_much_as_no_answer() -> None:
    assert inside_cost(WRONG, 0.4) == inside_cost(WRONG, 0.1)


def test_silence_on_a_message_out_of_scope_costs_nothing() -> None:
    assert outside_cost(0.1) == 0.0


def test_useless_choices_cost_less_than_a_wrong_answer() -> None:
    assert 0.0 < outside_cost(0.4) < outside_cost(0.9)


def test_limits_separate_the_right_from_the_wrong() -> None:
    guesses = [RIGHT, RIGHT, WRONG, OUTSIDE]
    probabilities = np.array([0.9, 0.8, 0.05, 0.05])

    found = set_limits(guesses, probabilities)

    assert 0.05 < found["clarify"] <= found["answer"] <= 0.8


def test_limits_ask_back_where_the_choices_hold_the_right_entry() -> None:
    guesses = [RIGHT, OFFERED, OFFERED, OFFERED, OUTSIDE]
    probabilities = np.array([0.9, 0.5, 0.5, 0.5, 0.05])

    found = set_limits(guesses, probabilities)

    assert found["clarify"] <= 0.5 < found["answer"]


def test_limits_cost_no_more_than_any_other_pair() -> None:
    guesses = [RIGHT, RIGHT, OFFERED, WRONG, WRONG, OUTSIDE, OUTSIDE]
    probabilities = np.array([0.95, 0.55, 0.5, 0.6, 0.3, 0.45, 0.2])

    found = set_limits(guesses, probabilities)
    least = cost(guesses, probabilities, found["answer"], found["clarify"])

    assert least <= cost(guesses, probabilities, 0.30, 0.10)
    assert least <= cost(guesses, probabilities, 0.58, 0.22)
    assert least <= cost(guesses, probabilities, 0.84, 0.82)


def test_calibration_is_surer_of_a_higher_decision() -> None:
    guesses = [
        guess("cost", "cost", decision=2.0),
        guess("cost", "cost", decision=1.5),
        guess("cost", "ride-home", decision=-1.0),
        guess("oos:near", "cost", decision=-1.5),
    ]

    found = fit_calibration(guesses)

    assert found.probability(guesses[0].signals) > 0.9
    assert found.probability(guesses[3].signals) < 0.1


def test_threshold_of_the_net_leaves_ordinary_messages_below() -> None:
    nets = [
        NetGuess(label=ORDINARY, emergency=-1.0, urgent=-2.0, by_phrase=False),
        NetGuess(label=ORDINARY, emergency=-0.5, urgent=-0.7, by_phrase=False),
        NetGuess(label="E01", emergency=2.0, urgent=2.0, by_phrase=True),
    ]

    found = set_net(nets, knowledge())

    assert found == {
        "net_emergency": pytest.approx(-0.5, abs=0.01),
        "net_urgent": pytest.approx(-0.7, abs=0.01),
    }

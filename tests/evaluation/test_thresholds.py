"""Thresholds from hand-made guesses: the cost of a reply, the limits, what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from bot.errors import BotError
from bot.evaluation.guesses import Guess, NetGuess
from bot.evaluation.thresholds import (
    answers_kept,
    cost,
    fit_calibration,
    least_answer,
    net_kept,
    set_limits,
    set_net,
    weights_of,
)
from bot.knowledge.model import Promise
from bot.triage.net import ORDINARY
from tests.evaluation.made import guess

RIGHT = guess("cost", "cost")
WRONG = guess("cost", "ride-home")
OFFERED = guess("cost", "ride-home", "cost")
OUTSIDE = guess("oos:near", "cost")


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


# ---------------------------------------------------------------- promises
def test_limits_are_no_lower_than_the_promises_allow() -> None:
    guesses = [RIGHT, RIGHT, OUTSIDE]
    probabilities = np.array([0.9, 0.4, 0.1])

    free = set_limits(guesses, probabilities)
    bound = set_limits(guesses, probabilities, least=0.7)

    assert free["answer"] < 0.4
    assert bound["answer"] == 0.7


def test_promise_that_hardly_an_answer_could_keep_is_an_error() -> None:
    with pytest.raises(BotError, match=r"only from a score of 0\.990 .* raise `most`"):
        set_limits([RIGHT, OUTSIDE], np.array([0.9, 0.1]), least=0.99)


# 100 questions, ten of them wrong, and 100 messages out of scope: all scored 0.01, 0.02 ... 1.00
MIXED = [*(WRONG if n % 10 == 0 else RIGHT for n in range(100)), *[OUTSIDE] * 100]
SCORES = np.array([*range(1, 101), *range(1, 101)]) / 100
LOOSE = {"wrong_in_scope": 0.5, "answered_out_of_scope": 0.5}


@pytest.mark.parametrize(
    ("harder", "least"),
    [
        ({}, 0.591),  # 41 of 100 may be answered: the bound on 41 is 49.7 %, on 42 50.7 %
        ({"answered_out_of_scope": 0.05}, 0.991),  # one of 100: 4.7 %
        ({"wrong_in_scope": 0.10}, 0.511),  # four of 100, the wrong ones at 0.61, 0.71, 0.81, 0.91
    ],
)
def test_least_answer_keeps_the_harder_of_the_two_promises(
    harder: dict[str, float], least: float
) -> None:
    most = {**LOOSE, **harder}

    found = least_answer(MIXED, SCORES, most)

    assert found == pytest.approx(max(least, 0.591))
    assert all(p.count <= p.most * p.of for p in answers_kept(MIXED, SCORES, found, most).values())


def test_promises_about_answers_are_measured_at_the_threshold() -> None:
    found = answers_kept(MIXED, SCORES, 0.75, LOOSE)

    assert found == {
        "wrong_in_scope": Promise(most=0.5, count=2, of=100),  # 0.81 and 0.91
        "answered_out_of_scope": Promise(most=0.5, count=26, of=100),
    }


def net_guess(label: str, lead: float) -> NetGuess:
    return NetGuess(label=label, emergency=lead, urgent=lead - 1.0, by_phrase=False)


ORDINARY_LEADS = [net_guess(ORDINARY, -n / 100) for n in range(100)]
NET_MOST = {"net_emergency": 0.05, "net_urgent": 0.03}


def test_threshold_of_the_net_leaves_ordinary_messages_below() -> None:
    found = set_net([*ORDINARY_LEADS, net_guess("E01", 2.0)], NET_MOST)

    # of 100 one may reach 5 %, none 3 % (the bound on none is 2.95 %)
    assert found == {
        "net_emergency": pytest.approx(-0.009),
        "net_urgent": pytest.approx(-0.999),
    }


def test_promises_of_the_net_are_measured_on_ordinary_messages() -> None:
    nets = [*ORDINARY_LEADS, net_guess("E01", 2.0)]

    found = net_kept(nets, set_net(nets, NET_MOST), NET_MOST)

    assert found == {
        "net_emergency": Promise(most=0.05, count=1, of=100),
        "net_urgent": Promise(most=0.03, count=0, of=100),
    }

"""Calibration and thresholds, set from guesses on messages that taught nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec.structs import fields
from numpy.typing import NDArray

from bot.evaluation.guesses import Guess, NetGuess
from bot.knowledge.model import Knowledge
from bot.retrieval.calibration import Calibration, Signals
from bot.triage.net import ORDINARY

OUTSIDE_SHARE = 0.3  #: assumed share of messages that no entry answers
_SIGNALS = tuple(f.name for f in fields(Signals))

# What a reply costs the person, against 1 for leaving a question that we could have answered to
# the clinic. A wrong answer is worse than none, though it names its sources and the clinic; a list
# that holds the right one costs a tap.
_COST_WRONG = 1.25
_COST_ASTRAY = 2.0  #: an answer to what nothing answers: wrong for sure, and easy to believe
_COST_CHOICE = 0.6
_COST_USELESS_CHOICE = 0.15


def fit_calibration(guesses: Sequence[Guess]) -> Calibration:
    """Logistic regression (Platt 1999) of "the guess is right" on the signals."""
    from sklearn.linear_model import LogisticRegression

    table = np.array([[getattr(g.signals, name) for name in _SIGNALS] for g in guesses])
    right = np.array([g.best == g.label for g in guesses])
    model = LogisticRegression(C=100.0, max_iter=1000).fit(
        table, right, sample_weight=weights_of(guesses)
    )
    found = dict(zip(_SIGNALS, model.coef_[0].tolist(), strict=True))
    return Calibration(bias=float(model.intercept_[0]), **found)


def weights_of(guesses: Sequence[Guess]) -> NDArray[np.float64]:
    """Out-of-scope messages weigh `OUTSIDE_SHARE` of all, whatever their number in the bank."""
    outside = np.array([g.label.startswith("oos") for g in guesses])
    share = np.where(
        outside, OUTSIDE_SHARE / outside.sum(), (1.0 - OUTSIDE_SHARE) / (~outside).sum()
    )
    return np.asarray(share * len(guesses))


# ---------------------------------------------------------------- thresholds
def set_limits(guesses: Sequence[Guess], probabilities: NDArray[np.float64]) -> dict[str, float]:
    """The pair of thresholds that costs least on the bank.

    In-scope and out-of-scope messages weigh alike.
    """
    best = min(_grid(), key=lambda pair: cost(guesses, probabilities, *pair))
    return {"answer": best[0], "clarify": best[1]}


def _grid() -> Iterator[tuple[float, float]]:
    for answer in np.arange(0.30, 0.86, 0.02):
        for clarify in np.arange(0.10, answer + 0.001, 0.04):
            yield round(float(answer), 2), round(float(clarify), 2)


def cost(
    guesses: Sequence[Guess], probabilities: NDArray[np.float64], answer: float, clarify: float
) -> float:
    """Mean cost of a reply, messages weighed as `weights_of` says."""
    return float(
        np.average(_costs(guesses, probabilities, answer, clarify), weights=weights_of(guesses))
    )


def _costs(
    guesses: Sequence[Guess], probabilities: NDArray[np.float64], answer: float, clarify: float
) -> NDArray[np.float64]:
    outside = np.array([g.label.startswith("oos") for g in guesses])
    right = np.array([g.best == g.label for g in guesses])
    offered = np.array([g.label in g.offered for g in guesses])
    served, asked = probabilities >= answer, probabilities >= clarify
    inside_cost = np.where(
        served, np.where(right, 0.0, _COST_WRONG), np.where(asked & offered, _COST_CHOICE, 1.0)
    )
    outside_cost = np.where(served, _COST_ASTRAY, np.where(asked, _COST_USELESS_CHOICE, 0.0))
    return np.where(outside, outside_cost, inside_cost)


def set_net(nets: Sequence[NetGuess], knowledge: Knowledge) -> dict[str, float]:
    """Thresholds of the second net.

    0.4 % of ordinary messages and sentences may rise to emergency, 0.6 % to urgent.
    """
    ordinary = [n for n in nets if n.label == ORDINARY]
    return {
        "net_emergency": _threshold([n.emergency for n in ordinary], 0.004),
        "net_urgent": _threshold([n.urgent for n in ordinary], 0.006),
    }


def _threshold(leads: Sequence[float], share: float) -> float:
    return round(float(np.quantile(np.array(leads), 1.0 - share)), 3)


def calibration_error(
    probabilities: Sequence[float],
    right: Sequence[bool],
    weights: NDArray[np.float64],
    bins: int = 10,
) -> float:
    """Expected calibration error, 0..1 (Naeini, Cooper & Hauskrecht 2015), equal-width bins."""
    p, hit, share = np.array(probabilities), np.array(right, dtype=float), weights / weights.sum()
    which = np.minimum((p * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = which == number
        mass = float(share[inside].sum())
        if mass:
            gap = (
                float((share[inside] * p[inside]).sum() - (share[inside] * hit[inside]).sum())
                / mass
            )
            total += mass * abs(gap)
    return total

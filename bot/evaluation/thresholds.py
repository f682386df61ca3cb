"""Calibration and thresholds, set from guesses on messages that taught nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import fields
from numpy.typing import NDArray

from bot.errors import BotError
from bot.evaluation.guesses import Guess, NetGuess
from bot.evaluation.promises import least_threshold
from bot.knowledge.model import Promise
from bot.retrieval.calibration import Calibration, Signals
from bot.triage.net import ORDINARY

OUTSIDE_SHARE = 0.3  #: assumed share of messages that no entry answers
_SIGNALS = tuple(f.name for f in fields(Signals))

# What a reply costs the person, against 1 for leaving a question that we could have answered to
# the clinic. A wrong answer is worse than none, though it names its sources and the clinic; a list
# that holds the right one costs a tap.
_COST_WRONG = 1.25
_COST_ASTRAY = 1.5  #: an answer to what nothing answers: easy to believe
_COST_CHOICE = 0.6
_COST_USELESS_CHOICE = 0.15


def fit_calibration(guesses: Sequence[Guess]) -> Calibration:
    """Logistic regression (Platt 1999) of "the guess is right" on the signals."""
    from sklearn.linear_model import LogisticRegression

    table = np.array([[getattr(g.signals, name) for name in _SIGNALS] for g in guesses])
    right = _right(guesses)
    model = LogisticRegression(C=100.0, max_iter=1000).fit(
        table, right, sample_weight=weights_of(guesses)
    )
    found = dict(zip(_SIGNALS, model.coef_[0].tolist(), strict=True))
    return Calibration(bias=float(model.intercept_[0]), **found)


def weights_of(guesses: Sequence[Guess]) -> NDArray[np.float64]:
    """Out-of-scope messages weigh `OUTSIDE_SHARE` of all, whatever their number in the bank."""
    outside = _outside(guesses)
    share = np.where(
        outside, OUTSIDE_SHARE / outside.sum(), (1.0 - OUTSIDE_SHARE) / (~outside).sum()
    )
    return np.asarray(share * len(guesses))


# ---------------------------------------------------------------- thresholds
def set_limits(
    guesses: Sequence[Guess], probabilities: NDArray[np.float64], least: float = 0.0
) -> dict[str, float]:
    """The pair of thresholds that costs least on the bank, `answer` no lower than `least`.

    In-scope and out-of-scope messages weigh as `weights_of` says.
    """
    allowed = [pair for pair in _grid() if pair[0] >= least]
    if not allowed:
        raise BotError(
            f"only from a score of {least:.3f} would answers be as seldom wrong as promised, "
            f"and then hardly any is left; raise `most` in the promises of tuning.yaml"
        )
    best = min(allowed, key=lambda pair: cost(guesses, probabilities, *pair))
    return {"answer": best[0], "clarify": best[1]}


def least_answer(
    guesses: Sequence[Guess], probabilities: NDArray[np.float64], most: Mapping[str, float]
) -> float:
    """Least threshold to answer from that keeps both promises about answers."""
    outside, right = _outside(guesses), _right(guesses)
    wrong = np.where(right, -np.inf, probabilities)
    harms = {"wrong_in_scope": wrong[~outside], "answered_out_of_scope": probabilities[outside]}
    return max(least_threshold(scores.tolist(), n, most[n]) for n, scores in harms.items())


def answers_kept(
    guesses: Sequence[Guess],
    probabilities: NDArray[np.float64],
    answer: float,
    most: Mapping[str, float],
) -> dict[str, Promise]:
    """The promises about answers, with what was measured at a threshold."""
    outside, served = _outside(guesses), probabilities >= answer
    wrong = served & ~_right(guesses)
    return {
        "wrong_in_scope": _promise(wrong[~outside], most["wrong_in_scope"]),
        "answered_out_of_scope": _promise(served[outside], most["answered_out_of_scope"]),
    }


def _promise(harms: NDArray[np.bool_], most: float) -> Promise:
    return Promise(most=most, count=int(harms.sum()), of=len(harms))


def _outside(guesses: Sequence[Guess]) -> NDArray[np.bool_]:
    return np.array([g.label.startswith("oos") for g in guesses], dtype=bool)


def _right(guesses: Sequence[Guess]) -> NDArray[np.bool_]:
    return np.array([g.best == g.label for g in guesses], dtype=bool)


def _grid() -> Iterator[tuple[float, float]]:
    for answer in np.arange(0.30, 0.985, 0.02):
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
    outside, right = _outside(guesses), _right(guesses)
    offered = np.array([g.label in g.offered for g in guesses])
    served, asked = probabilities >= answer, probabilities >= clarify
    inside_cost = np.where(
        served, np.where(right, 0.0, _COST_WRONG), np.where(asked & offered, _COST_CHOICE, 1.0)
    )
    outside_cost = np.where(served, _COST_ASTRAY, np.where(asked, _COST_USELESS_CHOICE, 0.0))
    return np.where(outside, outside_cost, inside_cost)


# ---------------------------------------------------------------- the second net
def set_net(nets: Sequence[NetGuess], most: Mapping[str, float]) -> dict[str, float]:
    """Thresholds of the second net: as low as the promises about ordinary messages allow."""
    return {
        name: least_threshold(leads, name, most[name]) for name, leads in _ordinary(nets).items()
    }


def net_kept(
    nets: Sequence[NetGuess], limits: Mapping[str, float], most: Mapping[str, float]
) -> dict[str, Promise]:
    """The promises about ordinary messages, with what was measured at these thresholds."""
    return {
        name: _promise(np.array(leads) >= limits[name], most[name])
        for name, leads in _ordinary(nets).items()
    }


def _ordinary(nets: Sequence[NetGuess]) -> dict[str, list[float]]:
    """Leads of the ordinary messages and sentences, by name of the threshold."""
    ordinary = [n for n in nets if n.label == ORDINARY]
    return {
        "net_emergency": [n.emergency for n in ordinary],
        "net_urgent": [n.urgent for n in ordinary],
    }

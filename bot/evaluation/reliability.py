"""Whether a score means what it says: of messages scored 0.8, eight of ten are right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.guesses import Guess
from bot.evaluation.intervals import wilson
from bot.evaluation.score import Judged
from bot.evaluation.thresholds import weights_of
from bot.retrieval.calibration import Calibration

BINS = 10
COLUMNS = 20  #: of the histogram

_Floats = NDArray[np.float64]
_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The first guess for one message."""

    score: float  #: probability that it is right, as the bot says
    right: bool  #: never, out of scope
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Messages of like score; mean score and share right by weight."""

    score: float
    right: float
    low: float  #: 95 % Wilson interval of `right`
    high: float
    count: int
    mass: float  #: share of the whole weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    bins: tuple[Bin, ...]  #: of equal mass, lowest score first
    error: float  #: expected calibration error over `bins`, 0..1
    error_by_width: float  #: the same over bins of equal width
    by_chance: float  #: `error` that a perfect score would show on so few messages
    columns: tuple[tuple[int, int], ...]  #: messages (right, wrong) by score, equal width
    total: int

    def as_json(self) -> dict[str, Any]:
        return {
            "messages": self.total,
            "error": round(self.error, 4),
            "error_by_width": round(self.error_by_width, 4),
            "by_chance": round(self.by_chance, 4),
            "bins": [
                {
                    "score": round(b.score, 4),
                    "right": round(b.right, 4),
                    "low": round(b.low, 4),
                    "high": round(b.high, 4),
                    "messages": b.count,
                }
                for b in self.bins
            ],
        }

    def as_text(self) -> str:
        return (
            f"{self.error:.3f} in {BINS} bins of equal mass (by chance {self.by_chance:.3f}), "
            f"{self.error_by_width:.3f} in {BINS} of equal width; {self.total} messages"
        )


# ---------------------------------------------------------------- what is scored
def scored_in_sets(judged: Sequence[Judged]) -> list[Scored]:
    """First guesses for questions and for what is out of scope, where the engine made one.

    Only there a message asks one thing, or nothing that an entry answers.
    """
    return [
        Scored(score=first.score, right=first.entry_id in one.case.wanted[0])
        for one in judged
        if one.case.judged in ("question", "out_of_scope")
        for first in one.replies[0].ranking[:1]
    ]


def scored_in_bank(guesses: Sequence[Guess], calibration: Calibration) -> list[Scored]:
    """Out-of-fold guesses under a calibration, weighed as it was fitted."""
    return [
        Scored(score=calibration.probability(g.signals), right=g.best == g.label, weight=weight)
        for g, weight in zip(guesses, weights_of(guesses).tolist(), strict=True)
    ]


# ---------------------------------------------------------------- the measures
def reliability(scored: Sequence[Scored]) -> Reliability:
    """`scored` must not be empty."""
    score = np.array([s.score for s in scored])
    right = np.array([s.right for s in scored], dtype=float)
    weight = np.array([s.weight for s in scored])
    by_mass = _bins(score, right, weight, _of_equal_mass(score, weight))
    column = _of_equal_width(score, COLUMNS)
    hits = np.bincount(column, weights=right, minlength=COLUMNS)
    every = np.bincount(column, minlength=COLUMNS)
    return Reliability(
        bins=by_mass,
        error=_error(by_mass),
        error_by_width=_error(_bins(score, right, weight, _of_equal_width(score, BINS))),
        by_chance=_error_by_chance(score, weight, _of_equal_mass(score, weight)),
        columns=tuple((int(hit), int(n - hit)) for hit, n in zip(hits, every, strict=True)),
        total=len(scored),
    )


def _of_equal_width(score: _Floats, bins: int) -> _Numbers:
    """Number of the bin of each score."""
    return np.minimum((score * bins).astype(np.int64), bins - 1)


def _of_equal_mass(score: _Floats, weight: _Floats) -> _Numbers:
    """Number of the bin of each score; equal scores stay together."""
    values, place = np.unique(score, return_inverse=True)
    mass = np.bincount(place, weights=weight, minlength=len(values))
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    return _of_equal_width(middle, BINS)[place]


def _bins(score: _Floats, right: _Floats, weight: _Floats, which: _Numbers) -> tuple[Bin, ...]:
    return tuple(
        _bin(score[which == n], right[which == n], weight[which == n], weight.sum())
        for n in np.unique(which)
    )


def _bin(score: _Floats, right: _Floats, weight: _Floats, whole: float) -> Bin:
    share = float(np.average(right, weights=weight))
    # Kish's effective number: weighed messages tell less than as many equal ones.
    number = float(weight.sum() ** 2 / (weight**2).sum())
    low, high = wilson(share * number, number)
    return Bin(
        score=float(np.average(score, weights=weight)),
        right=share,
        low=low,
        high=high,
        count=len(score),
        mass=float(weight.sum() / whole),
    )


def _error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini, Cooper & Hauskrecht 2015)."""
    return sum(b.mass * abs(b.score - b.right) for b in bins)


def _error_by_chance(score: _Floats, weight: _Floats, which: _Numbers) -> float:
    """What the error would be on average were every score exact: bins of few messages scatter.

    Mean of the absolute value of a normal variable.
    """
    spread = np.bincount(which, weights=weight**2 * score * (1.0 - score))
    return float(np.sqrt(spread * 2 / math.pi).sum() / weight.sum())

"""Rates of harm that thresholds keep below a promised bound, and how they turn out.

Split conformal prediction (Vovk, Gammerman & Shafer 2005): with k of n out-of-fold scores at or
above a threshold, the rate at which the next messages reach it follows Beta(k + 1, n - k), whatever
the scores are like (Vovk 2012). A k that depends on the promise and n alone therefore bounds the
rate with the confidence asked for, which is more than the mean that conformal risk control
(Angelopoulos et al. 2024) bounds; and so does every higher threshold, so the choice among those is
free. It holds for messages drawn like the bank's, and as if each were drawn by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.errors import BotError
from bot.evaluation.intervals import wilson
from bot.evaluation.score import Judged
from bot.knowledge.model import Knowledge, Promise

CONFIDENCE = 0.95
#: what is promised until tuning.yaml says something else
MOST: Mapping[str, float] = {
    "wrong_in_scope": 0.05,
    "answered_out_of_scope": 0.12,
    "net_emergency": 0.0045,
    "net_urgent": 0.0067,
}
SAID: Mapping[str, str] = {
    "wrong_in_scope": "questions that get a wrong answer",
    "answered_out_of_scope": "messages out of scope that get an answer",
    "net_emergency": "ordinary messages that the net raises to emergency",
    "net_urgent": "ordinary messages that the net raises to urgent",
}
_DIGITS = 1000  #: thresholds are written with three


def promised(knowledge: Knowledge) -> dict[str, float]:
    """Name -> the most that is promised."""
    return {**MOST, **{name: p.most for name, p in knowledge.tuning.promises.items()}}


def bound(count: int, total: int) -> float:
    """Rate that is not passed, with 95 % confidence, when `count` of `total` were seen, 0..1.

    Clopper & Pearson (1934), one side.
    """
    from scipy.special import betaincinv

    return float(betaincinv(count + 1, total - count, CONFIDENCE)) if count < total else 1.0


def least_threshold(scores: Sequence[float], name: str, most: float) -> float:
    """Least threshold that new scores reach at a rate of `most` at the most, with 95 % confidence.

    Args:
        scores: of every message, -inf where no threshold does harm.
        name: of the promise, for the error.

    Raises `BotError` when there are too few messages to promise so little.
    """
    allowed = _most_above(len(scores), most)
    if allowed < 0:
        raise BotError(
            f"{len(scores)} messages are too few to promise at most {most:.2%} of {SAID[name]}; "
            f"write more of them, or raise `most` of {name} in tuning.yaml"
        )
    first_below = float(np.sort(np.asarray(scores, dtype=float))[-1 - allowed])
    if math.isinf(first_below):
        return first_below
    return (math.floor(first_below * _DIGITS) + 1) / _DIGITS  # rounded up: above it for sure


def _most_above(total: int, most: float) -> int:
    """The most of `total` that may be seen while the bound stays at `most`; -1 when none may."""
    low, high = -1, total - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if bound(middle, total) <= most else (low, middle - 1)
    return low


def promise_line(name: str, promise: Promise) -> str:
    return (
        f"{SAID[name]}: promised at most {promise.most:.2%} (95 % confidence), "
        f"measured {promise.measured}"
    )


# ---------------------------------------------------------------- on question sets
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A promise, and how often the harm came in question sets."""

    name: str
    promise: Promise
    count: int
    of: int

    def as_json(self) -> dict[str, Any]:
        low, high = wilson(self.count, self.of)
        return {
            "promise": self.name,
            "most": self.promise.most,
            "bank": {"count": self.promise.count, "of": self.promise.of},
            "here": {
                "count": self.count,
                "of": self.of,
                "low": round(low, 4),
                "high": round(high, 4),
            },
        }

    def as_text(self) -> str:
        low, high = wilson(self.count, self.of)
        return (
            f"  {SAID[self.name]:<52} at most {self.promise.most:6.2%}   "
            f"bank {self.promise.measured:<16} "
            f"here {self.count / self.of:.2%} of {self.of} ({low:.1%} .. {high:.1%})"
            + ("  MORE THAN PROMISED" if self.count > self.promise.most * self.of else "")
        )


def outcomes(judged: Sequence[Judged], promises: Mapping[str, Promise]) -> list[Outcome]:
    """Each promise that the sets say something about."""
    harms = {name: list(_harms(name, judged)) for name in promises}
    return [
        Outcome(name=name, promise=promise, count=sum(harms[name]), of=len(harms[name]))
        for name, promise in promises.items()
        if harms[name]
    ]


_JUDGED = {"wrong_in_scope": ("question",), "answered_out_of_scope": ("out_of_scope",)}
_ORDINARY = ("question", "multi", "out_of_scope", "small_talk", "benign")
_TIERS = {"net_emergency": "emergency", "net_urgent": "urgent"}


def _harms(name: str, judged: Sequence[Judged]) -> Iterator[bool]:
    """For each message that the promise is about, whether the harm came."""
    for one in judged:
        if one.case.judged not in _JUDGED.get(name, _ORDINARY):
            continue
        if name in _JUDGED:
            yield one.findings["wrong answer served"]
        else:
            yield _raised(one, _TIERS[name])


def _raised(one: Judged, tier: str) -> bool:
    flags = one.replies[0].escalation.flags if one.replies[0].escalation else ()
    return any((f.by, f.tier, f.context) == ("net", tier, "present") for f in flags)

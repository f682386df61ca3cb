"""Sets the thresholds: cross-validation over the bank, so that no message judges what it taught.

Writes the values of tuning.yaml. Deterministic; takes a few minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import asdict, fields
from numpy.typing import NDArray

from bot.bootstrap import assemble
from bot.dialogue.engine import Engine
from bot.dialogue.queries import understand
from bot.dialogue.reply import Memory
from bot.fitting import fit, net_examples, ranker_examples
from bot.knowledge.model import Knowledge
from bot.language.normalise import normalise
from bot.language.tokens import sentences
from bot.retrieval.calibration import Calibration, Signals
from bot.retrieval.vectors import WordVectors
from bot.triage.assess import assess
from bot.triage.net import ORDINARY

FOLDS = 5
KEPT = frozenset(
    (
        "part_answer",
        "part_clarify",
        "talk_lead",
        "personal_lead",
        "focus",
        "carry",
        "readable",
        "net_spoken_of",
    )
)
OUTSIDE_SHARE = 0.3  #: assumed share of messages that no entry answers
_SIGNALS = tuple(f.name for f in fields(Signals))

# What a reply costs the person, against 1 for leaving a question that we could have answered to
# the clinic. A wrong answer is worse than none, though it names its sources and the clinic; a list
# that holds the right one costs a tap.
_COST_WRONG = 1.25
_COST_CHOICE = 0.6
_COST_USELESS_CHOICE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One message of the bank, judged by an engine that never saw it."""

    label: str
    best: str
    offered: tuple[str, ...]
    signals: Signals
    personal_lead: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetGuess:
    label: str
    emergency: float  #: highest lead of an emergency over ordinary in any sentence or the whole
    urgent: float
    #: a phrase finds the concept (of a red flag) or an emergency now (of an ordinary message)
    by_phrase: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    values: Mapping[str, float]
    lines: tuple[str, ...]  #: what was measured, for people


def tune(
    knowledge: Knowledge, vectors: WordVectors | None, progress: Callable[[str], None]
) -> Tuned:
    """Calibration and thresholds from out-of-fold guesses."""
    guesses: list[Guess] = []
    nets: list[NetGuess] = []
    for number in range(FOLDS):
        progress(f"fold {number + 1} of {FOLDS}")
        more, more_nets = _fold(number, knowledge, vectors)
        guesses += more
        nets += more_nets
    calibration = fit_calibration(guesses)
    values = {f"calibration_{name}": round(value, 4) for name, value in asdict(calibration).items()}
    probabilities = np.array([calibration.probability(g.signals) for g in guesses])
    limits = set_limits(guesses, probabilities)
    net = set_net(nets, knowledge)
    lines = (*_quality(guesses, probabilities, limits), *_net_quality(nets, net, knowledge))
    return Tuned(values={**values, **limits, **net}, lines=lines)


def _fold(
    number: int, knowledge: Knowledge, vectors: WordVectors | None
) -> tuple[list[Guess], list[NetGuess]]:
    asked, flagged = ranker_examples(knowledge), net_examples(knowledge, vectors)
    held = set(sorted({text for text, _ in [*asked, *flagged]})[number::FOLDS])
    index = fit(
        [x for x in asked if x[0] not in held],
        [x for x in flagged if x[0] not in held],
        knowledge,
        vectors,
    )
    engine = assemble(index)
    guesses = [
        _guess(t, label, engine)
        for t, label in asked
        if t in held and not label.startswith("talk:")
    ]
    nets = [_net_guess(t, label, engine) for t, label in flagged if t in held]
    return guesses, nets


def _guess(text: str, label: str, engine: Engine) -> Guess:
    ranking = understand(normalise(text), Memory(), engine, alone=True).rankings[0]
    return Guess(
        label=label,
        best=ranking.ranked[0].entry_id,
        offered=tuple(r.entry_id for r in ranking.ranked[:3]),
        signals=ranking.signals,
        personal_lead=ranking.decisions.get("oos:personal", 0.0) - ranking.signals.decision,
    )


def _net_guess(text: str, label: str, engine: Engine) -> NetGuess:
    clean = normalise(text)
    read = [engine.net.leads(engine.ranker.space.vector(s)) for s in {clean, *sentences(clean)}]
    return NetGuess(
        label=label,
        emergency=max(leads["emergency"][0] for leads in read),
        urgent=max(leads["urgent"][0] for leads in read),
        by_phrase=any(
            f.concept == label or label == ORDINARY
            for f in assess(text, engine.rules).flags
            if f.context == "present"
        ),
    )


# ---------------------------------------------------------------- calibration
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
    outside_cost = np.where(served, _COST_WRONG, np.where(asked, _COST_USELESS_CHOICE, 0.0))
    return np.where(outside, outside_cost, inside_cost)


def set_net(nets: Sequence[NetGuess], knowledge: Knowledge) -> dict[str, float]:
    """Thresholds of the second net.

    0.25 % of ordinary messages and sentences may rise to emergency, 0.4 % to urgent.
    """
    ordinary = [n for n in nets if n.label == ORDINARY]
    return {
        "net_emergency": _threshold([n.emergency for n in ordinary], 0.0025),
        "net_urgent": _threshold([n.urgent for n in ordinary], 0.004),
    }


def _threshold(leads: Sequence[float], share: float) -> float:
    return round(float(np.quantile(np.array(leads), 1.0 - share)), 3)


# ---------------------------------------------------------------- what was measured
def _quality(
    guesses: Sequence[Guess], probabilities: NDArray[np.float64], limits: Mapping[str, float]
) -> list[str]:
    inside = [
        (g, p)
        for g, p in zip(guesses, probabilities.tolist(), strict=True)
        if not g.label.startswith("oos")
    ]
    outside = [
        (g, p)
        for g, p in zip(guesses, probabilities.tolist(), strict=True)
        if g.label.startswith("oos")
    ]
    served = [(g, p) for g, p in inside if p >= limits["answer"]]
    right = [g.best == g.label for g in guesses]
    error = calibration_error(probabilities.tolist(), right, weights_of(guesses))
    lines = [
        f"in scope {len(inside)}: "
        f"first guess right {_share(inside, lambda g, p: g.best == g.label)}, "
        f"served right {_share(inside, lambda g, p: p >= limits['answer'] and g.best == g.label)}, "
        f"served wrong {_share(inside, lambda g, p: p >= limits['answer'] and g.best != g.label)}, "
        f"choices {_share(inside, lambda g, p: limits['clarify'] <= p < limits['answer'])}; "
        f"precision {_share(served, lambda g, p: g.best == g.label)}",
        f"expected calibration error {error:.3f}",
    ]
    for kind in sorted({g.label for g, _ in outside}):
        mine = [(g, p) for g, p in outside if g.label == kind]
        lines.append(
            f"{kind} {len(mine)}: served {_share(mine, lambda g, p: p >= limits['answer'])}"
        )
    return lines


def _share(pairs: Sequence[tuple[Guess, float]], holds: Callable[[Guess, float], bool]) -> str:
    return f"{100 * sum(holds(g, p) for g, p in pairs) / max(1, len(pairs)):.1f} %"


def _net_quality(
    nets: Sequence[NetGuess], limits: Mapping[str, float], knowledge: Knowledge
) -> list[str]:
    tiers = {c.id: c.tier for c in knowledge.triage.concepts}
    lines = []
    for tier in ("emergency", "urgent"):
        mine = [n for n in nets if tiers.get(n.label) == tier]
        caught = sum(
            n.emergency >= limits["net_emergency"]
            or (tier == "urgent" and n.urgent >= limits["net_urgent"])
            for n in mine
        )
        phrases = sum(n.by_phrase for n in mine)
        both = sum(
            n.by_phrase
            or n.emergency >= limits["net_emergency"]
            or (tier == "urgent" and n.urgent >= limits["net_urgent"])
            for n in mine
        )
        lines.append(
            f"{tier} {len(mine)}: by the net alone {caught}, by its own phrases {phrases}, "
            f"by either {both}"
        )
    return lines


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


def write(path: Path, tuned: Tuned) -> None:
    """Replace tuning.yaml; values that are not tuned here (`KEPT`) stay as they are."""
    before = path.read_text(encoding="utf-8")
    head = before[: before.index("measured:")]
    kept = [line for line in before.splitlines() if line.strip().split(":")[0] in KEPT]
    lines = [
        f"{head}measured: |-",
        *(f"  {line}" for line in tuned.lines),
        "values:",
        *(f"  {name}: {value}" for name, value in tuned.values.items()),
        *kept,
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

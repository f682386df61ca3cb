"""Sets the thresholds: cross-validation over the bank, so that no message judges what it taught.

Writes the values of tuning.yaml. Deterministic; takes a few minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import numpy as np
from msgspec.structs import asdict
from numpy.typing import NDArray

from bot.errors import BotError
from bot.evaluation.guesses import Guess, NetGuess, guess_all
from bot.evaluation.promises import promise_line, promised
from bot.evaluation.reliability import reliability, scored_in_bank
from bot.evaluation.thresholds import (
    answers_kept,
    fit_calibration,
    least_answer,
    net_kept,
    set_limits,
    set_net,
)
from bot.knowledge.model import Knowledge, Promise
from bot.retrieval.vectors import WordVectors

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    values: Mapping[str, float]
    lines: tuple[str, ...]  #: what was measured, for people
    promises: Mapping[str, Promise] = field(default_factory=dict)


def tune(
    knowledge: Knowledge, vectors: WordVectors | None, progress: Callable[[str], None]
) -> Tuned:
    """Calibration and thresholds from out-of-fold guesses."""
    guesses, nets = guess_all(knowledge, vectors, progress)
    return tuned_on(guesses, nets, knowledge)


def tuned_on(guesses: Sequence[Guess], nets: Sequence[NetGuess], knowledge: Knowledge) -> Tuned:
    """The cheapest thresholds that keep the promises. Raises `BotError` when none does."""
    calibration = fit_calibration(guesses)
    values = {f"calibration_{name}": round(value, 4) for name, value in asdict(calibration).items()}
    probabilities = np.array([calibration.probability(g.signals) for g in guesses])
    most = promised(knowledge)
    limits = set_limits(guesses, probabilities, least_answer(guesses, probabilities, most))
    net = set_net(nets, most)
    kept = {
        **answers_kept(guesses, probabilities, limits["answer"], most),
        **net_kept(nets, net, most),
    }
    lines = (
        *_quality(guesses, probabilities, limits),
        f"calibration error {reliability(scored_in_bank(guesses, calibration)).as_text()}",
        *_net_quality(nets, net, knowledge),
        *(promise_line(name, promise) for name, promise in kept.items()),
    )
    return Tuned(values={**values, **limits, **net}, lines=lines, promises=kept)


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
    lines = [
        f"in scope {len(inside)}: "
        f"first guess right {_share(inside, lambda g, p: g.best == g.label)}, "
        f"served right {_share(inside, lambda g, p: p >= limits['answer'] and g.best == g.label)}, "
        f"served wrong {_share(inside, lambda g, p: p >= limits['answer'] and g.best != g.label)}, "
        f"choices {_share(inside, lambda g, p: limits['clarify'] <= p < limits['answer'])}; "
        f"precision {_share(served, lambda g, p: g.best == g.label)}",
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


def write(path: Path, tuned: Tuned) -> None:
    """Replace tuning.yaml; its head and the values that are not tuned here stay as they are.

    Raises `BotError` when it cannot be written.
    """
    before = path.read_text(encoding="utf-8").splitlines()
    head = takewhile(lambda line: not line.strip() or line.startswith("#"), before)
    kept = [line for line in before if line.strip().split(":")[0] in KEPT]
    lines = [
        *head,
        "measured: |-",
        *(f"  {line}" for line in tuned.lines),
        *_promises(tuned.promises),
        "values:",
        *(f"  {name}: {value}" for name, value in tuned.values.items()),
        *kept,
    ]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise BotError(
            f"{path} cannot be written: {error.strerror}; put the values in by hand"
        ) from error


def _promises(promises: Mapping[str, Promise]) -> list[str]:
    lines = [
        f"  {name}: {{most: {p.most:g}, count: {p.count}, of: {p.of}}}"
        for name, p in promises.items()
    ]
    return ["promises:", *lines] if lines else []

"""How a confidence is best made of the signals: Platt, isotonic, Venn-Abers.

    OMP_NUM_THREADS=1 python -m tests.bench.confidence [bank] FOLDER...

A folder holds train.jsonl, test.jsonl and perhaps valid.jsonl. Every method is fitted on all
valid.jsonl that hold messages from outside, each weighing the same, and judged on each test.jsonl;
on our bank both are out-of-fold guesses, by 5-fold cross-validation. Prints the weights (the
defaults of `Calibration` are those of clinc_full, clinc_10shot and clinc_5shot) and a table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import fields
from numpy.typing import NDArray

from bot.bootstrap import knowledge_folder
from bot.evaluation.guesses import guess_all
from bot.evaluation.reliability import Scored, reliability
from bot.evaluation.thresholds import OUTSIDE_SHARE
from bot.knowledge.folder import shipped_folder, vectors_file
from bot.knowledge.load import load
from bot.retrieval.calibration import Calibration, Signals
from bot.retrieval.matcher import titles_of
from bot.retrieval.ranker import OUTSIDE, Ranker, fit_ranker
from bot.retrieval.vectors import load_vectors
from tests.bench.measure import auroc, percent, table
from tests.bench.sets import OWN, Example, read_lines

_NAMES = [f.name for f in fields(Signals) if f.name != "decision"]
"""The scale of a decision differs from set to set; `outside` is 0 where nothing of it is taught."""
_FOLDS = 5
Floats = NDArray[np.float64]
Method = Callable[["Guesses"], Callable[[Floats], Floats]]
"""Fits on guesses; what comes back maps signals to probabilities."""


@dataclass(frozen=True)
class Guesses:
    """What the engine made of some messages."""

    signals: Floats  #: (n, names)
    right: NDArray[np.bool_]
    weight: Floats

    def at(self, rows: Any) -> Guesses:
        return Guesses(self.signals[rows], self.right[rows], self.weight[rows])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="FOLDER", help="or `bank`")
    places = parser.parse_args(argv).sets
    rows: list[list[str]] = []
    folders = [Path(place) for place in places if place != OWN]
    read = {folder.name: _asked(folder) for folder in folders}
    if folders:
        pooled = _joined([valid for valid, _ in read.values() if valid is not None])
        sys.stdout.write(_weights(pooled) + "\n\n")
        for name, (_, test) in read.items():
            rows += [
                [name, method, *_judge(fit(pooled)(test.signals), test)]
                for method, fit in METHODS.items()
            ]
    if OWN in places:
        bank = _bank()
        rows += [[OWN, m, *_judge(_crossed(bank, fit), bank)] for m, fit in METHODS.items()]
    sys.stdout.write(table(("set", "method", "AUROC", "calibration error"), rows) + "\n")
    return 0


# ---------------------------------------------------------------- guesses
def _asked(folder: Path) -> tuple[Guesses | None, Guesses]:
    """Guesses on the validation half, if it holds messages from outside, and on the test half."""
    train = [x for x in read_lines(folder / "train.jsonl") if x[1] != OUTSIDE]
    vectors = load_vectors(vectors_file(shipped_folder()))
    titles = titles_of([label for _, label in train], vectors or ())
    ranker = fit_ranker([*train, *titles], vectors=vectors)
    valid = read_lines(folder / "valid.jsonl") if (folder / "valid.jsonl").exists() else []
    fits = any(label == OUTSIDE for _, label in valid)
    return _guesses(ranker, valid) if fits else None, _guesses(
        ranker, read_lines(folder / "test.jsonl")
    )


def _guesses(ranker: Ranker, asked: Sequence[Example]) -> Guesses:
    found = [ranker.rank(text) for text, _ in asked]
    right = [r.ranked[0].entry_id == label for r, (_, label) in zip(found, asked, strict=True)]
    outside = np.array([label == OUTSIDE for _, label in asked])
    return Guesses(_table([r.signals for r in found]), np.array(right), _weights_of(outside))


def _bank() -> Guesses:
    folder = knowledge_folder()
    vectors = load_vectors(vectors_file(folder))
    guesses, _ = guess_all(load(folder), vectors, lambda step: None)
    outside = np.array([g.label.startswith(OUTSIDE) for g in guesses])
    right = np.array([g.best == g.label for g in guesses])
    return Guesses(_table([g.signals for g in guesses]), right, _weights_of(outside))


def _table(signals: Sequence[Signals]) -> Floats:
    return np.array([[getattr(s, name) for name in _NAMES] for s in signals])


def _weights_of(outside: NDArray[np.bool_]) -> Floats:
    """They sum to 1; messages from outside are `OUTSIDE_SHARE` of it where there are any."""
    share = OUTSIDE_SHARE if outside.any() else 0.0
    return np.where(outside, share / max(1, outside.sum()), (1.0 - share) / (~outside).sum())


def _joined(parts: Sequence[Guesses]) -> Guesses:
    return Guesses(
        *(np.concatenate([getattr(p, n) for p in parts]) for n in ("signals", "right", "weight"))
    )


# ---------------------------------------------------------------- methods
def _shipped(_: Guesses) -> Callable[[Floats], Floats]:
    default = Calibration()
    weights = np.array([getattr(default, name) for name in _NAMES])
    return lambda signals: 1.0 / (1.0 + np.exp(-(signals @ weights + default.bias)))


def _platt(guesses: Guesses) -> Callable[[Floats], Floats]:
    model = _logistic(guesses)
    return lambda signals: model.predict_proba(signals)[:, 1]


def _isotonic(guesses: Guesses) -> Callable[[Floats], Floats]:
    """The step function that keeps the order of Platt's scores (Zadrozny & Elkan 2002)."""
    platt = _platt(guesses)
    steps = _steps(platt(guesses.signals), guesses.right, guesses.weight)
    return lambda signals: steps.predict(platt(signals))


def _venn_abers(guesses: Guesses) -> Callable[[Floats], Floats]:
    """Two step functions, with the message taken as wrong and as right (Vovk & Petej 2014)."""
    platt = _platt(guesses)
    scores = platt(guesses.signals)
    grid = np.linspace(0.0, 1.0, 201)
    one = float(guesses.weight.mean())

    def taken_as(right: bool, score: float) -> float:
        steps = _steps(
            np.append(scores, score),
            np.append(guesses.right, right),
            np.append(guesses.weight, one),
        )
        return float(steps.predict([score])[0])

    low, high = (np.array([taken_as(right, s) for s in grid]) for right in (False, True))
    middle = high / (1.0 - low + high)
    return lambda signals: np.interp(platt(signals), grid, middle)


def _logistic(guesses: Guesses) -> Any:
    from sklearn.linear_model import LogisticRegression

    weight = guesses.weight / guesses.weight.mean()
    model = LogisticRegression(C=100.0, max_iter=2000)
    return model.fit(guesses.signals, guesses.right, sample_weight=weight)


def _steps(scores: Floats, right: NDArray[np.bool_], weight: Floats) -> Any:
    from sklearn.isotonic import IsotonicRegression

    return IsotonicRegression(out_of_bounds="clip").fit(scores, right, sample_weight=weight)


METHODS: dict[str, Method] = {
    "defaults": _shipped,
    "Platt": _platt,
    "isotonic on Platt": _isotonic,
    "Venn-Abers on Platt": _venn_abers,
}


# ---------------------------------------------------------------- figures
def _crossed(guesses: Guesses, fit: Method) -> Floats:
    found = np.zeros(len(guesses.right))
    for fold in range(_FOLDS):
        held = np.arange(len(found)) % _FOLDS == fold
        found[held] = fit(guesses.at(~held))(guesses.signals[held])
    return found


def _judge(scores: Floats, guesses: Guesses) -> tuple[str, str]:
    rows = zip(scores.tolist(), guesses.right.tolist(), guesses.weight.tolist(), strict=True)
    error = reliability([Scored(score=s, right=r, weight=w) for s, r, w in rows]).error
    right, wrong = scores[guesses.right].tolist(), scores[~guesses.right].tolist()
    return percent(auroc(right, wrong)), f"{error:.3f}"


def _weights(guesses: Guesses) -> str:
    model = _logistic(guesses)
    found = zip(_NAMES, model.coef_[0].tolist(), strict=True)
    return f"bias {model.intercept_[0]:.2f}, " + ", ".join(f"{n} {w:.3f}" for n, w in found)


if __name__ == "__main__":
    sys.exit(main())

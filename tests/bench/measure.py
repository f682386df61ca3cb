"""Figures of one engine on one question set: accuracy, separation from outside, speed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Protocol

from bot.retrieval.ranker import OUTSIDE
from tests.bench.sets import QuestionSet


class Engine(Protocol):
    def fit(self, examples: Sequence[tuple[str, str]]) -> object: ...

    def rank(self, query: str) -> Sequence[tuple[str, float]]:
        """(label, score) best first; the first score is the confidence."""
        ...


@dataclass(frozen=True, kw_only=True)
class Figures:
    top1: float  #: share of the questions in scope, 0..1
    top3: float
    auroc: float | None  #: share of (in scope, outside) pairs with the first the surer
    fit_s: float
    p50_us: float
    p99_us: float


def measure(engine: Engine, questions: QuestionSet) -> Figures:
    """Fit on the training half, ask the other half one by one."""
    begin = perf_counter()
    engine.fit(questions.train)
    fit_s = perf_counter() - begin
    for text, _ in questions.test[:20]:
        engine.rank(text)
    times, inside, outside, first, third = [], [], [], 0, 0
    for text, label in questions.test:
        begin = perf_counter()
        ranked = engine.rank(text)
        times.append((perf_counter() - begin) * 1e6)
        entries = [(name, score) for name, score in ranked if name != OUTSIDE]
        (outside if label == OUTSIDE else inside).append(entries[0][1] if entries else -1e9)
        if label != OUTSIDE:
            names = [name for name, _ in entries]
            first += label in names[:1]
            third += label in names[:3]
    return Figures(
        top1=first / len(inside),
        top3=third / len(inside),
        auroc=auroc(inside, outside) if outside else None,
        fit_s=fit_s,
        p50_us=median(times),
        p99_us=sorted(times)[int(0.99 * len(times))],
    )


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Share of pairs with the question in scope surer than the one from outside; ties half."""
    low = sorted(outside)
    wins = sum((bisect_left(low, s) + bisect_right(low, s)) / 2 for s in inside)
    return wins / (len(inside) * len(outside))


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, first column to the left, the others to the right."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

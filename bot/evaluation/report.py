"""Tables of an evaluation by file and group, counts and 95 % intervals; errors; confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.intervals import wilson
from bot.evaluation.score import Judged

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    file: str
    group: str
    measure: str
    count: int
    total: int

    @property
    def share(self) -> float:
        return self.count / self.total

    def as_json(self) -> dict[str, Any]:
        low, high = wilson(self.count, self.total)
        return {
            "file": self.file,
            "group": self.group,
            "measure": self.measure,
            "count": self.count,
            "total": self.total,
            "share": round(self.share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure over all files that is no share of a count."""

    measure: str
    share: float
    file: str = ALL
    group: str = ALL


def rows(judged: Sequence[Judged]) -> list[Row]:
    """One row for each measure of each file, over all and by group.

    Red flags go by tier and concept too.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    totals: Counter[tuple[str, str, str]] = Counter()
    for one in judged:
        for group in _groups(one):
            for measure, holds in one.findings.items():
                key = (one.case.file, group, measure)
                totals[key] += 1
                counts[key] += holds
    return [
        Row(file=k[0], group=k[1], measure=k[2], count=counts[k], total=totals[k]) for k in totals
    ]


def _groups(one: Judged) -> Iterable[str]:
    yield ALL
    yield one.case.group
    if one.case.judged == "benign" and one.case.group != "figurative":
        yield "not figurative"  # figures of speech are reported apart
    if one.case.concept:
        yield f"tier {one.case.tier}"
        yield one.case.concept


def table(found: Sequence[Row]) -> str:
    """The rows as plain text, a block per file: all, then each group with its first measure."""
    lines: list[str] = []
    for file in dict.fromkeys(r.file for r in found):
        lines += ["", file]
        mine = [r for r in found if r.file == file]
        lines += [_line(r.measure, r) for r in mine if r.group == ALL]
        for group in sorted({r.group for r in mine} - {ALL}):
            first = next(r for r in mine if r.group == group)
            lines.append(_line(f"  {group}: {first.measure}", first))
    return "\n".join(lines).lstrip("\n")


def _line(name: str, row: Row) -> str:
    low, high = wilson(row.count, row.total)
    return (
        f"  {name:<38} {row.count:>4} / {row.total:<4} {row.share:7.1%}   {low:6.1%} .. {high:6.1%}"
    )


def errors(judged: Sequence[Judged]) -> list[str]:
    """Every case that is not right, with what came instead: two lines each."""
    return [_error(one) for one in judged if one.failed]


def _error(one: Judged) -> str:
    reply, case = one.replies[-1], one.case
    got = [e.id for e in reply.entries] or [f"?{s.id}" for s in reply.suggestions] or [reply.kind]
    wanted = case.concept or " + ".join("/".join(sorted(w)) for w in case.wanted) or case.group
    flags = reply.escalation
    escalation = ""
    if flags:
        each = ", ".join(f"{f.concept} {f.words!r} {f.by} {f.modifier}" for f in flags.flags)
        escalation = f" [{flags.tier}/{flags.context}: {each}]"
    best = (
        f" best {reply.ranking[0].entry_id} {reply.ranking[0].score:.2f}" if reply.ranking else ""
    )
    return (
        f"{case.file}:{case.line} ({case.group}) {' >> '.join(case.turns)}\n"
        f"    wanted {wanted}; got {', '.join(got)}{best}{escalation}"
    )


def confusions(judged: Sequence[Judged]) -> list[tuple[str, str, int]]:
    """(wanted, first in the ranking instead, how often), most frequent first; questions only."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in judged:
        ranking = one.replies[0].ranking
        if (
            one.case.judged == "question"
            and ranking
            and ranking[0].entry_id not in one.case.wanted[0]
        ):
            pairs["/".join(sorted(one.case.wanted[0])), ranking[0].entry_id] += 1
    return [
        (wanted, got, n)
        for (wanted, got), n in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    ]

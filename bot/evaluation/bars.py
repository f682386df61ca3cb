"""Bars: shares that a measure must reach, or may not pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError
from bot.evaluation.report import ALL, Figure, Row
from bot.knowledge.nodes import Node, Reader, each, parse_file, text_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    file: str
    measure: str
    group: str = ALL
    least: float | None = None
    most: float | None = None
    aim: float

    @property
    def limit(self) -> str:
        return (
            f"at least {self.least:.0%}" if self.least is not None else f"at most {self.most:.0%}"
        )


#: a bar, what was measured for it if anything was, whether it is met
Verdict = tuple[Bar, Row | Figure | None, bool]


def read_bars(path: Path) -> tuple[Bar, ...]:
    """Bars of a YAML file. Raises `BotError` with everything that is wrong with it."""
    reader = Reader()
    root = parse_file(path, shown_as=str(path), reader=reader)
    bars = each(root, _bar)
    if root is not None and not bars and not reader.problems:
        root.problem("no bar stands here", "write a list of {file, measure, least or most, aim}")
    if reader.problems:
        raise BotError("bad bars\n" + "\n".join(str(p) for p in sorted(reader.problems)))
    return bars


def _bar(node: Node) -> Bar:
    got = node.record(required=("file", "measure", "aim"), optional=("group", "least", "most"))
    if ("least" in got) == ("most" in got):
        node.problem("a bar has either least or most", "write one of the two")
    return Bar(
        file=text_at(got, "file"),
        measure=text_at(got, "measure"),
        group=text_at(got, "group") or ALL,
        least=_share(got, "least"),
        most=_share(got, "most"),
        aim=_share(got, "aim") or 0.0,
    )


def _share(got: Mapping[str, Node], key: str) -> float | None:
    if key not in got:
        return None
    share = got[key].number()
    if not 0.0 <= share <= 1.0:
        got[key].problem(f"{key} is {share:g}", "write a share from 0 to 1, such as 0.95")
    return share


def judge_bars(bars: Sequence[Bar], found: Sequence[Row | Figure]) -> list[Verdict]:
    """Each bar with its row and whether it is met.

    A bar that nothing was measured for has no row and is not met: a check that cannot fail is none.
    """
    rows = {(r.file, r.group, r.measure): r for r in found}
    judged = [(bar, rows.get((bar.file, bar.group, bar.measure))) for bar in bars]
    return [(bar, row, row is not None and _is_met(bar, row)) for bar, row in judged]


def _is_met(bar: Bar, row: Row | Figure) -> bool:
    return (bar.least is None or row.share >= bar.least) and (
        bar.most is None or row.share <= bar.most
    )

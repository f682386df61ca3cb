"""Bars: shares that a measure must reach, or may not pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError
from bot.evaluation.report import ALL, Row
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


def judge_bars(bars: Sequence[Bar], found: Sequence[Row]) -> Iterator[tuple[Bar, Row, bool]]:
    """Each bar with its row and whether it is met.

    Raises `BotError` for a bar that nothing was measured for.
    """
    rows = {(r.file, r.group, r.measure): r for r in found}
    for bar in bars:
        row = rows.get((bar.file, bar.group, bar.measure))
        if row is None:
            raise BotError(
                f"no measure for the bar {bar.file}, {bar.group}, {bar.measure}: "
                "a check that cannot fail is none"
            )
        met = (bar.least is None or row.share >= bar.least) and (
            bar.most is None or row.share <= bar.most
        )
        yield bar, row, met

"""Bars: shares that a measure must reach, or may not pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import BotError
from bot.evaluation.report import ALL, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    file: str
    measure: str
    group: str = ALL
    least: float | None = None
    most: float | None = None
    aim: float


def read_bars(path: Path) -> tuple[Bar, ...]:
    """Bars of a YAML file. Raises `BotError` when it cannot be read."""
    try:
        return tuple(Bar(**row) for row in yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, TypeError, yaml.YAMLError) as error:
        raise BotError(f"{path} is not a file of bars: {error}") from error


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

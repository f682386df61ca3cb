"""Everything that question sets show, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.bars import Bar, Verdict, judge_bars
from bot.evaluation.promises import Outcome, outcomes
from bot.evaluation.reliability import Reliability, reliability, scored_in_sets
from bot.evaluation.report import Figure, Row, confusions, errors, rows, table
from bot.evaluation.score import Judged
from bot.knowledge.model import Promise

CALIBRATION_ERROR = "calibration error"  #: the measure's name in bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    judged: Sequence[Judged]
    rows: Sequence[Row]
    reliability: Reliability | None  #: None where no score was to be judged
    outcomes: Sequence[Outcome]
    verdicts: Sequence[Verdict]


def measure(
    judged: Sequence[Judged], bars: Sequence[Bar], promises: Mapping[str, Promise]
) -> Measured:
    found, scored = rows(judged), scored_in_sets(judged)
    meaning = reliability(scored) if scored else None
    figures = [Figure(measure=CALIBRATION_ERROR, share=meaning.error)] if meaning else []
    return Measured(
        judged=judged,
        rows=found,
        reliability=meaning,
        outcomes=outcomes(judged, promises),
        verdicts=judge_bars(bars, [*found, *figures]),
    )


def as_json(found: Measured, bank: Reliability | None, *, with_errors: bool) -> dict[str, Any]:
    both = {"sets": found.reliability, "bank": bank}
    whole: dict[str, Any] = {
        "rows": [r.as_json() for r in found.rows],
        "confusions": confusions(found.judged),
        "calibration": {name: r.as_json() for name, r in both.items() if r},
        "promises": [o.as_json() for o in found.outcomes],
    }
    if with_errors:
        whole["errors"] = errors(found.judged)
    if found.verdicts:
        whole["bars"] = [
            {
                "file": bar.file,
                "group": bar.group,
                "measure": bar.measure,
                "limit": bar.limit,
                "aim": bar.aim,
                "share": row and row.share,
                "met": met,
            }
            for bar, row, met in found.verdicts
        ]
    return whole


def as_text(found: Measured, bank: Reliability | None, *, with_errors: bool) -> str:
    lines = [table(found.rows)] if found.rows else []
    lines += [f"  confused: {wanted} -> {got} ({n})" for wanted, got, n in confusions(found.judged)]
    both = {"sets": found.reliability, "bank": bank}
    errors_told = [f"  {name}: {r.as_text()}" for name, r in both.items() if r]
    lines += ["", "expected calibration error of the score", *errors_told] if errors_told else []
    if found.outcomes:
        lines += ["", "promised with 95 % confidence for messages like the bank's, and measured"]
        lines += [o.as_text() for o in found.outcomes]
    if with_errors:
        lines += ["", *errors(found.judged)]
    lines += [_verdict_line(*verdict) for verdict in found.verdicts]
    return "\n".join(lines).lstrip("\n")


def _verdict_line(bar: Bar, row: Row | Figure | None, met: bool) -> str:
    share = f"{row.share:6.1%}" if row else "not measured"
    return (
        f"{'met' if met else 'MISSED':<7}{share}  {bar.limit} (aim {bar.aim:.0%})  "
        f"{bar.file}, {bar.group}: {bar.measure}"
    )

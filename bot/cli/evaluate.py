"""`mildbot evaluate`: question sets through the whole bot, measured; --tune sets the thresholds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.api import Bot
from bot.cli.ask import converse
from bot.cli.loading import load_bot, say_progress
from bot.errors import UsageError
from bot.evaluation.bars import Bar, Verdict, judge_bars, read_bars
from bot.evaluation.report import Row, confusions, errors, rows, table
from bot.evaluation.score import Judged, judge
from bot.evaluation.sets import Case, read_sets


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot evaluate", description="Measure the bot on question sets."
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        help="files or folders of .jsonl (see bot/evaluation/sets.py)",
    )
    parser.add_argument("--json", action="store_true", help="all of it as JSON")
    parser.add_argument("--errors", action="store_true", help="list every case that is not right")
    parser.add_argument(
        "--bars", type=Path, metavar="FILE", help="exit 1 when a bar of this YAML file is missed"
    )
    parser.add_argument(
        "--tune", action="store_true", help="set the thresholds by cross-validation over the bank"
    )
    args = parser.parse_args(argv)
    if args.tune:
        if args.paths or args.errors or args.bars:
            raise UsageError("--tune works on the bank alone: leave out paths, --errors and --bars")
        return _tune(as_json=args.json)
    if not args.paths:
        raise UsageError("name at least one .jsonl file or folder, or --tune")
    cases, bars = read_sets(args.paths), read_bars(args.bars) if args.bars else ()
    judged = _judge(cases, load_bot())
    found = rows(judged)
    verdicts = judge_bars(bars, found)
    if args.json:
        print(json.dumps(_as_json(judged, found, verdicts, with_errors=args.errors)))
    else:
        print(_as_text(judged, found, verdicts, with_errors=args.errors))
    return 0 if all(met for _, _, met in verdicts) else 1


def _judge(cases: Sequence[Case], bot: Bot) -> list[Judged]:
    phone = bot.engine.knowledge.clinic.phone
    return [judge(case, lambda turns: converse(bot, turns), phone) for case in cases]


def _as_json(
    judged: Sequence[Judged],
    found: Sequence[Row],
    verdicts: Sequence[Verdict],
    *,
    with_errors: bool,
) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "rows": [r.as_json() for r in found],
        "confusions": confusions(judged),
    }
    if with_errors:
        whole["errors"] = errors(judged)
    if verdicts:
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
            for bar, row, met in verdicts
        ]
    return whole


def _as_text(
    judged: Sequence[Judged],
    found: Sequence[Row],
    verdicts: Sequence[Verdict],
    *,
    with_errors: bool,
) -> str:
    lines = [table(found)]
    lines += [f"  confused: {wanted} -> {got} ({n})" for wanted, got, n in confusions(judged)]
    if with_errors:
        lines += ["", *errors(judged)]
    lines += [_verdict_line(*verdict) for verdict in verdicts]
    return "\n".join(lines)


def _verdict_line(bar: Bar, row: Row | None, met: bool) -> str:
    share = f"{row.share:6.1%}" if row else "not measured"
    return (
        f"{'met' if met else 'MISSED':<7}{share}  {bar.limit} (aim {bar.aim:.0%})  "
        f"{bar.file}, {bar.group}: {bar.measure}"
    )


def _tune(*, as_json: bool) -> int:
    from bot.bootstrap import knowledge_folder
    from bot.evaluation.tune import tune, write
    from bot.knowledge.folder import vectors_file
    from bot.knowledge.load import load
    from bot.retrieval.vectors import load_vectors

    folder = knowledge_folder()
    tuned = tune(load(folder), load_vectors(vectors_file(folder)), say_progress)
    # Said before it is written: minutes of work are not lost to a file that cannot be.
    print(
        json.dumps({"values": tuned.values, "measured": tuned.lines})
        if as_json
        else "\n".join(tuned.lines)
    )
    write(folder / "tuning.yaml", tuned)
    return 0

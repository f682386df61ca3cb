"""`mildbot evaluate`: question sets through the whole bot, measured; --tune sets the thresholds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bot.cli.ask import converse
from bot.cli.loading import load_bot, say_progress
from bot.errors import UsageError
from bot.evaluation.bars import Bar, judge_bars, read_bars
from bot.evaluation.report import Row, confusions, errors, rows, table
from bot.evaluation.score import judge
from bot.evaluation.sets import read_sets


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
    parser.add_argument("--json", action="store_true", help="the rows as JSON")
    parser.add_argument("--errors", action="store_true", help="list every case that is not right")
    parser.add_argument(
        "--bars", type=Path, metavar="FILE", help="exit 1 when a bar of this YAML file is missed"
    )
    parser.add_argument(
        "--tune", action="store_true", help="set the thresholds by cross-validation over the bank"
    )
    args = parser.parse_args(argv)
    if args.tune:
        return _tune()
    if not args.paths:
        raise UsageError("name at least one .jsonl file or folder, or --tune")
    bot = load_bot()
    phone = bot.engine.knowledge.clinic.phone
    judged = [
        judge(case, lambda turns: converse(bot, turns), phone) for case in read_sets(args.paths)
    ]
    found = rows(judged)
    if args.json:
        print(json.dumps({"rows": [r.as_json() for r in found], "confusions": confusions(judged)}))
    else:
        print(table(found))
        for wanted, got, count in confusions(judged):
            print(f"  confused: {wanted} -> {got} ({count})")
    if args.errors:
        print("\n" + errors(judged))
    return _judge_bars(read_bars(args.bars), found) if args.bars else 0


def _judge_bars(bars: Sequence[Bar], found: Sequence[Row]) -> int:
    missed = 0
    for bar, row, met in judge_bars(bars, found):
        missed += not met
        limit = f"at least {bar.least:.0%}" if bar.least is not None else f"at most {bar.most:.0%}"
        verdict = "met" if met else "MISSED"
        print(
            f"{verdict:<7}{row.share:6.1%}  {limit} (aim {bar.aim:.0%})  "
            f"{bar.file}, {bar.group}: {bar.measure}"
        )
    return 1 if missed else 0


def _tune() -> int:
    from bot.bootstrap import knowledge_folder
    from bot.evaluation.tune import tune, write
    from bot.knowledge.load import load
    from bot.retrieval.vectors import load_vectors

    folder = knowledge_folder()
    tuned = tune(load(folder), load_vectors(folder / "language" / "vectors.npz"), say_progress)
    write(folder / "tuning.yaml", tuned)
    print("\n".join(tuned.lines))
    return 0

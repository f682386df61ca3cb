"""`mildbot evaluate`: question sets through the whole bot, measured; --tune and --plot."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import asdict

from bot.api import Bot
from bot.cli.ask import converse
from bot.cli.loading import load_bot, say_progress
from bot.cli.plot import bank_reliability, check_plot, write_plot
from bot.errors import UsageError
from bot.evaluation.bars import read_bars
from bot.evaluation.outcome import as_json, as_text, measure
from bot.evaluation.score import Judged, judge
from bot.evaluation.sets import Case, read_sets


def run(argv: Sequence[str]) -> int:
    args = _parser().parse_args(argv)
    _check(args)
    if args.tune:
        return _tune(as_json=args.json)
    cases = read_sets(args.paths) if args.paths else ()
    bars = read_bars(args.bars) if args.bars else ()
    bot = load_bot()
    found = measure(_judge(cases, bot), bars, bot.engine.knowledge.tuning.promises)
    bank = bank_reliability(bot) if args.plot else None
    if args.json:
        print(json.dumps(as_json(found, bank, with_errors=args.errors)))
    else:
        print(as_text(found, bank, with_errors=args.errors))
    if args.plot and bank:
        write_plot(args.plot, bank, found.reliability, bot.engine.limits)
    return 0 if all(met for _, _, met in found.verdicts) else 1


def _parser() -> argparse.ArgumentParser:
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
    parser.add_argument(
        "--plot",
        type=Path,
        metavar="FILE.svg",
        help="reliability diagram: the bank by cross-validation (minutes), and the sets",
    )
    return parser


def _check(args: argparse.Namespace) -> None:
    """Raises `BotError` before anything is loaded."""
    if args.tune and (args.paths or args.errors or args.bars or args.plot):
        raise UsageError(
            "--tune works on the bank alone: leave out paths, --errors, --bars and --plot"
        )
    if not (args.paths or args.plot or args.tune):
        raise UsageError("name at least one .jsonl file or folder, or --tune, or --plot FILE.svg")
    if args.bars and not args.paths:
        raise UsageError("--bars judges question sets: name at least one .jsonl file or folder")
    if args.plot:
        check_plot(args.plot)


def _judge(cases: Sequence[Case], bot: Bot) -> list[Judged]:
    phone = bot.engine.knowledge.clinic.phone
    return [judge(case, lambda turns: converse(bot, turns), phone) for case in cases]


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
        json.dumps(
            {
                "values": tuned.values,
                "measured": tuned.lines,
                "promises": {name: asdict(promise) for name, promise in tuned.promises.items()},
            }
        )
        if as_json
        else "\n".join(tuned.lines)
    )
    write(folder / "tuning.yaml", tuned)
    return 0

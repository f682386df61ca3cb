"""The engine beside its classical peers, in one run on one thread.

    pip install ".[bench]"
    OMP_NUM_THREADS=1 python -m tests.bench.classical bank FOLDER...

FOLDER holds train.jsonl and test.jsonl, one {"text": ..., "label": ...} a line, "oos" for out of
scope; `bank` is our own bank with every fifth phrasing held out. Prints a table for each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from bot.retrieval import Matcher
from tests.bench.measure import measure, percent, table
from tests.bench.peers import PEERS
from tests.bench.sets import QuestionSet, read_set

_HEAD = ("engine", "top-1", "top-3", "AUROC", "fit s", "p50 us", "p99 us")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="FOLDER", help="or `bank`")
    for place in parser.parse_args(argv).sets:
        questions = read_set(place)
        sys.stdout.write(f"\n### {questions.name}\n\n{compare(questions)}\n")
    return 0


def compare(questions: QuestionSet) -> str:
    engines: dict[str, Callable[[], Any]] = {**PEERS, "this engine": Matcher}
    return table(_HEAD, [_row(name, engine(), questions) for name, engine in engines.items()])


def _row(name: str, engine: Any, questions: QuestionSet) -> list[str]:
    found = measure(engine, questions)
    shares = [percent(share) for share in (found.top1, found.top3, found.auroc)]
    return [name, *shares, f"{found.fit_s:.1f}", f"{found.p50_us:.0f}", f"{found.p99_us:.0f}"]


if __name__ == "__main__":
    sys.exit(main())

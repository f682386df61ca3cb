"""`mildbot check`: every problem of the knowledge at once, as file:line: what, fix."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.bootstrap import knowledge_folder, load_engine
from bot.cli.loading import say_progress
from bot.errors import UsageError
from bot.evaluation.selftest import check_own_tests
from bot.knowledge.checks import check
from bot.knowledge.facts import check_documents
from bot.knowledge.load import read, unread_files
from bot.knowledge.model import Knowledge
from bot.knowledge.places import Problem


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot check", description="Every problem of the knowledge."
    )
    parser.add_argument(
        "--sources",
        type=Path,
        metavar="DIR",
        help="folder of the four documents, to hold the answers against them",
    )
    parser.add_argument(
        "--warnings", action="store_true", help="print warnings too, not only their number"
    )
    args = parser.parse_args(argv)
    if args.sources and not args.sources.is_dir():
        raise UsageError(
            f"{args.sources} is not a folder; name the folder that holds the documents"
        )
    folder = knowledge_folder()
    knowledge, shape = read(folder)
    found = sorted({*shape, *unread_files(folder), *_content(knowledge, shape, args.sources)})
    return report(found, warnings=args.warnings)


def _content(
    knowledge: Knowledge, shape: Sequence[Problem], sources: Path | None
) -> Iterator[Problem]:
    """Problems of content; the own tests need a knowledge that can be fitted."""
    broken = check(knowledge, unread=[p.place.file for p in shape if p.whole_file])
    yield from broken
    if sources:
        yield from check_documents(knowledge, sources)
    if not shape and all(p.warning for p in broken):
        yield from check_own_tests(knowledge, load_engine(progress=say_progress))


def report(found: Sequence[Problem], *, warnings: bool) -> int:
    """Print problems on stderr and a summary on stdout; 1 when a problem is no warning."""
    problems = [p for p in found if not p.warning]
    for problem in found if warnings else problems:
        print(problem, file=sys.stderr)
    print(f"{_count(len(problems), 'problem')}, {_count(len(found) - len(problems), 'warning')}")
    return 1 if problems else 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

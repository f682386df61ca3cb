"""`mildbot lookup`: what the knowledge holds on some words, as staff need to see it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.cli.loading import load_bot
from bot.cli.terminal import fitted
from bot.dialogue.lookup import LookedUp, lookup


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot lookup", description="Entries on some words, best first."
    )
    parser.add_argument("words", nargs="+", help="what the caller asks, in any words")
    parser.add_argument("-n", type=_count, default=5, help="how many entries, 1 to 20 (5)")
    parser.add_argument("--json", action="store_true", help="print the entries as JSON")
    args = parser.parse_args(argv)
    asked = " ".join(args.words)
    found = lookup(asked, load_bot().engine, most=args.n)
    if args.json:
        print(json.dumps([asdict(row) for row in found], ensure_ascii=False))
    elif found:
        print(fitted("\n\n".join(_text(row) for row in found)))
    else:
        print(f'Nothing found on "{asked}": try other words.')
    return 0


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:  # not the text itself: it may be very long
        raise argparse.ArgumentTypeError("write a number from 1 to 20") from None
    if not 1 <= number <= 20:
        raise argparse.ArgumentTypeError("write a number from 1 to 20")
    return number


def _text(row: LookedUp) -> str:
    lines = [f"{row.question}  [{row.id}, {row.score:.2f}]", row.answer]
    if row.disagreement:
        lines.append(row.disagreement)
    lines += [f"  source: {source}" for source in row.sources]
    lines.append(f"  review: {row.review}")
    return "\n".join(lines)

"""`mildbot stats`: figures of the last days, as a table, as JSON or as one page with charts."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.desk.figures import Figures, figures
from bot.desk.figures_page import as_page
from bot.desk.figures_text import as_table
from bot.errors import BotError
from bot.store import alerts, interactions, switches
from bot.store.open import Store, open_store

_MOST_DAYS = 3660


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot stats", description="What was asked and answered in the last days."
    )
    parser.add_argument("--days", type=_days, default=30, help="how many days back (30)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--html", type=Path, metavar="FILE", help="one page with charts")
    args = parser.parse_args(argv)
    store = open_store(os.environ)
    try:
        found = _figures(store, datetime.now(UTC), args.days)
    finally:
        store.close()
    if args.html is not None:
        _write(args.html, as_page(found))
    if args.json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    elif args.html is None:
        print(as_table(found))
    return 0


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"write a number of days from 1 to {_MOST_DAYS}")
    return int(text)


def _figures(store: Store, now: datetime, days: int) -> Figures:
    """Whole days, UTC, today included."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=days - 1)
    with store.reading() as tx:
        return figures(
            interactions.since(tx, since),
            alerts.since(tx, since),
            switches.counts(tx, since.date()),
            since=since,
            until=now,
        )


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from error

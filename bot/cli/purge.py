"""`mildbot purge`: delete what has expired, all stored questions, or all about one person."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.desk.keys import person_hash
from bot.desk.purging import purge
from bot.desk.settings import hash_key, keep_questions
from bot.store.open import open_store


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot purge",
        description="Deletes what has expired; the running bot does that every hour too.",
    )
    parser.add_argument(
        "--all-questions", action="store_true", help="delete every stored question as well"
    )
    parser.add_argument(
        "--person", metavar="ID", help="delete all that is kept of a Slack user id as well"
    )
    parser.add_argument("--dry-run", action="store_true", help="count only")
    args = parser.parse_args(argv)
    person = person_hash(args.person, hash_key(os.environ)) if args.person else None
    keep = keep_questions(os.environ)
    store = open_store(os.environ)
    try:
        gone = purge(
            store,
            keep=keep,
            now=datetime.now(UTC),
            person=person,
            all_questions=args.all_questions,
            dry_run=args.dry_run,
        )
    finally:
        store.close()
    print("would be deleted:" if args.dry_run else "deleted:")
    print("\n".join(f"  {count:>7}  {name}" for name, count in gone.items()))
    return 0

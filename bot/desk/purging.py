"""Deleting what has expired and what somebody wants gone; every hour, or by `mildbot purge`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.store import purge as statements
from bot.store.open import Connection, Store

KEEP_FINISHED = timedelta(days=1)  #: longer than Slack delivers anything again
KEEP_MEMORY = timedelta(minutes=30)


class _Undone(Exception):
    """Rolls a transaction back that was made only to count."""


def purge(
    store: Store,
    *,
    keep: timedelta,
    now: datetime,
    person: str | None = None,
    all_questions: bool = False,
    dry_run: bool = False,
) -> dict[str, int]:
    """Delete, and how many of what.

    Args:
        keep: how long questions and hashes of people are kept.
        person: hash of somebody of whom nothing shall stay but an open card.
        dry_run: count, and change nothing.
    """
    gone: dict[str, int] = {}
    with _transaction(store, dry_run=dry_run) as tx:
        gone |= statements.expired(
            tx, now=now, day=now - KEEP_FINISHED, memory=now - KEEP_MEMORY, keep=now - keep
        )
        if all_questions:
            gone["questions"] += statements.all_questions(tx)
        if person is not None:
            for name, count in statements.erase_person(tx, person).items():
                gone[name] = gone.get(name, 0) + count
            gone["open cards (kept until closed)"] = statements.open_cards_of(tx, person)
    if not dry_run:
        store.tidy()
    return gone


@contextmanager
def _transaction(store: Store, *, dry_run: bool) -> Iterator[Connection]:
    try:
        with store.writing() as tx:
            yield tx
            if dry_run:
                raise _Undone
    except _Undone:
        return

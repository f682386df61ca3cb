"""Settings that staff change while the bot runs, and what is only counted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from bot.store.dialects import of, on_each
from bot.store.tables import counters, settings

_SET = on_each(
    settings,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"value": insert.excluded.value, "changed_at": insert.excluded.changed_at},
    ),
)


def put(tx: Connection, key: str, value: str, *, now: datetime) -> None:
    tx.execute(of(_SET, tx), {"key": key, "value": value, "changed_at": now})


_GET = select(settings.c.value).where(settings.c.key == bindparam("key_"))


def get(tx: Connection, key: str) -> str | None:
    value = tx.execute(_GET, {"key_": key}).scalar()
    return None if value is None else str(value)


_COUNT = on_each(
    counters,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name", "day"], set_={"n": counters.c.n + 1}
    ),
)


def count(tx: Connection, name: str, *, now: datetime) -> None:
    """One more today."""
    tx.execute(of(_COUNT, tx), {"name": name, "day": now.date(), "n": 1})


_COUNTS = select(counters).where(counters.c.day >= bindparam("since_")).order_by(counters.c.day)


def counts(tx: Connection, since: date) -> list[tuple[str, date, int]]:
    """(name, day, number) from a day on."""
    return [(row.name, row.day, row.n) for row in tx.execute(_COUNTS, {"since_": since})]

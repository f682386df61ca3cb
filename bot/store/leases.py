"""Leases: a row is held by one process for a while; whoever dies gives it back by waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, or_

LEASE = timedelta(seconds=15)
_ABSURD = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who takes a row, and when."""

    by: str  #: id of the process
    now: datetime

    @property
    def until(self) -> datetime:
        return self.now + LEASE


def is_free(table: Table) -> ColumnElement[bool]:
    """Nobody holds the row; binds `now_` and `absurd_`.

    A lease that ends too far ahead was taken before the clock was set back.
    """
    return or_(
        table.c.lease_by.is_(None),
        table.c.lease_until < bindparam("now_"),
        table.c.lease_until > bindparam("absurd_"),
    )


def taking(table: Table) -> dict[str, Any]:
    """What a claim sets; binds `until_` and `by_`."""
    return {
        "lease_by": bindparam("by_"),
        "lease_until": bindparam("until_"),
        "attempts": table.c.attempts + 1,
    }


def values(lease: Lease) -> dict[str, Any]:
    """The values that `is_free` and `taking` bind."""
    return {
        "by_": lease.by,
        "now_": lease.now,
        "until_": lease.until,
        "absurd_": lease.now + _ABSURD,
    }

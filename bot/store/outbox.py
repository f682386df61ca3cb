"""The outbox: what is to be sent, written with its cause and kept until it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.store import leases
from bot.store.leases import LEASE, Lease
from bot.store.tables import outbox

_LONGEST_WAIT = timedelta(minutes=15)  #: due later than this: the clock was set back


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A row to be sent."""

    purpose: str
    conversation: str
    payload: str
    priority: int
    alert_id: str | None = None
    interaction_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A row that this process holds."""

    id: int
    purpose: str
    conversation: str
    payload: str
    priority: int
    created_at: datetime
    attempts: int
    lease_until: datetime
    alert_id: str | None
    interaction_id: str | None


_waiting = outbox.c.finished_at.is_(None)
_ADD = insert(outbox).returning(outbox.c.id)
_columns = tuple(outbox.c[name] for name in Claimed.__slots__)


def add(tx: Connection, row: New, *, now: datetime, lease: Lease | None = None) -> Claimed:
    """Keep a row; with a lease this process holds it at once (nothing may wait before it)."""
    values = {
        "purpose": row.purpose,
        "conversation": row.conversation,
        "payload": row.payload,
        "priority": row.priority,
        "created_at": now,
        "attempts": 1 if lease else 0,
        "lease_by": lease.by if lease else None,
        "lease_until": lease.until if lease else None,
        "alert_id": row.alert_id,
        "interaction_id": row.interaction_id,
    }
    row_id = tx.execute(_ADD, values).scalar_one()
    return Claimed(
        id=row_id,
        purpose=row.purpose,
        conversation=row.conversation,
        payload=row.payload,
        priority=row.priority,
        created_at=now,
        attempts=1,
        lease_until=now + LEASE,
        alert_id=row.alert_id,
        interaction_id=row.interaction_id,
    )


def _lane(table: FromClause) -> Any:
    """Emergencies overtake; all else keeps its order."""
    return case((table.c.priority == 0, 0), else_=1)


_is_due = or_(
    outbox.c.due_at.is_(None),  # new: no clock has a say in when it goes out first
    outbox.c.due_at <= bindparam("now_"),
    outbox.c.due_at > bindparam("never_"),
)
_first = (
    select(outbox.c.id)
    .where(outbox.c.conversation == bindparam("conversation_"), _waiting)
    .order_by(_lane(outbox), outbox.c.id)
    .limit(1)
    .scalar_subquery()
)
_CLAIM_NEXT = (
    update(outbox)
    .where(outbox.c.id == _first, _is_due, leases.is_free(outbox))
    .values(leases.taking(outbox))
    .returning(*_columns)
)


def claim_next(tx: Connection, conversation: str, lease: Lease) -> Claimed | None:
    """The first unfinished row of a conversation, if it is due and free."""
    values = {"conversation_": conversation, **_values(lease)}
    row = tx.execute(_CLAIM_NEXT, values).one_or_none()
    return None if row is None else Claimed(**row._mapping)


_other = outbox.alias("other")
_heads = (
    select(outbox.c.id)
    .where(
        _waiting,
        _is_due,
        leases.is_free(outbox),
        ~exists().where(
            and_(
                _other.c.conversation == outbox.c.conversation,
                _other.c.finished_at.is_(None),
                or_(
                    _lane(_other) < _lane(outbox),
                    and_(_lane(_other) == _lane(outbox), _other.c.id < outbox.c.id),
                ),
            )
        ),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most_"))
    .with_for_update(skip_locked=True)  # SQLite has no need of it and leaves it out
)
_CLAIM_DUE = (
    update(outbox)
    .where(outbox.c.id.in_(_heads), leases.is_free(outbox))
    .values(leases.taking(outbox))
    .returning(*_columns)
)


def claim_due(tx: Connection, lease: Lease, *, most: int) -> list[Claimed]:
    """Rows that are due, the first of each conversation, the most urgent first."""
    rows = tx.execute(_CLAIM_DUE, {"most_": most, **_values(lease)})
    found = [Claimed(**row._mapping) for row in rows]
    return sorted(found, key=lambda row: (row.priority, row.id))


_HAS_DUE = select(exists().where(_waiting, _is_due, leases.is_free(outbox)))


def has_due(tx: Connection, lease: Lease) -> bool:
    """Whether `claim_due` may find anything: a look costs no write lock."""
    values = _values(lease)
    names = ("now_", "never_", "absurd_")
    return bool(tx.execute(_HAS_DUE, {name: values[name] for name in names}).scalar())


def _values(lease: Lease) -> dict[str, Any]:
    return {**leases.values(lease), "never_": lease.now + _LONGEST_WAIT}


_FINISH = (
    update(outbox)
    .where(outbox.c.id == bindparam("id_"), _waiting)
    .values(
        finished_at=bindparam("now_"),
        failed_reason=bindparam("reason_"),
        payload=None,
        lease_by=None,
        lease_until=None,
    )
)


def finish(tx: Connection, row_id: int, *, now: datetime, failed: str | None = None) -> bool:
    """Delivered, or given up with a reason; its text is gone. False: it was finished before.

    Asks for no lease: what was sent was sent, whoever holds the row now.
    """
    return tx.execute(_FINISH, {"id_": row_id, "now_": now, "reason_": failed}).rowcount == 1


_held = and_(
    outbox.c.id == bindparam("id_"),
    outbox.c.lease_by == bindparam("by_"),
    outbox.c.attempts == bindparam("attempts_"),
    _waiting,
)
_PUT_OFF = (
    update(outbox).where(_held).values(due_at=bindparam("due_"), lease_by=None, lease_until=None)
)


def put_off(tx: Connection, row: Claimed | tuple[int, int], *, by: str, due_at: datetime) -> bool:
    """Give it back, due at another time. False: the lease was lost."""
    row_id, attempts = (row.id, row.attempts) if isinstance(row, Claimed) else row
    values = {"id_": row_id, "by_": by, "attempts_": attempts, "due_": due_at}
    return tx.execute(_PUT_OFF, values).rowcount == 1


_CHANGE = (
    update(outbox)
    .where(_held)
    .values(payload=bindparam("payload_"), attempts=0, due_at=None, lease_by=None, lease_until=None)
)


def change(tx: Connection, row_id: int, *, by: str, attempts: int, payload: str) -> bool:
    """Another way to send it, to be tried anew at once. False: the lease was lost."""
    values = {"id_": row_id, "by_": by, "attempts_": attempts, "payload_": payload}
    return tx.execute(_CHANGE, values).rowcount == 1


_RENEW = update(outbox).where(_held).values(lease_until=bindparam("until_"))


def renew(tx: Connection, row_id: int, *, attempts: int, lease: Lease) -> bool:
    """Hold it longer. False: the lease was lost."""
    values = {"id_": row_id, "by_": lease.by, "attempts_": attempts, "until_": lease.until}
    return tx.execute(_RENEW, values).rowcount == 1


_RELEASE = (
    update(outbox)
    .where(_waiting, outbox.c.lease_by.is_not(None))
    .values(lease_by=None, lease_until=None)
)


def release_all(tx: Connection) -> int:
    """Free every row: only for the one process there is, at its start."""
    return tx.execute(_RELEASE).rowcount


_OF_ALERT = select(outbox.c.purpose).where(
    outbox.c.alert_id == bindparam("alert_"),
    outbox.c.conversation == bindparam("conversation_"),
    _waiting,
)


def waiting_purposes(tx: Connection, alert_id: str, conversation: str) -> Sequence[str]:
    """Purposes of what is still to be sent for an alert."""
    values = {"alert_": alert_id, "conversation_": conversation}
    return tx.execute(_OF_ALERT, values).scalars().all()


_since = func.coalesce(outbox.c.due_at, outbox.c.created_at)
_BACKLOG = select(func.count(), func.min(_since)).where(_waiting, _since <= bindparam("now_"))


def backlog(tx: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many rows are due and not delivered, and since when."""
    count, oldest = tx.execute(_BACKLOG, {"now_": now}).one()
    return count, oldest

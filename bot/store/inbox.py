"""The inbox: every message is kept here before Slack is told that it arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, exists, func, select, update

from bot.store import leases
from bot.store.dialects import of, on_each
from bot.store.leases import Lease
from bot.store.tables import inbox

_FRESH = timedelta(seconds=2)  #: whoever received a row works on it at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A row that this process holds; `attempts` tells its holding from an earlier one."""

    id: int
    conversation: str
    payload: str
    received_at: datetime
    attempts: int


_ADD = on_each(
    inbox,
    lambda insert: (
        insert.values(
            key=bindparam("key"),
            place_key=bindparam("place_key"),
            conversation=bindparam("conversation"),
            payload=bindparam("payload"),
            priority=bindparam("priority"),
            received_at=bindparam("received_at"),
        )
        .on_conflict_do_nothing()
        .returning(inbox.c.id)
    ),
)


def add(
    tx: Connection,
    *,
    key: str,
    place_key: str | None,
    conversation: str,
    payload: str,
    priority: int,
    now: datetime,
) -> bool:
    """Keep a message. False: it is there already, by its key or by its place."""
    values = {
        "key": key,
        "place_key": place_key,
        "conversation": conversation,
        "payload": payload,
        "priority": priority,
        "received_at": now,
    }
    return tx.execute(of(_ADD, tx), values).scalar() is not None


_waiting = inbox.c.done_at.is_(None)
_oldest = (
    select(inbox.c.id)
    .where(inbox.c.conversation == bindparam("conversation_"), _waiting)
    .order_by(inbox.c.id)
    .limit(1)
    .scalar_subquery()
)
_CLAIM = (
    update(inbox)
    .where(inbox.c.id == _oldest, leases.is_free(inbox))
    .values(leases.taking(inbox))
    .returning(
        inbox.c.id,
        inbox.c.conversation,
        inbox.c.payload,
        inbox.c.received_at,
        inbox.c.attempts,
    )
)


def claim(tx: Connection, conversation: str, lease: Lease) -> Claimed | None:
    """The oldest waiting row of a conversation, None when there is none or another holds it.

    Raises `Conflict` when two processes claim in the same instant.
    """
    values = {"conversation_": conversation, **leases.values(lease)}
    row = tx.execute(_CLAIM, values).one_or_none()
    return None if row is None else Claimed(**row._mapping)


_FINISH = (
    update(inbox)
    .where(
        inbox.c.id == bindparam("id_"),
        inbox.c.lease_by == bindparam("by_"),
        inbox.c.attempts == bindparam("attempts_"),
        _waiting,
    )
    .values(done_at=bindparam("now_"), payload=None, lease_by=None, lease_until=None)
)


def finish(tx: Connection, row_id: int, *, by: str, attempts: int, now: datetime) -> bool:
    """Done, and its text gone. False: the lease was lost, another process answers it."""
    values = {"id_": row_id, "by_": by, "attempts_": attempts, "now_": now}
    return tx.execute(_FINISH, values).rowcount == 1


_earlier = inbox.alias("earlier")
_LEFT = (
    select(inbox.c.conversation)
    .where(
        _waiting,
        leases.is_free(inbox),
        ~inbox.c.received_at.between(bindparam("fresh_"), bindparam("now_")),
        ~exists().where(
            and_(
                _earlier.c.conversation == inbox.c.conversation,
                _earlier.c.done_at.is_(None),
                _earlier.c.id < inbox.c.id,
            )
        ),
    )
    .order_by(inbox.c.priority, inbox.c.id)
    .limit(bindparam("most_"))
)


def left_behind(tx: Connection, lease: Lease, *, most: int) -> list[str]:
    """Conversations whose oldest row nobody works on, the most urgent first."""
    values = {**leases.values(lease), "fresh_": lease.now - _FRESH, "most_": most}
    values = {name: values[name] for name in ("now_", "absurd_", "fresh_", "most_")}
    return list(tx.execute(_LEFT, values).scalars())


_RELEASE = (
    update(inbox)
    .where(_waiting, inbox.c.lease_by.is_not(None))
    .values(lease_by=None, lease_until=None)
)


def release_all(tx: Connection) -> int:
    """Free every row: only for the one process there is, at its start."""
    return tx.execute(_RELEASE).rowcount


_BACKLOG = select(func.count(), func.min(inbox.c.received_at)).where(_waiting)


def backlog(tx: Connection) -> tuple[int, datetime | None]:
    """How many rows wait, and since when."""
    count, oldest = tx.execute(_BACKLOG).one()
    return count, oldest

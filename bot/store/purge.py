"""Deleting: what has expired, and what somebody wants gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Update,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)

from bot.store.tables import (
    alerts,
    conversations,
    inbox,
    interactions,
    introductions,
    outbox,
    threads,
    unanswered,
)

_before_day: BindParameter[datetime] = bindparam("day_")
_before_half_hour: BindParameter[datetime] = bindparam("memory_")
_before_keep: BindParameter[datetime] = bindparam("keep_")

#: what expires: name -> statement; rows that wait are never among them
_EXPIRED: Mapping[str, Delete | Update] = {
    "finished messages": delete(inbox).where(inbox.c.done_at < _before_day),
    "finished deliveries": delete(outbox).where(outbox.c.finished_at < _before_day),
    "memories": delete(conversations).where(conversations.c.updated_at < _before_half_hour),
    "questions": delete(unanswered).where(unanswered.c.expires_at <= bindparam("now_")),
    "threads": delete(threads).where(threads.c.created_at < _before_keep),
    "user hashes": update(interactions)
    .where(interactions.c.hour < _before_keep, interactions.c.user_hash.is_not(None))
    .values(user_hash=None, message_hash=None),
    "open alerts": update(alerts)
    .where(alerts.c.created_at < _before_keep, alerts.c.state != "closed")
    .values(
        state="closed",
        closed_at=bindparam("now_"),
        user_id=None,
        return_place=None,
        realert_at=None,
    ),
    "words of closed alerts": update(alerts)
    .where(alerts.c.closed_at < _before_keep, alerts.c.words != "[]")
    .values(words="[]", user_hash="", claimed_by=None, closed_by=None),
}


def expired(
    tx: Connection, *, now: datetime, day: datetime, memory: datetime, keep: datetime
) -> dict[str, int]:
    """Delete what is older than these times; how many of each."""
    values = {"now_": now, "day_": day, "memory_": memory, "keep_": keep}
    return {name: _run(tx, statement, values) for name, statement in _EXPIRED.items()}


def _run(tx: Connection, statement: Delete | Update, values: Mapping[str, Any]) -> int:
    used = statement.compile().params
    return tx.execute(statement, {k: v for k, v in values.items() if k in used}).rowcount


_of_person: BindParameter[str] = bindparam("user_")
_their_interactions = select(interactions.c.id).where(interactions.c.user_hash == _of_person)
_THEIRS: Mapping[str, Delete | Update] = {
    "questions": delete(unanswered).where(unanswered.c.interaction_id.in_(_their_interactions)),
    "memories": delete(conversations).where(conversations.c.user_hash == _of_person),
    "words of alerts": update(alerts)
    .where(alerts.c.user_hash == _of_person, alerts.c.words != "[]")
    .values(words="[]"),
    "interactions": update(interactions)
    .where(interactions.c.user_hash == _of_person)
    .values(user_hash=None, message_hash=None),
}


def forget_person(tx: Connection, user_hash: str) -> dict[str, int]:
    """Questions, memories and every tie to the person are gone; bare counts stay.

    An open card keeps the person until it is closed: staff may be on their way to them.
    """
    return {name: _run(tx, s, {"user_": user_hash}) for name, s in _THEIRS.items()}


_ERASED: Mapping[str, Delete | Update] = {
    "threads": delete(threads).where(threads.c.asker_hash == _of_person),
    "introductions": delete(introductions).where(introductions.c.hash == _of_person),
    "closed alerts": update(alerts)
    .where(alerts.c.user_hash == _of_person, alerts.c.state == "closed")
    .values(user_hash=""),
}


def erase_person(tx: Connection, user_hash: str) -> dict[str, int]:
    """As `forget_person`, and the bot does not know them any more."""
    gone = forget_person(tx, user_hash)
    return {**gone, **{name: _run(tx, s, {"user_": user_hash}) for name, s in _ERASED.items()}}


def all_questions(tx: Connection) -> int:
    """Every stored question, answered or not."""
    return tx.execute(delete(unanswered)).rowcount


_OPEN_CARDS = select(func.count()).where(
    and_(alerts.c.user_hash == _of_person, alerts.c.state != "closed")
)


def open_cards_of(tx: Connection, user_hash: str) -> int:
    """Cards that still hold the person's id."""
    return int(tx.execute(_OPEN_CARDS, {"user_": user_hash}).scalar_one())

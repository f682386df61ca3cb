"""What was answered: counts and ids, never a word of the message."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.store.tables import interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    id: str
    hour: datetime
    surface: str
    user_hash: str | None
    message_hash: str | None
    kind: str
    tier: str | None
    context: str | None
    concepts: str  #: JSON: {"E06": "present"}
    entries: str  #: JSON: ids
    suggestions: str  #: JSON: ids
    nearest: str
    knowledge: str
    latency_ms: int
    small_talk: str | None
    personal: bool
    helpful: bool | None = None


_ADD = insert(interactions)


def add(tx: Connection, row: Interaction) -> None:
    tx.execute(_ADD, asdict(row))


_CONCEPTS = select(interactions.c.concepts).where(
    interactions.c.message_hash == bindparam("message_")
)


def concepts_of(tx: Connection, message_hash: str) -> list[str]:
    """JSON of the flags that the answers to a message carried; empty: it was never answered."""
    return list(tx.execute(_CONCEPTS, {"message_": message_hash}).scalars())


_HELPFUL = (
    update(interactions)
    .where(interactions.c.id == bindparam("id_"))
    .values(helpful=bindparam("helpful_"))
)


def rate(tx: Connection, interaction_id: str, *, helpful: bool) -> bool:
    """What the person said of the answer; the last word counts."""
    values = {"id_": interaction_id, "helpful_": helpful}
    return tx.execute(_HELPFUL, values).rowcount == 1


_OF_MESSAGE = select(interactions.c.id).where(interactions.c.message_hash == bindparam("message_"))
_DELETE = delete(interactions).where(interactions.c.message_hash == bindparam("message_"))


def remove_message(tx: Connection, message_hash: str) -> list[str]:
    """Delete what was kept of a message; the ids that are gone."""
    ids = list(tx.execute(_OF_MESSAGE, {"message_": message_hash}).scalars())
    if ids:
        tx.execute(_DELETE, {"message_": message_hash})
    return ids


_SINCE = (
    select(interactions)
    .where(interactions.c.hour >= bindparam("since_"))
    .order_by(interactions.c.hour)
)


def since(tx: Connection, moment: datetime) -> list[Interaction]:
    """Everything from an hour on, oldest first."""
    return [Interaction(**r._mapping) for r in tx.execute(_SINCE, {"since_": moment})]

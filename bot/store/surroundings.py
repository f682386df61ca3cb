"""What is remembered around a message: memory of the conversation, threads, introductions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, select, update

from bot.store.dialects import of, on_each
from bot.store.tables import conversations, introductions, outbox, settings, threads

PAUSED = "paused"  #: key in settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """One look at everything that the answer to a message depends on."""

    memory: str | None  #: JSON, None when there is none or it is too old
    introduced: bool
    offered: bool
    paused: bool
    asker: str | None  #: hash of who the bot answers in this thread
    person_answers: bool  #: in this thread
    unsent: bool  #: replies of this conversation are still to be sent


_conversation: BindParameter[str] = bindparam("conversation_")
_LOOK = select(
    select(conversations.c.memory)
    .where(
        conversations.c.key == _conversation,
        conversations.c.updated_at.between(bindparam("since_"), bindparam("until_")),
    )
    .scalar_subquery()
    .label("memory"),
    exists().where(introductions.c.hash == bindparam("person_")).label("introduced"),
    exists().where(introductions.c.hash == bindparam("channel_")).label("offered"),
    exists().where(settings.c.key == PAUSED, settings.c.value == "1").label("paused"),
    select(threads.c.asker_hash)
    .where(threads.c.key == _conversation)
    .scalar_subquery()
    .label("asker"),
    exists()
    .where(threads.c.key == _conversation, threads.c.human_at.is_not(None))
    .label("person_answers"),
    exists()
    .where(outbox.c.conversation == _conversation, outbox.c.finished_at.is_(None))
    .label("unsent"),
)


def look(
    tx: Connection,
    conversation: str,
    *,
    person: str,
    channel: str,
    since: datetime,
    until: datetime,
) -> Around:
    """One statement. Memory counts when it was made from `since` to `until`."""
    values = {
        "conversation_": conversation,
        "person_": person,
        "channel_": channel,
        "since_": since,
        "until_": until,
    }
    row = tx.execute(_LOOK, values).one()
    return Around(
        memory=row.memory,
        introduced=bool(row.introduced),
        offered=bool(row.offered),
        paused=bool(row.paused),
        asker=row.asker,
        person_answers=bool(row.person_answers),
        unsent=bool(row.unsent),
    )


_REMEMBER = on_each(
    conversations,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "memory": insert.excluded.memory,
            "updated_at": insert.excluded.updated_at,
            "user_hash": insert.excluded.user_hash,
        },
    ),
)


def remember(tx: Connection, conversation: str, *, person: str, memory: str, now: datetime) -> None:
    """The memory for the next message replaces the one before."""
    values = {"key": conversation, "user_hash": person, "memory": memory, "updated_at": now}
    tx.execute(of(_REMEMBER, tx), values)


_FORGET = delete(conversations).where(conversations.c.key == bindparam("key_"))


def forget_conversation(tx: Connection, conversation: str) -> None:
    tx.execute(_FORGET, {"key_": conversation})


_INTRODUCE = on_each(
    introductions,
    lambda insert: insert.on_conflict_do_nothing().returning(introductions.c.hash),
)


def introduce(tx: Connection, hashed: str, *, now: datetime) -> bool:
    """Note that a person, or a channel, has been told. False: it was known."""
    return tx.execute(of(_INTRODUCE, tx), {"hash": hashed, "at": now}).scalar() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    asker_hash: str
    person_answers: bool


_THREAD = select(threads.c.asker_hash, threads.c.human_at).where(threads.c.key == bindparam("key_"))


def thread(tx: Connection, key: str) -> Thread | None:
    """A thread in which the bot has answered."""
    row = tx.execute(_THREAD, {"key_": key}).one_or_none()
    if row is None:
        return None
    return Thread(asker_hash=row.asker_hash, person_answers=row.human_at is not None)


_OPEN_THREAD = on_each(threads, lambda insert: insert.on_conflict_do_nothing())


def open_thread(
    tx: Connection, key: str, *, asker: str, now: datetime, human_at: datetime | None = None
) -> None:
    """The bot answers in a thread from now on; nothing changes where it does already."""
    values = {"key": key, "asker_hash": asker, "human_at": human_at, "created_at": now}
    tx.execute(of(_OPEN_THREAD, tx), values)


_TAKE_OVER = (
    update(threads)
    .where(threads.c.key == bindparam("key_"), threads.c.human_at.is_(None))
    .values(human_at=bindparam("now_"))
)


def take_over(tx: Connection, key: str, *, now: datetime) -> None:
    """A person has answered in the thread."""
    tx.execute(_TAKE_OVER, {"key_": key, "now_": now})

"""The tables. Migrations make them; a test holds the two against each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime as milliseconds: the same number, and order, on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        return None if value is None else _EPOCH + value * _MILLISECOND


metadata = MetaData()
_serial = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself there

inbox = Table(
    "inbox",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("place_key", Text, unique=True),  # hash of team, channel, ts and time of the edit
    Column("conversation", Text, nullable=False),  # hash
    Column("payload", Text),  # JSON of the message; NULL once done
    Column("priority", SmallInteger, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("lease_by", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done_at", Moment),
)
Index(
    "inbox_waiting",
    inbox.c.conversation,
    inbox.c.id,
    sqlite_where=text("done_at IS NULL"),
    postgresql_where=text("done_at IS NULL"),
)
Index(  # never two rows of one conversation at once, whatever processes do
    "inbox_one_at_a_time",
    inbox.c.conversation,
    unique=True,
    sqlite_where=text("lease_by IS NOT NULL AND done_at IS NULL"),
    postgresql_where=text("lease_by IS NOT NULL AND done_at IS NULL"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("conversation", Text, nullable=False),  # hash, or "staff:" and an alert's id
    Column("payload", Text),  # JSON of the call; NULL once finished
    Column("priority", SmallInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),  # NULL: at once
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", Moment),
    Column("lease_by", Text),
    Column("finished_at", Moment),  # delivered, or given up
    Column("failed_reason", Text),
    Column("alert_id", Text),
    Column("interaction_id", Text),
)
Index(
    "outbox_waiting",
    outbox.c.conversation,
    outbox.c.id,
    sqlite_where=text("finished_at IS NULL"),
    postgresql_where=text("finished_at IS NULL"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("key", Text, primary_key=True),  # hash
    Column("user_hash", Text, nullable=False),
    Column("memory", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    Column("key", Text, primary_key=True),  # hash, as of conversations
    Column("asker_hash", Text, nullable=False),
    Column("human_at", Moment),  # when a person took over
    Column("created_at", Moment, nullable=False),
)

introductions = Table(
    "introductions",
    metadata,
    Column("hash", Text, primary_key=True),  # of a person or of a channel
    Column("at", Moment, nullable=False),
)

interactions = Table(
    "interactions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hour", Moment, nullable=False),  # the time is kept to the hour only
    Column("surface", Text, nullable=False),
    Column("user_hash", Text),  # NULL once expired or forgotten
    Column("message_hash", Text),
    Column("kind", Text, nullable=False),
    Column("tier", Text),
    Column("context", Text),
    Column("concepts", Text, nullable=False),  # JSON: {"E06": "present"}
    Column("entries", Text, nullable=False),  # JSON: ids
    Column("suggestions", Text, nullable=False),  # JSON: ids
    Column("nearest", Text, nullable=False),  # id of the best entry, also below the threshold
    Column("knowledge", Text, nullable=False),
    Column("latency_ms", Integer, nullable=False),
    Column("small_talk", Text),
    Column("personal", Boolean, nullable=False),
    Column("helpful", Boolean),
)
Index("interactions_by_message", interactions.c.message_hash)
Index("interactions_by_hour", interactions.c.hour)

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Text, primary_key=True),
    Column("interaction_id", Text, nullable=False),
    Column("question", Text, nullable=False),  # redacted
    Column("nearest", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("staff_id", Text),
    Column("changed_at", Moment),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("conversation", Text, nullable=False),  # hash
    Column("state", Text, nullable=False),
    Column("tier", Text),
    Column("concepts", Text, nullable=False),  # JSON: ids
    Column("words", Text, nullable=False),  # JSON: those that the flags matched, redacted
    Column("times", Integer, nullable=False),
    Column("team_id", Text, nullable=False),
    Column("user_id", Text),  # raw; NULL once closed
    Column("user_hash", Text, nullable=False),
    Column("channel_id", Text),  # where staff can open the message; NULL for direct messages
    Column("message_ts", Text),
    Column("question_id", Text),
    Column("card_channel", Text),
    Column("card_ts", Text),  # NULL until the card is delivered
    Column("claimed_by", Text),
    Column("claimed_at", Moment),
    Column("closed_by", Text),
    Column("closed_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("realert_at", Moment),
    Column("realerts", Integer, nullable=False),
    Column("told_patient_at", Moment),
    Column("return_place", Text),  # JSON; NULL once closed
)
Index(
    "alerts_not_closed",
    alerts.c.conversation,
    sqlite_where=text("state <> 'closed'"),
    postgresql_where=text("state <> 'closed'"),
)
Index("alerts_by_question", alerts.c.question_id)

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("n", Integer, nullable=False),
)

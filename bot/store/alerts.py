"""Alerts: what staff must see, from the first message on a card to "Done"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, insert, or_, select, update

from bot.store.tables import Moment, alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    id: str
    kind: str
    conversation: str
    state: str
    tier: str | None
    concepts: str  #: JSON: ids
    words: str  #: JSON
    times: int
    team_id: str
    user_id: str | None
    user_hash: str
    channel_id: str | None
    message_ts: str | None
    question_id: str | None
    created_at: datetime
    realert_at: datetime | None
    return_place: str | None  #: JSON
    realerts: int = 0
    card_channel: str | None = None
    card_ts: str | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    told_patient_at: datetime | None = None


_ADD = insert(alerts)


def add(tx: Connection, alert: Alert) -> None:
    tx.execute(_ADD, asdict(alert))


_ONE = select(alerts).where(alerts.c.id == bindparam("id_"))


def get(tx: Connection, alert_id: str) -> Alert | None:
    return _alert(tx.execute(_ONE, {"id_": alert_id}).one_or_none())


_OF_QUESTION = select(alerts).where(alerts.c.question_id == bindparam("question_"))


def of_question(tx: Connection, question_id: str) -> Alert | None:
    return _alert(tx.execute(_OF_QUESTION, {"question_": question_id}).one_or_none())


_not_closed = alerts.c.state != "closed"
_OPEN_IN = (
    select(alerts)
    .where(
        alerts.c.conversation == bindparam("conversation_"),
        alerts.c.kind == bindparam("kind_"),
        _not_closed,
    )
    .order_by(alerts.c.created_at)
    .limit(1)
    .with_for_update()
)


def open_in(tx: Connection, conversation: str, kind: str) -> Alert | None:
    """The card of a kind that a conversation has already."""
    return _alert(
        tx.execute(_OPEN_IN, {"conversation_": conversation, "kind_": kind}).one_or_none()
    )


_ALL_OPEN = select(alerts).where(_not_closed).order_by(alerts.c.created_at)


def all_open(tx: Connection) -> list[Alert]:
    """Every card that is not closed, oldest first."""
    return [Alert(**row._mapping) for row in tx.execute(_ALL_OPEN)]


def _alert(row: Any) -> Alert | None:
    return None if row is None else Alert(**row._mapping)


def change(tx: Connection, alert_id: str, *, of: Sequence[str], **values: Any) -> bool:
    """Set some columns of an alert. False: it is in none of these states, or is gone."""
    statement = (
        update(alerts)
        .where(alerts.c.id == bindparam("id_"), alerts.c.state.in_(of))
        .values(**values)
    )
    return tx.execute(statement, {"id_": alert_id}).rowcount == 1


_WORDLESS = (
    update(alerts)
    .where(alerts.c.conversation == bindparam("conversation_"), alerts.c.words != "[]")
    .values(words="[]")
)


def forget_words(tx: Connection, conversation: str) -> None:
    """Keep the cards of a conversation without the words that the flags matched."""
    tx.execute(_WORDLESS, {"conversation_": conversation})


_DUE = (
    select(alerts)
    .where(
        _not_closed,  # said again for the index, which holds only these
        alerts.c.state == "open",
        alerts.c.card_ts.is_not(None),
        or_(
            alerts.c.realert_at <= bindparam("now_"),
            # later than it can have been set: the clock was set back
            alerts.c.realert_at
            > case(
                (alerts.c.tier == "emergency", bindparam("soon_", type_=Moment())),
                else_=bindparam("late_", type_=Moment()),
            ),
        ),
    )
    .with_for_update(skip_locked=True)
)


def realerts_due(
    tx: Connection, now: datetime, *, emergency: datetime, urgent: datetime
) -> list[Alert]:
    """Delivered cards that nobody has taken in time.

    Args:
        emergency: when the next reminder of an emergency would be due if one went out now.
    """
    values = {"now_": now, "soon_": emergency, "late_": urgent}
    return [Alert(**row._mapping) for row in tx.execute(_DUE, values)]


_UNDELIVERED = (
    select(alerts)
    .where(
        _not_closed,
        alerts.c.card_ts.is_(None),
        alerts.c.told_patient_at.is_(None),
        or_(
            and_(
                alerts.c.tier == "emergency",
                alerts.c.created_at <= bindparam("emergency_"),
            ),
            and_(
                or_(alerts.c.tier == "urgent", alerts.c.kind == "person"),
                alerts.c.created_at <= bindparam("urgent_"),
            ),
        ),
    )
    .with_for_update(skip_locked=True)
)


def undelivered(tx: Connection, *, emergency: datetime, urgent: datetime) -> list[Alert]:
    """Alerts made before these times whose card has not reached staff, patient not told yet."""
    rows = tx.execute(_UNDELIVERED, {"emergency_": emergency, "urgent_": urgent})
    return [Alert(**row._mapping) for row in rows]


_SINCE = select(alerts).where(alerts.c.created_at >= bindparam("since_"))


def since(tx: Connection, moment: datetime) -> list[Alert]:
    """Alerts made from a time on, for the figures."""
    return [Alert(**row._mapping) for row in tx.execute(_SINCE, {"since_": moment})]

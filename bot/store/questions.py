"""Questions that the bot could not answer, for staff: redacted, and kept for a while only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.store.tables import unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: str
    interaction_id: str
    question: str
    nearest: str  #: id of the closest entry, or empty
    created_at: datetime
    expires_at: datetime
    state: str = "open"
    staff_id: str | None = None
    changed_at: datetime | None = None


_ADD = insert(unanswered)


def add(tx: Connection, question: Question) -> None:
    tx.execute(_ADD, asdict(question))


_ONE = select(unanswered).where(unanswered.c.id == bindparam("id_"))


def get(tx: Connection, question_id: str) -> Question | None:
    row = tx.execute(_ONE, {"id_": question_id}).one_or_none()
    return None if row is None else Question(**row._mapping)


_LIST = (
    select(unanswered)
    .where(
        unanswered.c.state.in_(bindparam("states_", expanding=True)),
        unanswered.c.expires_at > bindparam("now_"),
    )
    .order_by(unanswered.c.created_at, unanswered.c.id)
)


def in_states(tx: Connection, states: Sequence[str], *, now: datetime) -> list[Question]:
    """Questions that have not expired, oldest first."""
    rows = tx.execute(_LIST, {"states_": list(states), "now_": now})
    return [Question(**row._mapping) for row in rows]


_MOVE = (
    update(unanswered)
    .where(
        unanswered.c.id == bindparam("id_"),
        unanswered.c.state.in_(bindparam("from_", expanding=True)),
    )
    .values(state=bindparam("to_"), staff_id=bindparam("staff_"), changed_at=bindparam("now_"))
)


def move(
    tx: Connection,
    question_id: str,
    *,
    of: Sequence[str],
    to: str,
    staff: str | None,
    now: datetime,
) -> bool:
    """From one of some states to another. False: it was in none of them, or is gone."""
    values = {"id_": question_id, "from_": list(of), "to_": to, "staff_": staff, "now_": now}
    return tx.execute(_MOVE, values).rowcount == 1


_REMOVE = delete(unanswered).where(
    unanswered.c.interaction_id.in_(bindparam("ids_", expanding=True))
)


def remove_of(tx: Connection, interaction_ids: Sequence[str]) -> int:
    """Delete the questions of some interactions."""
    return tx.execute(_REMOVE, {"ids_": list(interaction_ids)}).rowcount

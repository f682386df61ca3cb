"""What staff look at: open questions, open cards, how far behind the desk is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from bot.desk import cards
from bot.desk.parts import Parts
from bot.desk.values import AlertCard, Health, QuestionState, QueueItem
from bot.dialogue.engine import Engine
from bot.store import alerts, inbox, outbox, questions
from bot.store.questions import Question


def item_of(question: Question, engine: Engine) -> QueueItem:
    entry = engine.entries.get(question.nearest)
    return QueueItem(
        id=question.id,
        question=question.question,
        state=cast("QuestionState", question.state),
        created_at=question.created_at,
        expires_at=question.expires_at,
        staff_id=question.staff_id,
        changed_at=question.changed_at,
        nearest=entry.question if entry else "",
    )


def open_questions(
    parts: Parts, now: datetime, states: Sequence[QuestionState]
) -> tuple[QueueItem, ...]:
    with parts.store.reading() as tx:
        found = questions.in_states(tx, states, now=now)
    return tuple(item_of(question, parts.engine) for question in found)


def open_alerts(parts: Parts) -> tuple[AlertCard, ...]:
    with parts.store.reading() as tx:
        return tuple(cards.card_of(tx, alert, parts) for alert in alerts.all_open(tx))


def health(parts: Parts, now: datetime) -> Health:
    with parts.store.reading() as tx:
        waiting, oldest = inbox.backlog(tx)
        unsent, oldest_unsent = outbox.backlog(tx, now)
    return Health(
        waiting=waiting,
        oldest_s=_age_s(oldest, now),
        unsent=unsent,
        oldest_unsent_s=_age_s(oldest_unsent, now),
    )


def _age_s(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())

"""The unanswered questions: what staff may do with one, from Slack or the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from bot.desk import cards
from bot.desk.values import ORDINARY, QuestionState
from bot.store import alerts, outbox, questions
from bot.store.open import Connection
from bot.store.questions import Question

Deed = Literal["claim", "answered", "dismiss"]
Failure = Literal["gone", "taken"]

_OPEN: tuple[QuestionState, ...] = ("open",)
_NOT_DONE: tuple[QuestionState, ...] = ("open", "claimed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of a question; `failure` None: it is as it was asked for."""

    failure: Failure | None = None
    question: Question | None = None
    alert_id: str | None = None  #: its card, which has to be drawn anew


def move(tx: Connection, question_id: str, deed: Deed, *, staff: str, now: datetime) -> Moved:
    """Claim a question, or mark it as answered or dismissed; its card goes along.

    Args:
        staff: user id, or "cli" for the command line.
    """
    question = questions.get(tx, question_id)
    if question is None or question.expires_at <= now:
        return Moved(failure="gone")
    to, of = _step(deed)
    if question.state == to and question.staff_id == staff:
        return Moved(question=question)  # pressed twice
    if not questions.move(tx, question_id, of=of, to=to, staff=staff, now=now):
        return Moved(failure="taken", question=question)
    return Moved(
        question=questions.get(tx, question_id),
        alert_id=_move_card(tx, question_id, to, staff, now),
    )


def _step(deed: Deed) -> tuple[QuestionState, Sequence[QuestionState]]:
    match deed:
        case "claim":
            return "claimed", _OPEN
        case "answered":
            return "answered", _NOT_DONE
        case "dismiss":
            return "dismissed", _NOT_DONE
        case never:
            assert_never(never)


def _move_card(
    tx: Connection, question_id: str, to: QuestionState, staff: str, now: datetime
) -> str | None:
    alert = alerts.of_question(tx, question_id)
    if alert is None:
        return None
    if to == "claimed":
        alerts.change(tx, alert.id, of=_OPEN, state="claimed", claimed_by=staff, claimed_at=now)
    else:
        cards.close(tx, alert.id, staff=staff, now=now)
    outbox.add(tx, cards.card_row(alert.id, "card_update", ORDINARY), now=now)
    return alert.id


def find(tx: Connection, beginning: str, *, now: datetime) -> list[Question]:
    """Questions whose id begins like this, in any state: people type the first letters."""
    every = questions.in_states(tx, ("open", "claimed", "answered", "dismissed"), now=now)
    return [question for question in every if question.id.startswith(beginning)]

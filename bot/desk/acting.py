"""What staff do: take an alert, close it, work on a question, pause the bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk import cards, queue, sending
from bot.desk.drafts import draft
from bot.desk.parts import Parts
from bot.desk.queue import Deed
from bot.desk.values import Acted, Person, Problem, QueueItem
from bot.desk.views import item_of
from bot.store import alerts, outbox, questions, switches
from bot.store.alerts import Alert
from bot.store.open import Connection
from bot.store.surroundings import PAUSED

_SENTENCES: dict[Problem, str] = {
    "staff_only": "act_not_staff",
    "gone": "act_gone",
    "taken": "act_taken",
}


def refused(problem: Problem, parts: Parts) -> Acted:
    return Acted(problem=problem, text=parts.say(_SENTENCES[problem]))


def claim_alert(alert_id: str, staff: Person, parts: Parts, now: datetime) -> Acted:
    """ "I have this": only now is the patient told that somebody has seen the message."""
    with parts.store.writing() as tx:
        alert = alerts.get(tx, alert_id)
        if alert is None:
            return refused("gone", parts)
        if alert.claimed_by == staff.user_id and alert.state == "claimed":
            return _shown(tx, alert, parts)  # pressed twice
        values = {"state": "claimed", "claimed_by": staff.user_id, "claimed_at": now}
        if not alerts.change(tx, alert_id, of=("open",), **values):
            refusal = refused("taken", parts)
            return replace(refusal, card=_shown(tx, alert, parts).card)
        told = alert.kind != "unanswered" and cards.tell_patient(
            tx, alert, "seen_by_clinic", parts, now, priority=cards.lane_of(alert)
        )
        return _changed(tx, alert, parts, now, told=told)


def close_alert(alert_id: str, staff: Person, parts: Parts, now: datetime) -> Acted:
    """ "Done": the card is closed, and the person's id is gone from the store."""
    with parts.store.writing() as tx:
        alert = alerts.get(tx, alert_id)
        if alert is None:
            return refused("gone", parts)
        if not cards.close(tx, alert_id, staff=staff.user_id, now=now):
            return _shown(tx, alert, parts)  # pressed twice
        return _changed(tx, alert, parts, now, told=False)


def _changed(tx: Connection, alert: Alert, parts: Parts, now: datetime, *, told: bool) -> Acted:
    row = cards.card_row(alert.id, "card_update", cards.lane_of(alert))
    outbox.add(tx, row, now=now)
    deliveries = sending.next_of(tx, row.conversation, parts, now)
    if told:
        deliveries += sending.next_of(tx, alert.conversation, parts, now)
    return replace(_shown(tx, alert, parts), deliveries=tuple(deliveries))


def _shown(tx: Connection, alert: Alert, parts: Parts) -> Acted:
    fresh = alerts.get(tx, alert.id) or alert
    return Acted(text=parts.say("act_done"), card=cards.card_of(tx, fresh, parts))


# ---------------------------------------------------------------- questions
def move_question(
    question_id: str, deed: Deed, staff: Person, parts: Parts, now: datetime
) -> Acted:
    with parts.store.writing() as tx:
        moved = queue.move(tx, question_id, deed, staff=staff.user_id, now=now)
        item = item_of(moved.question, parts.engine) if moved.question else None
        if moved.failure is not None:
            return replace(refused(moved.failure, parts), item=item)
        acted = Acted(text=parts.say("act_done"), item=item)
        if moved.alert_id is None:
            return acted
        alert = alerts.get(tx, moved.alert_id)
        conversation = cards.staff_conversation(moved.alert_id)
        return replace(
            acted,
            card=cards.card_of(tx, alert, parts) if alert else None,
            deliveries=tuple(sending.next_of(tx, conversation, parts, now)),
        )


def draft_question(question_id: str, parts: Parts, now: datetime) -> Acted:
    """The YAML entry to fill in; the question stays as it is."""
    with parts.store.reading() as tx:
        question = questions.get(tx, question_id)
    if question is None or question.expires_at <= now:
        return refused("gone", parts)
    item: QueueItem = item_of(question, parts.engine)
    return Acted(text=parts.say("act_done"), item=item, draft=draft(question.question))


# ---------------------------------------------------------------- pause
def pause(on: bool | None, parts: Parts, now: datetime) -> Acted:
    """Switch the bot to the contact card, or back; None only asks."""
    if on is not None:
        with parts.store.writing() as tx:
            switches.put(tx, PAUSED, "1" if on else "0", now=now)
    if parts.settings.paused:
        return Acted(text=parts.say("pause_by_setting"))
    return Acted(text=parts.say("pause_on" if is_paused(parts) else "pause_off"))


def is_paused(parts: Parts) -> bool:
    if parts.settings.paused:
        return True
    with parts.store.reading() as tx:
        return switches.get(tx, PAUSED) == "1"

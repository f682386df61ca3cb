"""Alerts in the store, and what is sent because of them: cards for staff, words to the patient."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from bot.desk import alerts as decisions
from bot.desk import codec
from bot.desk.alerts import Held, Merged, Wanted
from bot.desk.codec import CardCall
from bot.desk.parts import Parts, drawn
from bot.desk.values import (
    AlertCard,
    AlertKind,
    AlertState,
    Incoming,
    Outgoing,
    QuestionState,
)
from bot.store import alerts, outbox, questions
from bot.store.alerts import Alert
from bot.store.open import Connection

NOT_CLOSED = ("open", "claimed")
_BROADCAST = ("card_again", "card_more_urgent")


def staff_conversation(alert_id: str) -> str:
    """The order of everything about one card."""
    return f"staff:{alert_id}"


# ---------------------------------------------------------------- raising
def raise_alert(
    tx: Connection,
    wanted: Wanted,
    incoming: Incoming,
    parts: Parts,
    now: datetime,
    *,
    conversation: str,
    user_id: str,
    user_hash: str,
    back: Outgoing | None,
) -> str:
    """A new card, or another message on the one this conversation has. The alert's id.

    Args:
        back: an empty message to where the patient can be told what became of it.
    """
    held = None
    if wanted.kind != "unanswered":
        held = alerts.open_in(tx, conversation, wanted.kind)
    if held is not None:
        _put_on(tx, held, wanted, parts, now)
        return held.id
    alert = _new(wanted, incoming, parts, now, conversation, user_id, user_hash, back)
    alerts.add(tx, alert)
    outbox.add(tx, card_row(alert.id, "card", wanted.priority), now=now)
    return alert.id


def _new(
    wanted: Wanted,
    incoming: Incoming,
    parts: Parts,
    now: datetime,
    conversation: str,
    user_id: str,
    user_hash: str,
    back: Outgoing | None,
) -> Alert:
    in_channel = incoming.place.kind == "channel"
    return Alert(
        id=parts.new_id(),
        kind=wanted.kind,
        conversation=conversation,
        state="open",
        tier=wanted.tier,
        concepts=codec.text_of(wanted.concepts),
        words=codec.text_of([codec.storable(w) for w in wanted.words]),
        times=1,
        team_id=incoming.person.team_id,
        user_id=user_id,
        user_hash=user_hash,
        channel_id=incoming.place.channel_id if in_channel else None,
        message_ts=incoming.ts if in_channel else None,
        question_id=wanted.question_id,
        created_at=now,
        realert_at=decisions.next_realert(wanted.tier, 0, now, parts.settings),
        return_place=codec.text_of(back) if back else None,
    )


def _put_on(tx: Connection, alert: Alert, wanted: Wanted, parts: Parts, now: datetime) -> None:
    merged = decisions.merge(_held(alert), wanted)
    alerts.change(tx, alert.id, of=NOT_CLOSED, **_columns(merged, parts, now))
    lane = decisions.lane(merged.tier)
    outbox.add(tx, card_row(alert.id, "card_update", lane), now=now)
    if merged.say:
        outbox.add(tx, card_row(alert.id, "card_thread", lane, say=merged.say), now=now)


def _held(alert: Alert) -> Held:
    return Held(
        tier=decisions.as_tier(alert.tier),
        concepts=codec.texts_of(alert.concepts),
        words=codec.texts_of(alert.words),
        times=alert.times,
        claimed=alert.state == "claimed",
    )


def _columns(merged: Merged, parts: Parts, now: datetime) -> dict[str, object]:
    changed: dict[str, object] = {
        "tier": merged.tier,
        "concepts": codec.text_of(merged.concepts),
        "words": codec.text_of([codec.storable(w) for w in merged.words]),
        "times": merged.times,
    }
    if merged.reopened:
        changed |= {
            "state": "open",
            "claimed_by": None,
            "claimed_at": None,
            "realerts": 0,
            "realert_at": decisions.next_realert(merged.tier, 0, now, parts.settings),
        }
    return changed


def card_row(alert_id: str, purpose: str, priority: int, *, say: str = "") -> outbox.New:
    """A row about a card: drawn from the alert only when it is sent, so it is always true."""
    return outbox.New(
        purpose=purpose,
        conversation=staff_conversation(alert_id),
        payload=codec.text_of(CardCall(say=say)),
        priority=priority,
        alert_id=alert_id,
    )


def remind(tx: Connection, alert: Alert, now: datetime) -> None:
    """Nobody has taken it: once more in its thread, unless that is still on its way."""
    waiting = outbox.waiting_purposes(tx, alert.id, staff_conversation(alert.id))
    if "card_thread" not in waiting:
        lane = decisions.lane(alert.tier)
        outbox.add(tx, card_row(alert.id, "card_thread", lane, say="card_again"), now=now)


def close(tx: Connection, alert_id: str, *, staff: str, now: datetime) -> bool:
    """Closed, and every raw id of the person gone. False: it was closed before."""
    return alerts.change(
        tx,
        alert_id,
        of=NOT_CLOSED,
        state="closed",
        closed_by=staff,
        closed_at=now,
        user_id=None,
        return_place=None,
        realert_at=None,
    )


# ---------------------------------------------------------------- telling the patient
def tell_patient(
    tx: Connection, alert: Alert, key: str, parts: Parts, now: datetime, *, priority: int
) -> bool:
    """A sentence to the person the alert is about. False: there is no way back to them."""
    if alert.return_place is None:
        return False
    text = parts.say(key)
    look = drawn(lambda: parts.renderer.sentence(text, None), text)
    back = codec.outgoing_of(alert.return_place)
    outgoing = replace(back, text=look.text, blocks=look.blocks, priority=priority)
    row = outbox.New(
        purpose=key,
        conversation=alert.conversation,
        payload=codec.text_of(outgoing),
        priority=priority,
        alert_id=alert.id,
    )
    outbox.add(tx, row, now=now)
    return True


def tell_undelivered(tx: Connection, alert: Alert, parts: Parts, now: datetime) -> bool:
    """Staff cannot be reached: the patient is told whom to call, once."""
    if alert.told_patient_at is not None or alert.kind == "unanswered":
        return False
    lane = decisions.lane(alert.tier)
    if not alerts.change(tx, alert.id, of=NOT_CLOSED, told_patient_at=now):
        return False
    return tell_patient(tx, alert, "alert_undelivered", parts, now, priority=lane)


# ---------------------------------------------------------------- showing
def outgoing_card(
    tx: Connection, row: outbox.Claimed, parts: Parts, call: CardCall
) -> Outgoing | None:
    """A row about a card as a call to Slack. None: there is no card (any more)."""
    alert = alerts.get(tx, row.alert_id or "")
    if alert is None or (row.purpose != "card" and alert.card_ts is None):
        return None
    card = card_of(tx, alert, parts)
    text = parts.say(call.say) if call.say else card_text(card)
    if row.purpose == "card_thread":
        look = drawn(lambda: parts.renderer.again(card, text), text)
    else:
        look = drawn(lambda: parts.renderer.card(card), text)
    is_update = row.purpose == "card_update"
    return Outgoing(
        kind="update" if is_update else "post",
        team_id=alert.team_id,
        channel_id=alert.card_channel or parts.settings.staff_channel,
        text=look.text,
        blocks=() if call.plain else look.blocks,
        thread_ts=alert.card_ts if row.purpose == "card_thread" else None,
        update_ts=alert.card_ts if is_update else None,
        broadcast=call.say in _BROADCAST,
        priority=row.priority,
    )


def card_of(tx: Connection, alert: Alert, parts: Parts) -> AlertCard:
    """An alert as its card shows it."""
    question = questions.get(tx, alert.question_id) if alert.question_id else None
    entry = parts.engine.entries.get(question.nearest) if question else None
    names = {c.id: c.name for c in parts.engine.knowledge.triage.concepts}
    return AlertCard(
        id=alert.id,
        kind=cast("AlertKind", alert.kind),
        state=cast("AlertState", alert.state),
        tier=decisions.as_tier(alert.tier),
        signs=tuple(names.get(c, c) for c in codec.texts_of(alert.concepts)),
        words=codec.texts_of(alert.words),
        team_id=alert.team_id,
        user_id=alert.user_id,
        channel_id=alert.channel_id,
        message_ts=alert.message_ts,
        created_at=alert.created_at,
        times=alert.times,
        claimed_by=alert.claimed_by,
        claimed_at=alert.claimed_at,
        closed_by=alert.closed_by,
        closed_at=alert.closed_at,
        question_id=alert.question_id,
        question_state=cast("QuestionState", question.state) if question else None,
        nearest=entry.question if entry else "",
        patient_told=alert.told_patient_at is not None,
    )


def card_text(card: AlertCard) -> str:
    """What a card says where it cannot be drawn."""
    parts = [card.tier or card.kind, *card.signs, card.state]
    if card.user_id:
        parts.append(f"person {card.user_id}")
    return " | ".join(parts)


def lane_of(alert: Alert) -> int:
    """The lane of everything about an alert."""
    return decisions.lane(alert.tier)

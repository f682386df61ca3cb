"""The outbox as deliveries: handing out, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import cards, codec
from bot.desk.parts import Parts
from bot.desk.retry import OF_BLOCKS, OF_PLACE, GiveUp, Later, card_retry_at, retry_at
from bot.desk.values import Delivery
from bot.store import alerts, outbox, switches
from bot.store.open import Connection

SEND_TIMEOUT = timedelta(seconds=8)  #: a call to Slack must have ended by then


# ---------------------------------------------------------------- handing out
def enqueue(
    tx: Connection, rows: Sequence[outbox.New], parts: Parts, now: datetime, *, idle: bool
) -> list[Delivery]:
    """Put rows of one conversation into the outbox, in order; the first is handed out at once.

    Args:
        idle: nothing of this conversation was waiting, so the first row is held as it is made.
    """
    if not rows:
        return []
    first = outbox.add(tx, rows[0], now=now, lease=parts.lease(now) if idle else None)
    for row in rows[1:]:
        outbox.add(tx, row, now=now)
    if not idle:
        return next_of(tx, rows[0].conversation, parts, now)
    return [d for d in [hand_out(tx, first, parts, now)] if d is not None]


def next_of(tx: Connection, conversation: str, parts: Parts, now: datetime) -> list[Delivery]:
    """The next delivery of a conversation, if one is due."""
    while (row := outbox.claim_next(tx, conversation, parts.lease(now))) is not None:
        delivery = hand_out(tx, row, parts, now)
        if delivery is not None:
            return [delivery]
    return []


def hand_out(tx: Connection, row: outbox.Claimed, parts: Parts, now: datetime) -> Delivery | None:
    """A held row as a call to Slack. None: there is nothing to send, and the row is finished."""
    if row.purpose in ("card", "card_update", "card_thread"):
        outgoing = cards.outgoing_card(tx, row, parts, codec.card_of(row.payload))
        if outgoing is None:
            outbox.finish(tx, row.id, now=now, failed="no card")
            return None
    else:
        outgoing = codec.outgoing_of(row.payload)
    return Delivery(
        id=row.id,
        purpose=row.purpose,
        outgoing=outgoing,
        conversation=row.conversation,
        attempts=row.attempts,
        priority=row.priority,
        created_at=row.created_at,
        lease_until=row.lease_until,
        alert_id=row.alert_id,
    )


def due(parts: Parts, now: datetime, *, most: int) -> list[Delivery]:
    """Rows whose time has come, held by this process from now on."""
    lease = parts.lease(now)
    with parts.store.reading() as tx:
        if not outbox.has_due(tx, lease):
            return []
    with parts.store.writing(durable=False) as tx:
        rows = outbox.claim_due(tx, lease, most=most)
        found = [hand_out(tx, row, parts, now) for row in rows]
    return [delivery for delivery in found if delivery is not None]


def hold(delivery: Delivery, parts: Parts, now: datetime) -> bool:
    """Whether the row is still ours for as long as sending takes."""
    if SEND_TIMEOUT <= delivery.lease_until - now <= 2 * SEND_TIMEOUT:
        return True
    with parts.store.writing(durable=False) as tx:
        return outbox.renew(tx, delivery.id, attempts=delivery.attempts, lease=parts.lease(now))


# ---------------------------------------------------------------- afterwards
def delivered(delivery: Delivery, parts: Parts, now: datetime, ts: str | None) -> list[Delivery]:
    """Sent: the row is finished and its text gone. What comes next in its conversation."""
    with parts.store.writing(durable=False) as tx:
        outbox.finish(tx, delivery.id, now=now)
        if delivery.purpose == "card" and delivery.alert_id is not None and ts is not None:
            alerts.change(
                tx,
                delivery.alert_id,
                of=("open", "claimed", "closed"),
                card_ts=ts,
                card_channel=delivery.outgoing.channel_id,
            )
        return next_of(tx, delivery.conversation, parts, now)


def failed(
    delivery: Delivery,
    parts: Parts,
    now: datetime,
    error: str,
    *,
    retry_after_s: float | None,
    jitter: float,
) -> list[Delivery]:
    """Not sent: later, in another way, or given up. What comes next in its conversation."""
    with parts.store.writing() as tx:
        if not _another_way(tx, delivery, parts, error):
            decide = card_retry_at if delivery.purpose == "card" else retry_at
            decision = decide(
                delivery.attempts,
                error,
                now,
                created_at=delivery.created_at,
                retry_after_s=retry_after_s,
                jitter=jitter,
            )
            _settle(tx, delivery, decision, parts, now, permanent=error)
        return next_of(tx, delivery.conversation, parts, now)


def _settle(
    tx: Connection,
    delivery: Delivery,
    decision: Later | GiveUp,
    parts: Parts,
    now: datetime,
    *,
    permanent: str,
) -> None:
    if isinstance(decision, Later):
        held = (delivery.id, delivery.attempts)
        outbox.put_off(tx, held, by=parts.process, due_at=decision.at)
    else:
        outbox.finish(tx, delivery.id, now=now, failed=decision.reason)
        switches.count(tx, "undelivered", now=now)
    if delivery.purpose == "card" and isinstance(
        retry_at(1, permanent, now, created_at=delivery.created_at), GiveUp
    ):
        alert = alerts.get(tx, delivery.alert_id or "")
        if alert is not None:
            cards.tell_undelivered(tx, alert, parts, now)


def _another_way(tx: Connection, delivery: Delivery, parts: Parts, error: str) -> bool:
    """Plain text where Slack refuses the blocks; a direct message where the place is closed."""
    payload = _plainer(delivery, error) or _direct(delivery, error)
    if payload is None:
        return False
    return outbox.change(
        tx, delivery.id, by=parts.process, attempts=delivery.attempts, payload=payload
    )


def _plainer(delivery: Delivery, error: str) -> str | None:
    if error not in OF_BLOCKS or not delivery.outgoing.blocks:
        return None
    if delivery.purpose.startswith("card"):
        say = "card_again" if delivery.purpose == "card_thread" else ""
        return codec.text_of(codec.CardCall(say=say, plain=True))
    return codec.text_of(replace(delivery.outgoing, blocks=()))


def _direct(delivery: Delivery, error: str) -> str | None:
    outgoing = delivery.outgoing
    is_open = outgoing.user_id and not outgoing.in_channel and outgoing.kind in ("post", "respond")
    if error not in OF_PLACE or not is_open:
        return None
    return codec.text_of(
        replace(outgoing, kind="dm", channel_id="", response_url="", thread_ts=None)
    )

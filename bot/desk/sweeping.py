"""What is due because time has passed: lost rows, retries, reminders, patients to be told."""

from __future__ import annotations

from datetime import datetime

from bot.desk import alerts as decisions
from bot.desk import cards, sending
from bot.desk.parts import Parts
from bot.desk.values import Swept
from bot.store import alerts, inbox
from bot.store.alerts import Alert
from bot.store.open import Connection

_MOST = 200  #: rows of a kind in one sweep; the next one is half a second away


def sweep(parts: Parts, now: datetime) -> Swept:
    """Everything that is due. Deliveries are held by this process from now on."""
    with parts.store.reading() as tx:
        left = inbox.left_behind(tx, parts.lease(now), most=_MOST)
        is_time = bool(_silent(tx, now, parts) or _undelivered(tx, now))
    if is_time:
        _alert_again(parts, now)
    return Swept(conversations=tuple(left), deliveries=tuple(sending.due(parts, now, most=_MOST)))


def _silent(tx: Connection, now: datetime, parts: Parts) -> list[Alert]:
    settings = parts.settings
    return alerts.realerts_due(
        tx,
        now,
        emergency=now + settings.realert_emergency,
        urgent=now + settings.realert_urgent,
    )


def _undelivered(tx: Connection, now: datetime) -> list[Alert]:
    limits = decisions.DELIVERY_LIMITS
    return alerts.undelivered(
        tx, emergency=now - limits["emergency"], urgent=now - limits["urgent"]
    )


def _alert_again(parts: Parts, now: datetime) -> None:
    with parts.store.writing() as tx:
        for alert in _silent(tx, now, parts):
            _remind(tx, alert, parts, now)
        for alert in _undelivered(tx, now):
            cards.tell_undelivered(tx, alert, parts, now)


def _remind(tx: Connection, alert: Alert, parts: Parts, now: datetime) -> None:
    realerts = alert.realerts + 1
    again = decisions.next_realert(alert.tier, realerts, now, parts.settings)
    alerts.change(tx, alert.id, of=("open",), realerts=realerts, realert_at=again)
    cards.remind(tx, alert, now)

"""The desk: what happens with whatever a person does, from arrival to confirmed delivery.

Every method takes `now` (aware, UTC); none sleeps, and none keeps a transaction open while the
bot thinks. All raise `StoreError` when the store cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.desk import acting, intake, purging, sending, sweeping, views, working
from bot.desk.parts import Parts
from bot.desk.ports import Answering, Renderer, Staff
from bot.desk.queue import Deed
from bot.desk.row import Row
from bot.desk.settings import DeskSettings
from bot.desk.values import (
    Acted,
    AlertCard,
    Answered,
    Delivery,
    Health,
    Incoming,
    Outgoing,
    Person,
    QuestionState,
    QueueItem,
    Received,
    Swept,
)
from bot.dialogue.engine import Engine
from bot.dialogue.lookup import LookedUp, lookup
from bot.store import inbox, outbox, switches
from bot.store.open import Store

_PURGE_EVERY = timedelta(hours=1)


class Desk:
    """Holds the bot, the store and the settings. Safe to share between threads."""

    def __init__(
        self,
        *,
        bot: Answering,
        store: Store,
        settings: DeskSettings,
        renderer: Callable[[Engine], Renderer],
        staff: Staff,
        new_id: Callable[[], str],
        process: str,
    ) -> None:
        self.store = store
        self._bot = bot
        self._settings = settings
        self._renderer = renderer
        self._staff = staff
        self._new_id = new_id
        self._process = process
        self._purged_at: datetime | None = None

    @property
    def parts(self) -> Parts:
        """The parts of this moment.

        A running bot may be given new knowledge, so each deed takes them once: what it begins
        with one engine it ends with the same.
        """
        bot = self._bot.held()
        return Parts(
            bot=bot,
            store=self.store,
            settings=self._settings,
            renderer=self._renderer(bot.engine),
            staff=self._staff,
            new_id=self._new_id,
            process=self._process,
        )

    # ------------------------------------------------------------ a message comes in
    def receive(self, incoming: Incoming, now: datetime) -> Received:
        """Keep it, durably, before it is acknowledged; or ignore it."""
        return intake.receive(incoming, self.parts, now)

    def last_resort(self, incoming: Incoming) -> Outgoing | None:
        """The store is down: the reply to a red flag, for sending at once. None: nothing."""
        return intake.last_resort(incoming, self.parts)

    # ------------------------------------------------------------ the worker
    def claim(self, conversation: str, now: datetime) -> Row | None:
        """The oldest waiting row of a conversation, held by this process."""
        return working.claim(conversation, self.parts, now)

    def answer(self, row: Row, now: datetime) -> Answered:
        """Everything that follows from a row, in one transaction; a fault gives the safe reply."""
        return working.answer(row, self.parts, now)

    # ------------------------------------------------------------ the deliverers
    def hold(self, delivery: Delivery, now: datetime) -> bool:
        """Before sending: whether it is still ours (the lease is renewed when it is short)."""
        return sending.hold(delivery, self.parts, now)

    def delivered(
        self, delivery: Delivery, now: datetime, ts: str | None = None
    ) -> tuple[Delivery, ...]:
        """It was sent; what comes next in its conversation."""
        return tuple(sending.delivered(delivery, self.parts, now, ts))

    def failed(
        self,
        delivery: Delivery,
        now: datetime,
        error: str,
        *,
        retry_after_s: float | None = None,
        jitter: float = 0.0,
    ) -> tuple[Delivery, ...]:
        """It was not sent: due again later, sent in another way, or given up; what comes next."""
        return tuple(
            sending.failed(
                delivery, self.parts, now, error, retry_after_s=retry_after_s, jitter=jitter
            )
        )

    # ------------------------------------------------------------ time passes
    def sweep(self, now: datetime) -> Swept:
        """What is due: lost leases, retries, re-alerts, patients to be told, hourly purge."""
        if self._purged_at is None or abs(now - self._purged_at) >= _PURGE_EVERY:
            self._purged_at = now
            purging.purge(self.store, keep=self._settings.keep_questions, now=now)
        return sweeping.sweep(self.parts, now)

    def release_all_leases(self, now: datetime) -> int:
        """At the start of the only process: everything held by a dead one is free."""
        with self.store.writing() as tx:
            return inbox.release_all(tx) + outbox.release_all(tx)

    def health(self, now: datetime) -> Health:
        """How far behind the desk is; raises where the store cannot be reached."""
        return views.health(self.parts, now)

    def count(self, name: str, now: datetime) -> None:
        """One more of what is only counted: refused_signature, oversized ..."""
        with self.store.writing(durable=False) as tx:
            switches.count(tx, name, now=now)

    # ------------------------------------------------------------ staff
    def claim_alert(self, alert_id: str, staff: Person, now: datetime) -> Acted:
        """ "I have this": the card says who, and the patient is told."""
        return self._by_staff(staff, lambda: acting.claim_alert(alert_id, staff, self.parts, now))

    def close_alert(self, alert_id: str, staff: Person, now: datetime) -> Acted:
        """ "Done": the card is closed and the person's id is gone from the store."""
        return self._by_staff(staff, lambda: acting.close_alert(alert_id, staff, self.parts, now))

    def claim_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        """Somebody works on it."""
        return self._question(question_id, "claim", staff, now)

    def answered_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        """Somebody has answered the person."""
        return self._question(question_id, "answered", staff, now)

    def dismiss_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        """No answer is needed."""
        return self._question(question_id, "dismiss", staff, now)

    def draft_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        """The YAML entry to fill in stands in `draft`."""
        return self._by_staff(staff, lambda: acting.draft_question(question_id, self.parts, now))

    def pause(self, on: bool | None, staff: Person, now: datetime) -> Acted:
        """Switch; None only asks. `text` says how it stands now."""
        return self._by_staff(staff, lambda: acting.pause(on, self.parts, now))

    def is_paused(self) -> bool:
        """Paused by staff or by setting: everything but red flags gets the contact card."""
        return acting.is_paused(self.parts)

    def open_questions(
        self, now: datetime, states: Sequence[QuestionState] = ("open", "claimed")
    ) -> tuple[QueueItem, ...]:
        """Unanswered questions in some states, oldest first."""
        return views.open_questions(self.parts, now, states)

    def open_alerts(self) -> tuple[AlertCard, ...]:
        """Cards that are not closed, oldest first."""
        return views.open_alerts(self.parts)

    def lookup(self, words: str, *, most: int = 5) -> tuple[LookedUp, ...]:
        """The staff's view of the entries on some words."""
        return tuple(lookup(words, self.parts.engine, most=most))

    # ------------------------------------------------------------ inside
    def _question(self, question_id: str, deed: Deed, staff: Person, now: datetime) -> Acted:
        return self._by_staff(
            staff, lambda: acting.move_question(question_id, deed, staff, self.parts, now)
        )

    def _by_staff(self, staff: Person, act: Callable[[], Acted]) -> Acted:
        """Checked at every press, not only where the button was drawn."""
        if not self._staff.is_staff(staff):
            return acting.refused("staff_only", self.parts)
        return act()

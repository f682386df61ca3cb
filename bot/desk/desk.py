"""The desk: what happens with whatever a person does, from arrival to confirmed delivery.

Every method takes `now` (aware, UTC); none sleeps, and none keeps a transaction open while the
bot thinks. All raise `StoreError` when the store cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.desk.ports import Answering, Renderer, Staff
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
from bot.dialogue.lookup import LookedUp
from bot.store.open import Store


class Desk:
    """Holds the bot, the store and the settings. Safe to share between threads."""

    def __init__(
        self,
        *,
        bot: Answering,
        store: Store,
        settings: DeskSettings,
        renderer: Renderer,
        staff: Staff,
        new_id: Callable[[], str],
        process: str,
    ) -> None:
        self.bot = bot
        self.store = store
        self.settings = settings
        self.renderer = renderer
        self.staff = staff
        self.new_id = new_id
        self.process = process

    # ------------------------------------------------------------ a message comes in
    def receive(self, incoming: Incoming, now: datetime) -> Received:
        """Keep it, durably, before it is acknowledged; or ignore it."""
        raise NotImplementedError

    def last_resort(self, incoming: Incoming) -> Outgoing | None:
        """The store is down: the reply to a red flag, for sending at once. None: nothing."""
        raise NotImplementedError

    # ------------------------------------------------------------ the worker
    def claim(self, conversation: str, now: datetime) -> Row | None:
        """The oldest waiting row of a conversation, held by this process."""
        raise NotImplementedError

    def answer(self, row: Row, now: datetime) -> Answered:
        """Everything that follows from a row, in one transaction; a fault gives the safe reply."""
        raise NotImplementedError

    # ------------------------------------------------------------ the deliverers
    def hold(self, delivery: Delivery, now: datetime) -> bool:
        """Before sending: whether it is still ours (the lease is renewed when it is short)."""
        raise NotImplementedError

    def delivered(
        self, delivery: Delivery, now: datetime, ts: str | None = None
    ) -> tuple[Delivery, ...]:
        """It was sent; what comes next in its conversation."""
        raise NotImplementedError

    def failed(
        self,
        delivery: Delivery,
        now: datetime,
        error: str,
        *,
        retry_after_s: float | None = None,
        jitter: float = 0.0,
    ) -> tuple[Delivery, ...]:
        """It was not sent: due again later, or given up; what comes next."""
        raise NotImplementedError

    # ------------------------------------------------------------ time passes
    def sweep(self, now: datetime) -> Swept:
        """What is due: lost leases, retries, re-alerts, patients to be told, hourly purge."""
        raise NotImplementedError

    def release_all_leases(self, now: datetime) -> int:
        """At the start of the only process: everything held by a dead one is free."""
        raise NotImplementedError

    def health(self, now: datetime) -> Health:
        raise NotImplementedError

    def count(self, name: str, now: datetime) -> None:
        """One more of what is only counted: refused_signature, oversized ..."""
        raise NotImplementedError

    # ------------------------------------------------------------ staff
    def claim_alert(self, alert_id: str, staff: Person, now: datetime) -> Acted:
        """ "I have this": the card says who, and the patient is told."""
        raise NotImplementedError

    def close_alert(self, alert_id: str, staff: Person, now: datetime) -> Acted:
        """ "Done": the card is closed and the person's id is gone from the store."""
        raise NotImplementedError

    def claim_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        raise NotImplementedError

    def answered_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        raise NotImplementedError

    def dismiss_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        raise NotImplementedError

    def draft_question(self, question_id: str, staff: Person, now: datetime) -> Acted:
        """The YAML entry to fill in stands in `draft`."""
        raise NotImplementedError

    def pause(self, on: bool | None, staff: Person, now: datetime) -> Acted:
        """Switch; None only asks. `text` says how it stands now."""
        raise NotImplementedError

    def is_paused(self) -> bool:
        raise NotImplementedError

    def open_questions(
        self, now: datetime, states: Sequence[QuestionState] = ("open", "claimed")
    ) -> tuple[QueueItem, ...]:
        raise NotImplementedError

    def open_alerts(self, now: datetime) -> tuple[AlertCard, ...]:
        raise NotImplementedError

    def lookup(self, words: str, *, most: int = 5) -> tuple[LookedUp, ...]:
        """The staff's view of the entries on some words."""
        raise NotImplementedError

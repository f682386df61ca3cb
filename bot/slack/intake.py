"""Before the acknowledgement: what a person did goes into the durable inbox, or Slack keeps it."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from slack_bolt import BoltContext, BoltResponse

from bot.desk.desk import Desk
from bot.desk.values import Incoming, Received
from bot.dialogue import compose
from bot.slack.incoming import incoming_of
from bot.slack.text import escape
from bot.slack.worker import Worker
from bot.store.errors import StoreError

_LOG = logging.getLogger(__name__)
RECEIVED = "received"  #: where the listeners find what became of it
_REMEMBERED = 1000
_LISTENED_TO = ("block_actions", "message_action", "shortcut", "view_submission", "view_closed")


class Intake:
    """The global middleware. Raising or 503 means: not acknowledged, Slack sends it again."""

    def __init__(self, desk: Desk, worker: Worker, *, bot_user_id: str) -> None:
        self._desk = desk
        self._worker = worker
        self._bot_user_id = bot_user_id
        self._told: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(
        self, body: dict[str, Any], context: BoltContext, next: Callable[[], None]
    ) -> BoltResponse | None:
        incoming = incoming_of(body, bot_user_id=self._bot_user_id, now=self._worker.clock())
        if incoming is None:
            return None if _is_listened_to(body, next) else BoltResponse(status=200, body="")
        try:
            context[RECEIVED] = self._desk.receive(incoming, self._worker.clock())
        except StoreError:
            return self._without_store(incoming)
        next()
        return None

    def _without_store(self, incoming: Incoming) -> BoltResponse:
        """Nothing is kept. A red flag is answered all the same, from memory, as well as it goes."""
        _LOG.error("the store cannot be used; %s not kept", incoming.kind)
        if self._is_first_time(incoming.key):
            self._worker.aside(lambda: self._last_resort(incoming))
        if incoming.kind in ("message", "mention", "edit", "deleted"):
            return BoltResponse(status=503, body="")  # Slack sends it again
        if incoming.kind == "command":  # Slack does not: say so to the person
            sentence = compose.say("slack_unavailable", self._desk.parts.engine)
            return BoltResponse(status=200, body={"text": escape(sentence)})
        return BoltResponse(status=200, body="")

    def _last_resort(self, incoming: Incoming) -> None:
        if outgoing := self._desk.last_resort(incoming):
            self._worker.sender.send(outgoing)

    def _is_first_time(self, key: str) -> bool:
        """Slack sends an event up to four times; the red flag's reply goes out once."""
        with self._lock:
            if key in self._told:
                return False
            self._told[key] = None
            while len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)
            return True


def _is_listened_to(body: dict[str, Any], next: Callable[[], None]) -> bool:
    """Go on to the listeners with what they know; bolt would leave all else unacknowledged."""
    event = body.get("event") or {}
    is_known = body.get("type") in _LISTENED_TO or "command" in body or bool(event.get("type"))
    if is_known:
        next()
    return is_known


def received(context: BoltContext) -> Received | None:
    found = context.get(RECEIVED)
    return found if isinstance(found, Received) else None

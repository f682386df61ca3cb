"""What Slack sends to the app: each delivery, its attempts, and when it is sent again."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fake_slack.world import World

#: Seconds to the next attempt after a failed one. Slack's own are near zero, 60 and 300.
FAST_RETRIES = (0.05, 0.25, 1.0)
SLACK_RETRIES = (0.05, 60.0, 300.0)
ACK_WITHIN_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one attempt ended."""

    ok: bool
    reason: str = ""  #: as Slack names it in retry_reason
    answer: dict[str, Any] | None = None  #: what came with the acknowledgement
    status: int = 200
    no_retry: bool = False  #: the app has asked not to be sent it again


@dataclass(kw_only=True)
class Attempt:
    number: int  #: 0 is the first delivery
    sent_at: float
    ended_at: float = 0.0
    outcome: Outcome | None = None


@dataclass(kw_only=True, eq=False)
class Delivery:
    """One event, command or interaction on its way to the app."""

    kind: str  #: events_api, slash_commands or interactive
    payload: dict[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    acked_at: float | None = None  #: monotonic; also when it came too late
    latency_s: float | None = None  #: of the attempt that was acknowledged
    answer: dict[str, Any] | None = None
    given_up: bool = False

    @property
    def acked(self) -> bool:
        return self.acked_at is not None

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))


class Transport(Protocol):
    """How an attempt reaches the app; calls `done` once, on any thread."""

    def send(self, delivery: Delivery, attempt: Attempt, done: Callable[[Outcome], None]) -> None:
        """Send it once; `attempt.number` and the reason of the last one go with it."""


class Alarm:
    """One thread that calls functions when their time has come."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="fake-slack-alarm", daemon=True)
        self._thread.start()

    def after(self, seconds: float, call: Callable[[], object]) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), call))
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(5)

    def _run(self) -> None:
        while (call := self._next()) is not None:
            call()

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None


class Deliveries:
    """Sends, waits for the acknowledgement, and sends events again as Slack does."""

    def __init__(self, world: World, alarm: Alarm, retries: tuple[float, ...]) -> None:
        self._world, self._alarm = world, alarm
        self.retries = retries
        self.transport: Transport | None = None
        self.on_ack: Callable[[Delivery], None] = lambda delivery: None
        self._all: list[Delivery] = []

    def all(self) -> list[Delivery]:
        with self._world.changed:
            return list(self._all)

    def start(self, kind: str, payload: dict[str, Any]) -> Delivery:
        delivery = Delivery(kind=kind, payload=payload)
        with self._world.changed:
            self._all.append(delivery)
        self._attempt(delivery)
        return delivery

    def again(self, delivery: Delivery) -> None:
        """Deliver it once more though it was acknowledged: Slack did not see the answer."""
        self._attempt(delivery)

    def _attempt(self, delivery: Delivery) -> None:
        if self.transport is None:
            raise RuntimeError("the fake has no way to the app: connect a socket or serve_http()")
        attempt = Attempt(number=len(delivery.attempts), sent_at=time.monotonic())
        with self._world.changed:
            delivery.attempts.append(attempt)
        self.transport.send(
            delivery, attempt, lambda outcome: self._end(delivery, attempt, outcome)
        )

    def _end(self, delivery: Delivery, attempt: Attempt, outcome: Outcome) -> None:
        with self._world.changed:
            is_first_end = attempt.outcome is None
            attempt.ended_at = time.monotonic()
            is_ack = outcome.ok and not delivery.acked
            if is_ack:
                delivery.acked_at = attempt.ended_at
                delivery.latency_s = attempt.ended_at - attempt.sent_at
                delivery.answer = outcome.answer
            attempt.outcome = outcome
            retry = self._retry_in(delivery, attempt) if is_first_end and not outcome.ok else None
            delivery.given_up = not delivery.acked and retry is None
            self._world.changed.notify_all()
        if is_ack:
            self.on_ack(delivery)
        if retry is not None:
            self._alarm.after(retry, lambda: self._retry(delivery))

    def _retry(self, delivery: Delivery) -> None:
        if not delivery.acked:  # an acknowledgement may have come late, after all
            self._attempt(delivery)

    def _retry_in(self, delivery: Delivery, attempt: Attempt) -> float | None:
        """Seconds until the next attempt; only events are sent again."""
        if delivery.kind != "events_api" or delivery.acked:
            return None
        if attempt.outcome is not None and attempt.outcome.no_retry:
            return None
        number = attempt.number
        return self.retries[number] if number < len(self.retries) else None

"""Threads that work off the inbox and the outbox. Nothing in a pool ever sleeps.

A message is answered by the pool of its lane, its deliveries go out through the pool of theirs:
an emergency waits neither for slow answers nor for calls that Slack keeps waiting. What cannot be
sent now gets a time in the store and is let go; the sweep brings it back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.values import ORDINARY, Delivery, Received
from bot.errors import BotError
from bot.slack.logs import where
from bot.slack.sender import NotSent, Sender, Sent
from bot.slack.turns import UNKNOWN, Turns
from bot.store.errors import StoreError

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Threads of each pool, and the step of the sweep."""

    urgent_answers: int = 4
    answers: int = 8
    urgent_deliveries: int = 8
    deliveries: int = 16
    aside: int = 6
    sweep_s: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """Sent, and not yet written down as sent."""

    delivery: Delivery
    ts: str | None


class Worker:
    """Holds the pools. `start` and `stop` once each; everything between is thread-safe."""

    def __init__(
        self,
        desk: Desk,
        sender: Sender,
        *,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        sizes: Sizes,
        chore: Callable[[], None] | None = None,
    ) -> None:
        """
        Args:
            jitter: a fresh number, 0..1, for spreading retries.
            chore: something to look after aside, with every sweep.
        """
        self.desk = desk
        self.sender = sender
        self.clock = clock
        self._jitter = jitter
        self._sizes = sizes
        self._chore = chore
        self._answers = _pool("answer", sizes.answers)
        self._urgent_answers = _pool("urgent-answer", sizes.urgent_answers)
        self._deliveries = _pool("deliver", sizes.deliveries)
        self._urgent_deliveries = _pool("urgent-deliver", sizes.urgent_deliveries)
        self._aside = _pool("aside", sizes.aside)
        self._turns = Turns()
        self._unconfirmed: list[Unconfirmed] = []
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._busy = 0
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_on, name="sweep", daemon=True)
        self._store_is_down = False

    # ------------------------------------------------------------ life
    def start(self, *, alone: bool) -> None:
        """Begin sweeping.

        Args:
            alone: no other process works on this store, so what is leased belonged to a dead one.
        """
        if alone:
            self.desk.release_all_leases(self.clock())
        self._sweeper.start()

    def stop(self, within_s: float) -> bool:
        """Take nothing new from the store, finish what is under way; True when all was."""
        self._stopping.set()
        deadline = time.monotonic() + within_s
        if self._sweeper.is_alive():
            self._sweeper.join(max(0.0, deadline - time.monotonic()))
        drained = self._wait_until_idle(deadline)
        self._confirm()
        for pool in self._pools():
            pool.shutdown(wait=False, cancel_futures=True)
        return drained

    def _wait_until_idle(self, deadline: float) -> bool:
        with self._idle:
            return self._idle.wait_for(
                lambda: self._busy == 0, max(0.0, deadline - time.monotonic())
            )

    def wait_until_idle(self, within_s: float) -> bool:
        """Nothing under way, nothing queued."""
        return self._wait_until_idle(time.monotonic() + within_s)

    def _pools(self) -> tuple[ThreadPoolExecutor, ...]:
        return (
            self._urgent_answers,
            self._answers,
            self._urgent_deliveries,
            self._deliveries,
            self._aside,
        )

    # ------------------------------------------------------------ answering
    def hand(self, received: Received) -> None:
        """Work on a conversation soon."""
        if received.conversation is not None:
            self.work_on(received.conversation, priority=received.priority)

    def work_on(self, conversation: str, *, priority: int = ORDINARY, rows: int = 1) -> None:
        """Answer what waits in a conversation. An urgent message does not queue behind others."""
        urgent = priority < ORDINARY
        if self._turns.add(conversation, rows, urgent=urgent):
            pool = self._urgent_answers if urgent else self._answers
            self._submit(pool, lambda: self._answer_all(conversation))

    def _answer_all(self, conversation: str) -> None:
        if not self._turns.begin(conversation):
            return
        try:
            while waiting := self._turns.waiting(conversation):
                if row := self.desk.claim(conversation, self.clock()):
                    self.deliver(self.desk.answer(row, self.clock()).deliveries)
                    self._turns.took(conversation)
                else:
                    self._turns.found_nothing(conversation, of=waiting)
        except BaseException:
            self._turns.give_up(conversation)
            raise

    # ------------------------------------------------------------ delivering
    def deliver(self, deliveries: Iterable[Delivery]) -> None:
        """Send rows of the outbox that this process holds, each through the pool of its lane."""
        for delivery in deliveries:
            fast = delivery.priority < ORDINARY
            pool = self._urgent_deliveries if fast else self._deliveries
            self._submit(pool, lambda d=delivery: self._send(d))  # type: ignore[misc]

    def _send(self, delivery: Delivery) -> None:
        if not self.desk.hold(delivery, self.clock()):
            return
        outcome = self.sender.deliver(delivery)
        match outcome:
            case Sent(ts=ts):
                self._delivered(Unconfirmed(delivery=delivery, ts=ts))
            case NotSent(error=error, retry_after_s=retry_after_s):
                _LOG.info(
                    "delivery %s (%s) try %s: %s",
                    delivery.id,
                    delivery.purpose,
                    delivery.attempts,
                    error,
                )
                self.deliver(
                    self.desk.failed(
                        delivery,
                        self.clock(),
                        error,
                        retry_after_s=retry_after_s,
                        jitter=self._jitter(),
                    )
                )

    def _delivered(self, sent: Unconfirmed) -> None:
        """Write down that it was sent; while the store is gone, remember it here."""
        try:
            self.deliver(self.desk.delivered(sent.delivery, self.clock(), sent.ts))
        except StoreError:
            with self._lock:
                self._unconfirmed.append(sent)
            raise

    def _confirm(self) -> None:
        """What was sent while the store was gone, before anything of it is sent again."""
        with self._lock:
            waiting, self._unconfirmed = self._unconfirmed, []
        for at, sent in enumerate(waiting):
            try:
                self.deliver(self.desk.delivered(sent.delivery, self.clock(), sent.ts))
            except StoreError:
                with self._lock:
                    self._unconfirmed += waiting[at:]
                return

    # ------------------------------------------------------------ sweeping
    def _sweep_on(self) -> None:
        while not self._stopping.wait(self._sizes.sweep_s):
            if self._chore:
                self.aside(self._chore)
            try:
                self.sweep()
            except StoreError:
                self._say_store_is(down=True)
            except Exception as error:  # noqa: BLE001 - the outermost line of this thread
                _LOG.error("sweep: %s", where(error))
            else:
                self._say_store_is(down=False)

    def sweep(self) -> None:
        """Once: confirm, then hand out what is due."""
        self._confirm()
        with self._lock:
            if self._unconfirmed:
                return  # the store is still gone
        swept = self.desk.sweep(self.clock())
        for conversation in swept.conversations:
            self.work_on(conversation, rows=UNKNOWN)
        self.deliver(swept.deliveries)

    def _say_store_is(self, *, down: bool) -> None:
        """Once per change: a store that is gone for an hour does not fill the log."""
        if down != self._store_is_down:
            self._store_is_down = down
            _LOG.warning("the store cannot be used" if down else "the store is back")

    # ------------------------------------------------------------ threads
    def aside(self, task: Callable[[], None]) -> None:
        """Something for staff that may take its time: no message waits for it."""
        self._submit(self._aside, task)

    def _submit(self, pool: ThreadPoolExecutor, task: Callable[[], None]) -> None:
        with self._lock:
            self._busy += 1
        try:
            pool.submit(self._run, task)
        except RuntimeError:  # shut down: it stands in the store, whoever starts next has it
            self._done()

    def _run(self, task: Callable[[], None]) -> None:
        try:
            task()
        except BotError as error:
            _LOG.warning("left for later: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the outermost line of a pool's thread
            _LOG.error("%s", where(error))
        finally:
            self._done()

    def _done(self) -> None:
        with self._idle:
            self._busy -= 1
            self._idle.notify_all()


def _pool(name: str, threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)

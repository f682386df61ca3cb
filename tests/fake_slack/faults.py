"""What goes wrong on purpose: a script of faults per Web API method, taken one call at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fake_slack.calls import Call

_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>502</body></html>"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way for a call to go wrong.

    `takes_effect` says whether Slack has done what was asked before it failed to say so.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | dict[str, Any] | None = None  #: None: the true answer
    delay_s: float = 0.0
    drops_connection: bool = False
    takes_effect: bool = False


def rate_limited(retry_after: int = 1) -> Fault:
    return Fault(
        status=429,
        headers={"Retry-After": str(retry_after)},
        body={"ok": False, "error": "ratelimited"},
    )


def server_error(status: int = 500, *, takes_effect: bool = False) -> Fault:
    """500 or 503, with the JSON that Slack sends along."""
    error = "internal_error" if status == 500 else "service_unavailable"
    return Fault(status=status, body={"ok": False, "error": error}, takes_effect=takes_effect)


def bad_gateway() -> Fault:
    """A proxy's page instead of JSON."""
    return Fault(status=502, headers={"Content-Type": "text/html"}, body=_BAD_GATEWAY)


def dropped(*, takes_effect: bool = False) -> Fault:
    """The connection ends without an answer, before or after the call took effect."""
    return Fault(drops_connection=True, takes_effect=takes_effect)


def slow(seconds: float) -> Fault:
    """The true answer, late."""
    return Fault(delay_s=seconds, takes_effect=True)


def refused(error: str) -> Fault:
    """Slack's ok:false with this error."""
    return Fault(body={"ok": False, "error": error})


@dataclass(kw_only=True)
class _Line:
    faults: list[Fault]
    when: Callable[[Call], bool]
    repeats: bool


class FaultScript:
    """Faults in the order they are to happen; a call without one goes well.

    `*` stands for every method, `response_url` for posts to one.
    """

    def __init__(self) -> None:
        self._lines: dict[str, list[_Line]] = {}
        self._lock = threading.Lock()

    def add(
        self,
        method: str,
        *faults: Fault,
        when: Callable[[Call], bool] = lambda call: True,
    ) -> None:
        """The next calls of `method` (those that `when` picks) meet `faults`, one each."""
        self._append(method, _Line(faults=list(faults), when=when, repeats=False))

    def always(
        self, method: str, fault: Fault, when: Callable[[Call], bool] = lambda call: True
    ) -> None:
        """Until `clear`, every call of `method` that `when` picks meets `fault`."""
        self._append(method, _Line(faults=[fault], when=when, repeats=True))

    def clear(self, method: str | None = None) -> None:
        with self._lock:
            for name in [method] if method else list(self._lines):
                self._lines.pop(name, None)

    def take(self, call: Call) -> Fault | None:
        """The fault this call meets, used up unless it repeats."""
        with self._lock:
            for line in [*self._lines.get(call.method, ()), *self._lines.get("*", ())]:
                if line.faults and line.when(call):
                    fault: Fault = line.faults[0] if line.repeats else line.faults.pop(0)
                    return fault
        return None

    def _append(self, method: str, line: _Line) -> None:
        with self._lock:
            self._lines.setdefault(method, []).append(line)


class ChannelRate:
    """Slack's limit on posting: so many messages a second and channel, with a short burst."""

    def __init__(self, per_second: float, burst: int = 3) -> None:
        self._per_second, self._burst = per_second, burst
        self._buckets: dict[str, tuple[float, float]] = {}  #: tokens left, as of when
        self._lock = threading.Lock()

    def wait_s(self, channel: str, now: float) -> float:
        """0 when a post may go now (and counts it), else the seconds to wait."""
        with self._lock:
            left, since = self._buckets.get(channel, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._per_second)
            if left < 1.0:
                self._buckets[channel] = (left, now)
                return (1.0 - left) / self._per_second
            self._buckets[channel] = (left - 1.0, now)
            return 0.0

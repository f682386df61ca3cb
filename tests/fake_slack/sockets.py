"""Socket Mode: tickets, open sockets, envelopes and acknowledgements, and how sockets fail."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from tests.fake_slack.deliveries import ACK_WITHIN_S, Alarm, Attempt, Delivery, Outcome
from tests.fake_slack.model import APP
from tests.fake_slack.websocket import WebSocket
from tests.fake_slack.world import World

_DEBUG = {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060}


class Sockets:
    """Every websocket of the app, and the envelopes that wait for their acknowledgement."""

    def __init__(self, world: World, alarm: Alarm, *, ping_every_s: float) -> None:
        self.refused_handshakes = 0  #: how many of the next handshakes to refuse
        self.ack_within_s = ACK_WITHIN_S
        self.late_acks = 0
        self._world, self._alarm = world, alarm
        self._ping_every_s = ping_every_s
        self._tickets: set[str] = set()
        self._all: list[WebSocket] = []
        self._waiting: dict[str, Callable[[Outcome], None]] = {}
        self._turn = 0

    def issue_ticket(self) -> str:
        """Slack's ticket in the address of a socket: good for one handshake."""
        ticket = secrets.token_hex(16)
        with self._world.changed:
            self._tickets.add(ticket)
        return ticket

    def admit(self, ticket: str) -> bool:
        """Whether this handshake may go on."""
        with self._world.changed:
            if self.refused_handshakes > 0:
                self.refused_handshakes -= 1
                return False
            known = ticket in self._tickets
            self._tickets.discard(ticket)
            return known

    def serve(self, make: Callable[[int], WebSocket]) -> None:
        """Say hello and read until the socket ends; runs on the connection's own thread."""
        with self._world.changed:
            socket = make(len(self._all) + 1)
            self._all.append(socket)
            count = len(self.open())
        socket.send(
            {
                "type": "hello",
                "num_connections": count,
                "debug_info": _DEBUG,
                "connection_info": {"app_id": APP},
            }
        )
        self._ping(socket)
        self._ring()
        while (frame := socket.receive()) is not None:
            if not socket.is_silent:
                self._acknowledge(frame)
        self._ring()

    def open(self) -> list[WebSocket]:
        with self._world.changed:
            return [socket for socket in self._all if socket.is_open]

    def opened(self) -> int:
        """How many sockets there have been."""
        with self._world.changed:
            return len(self._all)

    def send(self, delivery: Delivery, attempt: Attempt, done: Callable[[Outcome], None]) -> None:
        """Transport: an envelope on any open socket; an acknowledgement counts from any other."""
        socket = self._pick()
        if socket is None:
            done(Outcome(ok=False, reason="connection_failed"))
            return
        envelope_id = str(uuid.uuid4())
        with self._world.changed:
            self._waiting[envelope_id] = done
        if not socket.send(_envelope(envelope_id, delivery, attempt)):
            self._settle(envelope_id, Outcome(ok=False, reason="connection_failed"))
            return
        late = Outcome(ok=False, reason="timeout")
        self._alarm.after(self.ack_within_s, lambda: self._expire(envelope_id, late))

    def warn(self) -> None:
        """Slack says that a socket will be closed soon."""
        self._tell("warning")

    def refresh(self, timeout: float = 10.0) -> None:
        """Ask for a new socket, and close the old ones once it is there."""
        old = self._tell("refresh_requested")
        before = self.opened()
        self._world.wait_for(lambda: self.opened() > before, timeout)
        for socket in old:
            socket.close()

    def disable_link(self) -> None:
        """Somebody has switched Socket Mode off."""
        for socket in self._tell("link_disabled"):
            socket.close()

    def close(self) -> None:
        """A CLOSE frame on every socket."""
        for socket in self.open():
            socket.close()

    def cut(self) -> None:
        """Every connection ends at once without a word: a silent end of TCP."""
        for socket in self.open():
            socket.cut()
        self._ring()

    def go_silent(self) -> None:
        """Sockets stay open, but nothing comes back: no PONG, and acknowledgements are lost."""
        for socket in self.open():
            socket.is_silent = True

    def _tell(self, reason: str) -> list[WebSocket]:
        told = self.open()
        for socket in told:
            socket.is_retired = reason != "warning"
            socket.send({"type": "disconnect", "reason": reason, "debug_info": _DEBUG})
        return told

    def _pick(self) -> WebSocket | None:
        """Any open socket, one after the other; a retired one only when there is no other."""
        candidates = self.open()
        fresh = [socket for socket in candidates if not socket.is_retired] or candidates
        self._turn += 1
        return fresh[self._turn % len(fresh)] if fresh else None

    def _acknowledge(self, frame: dict[str, Any]) -> None:
        envelope_id = str(frame.get("envelope_id", ""))
        self._settle(envelope_id, Outcome(ok=True, answer=frame.get("payload")))

    def _expire(self, envelope_id: str, late: Outcome) -> None:
        with self._world.changed:
            done = self._waiting.get(envelope_id)
        if done is not None:
            done(late)  # it stays known: an acknowledgement may still come

    def _settle(self, envelope_id: str, outcome: Outcome) -> None:
        with self._world.changed:
            done = self._waiting.pop(envelope_id, None)
        if done is not None:
            done(outcome)

    def _ping(self, socket: WebSocket) -> None:
        if self._ping_every_s and socket.is_open:
            socket.ping()
            self._alarm.after(self._ping_every_s, lambda: self._ping(socket))

    def _ring(self) -> None:
        with self._world.changed:
            self._world.changed.notify_all()


def _envelope(envelope_id: str, delivery: Delivery, attempt: Attempt) -> dict[str, Any]:
    is_event = delivery.kind == "events_api"
    frame: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": delivery.kind,
        "accepts_response_payload": not is_event,
        "payload": delivery.payload,
    }
    if is_event:
        frame |= {"retry_attempt": attempt.number, "retry_reason": last_reason(delivery, attempt)}
    return frame


def last_reason(delivery: Delivery, attempt: Attempt) -> str:
    """Why the attempt before this one failed; empty for the first."""
    before = delivery.attempts[attempt.number - 1] if attempt.number else None
    return before.outcome.reason if before and before.outcome else ""

"""The server's half of RFC 6455, as much as Slack's sockets use."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading
import time
from io import BufferedIOBase
from typing import Any

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_CONTINUED = 0


def accept_key(key: str) -> str:
    """What the server answers to `Sec-WebSocket-Key`."""
    digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def handshake(key: str) -> bytes:
    lines = (
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept_key(key)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class WebSocket:
    """One connection, from the handshake until either side has gone."""

    def __init__(self, connection: socket.socket, incoming: BufferedIOBase, number: int) -> None:
        self.number = number
        self.opened_at = time.monotonic()
        self.is_open = True
        self.is_retired = False  #: asked to be replaced; nothing new is sent on it
        self.is_silent = False  #: reads, and answers nothing: a TCP peer that has gone
        self.pings = 0
        self.pongs = 0
        self._connection, self._incoming = connection, incoming
        self._sending = threading.Lock()

    def send(self, frame: dict[str, Any]) -> bool:
        """Send one JSON frame; False when the connection has gone."""
        return self._send(TEXT, json.dumps(frame, ensure_ascii=False).encode())

    def ping(self) -> None:
        if not self.is_silent:
            self._send(PING, b"Ping from applink-fake")

    def close(self) -> None:
        """Say goodbye; the client closes after us."""
        self._send(CLOSE, struct.pack(">H", 1000))

    def cut(self) -> None:
        """End the connection without a word."""
        self.is_open = False
        with contextlib.suppress(OSError):  # the other side was quicker
            self._connection.shutdown(socket.SHUT_RDWR)

    def receive(self) -> dict[str, Any] | None:
        """The next JSON frame; None when the connection has ended."""
        parts: list[bytes] = []
        while self.is_open:
            frame = self._read_frame()
            if frame is None:
                break
            opcode, is_last, payload = frame
            if opcode in (TEXT, _CONTINUED):
                parts.append(payload)
                if is_last:
                    return dict(json.loads(b"".join(parts)))
            elif not self._control(opcode, payload):
                break
        self.is_open = False
        return None

    def _control(self, opcode: int, payload: bytes) -> bool:
        """Answer a control frame; False when the conversation is over."""
        if opcode == PONG:
            self.pongs += 1
        if self.is_silent:
            return True
        if opcode == PING:
            self.pings += 1
            self._send(PONG, payload)
        if opcode == CLOSE:
            self._send(CLOSE, payload[:2])
        return opcode != CLOSE

    def _send(self, opcode: int, payload: bytes) -> bool:
        if not self.is_open:
            return False
        try:
            with self._sending:
                self._connection.sendall(_header(opcode, len(payload)) + payload)
        except OSError:
            self.is_open = False
        return self.is_open

    def _read_frame(self) -> tuple[int, bool, bytes] | None:
        try:
            first, second = self._read(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack(">H", self._read(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self._read(8))
            mask = self._read(4) if second & 0x80 else b""
            payload = self._read(length)
        except (OSError, EOFError, ValueError):
            return None
        return first & 0x0F, bool(first & 0x80), _unmask(payload, mask)

    def _read(self, count: int) -> bytes:
        read = self._incoming.read(count)
        if len(read) < count:
            raise EOFError
        return read


def _header(opcode: int, length: int) -> bytes:
    if length < 126:
        return struct.pack(">BB", 0x80 | opcode, length)
    if length < 1 << 16:
        return struct.pack(">BBH", 0x80 | opcode, 126, length)
    return struct.pack(">BBQ", 0x80 | opcode, 127, length)


def _unmask(payload: bytes, mask: bytes) -> bytes:
    if not mask or not payload:
        return payload
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    size = len(payload)
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return mixed.to_bytes(size, "big")

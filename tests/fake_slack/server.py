"""One HTTP server on loopback: Web API, response_urls, the websocket's door, and the page."""

from __future__ import annotations

import contextlib
import email.parser
import email.policy
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.fake_slack import chat
from tests.fake_slack.api import Api, Method, answer
from tests.fake_slack.calls import Call, Calls
from tests.fake_slack.faults import ChannelRate, Fault, FaultScript, rate_limited
from tests.fake_slack.sockets import Sockets
from tests.fake_slack.websocket import WebSocket, handshake

#: A page beside Slack's own addresses: (method, path with query, form) -> (status, type, body).
Page = Callable[[str, str, dict[str, str]], tuple[int, dict[str, str], bytes]]
_NESTED = ("blocks", "view", "attachments", "metadata", "prompts", "loading_messages")
_GONE = (ConnectionError, TimeoutError, BrokenPipeError)


class Server(ThreadingHTTPServer):
    """Holds what every request needs, and every open connection, to end them all at the close."""

    daemon_threads = True
    request_queue_size = 512  # a load test opens connections in bursts

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.api: Api
        self.calls: Calls
        self.faults: FaultScript
        self.sockets: Sockets
        self.methods: dict[str, Method]
        self.rate: ChannelRate | None = None
        self.page: Page | None = None
        self.errors: list[BaseException] = []
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def open_socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.server_port}/link/?ticket={self.sockets.issue_ticket()}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is ordinary; anything else is a defect of the fake."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, _GONE):
            self.errors.append(error)

    def end_connections(self) -> None:
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):  # gone already
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Reads one request, asks the right part, writes one answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/link/") and "upgrade" in self.headers.get("Connection", "").lower():
            self._upgrade()
        elif path.startswith("/api/"):
            self._web_api(path, dict(parse_qsl(urlsplit(self.path).query)))
        else:
            self._page("GET", {})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length)
        if len(content) < length:
            raise ConnectionResetError("the client went away in the middle of its request")
        body = parse_body(content, self.headers.get("Content-Type", ""))
        if path.startswith("/api/"):
            self._web_api(path, body)
        elif path.startswith("/actions/"):
            call = Call(method="response_url", body=body)
            id = path.rsplit("/", 1)[-1]
            self._answer(call, lambda: chat.respond(self.server.api, id, call))
        else:
            self._page("POST", {name: str(value) for name, value in body.items()})

    def _web_api(self, path: str, body: dict[str, Any]) -> None:
        header = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        call = Call(
            method=path.removeprefix("/api/"),
            token=header or str(body.pop("token", "")),
            in_header=bool(header),
            body=body,
            agent=self.headers.get("User-Agent", ""),
        )
        server = self.server
        self._answer(call, lambda: (200, answer(server.api, call, server.methods)))

    def _answer(self, call: Call, run: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        """Run the call, or whatever the fault script makes of it."""
        server = self.server
        server.calls.begin(call)
        fault = server.faults.take(call) or self._over_rate(call)
        if fault is None:
            status, given = run()
            server.calls.finish(call, status, given)
            self._write_json(status, given)
            return
        if fault.delay_s:
            self._wait(fault.delay_s)
        done = run() if fault.takes_effect else None
        self._fail(call, fault, done)

    def _fail(self, call: Call, fault: Fault, done: tuple[int, dict[str, Any]] | None) -> None:
        if fault.drops_connection:
            self.server.calls.finish(call, 0, None)
            self.close_connection = True
            return
        if fault.body is None and done is not None:  # only late
            self.server.calls.finish(call, *done)
            self._write_json(*done)
            return
        said = fault.body if isinstance(fault.body, dict) else None
        self.server.calls.finish(call, fault.status, said)
        content = fault.body if isinstance(fault.body, bytes) else json.dumps(fault.body).encode()
        self._write(fault.status, {"Content-Type": "application/json", **fault.headers}, content)

    def _over_rate(self, call: Call) -> Fault | None:
        rate = self.server.rate
        if rate is None or call.method not in ("chat.postMessage", "chat.postEphemeral"):
            return None
        wait = rate.wait_s(str(call.body.get("channel", "")), time.monotonic())
        return rate_limited(int(wait) + 1) if wait else None

    def _wait(self, seconds: float) -> None:
        """A slow answer ends early when the fake is closed."""
        self.server.closing.wait(seconds)

    def _upgrade(self) -> None:
        ticket = parse_qs(urlsplit(self.path).query).get("ticket", [""])[0]
        key = self.headers.get("Sec-WebSocket-Key", "")
        if not key or not self.server.sockets.admit(ticket):
            self._write(401, {"Content-Type": "text/plain"}, b"refused")
            self.close_connection = True
            return
        self.close_connection = True
        self.wfile.write(handshake(key))
        self.server.sockets.serve(lambda number: WebSocket(self.connection, self.rfile, number))

    def _page(self, method: str, form: dict[str, str]) -> None:
        page = self.server.page
        own = (self.server.address, None)
        if self.headers.get("Origin") not in own or not self._is_local():
            self._write(403, {"Content-Type": "text/plain"}, b"only from the page itself")
            return
        if page is None:
            self._write(404, {"Content-Type": "text/plain"}, b"no such address")
            return
        self._write(*page(method, self.path, form))

    def _is_local(self) -> bool:
        """Whether the browser knows us by our own name: another one would be rebound to us."""
        return self.headers.get("Host") == self.server.address.removeprefix("http://")

    def _write_json(self, status: int, given: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        scopes = self.server.api.manifest.scopes
        if scopes is not None:
            headers["X-OAuth-Scopes"] = ",".join(sorted(scopes))
        self._write(status, headers, json.dumps(given, ensure_ascii=False).encode())

    def _write(self, status: int, headers: dict[str, str], content: bytes) -> None:
        """Head and body in one write: one packet, and half the time."""
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(content)}")
        if self.close_connection:
            lines.append("Connection: close")
        self.wfile.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: the calls are recorded."""


def parse_body(content: bytes, content_type: str) -> dict[str, Any]:
    """JSON, a form, or multipart, as the Web API takes them."""
    if content_type.startswith("application/json"):
        return dict(json.loads(content or b"{}"))
    if content_type.startswith("multipart/form-data"):
        return _decode_nested(_multipart(content, content_type))
    return _decode_nested(dict(parse_qsl(content.decode(errors="replace"), keep_blank_values=True)))


def _decode_nested(body: dict[str, Any]) -> dict[str, Any]:
    """In forms, structured arguments travel as JSON and truths as words."""
    for name in _NESTED:
        if isinstance(body.get(name), str):
            body[name] = json.loads(body[name])
    if body.get("reply_broadcast") in ("0", "false", "False"):
        body["reply_broadcast"] = False
    return body


def _multipart(content: bytes, content_type: str) -> dict[str, Any]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parsed = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + content)
    parts = [
        part for part in parsed.iter_parts() if part.get_param("name", header="content-disposition")
    ]
    return {
        str(part.get_param("name", header="content-disposition")): part.get_content()
        for part in parts
    }

"""HTTP mode: signed requests to the app's public address, and the answers Slack acts on."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fake_slack.deliveries import ACK_WITHIN_S, Attempt, Delivery, Outcome
from tests.fake_slack.model import Clock
from tests.fake_slack.sockets import last_reason

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_GONE = (ConnectionError, http.client.HTTPException, OSError)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back for one request."""

    status: int
    body: bytes
    headers: dict[str, str]  #: names in lower case


class Events:
    """A Transport that posts to `url`, signing with `secret`."""

    def __init__(self, url: str, secret: str, clock: Clock, *, workers: int = 32) -> None:
        self.url, self.secret = url, secret
        self.within_s = ACK_WITHIN_S
        self._clock = clock
        self._local = threading.local()
        self._connections: list[http.client.HTTPConnection] = []
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="fake-slack-http")

    def send(self, delivery: Delivery, attempt: Attempt, done: Callable[[Outcome], None]) -> None:
        """Transport: on a worker, so that whoever speaks does not wait."""
        self._pool.submit(self._send, delivery, attempt, done)

    def post(
        self,
        body: bytes,
        *,
        content_type: str = _JSON,
        secret: str | None = None,
        timestamp: int | None = None,
        headers: dict[str, str] | None = None,
        signed: bool = True,
    ) -> Answer:
        """One request as Slack sends it, or as somebody else would: every part can be wrong."""
        stamp = int(self._clock.now()) if timestamp is None else timestamp
        sent = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+fake)"}
        if signed:
            sent["X-Slack-Request-Timestamp"] = str(stamp)
            sent["X-Slack-Signature"] = signature(secret or self.secret, stamp, body)
        return self._request(body, {**sent, **(headers or {})})

    def verify_url(self, **how: Any) -> Answer:
        """Slack's url_verification, signed unless told otherwise."""
        challenge = {"type": "url_verification", "challenge": "fake-challenge", "token": "x"}
        return self.post(json.dumps(challenge).encode(), **how)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for connection in self._connections:
            connection.close()

    def _send(self, delivery: Delivery, attempt: Attempt, done: Callable[[Outcome], None]) -> None:
        body, content_type = encode_body(delivery)
        headers = {}
        if attempt.number:
            headers["X-Slack-Retry-Num"] = str(attempt.number)
            headers["X-Slack-Retry-Reason"] = last_reason(delivery, attempt)
        try:
            answer = self.post(body, content_type=content_type, headers=headers)
        except TimeoutError:
            done(Outcome(ok=False, reason="http_timeout", status=0))
        except _GONE:
            done(Outcome(ok=False, reason="connection_failed", status=0))
        else:
            done(_outcome(answer))

    def _request(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Over this thread's own connection; a kept one that has gone stale is opened anew."""
        kept = getattr(self._local, "connection", None)
        if kept is not None:
            try:
                return self._exchange(kept, body, headers)
            except TimeoutError:
                self._forget()
                raise
            except _GONE:
                self._forget()
        try:
            return self._exchange(self._connect(), body, headers)
        except _GONE:
            self._forget()
            raise

    def _exchange(
        self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]
    ) -> Answer:
        path = urlsplit(self.url).path or "/"
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        content = response.read()
        given = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self._forget()
        return Answer(status=response.status, body=content, headers=given)

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port or 80, timeout=self.within_s
        )
        self._local.connection = connection
        self._connections.append(connection)
        return connection

    def _forget(self) -> None:
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()
            self._connections.remove(connection)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Slack's v0 signature."""
    signed = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def encode_body(delivery: Delivery) -> tuple[bytes, str]:
    """Events are JSON, commands a form, interactions JSON in a form."""
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), _JSON
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload).encode(), _FORM
    return urlencode({"payload": json.dumps(delivery.payload)}).encode(), _FORM


def _outcome(answer: Answer) -> Outcome:
    no_retry = answer.headers.get("x-slack-no-retry") == "1"
    if answer.status != 200:
        return Outcome(ok=False, reason="http_error", status=answer.status, no_retry=no_retry)
    return Outcome(ok=True, answer=_answered(answer))


def _answered(answer: Answer) -> dict[str, Any] | None:
    """The JSON, or the plain text, that came with the acknowledgement."""
    if not answer.body.strip():
        return None
    if answer.headers.get("content-type", "").startswith(_JSON):
        return dict(json.loads(answer.body))
    return {"text": answer.body.decode(errors="replace")}

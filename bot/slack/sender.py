"""One outgoing message to one call of the Web API, and what came of it. Nothing sleeps here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.desk.values import EMERGENCY, Delivery, Outgoing

#: A lease lasts 15 s: opening a conversation, looking into it and sending must fit in.
LOOK_TIMEOUT_S, URGENT_TIMEOUT_S, TIMEOUT_S = 3, 5, 8
_MARK = "mildbot_delivery"
_MOST_OPENED = 5000
_TRANSIENT = ("ratelimited", "http_5", "timeout", "connection")
_URL_IS_OVER = {"expired_url", "used_url", "no_active_hooks", "expired_trigger_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    ts: str | None = None  #: of the message; None for a private answer


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    error: str  #: Slack's word, or http_502, timeout, connection
    retry_after_s: float | None = None


Outcome = Sent | NotSent


class Sender:
    """Holds clients that differ in patience."""

    def __init__(self, make_client: Callable[[int], WebClient]) -> None:
        self._looking = make_client(LOOK_TIMEOUT_S)
        self._urgent = make_client(URGENT_TIMEOUT_S)
        self._ordinary = make_client(TIMEOUT_S)
        self._opened: dict[str, str] = {}  #: user -> direct conversation

    def deliver(self, delivery: Delivery) -> Outcome:
        """Send a row of the outbox; a second try first looks whether the first one came through.

        After a timeout, a 5xx or a crash nobody knows whether the message was posted. Each
        carries the row's id, so Slack can be asked. Where it cannot, an emergency is sent again:
        twice is better than not at all.
        """
        out = delivery.outgoing
        if delivery.attempts > 1 and out.kind in ("post", "dm"):
            found = self._look(out, mark_of(delivery))
            transient = isinstance(found, NotSent) and found.error.startswith(_TRANSIENT)
            if isinstance(found, Sent) or (transient and delivery.priority != EMERGENCY):
                return found
        return self.send(out, mark=mark_of(delivery))

    def send(self, out: Outgoing, *, mark: str = "") -> Outcome:
        """Make the call, whatever was tried before."""
        client = self._urgent if out.priority == EMERGENCY else self._ordinary
        return attempt(lambda: self._call(client, out, mark))

    def _call(self, client: WebClient, out: Outgoing, mark: str) -> Outcome:
        match out.kind:
            case "post":
                return _post(client, out.channel_id, out, mark)
            case "dm":
                return _post(client, self._direct(client, out.user_id), out, mark)
            case "update":
                client.chat_update(
                    channel=out.channel_id,
                    ts=str(out.update_ts),
                    text=out.text,
                    blocks=[dict(block) for block in out.blocks],
                )
                return Sent(ts=out.update_ts)
            case "respond":
                return respond(client, out)

    def _look(self, out: Outgoing, mark: str) -> Outcome:
        """`Sent` when the message stands there already."""

        def look() -> Outcome:
            client = self._looking
            channel = out.channel_id or self._direct(client, out.user_id)
            if out.thread_ts:
                page = client.conversations_replies(
                    channel=channel, ts=out.thread_ts, limit=200, include_all_metadata=True
                )
            else:
                page = client.conversations_history(
                    channel=channel, limit=50, include_all_metadata=True
                )
            found = [m for m in page.get("messages") or [] if _is_marked(m, mark)]
            return Sent(ts=found[-1]["ts"]) if found else NotSent(error="not_there")

        return attempt(look)

    def _direct(self, client: WebClient, user_id: str) -> str:
        """The direct conversation with a person; opening one that is open changes nothing."""
        if user_id not in self._opened:
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            channel = client.conversations_open(users=user_id)["channel"]["id"]
            self._opened[user_id] = str(channel)
        return self._opened[user_id]


def mark_of(delivery: Delivery) -> str:
    """The row's id; and of its text, should a new store have started over with the ids."""
    digest = hashlib.sha256(delivery.outgoing.text.encode()).hexdigest()
    return f"{delivery.id}-{digest[:12]}"


def attempt(call: Callable[[], Outcome]) -> Outcome:
    """Turn what the SDK raises into a word."""
    try:
        return call()
    except SlackApiError as error:
        return _refused(error)
    except TimeoutError:
        return NotSent(error="timeout")
    except URLError as error:
        return NotSent(error="timeout" if isinstance(error.reason, TimeoutError) else "connection")
    except (OSError, ValueError, KeyError):  # ValueError: half a body, no JSON
        return NotSent(error="connection")
    except Exception as error:
        # http.client has errors of its own, outside OSError
        if type(error).__module__ == "http.client":
            return NotSent(error="connection")
        raise


def _refused(error: SlackApiError) -> NotSent:
    response = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    if status == 429:
        headers = getattr(response, "headers", {})
        return NotSent(error="ratelimited", retry_after_s=_seconds(headers))
    if status >= 500:
        return NotSent(error=f"http_{status}")  # a proxy's page instead of JSON, too
    word = str(response.get("error") or "")
    return NotSent(error=word if word.isidentifier() else "connection")  # half an answer


def _seconds(headers: Mapping[str, Any]) -> float | None:
    value = headers.get("Retry-After") or headers.get("retry-after")
    try:
        return float(value) if value else None
    except ValueError:
        return None


# ---------------------------------------------------------------- the calls
def _post(client: WebClient, channel: str, out: Outgoing, mark: str) -> Outcome:
    extra: dict[str, Any] = {}
    if mark:
        extra["metadata"] = {"event_type": _MARK, "event_payload": {"id": mark}}
    if out.thread_ts:
        extra |= {"thread_ts": out.thread_ts, "reply_broadcast": out.broadcast}
    answer = client.chat_postMessage(
        channel=channel,
        text=out.text,
        blocks=[dict(block) for block in out.blocks] or None,
        unfurl_links=False,
        unfurl_media=False,
        **extra,
    )
    return Sent(ts=str(answer["ts"]))


def _is_marked(message: Mapping[str, Any], mark: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == _MARK and payload.get("id") == mark


def respond(client: WebClient, out: Outgoing) -> Outcome:
    """Answer by response_url: for the person alone, or for everybody in the channel."""
    if not _is_trusted(out.response_url, client.base_url):
        return NotSent(error="expired_url")
    hook = WebhookClient(
        out.response_url, timeout=client.timeout, retry_handlers=[], logger=client.logger
    )
    answer = hook.send_dict(
        {
            "text": out.text,
            "blocks": [dict(block) for block in out.blocks] or None,
            "response_type": "in_channel" if out.in_channel else "ephemeral",
            "replace_original": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
    )
    return _outcome_of_hook(answer.status_code, answer.body, answer.headers)


def _outcome_of_hook(status: int, body: str, headers: Mapping[str, Any]) -> Outcome:
    word = _word(body)
    if status == 429:
        return NotSent(error="ratelimited", retry_after_s=_seconds(headers))
    if status >= 500:
        return NotSent(error=f"http_{status}")
    if status in (404, 410) or word in _URL_IS_OVER:
        return NotSent(error="expired_url")
    if status != 200 or word:
        return NotSent(error=word or f"http_{status}")
    return Sent()


def _word(body: str) -> str:
    """Slack's error word in the body of a hook's answer: JSON or bare; empty when all is well."""
    try:
        answer = json.loads(body)
    except ValueError:
        return "" if body.strip() in ("ok", "") else body.strip()[:40]
    if isinstance(answer, Mapping) and answer.get("ok") is False:
        return str(answer.get("error") or "refused")
    return ""


def _is_trusted(url: str, base_url: str) -> bool:
    """Slack's own host, or the one that stands in for it on this machine."""
    host = urlsplit(url).hostname or ""
    return host == "slack.com" or host.endswith(".slack.com") or host == urlsplit(base_url).hostname

"""The chat.* methods, and posts to a response_url."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fake_slack.api import Api, Method, Refused, find_channel, need
from tests.fake_slack.blocks import MESSAGE_LONGEST, check_blocks, text_length
from tests.fake_slack.calls import Call
from tests.fake_slack.model import (
    BOT,
    BOT_USER,
    RESPONSE_LASTS_S,
    RESPONSE_USES,
    Channel,
    Message,
    ResponseUrl,
)
from tests.fake_slack.wire import message_json

TEXT_LONGEST = 40_000
UPDATE_LONGEST = 4_000  #: bytes; chat.update refuses what chat.postMessage would take
_WRITE = frozenset({"chat:write"})


def post(api: Api, call: Call) -> dict[str, Any]:
    body = call.body
    need(body, "channel")
    channel = _writable(api, body["channel"])
    text, warnings = check_content(body)
    message = _message(api, channel, text, body)
    message.thread_ts = _thread(api, channel, body.get("thread_ts"))
    message.broadcast = bool(body.get("reply_broadcast")) and message.thread_ts is not None
    api.world.add(message)
    api.announce("posted", message, None)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(message),
        **warnings,
    }


def post_ephemeral(api: Api, call: Call) -> dict[str, Any]:
    body = call.body
    need(body, "channel", "user")
    channel = _writable(api, body["channel"])
    if body["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    text, warnings = check_content(body)
    message = _message(api, channel, text, body)
    message.thread_ts = body.get("thread_ts")
    message.seen_by = body["user"]
    api.world.add(message)
    return {"message_ts": message.ts, **warnings}


def update(api: Api, call: Call) -> dict[str, Any]:
    body = call.body
    need(body, "channel", "ts")
    channel = find_channel(api, body["channel"])
    message = _own(api, channel, body["ts"], "cant_update_message")
    if "blocks" not in body and "text" not in body:
        raise Refused("no_text")
    text, warnings = check_content({"blocks": message.blocks, **body})
    if len(text.encode()) > UPDATE_LONGEST:
        raise Refused("msg_too_long")
    before = message_json(message)
    _edit(api, message, text, body.get("blocks"))
    api.announce("changed", message, before)
    changed = message_json(message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": text,
        "message": changed,
        **warnings,
    }


def delete(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel", "ts")
    channel = find_channel(api, call.body["channel"])
    message = _own(api, channel, call.body["ts"], "cant_delete_message")
    before = message_json(message)
    message.deleted = True
    api.announce("deleted", message, before)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel", "message_ts")
    channel = find_channel(api, call.body["channel"])
    message = api.world.find(channel.id, call.body["message_ts"])
    if message is None:
        raise Refused("message_not_found")
    link = f"https://fake.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def respond(api: Api, id: str, call: Call) -> tuple[int, dict[str, Any]]:
    """A post to a response_url: five uses within thirty minutes."""
    world, body = api.world, call.body
    with world.changed:
        place = world.response_urls.get(id)
        if place is None:
            return 404, {"ok": False, "error": "no_such_url"}
        if world.clock.now() - place.at > RESPONSE_LASTS_S:
            return 404, {"ok": False, "error": "expired_url"}
        if place.uses >= RESPONSE_USES:
            return 404, {"ok": False, "error": "used_url"}
        try:
            _respond(api, place, body, call.method)
        except Refused as refused:
            return 500 if "blocks" in str(refused) else 400, refused.answer
        place.uses += 1
        call.took_effect = True
        world.changed.notify_all()
    return 200, {"ok": True}


def respond_directly(api: Api, place: ResponseUrl, body: dict[str, Any]) -> None:
    """The message that an acknowledgement of a command may carry."""
    _respond(api, place, body, "ack")


def check_content(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text as Slack keeps it, with Slack's warnings.

    Stricter than Slack in one thing: blocks without `text` are refused, because notifications
    and screen readers would be left with nothing.
    """
    text = body.get("text") or ""
    if not isinstance(text, str) or not text.strip():
        raise Refused("no_text")
    metadata = body.get("metadata") or {"event_type": "", "event_payload": {}}
    if not {"event_type", "event_payload"} <= set(metadata):
        raise Refused("invalid_metadata_format")
    blocks = body.get("blocks")
    if blocks is not None:
        flaws = check_blocks(blocks, "message")
        if flaws:
            raise Refused("invalid_blocks", errors=flaws, response_metadata={"messages": flaws})
        if text_length(blocks) > MESSAGE_LONGEST:
            raise Refused("msg_blocks_too_long")
    if len(text) <= TEXT_LONGEST:
        return text, {}
    warning = "message_truncated"
    return text[:TEXT_LONGEST], {
        "warning": warning,
        "response_metadata": {"warnings": [warning]},
    }


def _respond(api: Api, place: ResponseUrl, body: dict[str, Any], via: str) -> None:
    world = api.world
    channel = world.channels[place.channel]
    pressed = world.find(channel.id, place.message_ts) if place.message_ts else None
    if body.get("delete_original"):
        if pressed:
            pressed.deleted = True
        return
    text, _ = check_content(body)
    if body.get("replace_original") and pressed:
        _edit(api, pressed, text, body.get("blocks") or [])
        return
    message = _message(api, channel, text, body)
    message.via = via
    message.thread_ts = body.get("thread_ts") or place.thread_ts
    if body.get("response_type") != "in_channel":
        message.seen_by = place.user
    world.add(message)


def _message(api: Api, channel: Channel, text: str, body: dict[str, Any]) -> Message:
    return Message(
        channel=channel.id,
        ts=api.world.new_ts(),
        user=BOT_USER,
        bot_id=BOT,
        text=text,
        blocks=_with_ids(body.get("blocks") or []),
        metadata=body.get("metadata") or {},
        via="chat.postMessage",
    )


def _with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Slack gives an id to every block that has none."""
    return [{**block, "block_id": block.get("block_id") or _short_id()} for block in blocks]


def _short_id() -> str:
    return secrets.token_urlsafe(4)


def _edit(api: Api, message: Message, text: str, blocks: list[dict[str, Any]] | None) -> None:
    message.versions.append(message.text)
    message.text = text
    message.edited_ts = api.world.new_ts()
    if blocks is not None:
        message.blocks = _with_ids(blocks)


def _writable(api: Api, id: str) -> Channel:
    channel = find_channel(api, id)
    if channel.archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _thread(api: Api, channel: Channel, thread_ts: str | None) -> str | None:
    """The parent's ts. Slack lets a made-up thread or a reply's own ts pass; that is a bug here."""
    if thread_ts is None:
        return None
    parent = api.world.posted.get(channel.id, {}).get(thread_ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.thread_ts not in (None, parent.ts) or parent.seen_by:
        raise Refused("cannot_reply_to_message")
    return thread_ts


def _own(api: Api, channel: Channel, ts: str, otherwise: str) -> Message:
    message = api.world.find(channel.id, ts)
    if message is None or message.seen_by:
        raise Refused("message_not_found")
    if message.bot_id != BOT:
        raise Refused(otherwise)
    return message


METHODS = {
    "chat.postMessage": Method(run=post, scopes=_WRITE),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=_WRITE),
    "chat.update": Method(run=update, scopes=_WRITE),
    "chat.delete": Method(run=delete, scopes=_WRITE),
    "chat.getPermalink": Method(run=get_permalink),
}

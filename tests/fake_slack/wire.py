"""The JSON that Slack makes of messages and people, and of the text a person types."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_slack.model import APP, BOT, TEAM, Message, User

_LINKS = re.compile(
    r"(?P<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)|(?P<url>\bhttps?://[^\s<>|]+)|(?P<coded><[@#!][^<>]*>)"
)


def escape(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encode(typed: str) -> str:
    """What a person typed, as events carry it: escaped, links and addresses in angle brackets.

    `<@U...>`, `<#C...>` and `<!here>` in `typed` are mentions already chosen, and stay.
    """
    parts, end = [], 0
    for found in _LINKS.finditer(typed):
        parts.append(escape(typed[end : found.start()]))
        parts.append(_linked(found))
        end = found.end()
    return "".join([*parts, escape(typed[end:])])


def _linked(found: re.Match[str]) -> str:
    if found["coded"]:
        return found["coded"]
    if found["mail"]:
        return f"<mailto:{found['mail']}|{found['mail']}>"
    return f"<{escape(found['url'])}>"


def message_json(message: Message) -> dict[str, Any]:
    """A message as histories, events and payloads carry it."""
    given: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": TEAM,
    }
    if message.subtype:
        given["subtype"] = message.subtype
    if message.client_msg_id:
        given["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        given |= {"bot_id": message.bot_id}
        if message.bot_id == BOT:
            given |= {"app_id": APP, "bot_profile": {"id": BOT, "app_id": APP, "name": "bot"}}
    if message.thread_ts:
        given["thread_ts"] = message.thread_ts
    if message.edited_ts:
        given["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.files:
        given["files"] = message.files
    given["blocks"] = message.blocks or [_rich_text(message)]
    return given


def _rich_text(message: Message) -> dict[str, Any]:
    """The block that Slack's own editor makes of typed text."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": message.text}]}
    return {"type": "rich_text", "block_id": message.ts[-5:], "elements": [section]}


def user_json(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "tz": "America/Chicago",
        "tz_label": "Central Standard Time",
        "tz_offset": -21600,
        "profile": {"real_name": user.name.title(), "display_name": user.name},
    }

"""The payloads that Slack sends, in their true shapes."""

from __future__ import annotations

from typing import Any

from tests.fake_slack.model import APP, BOT_USER, TEAM, Channel, Message, User
from tests.fake_slack.wire import message_json

_TOKEN = "verification-token-nobody-should-read"
_DOMAIN = "fake"
_CHANNEL_TYPES = {"channel": "channel", "group": "group", "im": "im"}


def event(
    inner: dict[str, Any], *, event_id: str, at: float, external: bool = False
) -> dict[str, Any]:
    """The envelope of the Events API around one event."""
    return {
        "token": _TOKEN,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": external,
        "event_context": f"4-{event_id}",
    }


def subscription(channel: Channel) -> str:
    """The event to subscribe to for messages of this kind of channel."""
    return {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[
        channel.kind
    ]


def message(said: Message, channel: Channel, *, parent: str | None = None) -> dict[str, Any]:
    """A message event; `parent` is who began the thread it stands in."""
    inner = {**message_json(said), **_where(said.ts, channel)}
    if said.broadcast:
        inner["subtype"] = "thread_broadcast"
    if parent and said.thread_ts != said.ts:
        inner["parent_user_id"] = parent
    return inner


def mention(said: Message, channel: Channel) -> dict[str, Any]:
    inner = {**message_json(said), "channel": channel.id, "event_ts": said.ts}
    return {**inner, "type": "app_mention"}


def changed(said: Message, before: dict[str, Any], channel: Channel, ts: str) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {**message_json(said), "source_team": TEAM, "user_team": TEAM},
        "previous_message": before,
        "hidden": True,
        "ts": ts,
        **_where(ts, channel),
    }


def deleted(said: Message, before: dict[str, Any], channel: Channel, ts: str) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "deleted_ts": said.ts,
        "hidden": True,
        "ts": ts,
        **_where(ts, channel),
    }


def home_opened(
    user: User, channel: Channel, tab: str, ts: str, view: dict[str, Any] | None
) -> dict[str, Any]:
    inner = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": ts,
    }
    return {**inner, "view": view} if view else inner


def group_changed(group: str, added: list[str], removed: list[str], at: float) -> dict[str, Any]:
    return {
        "type": "subteam_members_changed",
        "subteam_id": group,
        "team_id": TEAM,
        "date_previous_update": int(at) - 60,
        "date_update": int(at),
        "added_users": added,
        "added_users_count": str(len(added)),
        "removed_users": removed,
        "removed_users_count": str(len(removed)),
        "event_ts": f"{at:.6f}",
    }


def command(
    user: User, channel: Channel, name: str, text: str, *, trigger: str, response_url: str
) -> dict[str, Any]:
    return {
        "token": _TOKEN,
        "team_id": TEAM,
        "team_domain": _DOMAIN,
        "channel_id": channel.id,
        "channel_name": "privategroup" if channel.kind == "group" else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def actions(
    user: User, pressed: list[dict[str, Any]], *, trigger: str, where: dict[str, Any]
) -> dict[str, Any]:
    """A block_actions payload; `where` from `on_message` or `on_view`."""
    return {
        "type": "block_actions",
        "user": _user(user),
        "api_app_id": APP,
        "token": _TOKEN,
        "trigger_id": trigger,
        "team": {"id": TEAM, "domain": _DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "state": {"values": {}},
        "actions": pressed,
        **where,
    }


def on_message(shown: Message, channel: Channel, response_url: str) -> dict[str, Any]:
    """Where a button of a message was pressed; an ephemeral message itself is not sent along."""
    container = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": shown.seen_by is not None,
    }
    if shown.thread_ts:
        container["thread_ts"] = shown.thread_ts
    where = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "response_url": response_url,
    }
    return where if shown.seen_by else {**where, "message": message_json(shown)}


def on_view(view: dict[str, Any]) -> dict[str, Any]:
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def message_shortcut(
    user: User,
    callback_id: str,
    shown: Message,
    channel: Channel,
    *,
    trigger: str,
    url: str,
    ts: str,
) -> dict[str, Any]:
    return {
        "type": "message_action",
        "token": _TOKEN,
        "action_ts": ts,
        "team": {"id": TEAM, "domain": _DOMAIN},
        "user": _user(user),
        "channel": {"id": channel.id, "name": channel.name},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": trigger,
        "response_url": url,
        "message_ts": shown.ts,
        "message": message_json(shown),
    }


def view_submission(user: User, view: dict[str, Any], *, trigger: str) -> dict[str, Any]:
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": _DOMAIN},
        "user": _user(user),
        "api_app_id": APP,
        "token": _TOKEN,
        "trigger_id": trigger,
        "view": view,
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def _where(ts: str, channel: Channel) -> dict[str, Any]:
    return {
        "channel": channel.id,
        "event_ts": ts,
        "channel_type": _CHANNEL_TYPES[channel.kind],
    }


def _user(user: User) -> dict[str, Any]:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}

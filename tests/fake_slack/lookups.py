"""Methods that look things up or mark them: auth, conversations, users, user groups, reactions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.fake_slack.api import (
    Api,
    Method,
    Refused,
    find_channel,
    find_im,
    need,
    need_scope,
    open_socket,
)
from tests.fake_slack.calls import Call
from tests.fake_slack.model import APP, BOT, BOT_USER, STAFF_GROUP, TEAM, Channel, Message
from tests.fake_slack.wire import message_json, user_json

_SCOPE_OF_KIND = {"channel": "channels", "group": "groups", "im": "im"}
_REACTION = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def auth_test(api: Api, call: Call) -> dict[str, Any]:
    return {
        "url": "https://fake.slack.com/",
        "team": "Fake Clinic",
        "user": "bot",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def bots_info(api: Api, call: Call) -> dict[str, Any]:
    if call.body.get("bot", BOT) != BOT:
        raise Refused("bot_not_found")
    return {"bot": {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": "bot"}}


def open_conversation(api: Api, call: Call) -> dict[str, Any]:
    if call.body.get("channel"):
        return {"channel": {"id": find_channel(api, call.body["channel"]).id}}
    need(call.body, "users")
    users = [name for name in str(call.body["users"]).split(",") if name]
    if len(users) != 1:
        raise Refused("invalid_user_combination")  # group conversations are not modelled
    return {"channel": {"id": find_im(api, users[0]).id}}


def info(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel")
    channel = find_channel(api, call.body["channel"])
    need_scope(api, f"{_SCOPE_OF_KIND[channel.kind]}:read")
    return {"channel": _channel_json(channel)}


def members(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel")
    channel = find_channel(api, call.body["channel"])
    need_scope(api, f"{_SCOPE_OF_KIND[channel.kind]}:read")
    return {"members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


def history(api: Api, call: Call) -> dict[str, Any]:
    channel = _readable(api, call)
    top = [m for m in api.world.messages(channel.id) if m.thread_ts in (None, m.ts) or m.broadcast]
    newest_first = [_read(m, call) for m in reversed(top) if _is_wanted(m, call)]
    return _first(newest_first, call)


def replies(api: Api, call: Call) -> dict[str, Any]:
    channel = _readable(api, call)
    need(call.body, "ts")
    thread = api.world.messages(channel.id, call.body["ts"])
    if not thread:
        raise Refused("thread_not_found")
    return _first([_read(m, call) for m in thread if _is_wanted(m, call)], call)


def _first(messages: list[dict[str, Any]], call: Call) -> dict[str, Any]:
    limit = int(call.body.get("limit", 100))
    return {"messages": messages[:limit], "has_more": len(messages) > limit}


def _is_wanted(message: Message, call: Call) -> bool:
    """Between `oldest` and `latest`; the ends count with `inclusive` only."""
    oldest, latest = call.body.get("oldest", "0"), call.body.get("latest", "9" * 10)
    at = Decimal(message.ts)
    if str(call.body.get("inclusive", "")).lower() in ("1", "true"):
        return Decimal(oldest) <= at <= Decimal(latest)
    return Decimal(oldest) < at < Decimal(latest)


def _read(message: Message, call: Call) -> dict[str, Any]:
    """A message; its metadata only for who asks for it."""
    wanted = str(call.body.get("include_all_metadata", "")).lower() in ("1", "true")
    metadata = {"metadata": message.metadata} if wanted and message.metadata else {}
    return message_json(message) | metadata


def user_info(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "user")
    user = api.world.users.get(call.body["user"])
    if user is None:
        raise Refused("user_not_found")
    return {"user": user_json(user)}


def group_users(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "usergroup")
    group = api.world.groups.get(call.body["usergroup"])
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": sorted(group)}


def groups(api: Api, call: Call) -> dict[str, Any]:
    return {"usergroups": [_group_json(id, users) for id, users in api.world.groups.items()]}


def react(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel", "name", "timestamp")
    channel = find_channel(api, call.body["channel"])
    message = api.world.find(channel.id, call.body["timestamp"])
    name = str(call.body["name"])
    if not _REACTION.fullmatch(name):
        raise Refused("invalid_name")
    if message is None:
        raise Refused("message_not_found")
    if call.method == "reactions.remove":
        if name not in message.reactions:
            raise Refused("no_reaction")
        message.reactions.remove(name)
    elif name in message.reactions:
        raise Refused("already_reacted")
    else:
        message.reactions.append(name)
    return {}


def _readable(api: Api, call: Call) -> Channel:
    need(call.body, "channel")
    channel = find_channel(api, call.body["channel"])
    need_scope(api, f"{_SCOPE_OF_KIND[channel.kind]}:history")
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _channel_json(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_ext_shared": channel.external,
        "is_member": BOT_USER in channel.members,
        **({"user": channel.partner} if channel.kind == "im" else {}),
    }


def _group_json(id: str, users: set[str]) -> dict[str, Any]:
    handle = "clinic-staff" if id == STAFF_GROUP else id.lower()
    return {"id": id, "team_id": TEAM, "handle": handle, "user_count": len(users)}


def _scopes(*names: str) -> frozenset[str]:
    return frozenset(names)


METHODS = {
    "api.test": Method(run=lambda api, call: {"args": call.body}),
    "auth.test": Method(run=auth_test),
    "apps.connections.open": Method(run=open_socket, app_level=True),
    "bots.info": Method(run=bots_info, scopes=_scopes("users:read")),
    "conversations.open": Method(
        run=open_conversation,
        scopes=_scopes("im:write", "mpim:write", "channels:manage", "groups:write"),
    ),
    "conversations.info": Method(run=info),
    "conversations.members": Method(run=members),
    "conversations.history": Method(run=history),
    "conversations.replies": Method(run=replies),
    "users.info": Method(run=user_info, scopes=_scopes("users:read")),
    "usergroups.users.list": Method(run=group_users, scopes=_scopes("usergroups:read")),
    "usergroups.list": Method(run=groups, scopes=_scopes("usergroups:read")),
    "reactions.add": Method(run=react, scopes=_scopes("reactions:write")),
    "reactions.remove": Method(run=react, scopes=_scopes("reactions:write")),
}

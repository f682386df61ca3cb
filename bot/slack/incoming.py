"""What a person did, read out of Slack's payloads. Pure; None: nothing that the desk must hear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.desk.values import Incoming, IncomingKind, Person, Place, PlaceKind
from bot.slack.text import decode, mentions

Payload = Mapping[str, Any]

GROUP = "group/"  #: in front of a group's name in the value of a topic button
ASK_COMMAND = "/mild"
SHORTCUT = "answer_with_faq"
#: what a message may be besides plain: everything else is Slack telling about itself
_SPOKEN = {None, "", "file_share", "thread_broadcast", "me_message"}


def incoming_of(body: Payload, *, bot_user_id: str, now: datetime) -> Incoming | None:
    """An `Incoming` for everything that must be kept before it is acknowledged."""
    if body.get("type") == "event_callback":
        return _event(body, bot_user_id, now)
    if "command" in body:
        return command(body, now) if body["command"] == ASK_COMMAND else None
    if body.get("type") == "block_actions":
        return _action(body, now)
    if body.get("type") == "message_action" and body.get("callback_id") == SHORTCUT:
        return _shortcut(body, bot_user_id, now)
    return None


# ---------------------------------------------------------------- events
def _event(body: Payload, bot_user_id: str, now: datetime) -> Incoming | None:
    event = body.get("event") or {}
    readers: dict[str | None, Callable[[Payload], tuple[IncomingKind, Payload] | None]] = {
        "message_changed": _changed,
        "message_deleted": _removed,
    }
    if event.get("type") == "app_mention":
        found: tuple[IncomingKind, Payload] | None = ("mention", event)
    elif event.get("type") == "message":
        found = readers.get(event.get("subtype"), _said)(event)
    else:
        return None
    if found is None or not _is_person(found[1], bot_user_id):
        return None
    return _message(found[0], found[1], body, bot_user_id, now)


def _said(event: Payload) -> tuple[IncomingKind, Payload] | None:
    return ("message", event) if event.get("subtype") in _SPOKEN else None


def _changed(event: Payload) -> tuple[IncomingKind, Payload] | None:
    """An edit; link previews and other changes of Slack's own leave the words as they are."""
    message = event.get("message") or {}
    before = event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":  # a deleted message with replies below it
        return ("deleted", before) if before else None
    if not message.get("edited") or message.get("text") == before.get("text"):
        return None
    return "edit", message


def _removed(event: Payload) -> tuple[IncomingKind, Payload] | None:
    before = event.get("previous_message") or {}
    return "deleted", {"ts": event.get("deleted_ts"), **before}


def _is_person(message: Payload, bot_user_id: str) -> bool:
    user = message.get("user")
    return bool(user) and not message.get("bot_id") and user not in (bot_user_id, "USLACKBOT")


def _message(
    kind: IncomingKind, message: Payload, body: Payload, bot_user_id: str, now: datetime
) -> Incoming:
    event = body["event"]
    channel = event.get("channel") or ""
    in_dm = event.get("channel_type") == "im" or channel.startswith("D")
    raw = message.get("text") or ""
    if in_dm and kind == "mention":
        kind = "message"
    elif not in_dm and kind == "message" and mentions(raw, bot_user_id):
        kind = "mention"  # Slack sends it as both, in either order
    files = {"files": "1"} if message.get("files") else {}
    edited = (message.get("edited") or {}).get("ts")
    return Incoming(
        key=str(body.get("event_id")),
        kind=kind,
        person=Person(team_id=_team(body), user_id=message["user"]),
        place=Place(
            team_id=_team(body),
            channel_id=channel,
            kind="dm" if in_dm else "channel",
            thread_ts=message.get("thread_ts"),
            external=bool(body.get("is_ext_shared_channel")),
        ),
        at=now,
        text=decode(raw, bot_user_id=bot_user_id),
        ts=message.get("ts"),
        extra=files | ({"edited_ts": str(edited)} if edited and kind == "edit" else {}),
    )


# ---------------------------------------------------------------- commands, buttons, shortcuts
def command(body: Payload, now: datetime) -> Incoming:
    """A slash command as a question; /mild-lookup of somebody who is not staff too."""
    return Incoming(
        key=f"cmd:{body['trigger_id']}",
        kind="command",
        person=Person(team_id=_team(body), user_id=body["user_id"]),
        place=Place(
            team_id=_team(body),
            channel_id=body.get("channel_id") or "",
            kind="command",
            response_url=body.get("response_url"),
        ),
        at=now,
        text=decode(body.get("text") or ""),
    )


def _action(body: Payload, now: datetime) -> Incoming | None:
    action = body["actions"][0]
    name, value = str(action.get("action_id")), str(action.get("value") or "")
    kind = _ACTIONS.get(name.split(":")[0])
    if kind is None or (kind == "choice" and value.startswith(GROUP)):
        return None
    person = person_of(body)
    return Incoming(
        key=f"act:{action.get('action_ts')}:{person.user_id}:{name}",
        kind=kind,
        person=person,
        place=_place_of_action(body),
        at=now,
        text=value,
        extra={"helpful": "1" if name == "helpful" else "0"} if kind == "feedback" else {},
    )


_ACTIONS: dict[str, IncomingKind] = {
    "choose": "choice",
    "topic": "choice",
    "helpful": "feedback",
    "not_helpful": "feedback",
    "talk_to_person": "person",
    "forget": "forget",
    "post_answer": "post",
}


def _place_of_action(body: Payload) -> Place:
    container = body.get("container") or {}
    channel = container.get("channel_id") or ""
    private = bool(container.get("is_ephemeral"))
    at: PlaceKind = "home"
    if channel:
        at = "command" if private else _kind_of(channel)
    return Place(
        team_id=_team(body),
        channel_id=channel,
        kind=at,
        thread_ts=container.get("thread_ts") or (body.get("message") or {}).get("thread_ts"),
        response_url=body.get("response_url"),
    )


def _shortcut(body: Payload, bot_user_id: str, now: datetime) -> Incoming:
    message, channel = body["message"], body["channel"]["id"]
    return Incoming(
        key=f"cut:{body['trigger_id']}",
        kind="shortcut",
        person=person_of(body),
        place=Place(
            team_id=_team(body),
            channel_id=channel,
            kind=_kind_of(channel),
            thread_ts=message.get("thread_ts"),
            response_url=body.get("response_url"),
        ),
        at=now,
        text=decode(message.get("text") or "", bot_user_id=bot_user_id),
        ts=message.get("ts"),
        extra={"author": message["user"]} if _is_person(message, bot_user_id) else {},
    )


def person_of(body: Payload) -> Person:
    """Who pressed a button, used a shortcut or a command, or opened the home tab."""
    user = body.get("user") or {}
    name = user.get("id") if isinstance(user, Mapping) else user
    event = body.get("event") or {}
    return Person(
        team_id=_team(body), user_id=str(name or body.get("user_id") or event.get("user") or "")
    )


def _kind_of(channel: str) -> PlaceKind:
    return "dm" if channel.startswith("D") else "channel"


def _team(body: Payload) -> str:
    team = body.get("team") or {}
    return str(body.get("team_id") or (team.get("id") if isinstance(team, Mapping) else team))

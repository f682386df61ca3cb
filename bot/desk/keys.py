"""Keyed hashes that stand for people, conversations and messages: nobody can guess back."""

from __future__ import annotations

import hmac

from bot.desk.values import Incoming, Person, Place

_LENGTH = 32  #: hexadecimal digits kept of 64


def person_hash(user_id: str, key: bytes) -> str:
    return _hash(key, "person", user_id)


def channel_hash(place: Place, key: bytes) -> str:
    return _hash(key, "channel", place.team_id, place.channel_id)


def conversation_key(incoming: Incoming, key: bytes) -> str:
    """What has one memory and one order of replies: a thread, a direct message, or a person's
    private commands."""
    place = incoming.place
    match place.kind:
        case "dm":  # replies in its threads belong to it
            rest: tuple[str, ...] = (place.channel_id,)
        case "channel":
            rest = (place.channel_id, place.thread_ts or incoming.ts or incoming.key)
        case "command" | "home":
            rest = (incoming.person.user_id, place.kind)
    return _hash(key, "conversation", place.team_id, *rest)


def author_key(person: Person, author: str, key: bytes) -> str:
    """The conversation that alerts about the writer of somebody else's message belong to."""
    return _hash(key, "author", person.team_id, author)


def message_hash(incoming: Incoming, key: bytes) -> str | None:
    """The message that was written, edited or deleted; None for anything that is no message."""
    if incoming.ts is None or incoming.kind not in ("message", "mention", "edit", "deleted"):
        return None
    return _hash(key, "message", incoming.place.team_id, incoming.place.channel_id, incoming.ts)


def place_key(incoming: Incoming, key: bytes) -> str | None:
    """The same for two events of one message; another for each of its edits."""
    if incoming.ts is None or incoming.kind not in ("message", "mention", "edit", "deleted"):
        return None
    what = "deleted" if incoming.kind == "deleted" else incoming.extra.get("edited_ts", "")
    place = incoming.place
    return _hash(key, "place", place.team_id, place.channel_id, incoming.ts, what)


def _hash(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\0".join(parts).encode(), "sha256").hex()[:_LENGTH]

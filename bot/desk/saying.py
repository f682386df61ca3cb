"""Replies and sentences as messages: where they go, in which lane, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.desk import alerts, keys
from bot.desk.parts import Parts, drawn
from bot.desk.row import Surroundings
from bot.desk.values import ORDINARY, Frame, Incoming, Outgoing, PlaceKind
from bot.dialogue.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One message to a person."""

    purpose: str
    outgoing: Outgoing
    aside: bool = False  #: waits for nothing else in its conversation
    introduces: str | None = None  #: hash of whom it is said to only once; else it is left out


def replies(reply: Reply, interaction_id: str, incoming: Incoming, parts: Parts) -> list[Say]:
    """The reply where it was asked for.

    A private answer vanishes, so a red flag is said in a lasting message too.
    """
    surface = incoming.place.kind
    is_private = surface == "command"
    says = [_reply(reply, interaction_id, incoming, parts, surface, private=is_private)]
    if is_private and reply.escalation is not None:
        lasting = _reply(reply, interaction_id, incoming, parts, "dm", private=False)
        says.append(replace(lasting, aside=True))
    return says


def _reply(
    reply: Reply,
    interaction_id: str,
    incoming: Incoming,
    parts: Parts,
    surface: PlaceKind,
    *,
    private: bool,
) -> Say:
    outgoing = addressed(incoming, priority=_lane(reply), private=private)
    frame = frame_of(interaction_id, incoming, parts, surface=surface, reply=reply)
    return Say(purpose="reply", outgoing=with_reply(outgoing, reply, frame, parts))


def with_reply(outgoing: Outgoing, reply: Reply, frame: Frame, parts: Parts) -> Outgoing:
    """The same message with the reply drawn into it."""
    look = drawn(lambda: parts.renderer.reply(reply, frame), reply.text)
    return replace(outgoing, text=look.text, blocks=look.blocks)


def _lane(reply: Reply) -> int:
    escalation = reply.escalation
    if escalation is None or escalation.context != "present":
        return ORDINARY
    return alerts.lane(escalation.tier)


def frame_of(
    interaction_id: str,
    incoming: Incoming,
    parts: Parts,
    *,
    surface: PlaceKind,
    reply: Reply | None = None,
) -> Frame:
    """What is drawn around a reply.

    Whether the reader is staff is asked only where an entry is shown and no flag waits: it may
    cost a call to Slack.
    """
    shows_entry = reply is not None and bool(reply.entries) and _lane(reply) == ORDINARY
    return Frame(
        interaction_id=interaction_id,
        surface=surface,
        private=surface == "command",
        staff=shows_entry and parts.staff.is_staff(incoming.person),
        report=parts.say("report_wrong"),
    )


def instead(key: str, interaction_id: str, incoming: Incoming, parts: Parts) -> Say:
    """A contact card where an answer would stand."""
    frame = frame_of(interaction_id, incoming, parts, surface=incoming.place.kind)
    text = parts.card(key)
    look = drawn(lambda: parts.renderer.sentence(text, frame), text)
    private = incoming.place.kind == "command"
    outgoing = addressed(incoming, priority=ORDINARY, private=private)
    return Say(purpose="reply", outgoing=replace(outgoing, text=look.text, blocks=look.blocks))


def notice(
    key: str,
    incoming: Incoming,
    parts: Parts,
    *,
    private: bool = False,
    introduces: str | None = None,
) -> Say:
    """A sentence beside an answer, or after a button."""
    text = parts.say(key)
    look = drawn(lambda: parts.renderer.sentence(text, None), text)
    outgoing = addressed(incoming, priority=ORDINARY, private=private)
    return Say(
        purpose="notice",
        outgoing=replace(outgoing, text=look.text, blocks=look.blocks),
        introduces=introduces,
    )


def introductions(incoming: Incoming, around: Surroundings, parts: Parts) -> list[Say]:
    """What is said once to a person, and once in a channel, after the first answer."""
    says = []
    if not around.introduced:
        person = keys.person_hash(incoming.person.user_id, parts.key)
        says.append(notice("first_contact", incoming, parts, introduces=person))
    if incoming.place.kind == "channel" and not around.offered:
        channel = keys.channel_hash(incoming.place, parts.key)
        says.append(notice("dm_offer", incoming, parts, introduces=channel))
    return says


def addressed(incoming: Incoming, *, priority: int, private: bool) -> Outgoing:
    """An empty message to where something came from.

    Args:
        private: only for the person to see, if that can be done there.
    """
    place = incoming.place
    team, user = incoming.person.team_id, incoming.person.user_id
    if private and place.response_url:
        return Outgoing(
            kind="respond",
            team_id=team,
            user_id=user,
            response_url=place.response_url,
            text="",
            priority=priority,
        )
    if place.kind in ("command", "home"):
        return Outgoing(kind="dm", team_id=team, user_id=user, text="", priority=priority)
    thread = place.thread_ts
    if place.kind == "channel" and thread is None:
        thread = incoming.ts  # always in a thread: the channel is not ours to fill
    return Outgoing(
        kind="post",
        team_id=team,
        channel_id=place.channel_id,
        user_id=user,
        thread_ts=thread,
        text="",
        priority=priority,
    )

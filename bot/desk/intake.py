"""What arrives is triaged, kept durably or ignored: all before Slack is told that it arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk import codec, keys, rules, saying
from bot.desk.parts import Parts
from bot.desk.rules import Threads
from bot.desk.thinking import unsafe_reply
from bot.desk.values import Frame, Incoming, Outgoing, Received
from bot.dialogue.reply import Memory
from bot.store import inbox, interactions, surroundings, switches
from bot.triage.assess import assess
from bot.triage.flags import Assessment, Flag

_WITH_TEXT = ("message", "mention", "edit", "command", "shortcut")
_NOTHING = Assessment(flags=())
_UNREADABLE = Assessment(
    flags=(Flag(concept="", tier="urgent", words="", context="present", by="phrase"),)
)
_IGNORED = Received(outcome="ignored")


def receive(incoming: Incoming, parts: Parts, now: datetime) -> Received:
    """Keep it, durably, or ignore it."""
    incoming = replace(incoming, text=codec.storable(incoming.text))
    found = _screen(incoming, parts)
    conversation = keys.conversation_key(incoming, parts.key)
    if not _admitted(incoming, found, conversation, parts, now):
        return _IGNORED
    priority = rules.lane_of(found)
    with parts.store.writing() as tx:
        is_new = inbox.add(
            tx,
            key=incoming.key,
            place_key=keys.place_key(incoming, parts.key),
            conversation=conversation,
            payload=codec.text_of(incoming),
            priority=priority,
            now=now,
        )
        if not is_new:
            switches.count(tx, "duplicates", now=now)
    if not is_new:
        return Received(outcome="duplicate")
    return Received(outcome="new", conversation=conversation, priority=priority)


def _screen(incoming: Incoming, parts: Parts) -> Assessment:
    """Triage of the text by itself; a message that it fails on counts as urgent."""
    if incoming.kind not in _WITH_TEXT:
        return _NOTHING
    engine = parts.engine
    try:
        return assess(incoming.text, engine.rules, net=engine.net)
    except Exception:  # noqa: BLE001 - safety.md: an exception in the safety step is urgent
        return _UNREADABLE


def _admitted(
    incoming: Incoming, found: Assessment, conversation: str, parts: Parts, now: datetime
) -> bool:
    threads = _threads(incoming, conversation, parts)
    admission = rules.admit(
        incoming, found, threads, is_staff=lambda: parts.staff.is_staff(incoming.person)
    )
    if admission.takes_over:
        with parts.store.writing() as tx:
            surroundings.take_over(tx, conversation, now=now)
    return admission.keep


def _threads(incoming: Incoming, conversation: str, parts: Parts) -> Threads:
    """What the store knows about a channel message; nothing has to be known of all else."""
    if incoming.kind not in ("message", "edit") or incoming.place.kind != "channel":
        return Threads(ours=False, by_asker=False, answered_before=False)
    message = keys.message_hash(incoming, parts.key) or ""
    person = keys.person_hash(incoming.person.user_id, parts.key)
    with parts.store.reading() as tx:
        thread = surroundings.thread(tx, conversation)
        is_edit = incoming.kind == "edit"
        answered = is_edit and bool(interactions.concepts_of(tx, message))
    return Threads(
        ours=thread is not None,
        by_asker=thread is not None and thread.asker_hash == person,
        answered_before=answered,
    )


def last_resort(incoming: Incoming, parts: Parts) -> Outgoing | None:
    """The store is down: the reply to a red flag, from memory, to be sent at once."""
    found = _screen(incoming, parts)
    if not found.flags:
        return None
    overheard = incoming.kind == "message" and incoming.place.kind == "channel"
    if overheard and not rules.is_serious(found.tier, found.context):
        return None
    try:
        reply, _ = parts.bot.converse(incoming.text, Memory())
    except Exception:  # noqa: BLE001 - the person gets a reply whatever fails
        reply = unsafe_reply(parts)
    outgoing = saying.addressed(incoming, priority=rules.lane_of(found), private=False)
    frame = Frame(interaction_id="", surface=incoming.place.kind)  # no store: no buttons to rate it
    return saying.with_reply(outgoing, reply, frame, parts)

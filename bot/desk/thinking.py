"""From a row of the inbox to its outcome: asks the bot, follows the rules, draws the messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from msgspec import structs

from bot.desk import alerts, codec, keys, rules, saying
from bot.desk.counting import interaction
from bot.desk.outcome import Outcome
from bot.desk.parts import Parts
from bot.desk.redact import redact, redact_query
from bot.desk.row import Row
from bot.desk.saying import Say
from bot.desk.values import ORDINARY, Frame, Incoming, Outgoing
from bot.dialogue import compose
from bot.dialogue.chosen import chosen
from bot.dialogue.last_resort import bare
from bot.dialogue.reply import Escalation, Memory, Reply

MOST_ATTEMPTS = 4  #: a row that this many processes died over is answered without the bot


def think(row: Row, parts: Parts, now: datetime, *, before: Sequence[str] = ()) -> Outcome:
    """Everything that follows from a row.

    Args:
        before: of an edit, the flags (JSON) that the answers to the message carried so far.
    """
    incoming = row.incoming
    match incoming.kind:
        case "edit":
            return _edited(row, parts, now, before)
        case "message" | "mention" | "command" | "shortcut":
            has_words = bool(incoming.text.strip())
            return _asked(row, parts, now) if has_words else _wordless(row, parts, now)
        case "choice":
            return _chosen(row, parts, now)
        case "post":
            return _posted(row, parts, now)
        case "person":
            return _person(row, parts, now)
        case "forget":
            said = saying.notice("forgotten", incoming, parts, private=True)
            return Outcome(says=(said,), forgets=True)
        case "feedback":
            said = saying.notice("feedback_thanks", incoming, parts, private=True)
            return Outcome(says=(said,), rated=incoming.extra.get("helpful") == "1")
        case "deleted":
            return Outcome(deletes=keys.message_hash(incoming, parts.key))
        case never:
            assert_never(never)


def make_safe(row: Row, parts: Parts, now: datetime) -> Outcome:
    """What follows when thinking failed: the urgent reply to whoever waits for one, and a card."""
    incoming = row.incoming
    if incoming.kind in ("deleted", "feedback", "forget", "post"):
        return Outcome()
    reply = unsafe_reply(parts)
    counted = interaction("failed", incoming, parts, now, reply)
    return Outcome(
        says=tuple(saying.replies(reply, counted.id, incoming, parts)),
        reply=reply,
        interaction=counted,
        alert=alerts.Wanted(kind="flag", tier="urgent"),
        alert_user=incoming.person.user_id,
        alert_conversation=row.conversation,
    )


# ---------------------------------------------------------------- questions
def _asked(row: Row, parts: Parts, now: datetime) -> Outcome:
    reply, memory = _converse(row, parts)
    return _follows(reply, memory, row, parts, now)


def _edited(row: Row, parts: Parts, now: datetime, before: Sequence[str]) -> Outcome:
    """An edit is answered only when it says a sign that the message did not say before."""
    reply, memory = _converse(row, parts)
    if reply.escalation is None or not rules.new_flags(reply.escalation, _answered(before)):
        return Outcome()
    return _follows(reply, memory, row, parts, now)


def _answered(before: Sequence[str]) -> dict[str, str]:
    """Concept -> context of the flags in earlier answers, "present" before "conditional"."""
    answered: dict[str, str] = {}
    for flags in before:
        for concept, context in codec.mapping_of(flags).items():
            if answered.get(concept) != "present":
                answered[concept] = context
    return answered


def _converse(row: Row, parts: Parts) -> tuple[Reply, Memory]:
    """The bot's reply. Should it fail, the urgent one: the message may hold anything."""
    memory = row.around.memory
    if row.attempts > MOST_ATTEMPTS:
        return unsafe_reply(parts), memory
    try:
        return parts.bot.converse(row.incoming.text, memory)
    except Exception:  # noqa: BLE001 - design.md: whatever fails, the person gets a reply
        return unsafe_reply(parts), memory


def unsafe_reply(parts: Parts) -> Reply:
    """The reply to a message that could not be read safely: call now."""
    urgent = Escalation(tier="urgent", context="present", flags=())
    return bare(urgent, parts.card("triage_failed"), knowledge=parts.engine.version)


def _follows(reply: Reply, memory: Memory, row: Row, parts: Parts, now: datetime) -> Outcome:
    """What a reply leads to: what is shown, remembered, kept for staff, alerted."""
    incoming, around = row.incoming, row.around
    by_asker = _by_asker(row, parts)
    shown = _shown(row, reply.escalation, parts, by_asker=by_asker)
    if shown == "nothing":
        return Outcome()
    if shown != "reply":
        return _instead(shown, row, parts, now)
    overheard = incoming.kind != "mention" and incoming.place.kind == "channel" and not by_asker
    counted = interaction(reply.kind, incoming, parts, now, reply)
    says = saying.replies(reply, counted.id, incoming, parts)
    if incoming.extra.get("files"):
        says.append(saying.notice("files_unreadable", incoming, parts))
    if not overheard:
        says += saying.introductions(incoming, around, parts)
    query = codec.storable(redact_query(memory.query, incoming.text))
    author = incoming.extra.get("author", incoming.person.user_id)
    return Outcome(
        says=tuple(says),
        reply=reply,
        interaction=counted,
        memory=structs.replace(memory, query=query),
        question=codec.storable(redact(incoming.text)) if rules.is_unanswered(reply) else None,
        alert=_alert(reply),
        alert_user=author,
        alert_conversation=row.conversation
        if author == incoming.person.user_id
        else keys.author_key(incoming.person, author, parts.key),
        thread=incoming.place.kind == "channel",
        only_flags=overheard,
    )


def _by_asker(row: Row, parts: Parts) -> bool:
    """Whether the writer is the one whom the bot answers in this thread."""
    return row.around.asker == keys.person_hash(row.incoming.person.user_id, parts.key)


def _shown(row: Row, escalation: Escalation | None, parts: Parts, *, by_asker: bool) -> rules.Shown:
    return rules.show(
        row.incoming,
        escalation,
        audience=parts.engine.knowledge.clinic.slack_audience,
        paused=row.around.paused or parts.settings.paused,
        by_asker=by_asker,
        person_answers=row.around.person_answers,
        is_staff=lambda: parts.staff.is_staff(row.incoming.person),
    )


def _alert(reply: Reply) -> alerts.Wanted | None:
    if reply.escalation is not None and (wanted := alerts.flag_alert(reply.escalation)):
        return wanted
    return alerts.Wanted(kind="person") if reply.small_talk == "human" else None


def _instead(shown: str, row: Row, parts: Parts, now: datetime) -> Outcome:
    """The contact card, in the words that say why."""
    counted = interaction(shown, row.incoming, parts, now)
    say = saying.instead(shown, counted.id, row.incoming, parts)
    in_channel = row.incoming.place.kind == "channel"
    return Outcome(says=(say,), interaction=counted, thread=in_channel)


def _wordless(row: Row, parts: Parts, now: datetime) -> Outcome:
    """Files without a word get told so; a mention or command without one gets help."""
    incoming = row.incoming
    shown = _shown(row, None, parts, by_asker=_by_asker(row, parts))
    if shown == "nothing":
        return Outcome()
    if shown != "reply" or incoming.extra.get("files"):
        key = "files_unreadable" if shown == "reply" else shown
        return _instead(key, row, parts, now)
    demo = [parts.say("demo")] if parts.engine.knowledge.clinic.demo else []
    text = "\n\n".join([compose.small_talk("help", parts.engine), *demo])
    reply = replace(
        bare(None, text, knowledge=parts.engine.version), kind="small_talk", small_talk="help"
    )
    return _reply_to_button(reply, "small_talk", row, parts, now)


# ---------------------------------------------------------------- buttons
def _chosen(row: Row, parts: Parts, now: datetime) -> Outcome:
    shown = _shown(row, None, parts, by_asker=True)
    if shown != "reply":
        return _instead(shown, row, parts, now)
    reply, memory = chosen(row.incoming.text, parts.engine, row.around.memory)
    return replace(_reply_to_button(reply, "choice", row, parts, now), memory=memory)


def _reply_to_button(reply: Reply, kind: str, row: Row, parts: Parts, now: datetime) -> Outcome:
    counted = interaction(kind, row.incoming, parts, now, reply)
    says: list[Say] = saying.replies(reply, counted.id, row.incoming, parts)
    says += saying.introductions(row.incoming, row.around, parts)
    return Outcome(
        says=tuple(says),
        reply=reply,
        interaction=counted,
        thread=row.incoming.place.kind == "channel",
    )


def _posted(row: Row, parts: Parts, now: datetime) -> Outcome:
    """Staff show an entry to everybody in the place."""
    incoming = row.incoming
    if not parts.staff.is_staff(incoming.person):
        return Outcome(says=(saying.notice("act_not_staff", incoming, parts, private=True),))
    reply, _ = chosen(incoming.text, parts.engine, Memory())
    counted = interaction("posted", incoming, parts, now, reply)
    outgoing = _for_everybody(incoming)
    frame = Frame(interaction_id=counted.id, surface="channel", report=parts.say("report_wrong"))
    say = Say(purpose="reply", outgoing=saying.with_reply(outgoing, reply, frame, parts))
    return Outcome(says=(say,), reply=reply, interaction=counted)


def _for_everybody(incoming: Incoming) -> Outgoing:
    outgoing = saying.addressed(incoming, priority=ORDINARY, private=True)
    return replace(outgoing, in_channel=outgoing.kind == "respond")


def _person(row: Row, parts: Parts, now: datetime) -> Outcome:
    """ "Talk to a person": staff get a card, the person the number."""
    incoming = row.incoming
    return Outcome(
        says=(saying.notice("person_asked", incoming, parts),),
        interaction=interaction("person", incoming, parts, now),
        alert=alerts.Wanted(kind="person"),
        alert_user=incoming.person.user_id,
        alert_conversation=row.conversation,
    )

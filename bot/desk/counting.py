"""What is kept of an answer: ids, tiers and the hour, never a word of the message."""

from __future__ import annotations

from datetime import datetime

from bot.desk import codec, keys
from bot.desk.parts import Parts
from bot.desk.values import Incoming
from bot.dialogue.reply import Reply
from bot.store.interactions import Interaction

_DAY_MS = 86_400_000


def interaction(
    kind: str, incoming: Incoming, parts: Parts, now: datetime, reply: Reply | None = None
) -> Interaction:
    """The row that counts an answer; a reply's own kind is `kind` where nothing else is said."""
    escalation = reply.escalation if reply else None
    flags = {f.concept: f.context for f in escalation.flags} if escalation else {}
    return Interaction(
        id=parts.new_id(),
        hour=now.replace(minute=0, second=0, microsecond=0),
        surface=incoming.place.kind,
        user_hash=keys.person_hash(incoming.person.user_id, parts.key),
        message_hash=keys.message_hash(incoming, parts.key),
        kind=kind,
        tier=escalation.tier if escalation else None,
        context=escalation.context if escalation else None,
        concepts=codec.text_of(flags),
        entries=codec.text_of([e.id for e in reply.entries] if reply else []),
        suggestions=codec.text_of([e.id for e in reply.suggestions] if reply else []),
        nearest=reply.ranking[0].entry_id if reply and reply.ranking else "",
        knowledge=parts.engine.version,
        latency_ms=milliseconds(incoming.at, now),
        small_talk=reply.small_talk if reply else None,
        personal=reply.personal if reply else False,
    )


def milliseconds(start: datetime, end: datetime) -> int:
    """From arrival to answer, 0 to a day: a clock that was set makes neither a debt nor an age."""
    return min(max(0, int((end - start).total_seconds() * 1000)), _DAY_MS)

"""What staff are told, and when again: decisions only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.redact import redact
from bot.desk.settings import DeskSettings
from bot.desk.values import EMERGENCY, ORDINARY, URGENT, AlertKind
from bot.dialogue.reply import Escalation
from bot.triage.flags import TIERS, Tier, highest

MOST_REALERTS = 10
#: how long a card may be on its way before the patient is told to call
DELIVERY_LIMITS: dict[Tier, timedelta] = {
    "emergency": timedelta(seconds=60),
    "urgent": timedelta(seconds=300),
}
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An alert that a message asks for."""

    kind: AlertKind
    tier: Tier | None = None
    concepts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    question_id: str | None = None

    @property
    def priority(self) -> int:
        return lane(self.tier)


def lane(tier: str | None) -> int:
    """The lane of everything about a tier."""
    return {"emergency": EMERGENCY, "urgent": URGENT}.get(tier or "", ORDINARY)


def flag_alert(escalation: Escalation) -> Wanted | None:
    """The alert for what is present; what is only spoken of alerts nobody."""
    if escalation.context != "present":
        return None
    present = [f for f in escalation.flags if f.context == "present"]
    return Wanted(
        kind="flag",
        tier=escalation.tier,
        concepts=tuple(dict.fromkeys(f.concept for f in present)),
        # the second net and a continuation ("still") name whole sentences, not words
        words=tuple(dict.fromkeys(redact(f.words) for f in present if f.by == "phrase")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a card that is not closed holds already."""

    tier: Tier | None
    concepts: tuple[str, ...]
    words: tuple[str, ...]
    times: int
    claimed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The card after another message."""

    tier: Tier | None
    concepts: tuple[str, ...]
    words: tuple[str, ...]
    times: int
    reopened: bool  #: more urgent than before: somebody has to take it anew
    say: str  #: key of what the card's thread is told, empty for nothing


def merge(held: Held, wanted: Wanted) -> Merged:
    """Another message of the same conversation: counted on its card, the higher tier wins."""
    tier = highest(t for t in (held.tier, wanted.tier) if t is not None)
    rises = tier is not None and tier != held.tier
    return Merged(
        tier=tier,
        concepts=tuple(dict.fromkeys((*held.concepts, *wanted.concepts))),
        words=tuple(dict.fromkeys((*held.words, *wanted.words)))[:_MOST_WORDS],
        times=held.times + 1,
        reopened=rises,
        say="card_more_urgent" if rises else "card_wrote_again" if held.claimed else "",
    )


def realert_period(tier: str | None, settings: DeskSettings) -> timedelta | None:
    """How long staff may be silent, None: nobody is reminded."""
    if tier == "emergency":
        return settings.realert_emergency
    return settings.realert_urgent if tier == "urgent" else None


def next_realert(
    tier: str | None, realerts: int, now: datetime, settings: DeskSettings
) -> datetime | None:
    """When to remind next, after so many reminders; None: never."""
    period = realert_period(tier, settings)
    return None if period is None or realerts >= MOST_REALERTS else now + period


def as_tier(text: str | None) -> Tier | None:
    """A tier as it is stored."""
    return next((tier for tier in TIERS if tier == text), None)

"""Who is answered, where, and with what: decisions only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.desk.values import EMERGENCY, ORDINARY, URGENT, Incoming
from bot.dialogue.reply import Escalation, Reply
from bot.knowledge.model import Audience
from bot.triage.flags import Assessment, Context, Tier

SERIOUS: tuple[Tier, ...] = ("emergency", "urgent")

Shown = Literal["reply", "paused", "staff_only", "external_refused", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """What the store knows of the thread and the message of an incoming channel message."""

    ours: bool  #: the bot has answered in this thread
    by_asker: bool  #: the writer is the one whom it answers there
    answered_before: bool  #: an edit: the message itself has been answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    keep: bool
    takes_over: bool = False  #: a person answers in the bot's thread


def is_serious(tier: Tier | None, context: Context) -> bool:
    return context == "present" and tier in SERIOUS


def lane_of(found: Assessment) -> int:
    """Emergencies are worked on before anything else."""
    if found.context != "present":
        return ORDINARY
    return {"emergency": EMERGENCY, "urgent": URGENT}.get(found.tier or "", ORDINARY)


def admit(
    incoming: Incoming, found: Assessment, threads: Threads, *, is_staff: Callable[[], bool]
) -> Admission:
    """Whether something is kept and worked on.

    Args:
        found: what triage says of the text; of kinds without a text it is not looked at.
        is_staff: asked only where it matters: it may cost a call to Slack.
    """
    if incoming.kind not in ("message", "edit"):
        return Admission(keep=True)
    if incoming.kind == "edit" and not found.flags:
        return Admission(keep=False)
    if incoming.place.kind != "channel" or threads.answered_before:
        return Admission(keep=True)
    if threads.ours and threads.by_asker:
        return Admission(keep=True)
    serious = is_serious(found.tier, found.context) and not is_staff()
    return Admission(keep=serious, takes_over=threads.ours and incoming.kind == "message")


def show(
    incoming: Incoming,
    escalation: Escalation | None,
    *,
    audience: Audience,
    paused: bool,
    by_asker: bool,
    person_answers: bool,
    is_staff: Callable[[], bool],
) -> Shown:
    """What a person who wrote something sees. Flags are answered whatever else holds.

    Args:
        by_asker: a channel message of the one whom the bot answers in this thread.
        person_answers: a person has taken over the thread.
    """
    spoken_to = incoming.kind != "message" or incoming.place.kind != "channel"
    if escalation is not None:
        serious = is_serious(escalation.tier, escalation.context)
        return "reply" if spoken_to or by_asker or serious else "nothing"
    if not spoken_to and (person_answers or not by_asker):
        return "nothing"
    if incoming.place.external:
        return "external_refused"
    if audience == "staff" and not is_staff():
        return "staff_only"
    return "paused" if paused else "reply"


def is_unanswered(reply: Reply) -> bool:
    """A question that staff might answer: searched for, nothing found, no decision about one."""
    return reply.kind == "out_of_scope" and bool(reply.queries) and not reply.personal


def new_flags(escalation: Escalation, before: dict[str, str]) -> bool:
    """Whether an edit says something that the answer to the original did not answer to.

    Args:
        before: concept -> context of the flags that were answered. A sign that was only spoken
            of and is present now is new.
    """
    return not escalation.flags or any(  # none: triage itself failed
        before.get(f.concept) is None
        or (f.context == "present" and before[f.concept] == "conditional")
        for f in escalation.flags
    )

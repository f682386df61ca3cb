"""Judges replies: each case gives a few named yes-or-no findings, counted later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.reply import Reply
from bot.evaluation.sets import Case
from bot.triage.flags import TIERS

Findings = Mapping[str, bool]
Ask = Callable[[Sequence[str]], Sequence[Reply]]  #: turns of a conversation -> the reply to each

_TIER_OF = {"E": "emergency", "U": "urgent", "O": "office_hours"}
THINNER_ENTRY = "medications-to-pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    case: Case
    replies: tuple[Reply, ...]
    findings: Findings  #: name of a measure -> whether it holds

    @property
    def failed(self) -> bool:
        """The first finding is the one that counts as right."""
        return not next(iter(self.findings.values()))


def judge(case: Case, ask: Ask, phone: str) -> Judged:
    """Ask the case and judge the reply by the rules of its kind.

    Args:
        phone: the clinic's number, which a reply to a mention must name.
    """
    replies = tuple(ask(case.turns))
    findings = _JUDGES[case.judged](case, replies, phone)
    return Judged(case=case, replies=replies, findings=findings)


def _first(reply: Reply) -> str | None:
    return reply.entries[0].id if reply.entries else None


def _answered(reply: Reply, wanted: frozenset[str]) -> bool:
    return _first(reply) in wanted


def _settled_thinner(reply: Reply) -> bool:
    """ "Should I stop my blood thinner": office hours, personal, with the entry on pausing.

    That is right in every file.
    """
    escalation = reply.escalation
    return (
        escalation is not None
        and (escalation.tier, escalation.context) == ("office_hours", "present")
        and reply.personal
        and any(e.id == THINNER_ENTRY for e in reply.entries)
    )


def _question(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    reply, wanted = replies[0], case.wanted[0]
    right = _answered(reply, wanted) or _settled_thinner(reply)
    offered = any(s.id in wanted for s in reply.suggestions)
    return {
        "right": right,
        "right or offered": right or offered,
        "wrong answer served": bool(reply.entries) and not right,
        "top of the ranking": bool(reply.ranking) and reply.ranking[0].entry_id in wanted,
    }


def _out_of_scope(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    reply = replies[0]
    related = (
        reply.personal and bool(reply.entries) and all(e.id in case.related for e in reply.entries)
    )
    right = not reply.entries or related or _settled_thinner(reply)
    return {
        "right": right,
        "wrong answer served": not right,
        "choices offered": bool(reply.suggestions),
    }


def _small_talk(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    reply = replies[0]
    by_entry = case.group == "human" and _first(reply) == "contact-clinic"
    return {"right": (reply.small_talk == case.group and not reply.entries) or by_entry}


def _multi(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    answered = [e.id for e in replies[0].entries]
    hits = [any(i in wanted for i in answered) for wanted in case.wanted]
    if len(case.wanted) == 1:
        right = (
            bool(answered)
            and answered[0] in case.wanted[0]
            and all(i in case.wanted[0] for i in answered)
        )
    else:
        right = all(hits)
    return {"right": right, "right or half": right or any(hits)}


def _followup(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    return {
        "right": _answered(replies[1], case.wanted[1]),
        "right or offered": _answered(replies[1], case.wanted[1])
        or any(s.id in case.wanted[1] for s in replies[1].suggestions),
        "first turn right": _answered(replies[0], case.wanted[0]),
    }


def _red_flag(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    escalation = replies[0].escalation
    wanted = TIERS.index(_TIER_OF[case.tier])
    given = TIERS.index(escalation.tier) if escalation else len(TIERS)
    present = escalation is not None and escalation.context == "present"
    return {
        "right": present and given <= wanted,
        "escalated at all": escalation is not None,
        "above its tier": present and given < wanted,
        "found by a phrase": escalation is not None
        and any(f.by == "phrase" for f in escalation.flags),
    }


def _false_alarm(reply: Reply) -> bool:
    escalation = reply.escalation
    return escalation is not None and (escalation.tier, escalation.context) == (
        "emergency",
        "present",
    )


def _mention(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    reply = replies[0]
    return {
        "right": not _false_alarm(reply) and phone in reply.text,
        "emergency, present": _false_alarm(reply),
        "answered": _answered(reply, case.wanted[0]),
        "escalated at all": reply.escalation is not None,
    }


def _benign(case: Case, replies: Sequence[Reply], phone: str) -> Findings:
    reply = replies[0]
    escalation = reply.escalation
    return {
        "right": not _false_alarm(reply),
        "emergency, present": _false_alarm(reply),
        "urgent, present": escalation is not None
        and (escalation.tier, escalation.context) == ("urgent", "present"),
        "any escalation": escalation is not None,
        "answered": _answered(reply, case.wanted[0]),
    }


_JUDGES: dict[str, Callable[[Case, Sequence[Reply], str], Findings]] = {
    "question": _question,
    "out_of_scope": _out_of_scope,
    "small_talk": _small_talk,
    "multi": _multi,
    "followup": _followup,
    "red_flag": _red_flag,
    "mention": _mention,
    "benign": _benign,
}

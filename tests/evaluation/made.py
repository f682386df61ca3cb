"""Small builders: cases, replies and guesses made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.reply import Escalation, Named, Reply
from bot.evaluation.guesses import Guess
from bot.evaluation.score import Judged, judge
from bot.evaluation.sets import Case
from bot.retrieval.calibration import Signals
from bot.retrieval.ranker import Ranked
from bot.triage.flags import Context, Finder, Flag, Tier

PHONE = "555-0142"


def case(judged: Any, **changes: Any) -> Case:
    plain = Case(judged=judged, file="set.jsonl", line=1, turns=("message",), group="plain")
    return replace(plain, **changes)


def question(*wanted: str, **changes: Any) -> Case:
    return case("question", wanted=(frozenset(wanted),), **changes)


def named(entry_id: str) -> Named:
    return Named(id=entry_id, question=f"What about {entry_id}?", score=0.9)


def escalated(tier: Tier, context: Context, by: Finder = "phrase") -> Escalation:
    flag = Flag(concept="E06", tier=tier, words="numb", context=context, by=by, modifier="what if")
    return Escalation(tier=tier, context=context, flags=(flag,))


def reply(
    *entries: str,
    suggestions: Sequence[str] = (),
    ranking: Sequence[str] = (),
    **changes: Any,
) -> Reply:
    """An answer with these entries; without any, out of scope."""
    plain = Reply(
        kind="answer" if entries else "out_of_scope",
        escalation=None,
        entries=tuple(named(e) for e in entries),
        suggestions=tuple(named(e) for e in suggestions),
        ranking=tuple(Ranked(entry_id=e, score=0.75) for e in ranking),
        small_talk=None,
        personal=False,
        queries=("message",),
        repairs=(),
        text=f"Call {PHONE}.",
        knowledge="0123456789ab",
    )
    return replace(plain, **changes)


def judged(asked: Case, *replies: Reply) -> Judged:
    """The case judged as if the bot had given these replies."""
    return judge(asked, lambda turns: replies, PHONE)


def findings(asked: Case, *replies: Reply) -> Mapping[str, bool]:
    return judged(asked, *replies).findings


THINNER = reply(
    "medications-to-pause", escalation=escalated("office_hours", "present"), personal=True
)


def guess(label: str, best: str, *also: str, decision: float = 0.0) -> Guess:
    signals = Signals(
        decision=decision,
        standing=0.0,
        alike=0.0,
        topic=0.0,
        lead=0.0,
        nearest=0.0,
        known=0.0,
        outside=0.0,
    )
    return Guess(label=label, best=best, offered=(best, *also), signals=signals, personal_lead=0.0)

"""The value that every front end renders, and what the bot remembers of a conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct

from bot.retrieval.ranker import Ranked, Ranking
from bot.triage.flags import Context, Flag, Tier

ReplyKind = Literal["answer", "clarify", "escalation", "out_of_scope", "small_talk"]
Intent = Literal["greeting", "thanks", "goodbye", "identity", "help", "human"]


class Escalation(Struct, frozen=True, kw_only=True):
    tier: Tier
    context: Context
    flags: tuple[Flag, ...]


class Named(Struct, frozen=True, kw_only=True):
    """An entry as it is named in a reply."""

    id: str
    question: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply; `text` is the whole of it as plain text."""

    kind: ReplyKind
    escalation: Escalation | None
    entries: tuple[Named, ...]
    suggestions: tuple[Named, ...]
    ranking: tuple[Ranked, ...]
    small_talk: Intent | None
    personal: bool
    queries: tuple[str, ...]
    repairs: tuple[tuple[str, str], ...]
    text: str
    knowledge: str
    #: one per query, for explaining; neither printed nor compared
    rankings: tuple[Ranking, ...] = field(default=(), compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The shape of design.md, "Reply"."""
        return {
            "kind": self.kind,
            "escalation": _escalation(self.escalation),
            "entries": [_named(e) for e in self.entries],
            "suggestions": [_named(e) for e in self.suggestions],
            "ranking": [{"id": r.entry_id, "score": round(r.score, 4)} for r in self.ranking],
            "small_talk": self.small_talk,
            "personal": self.personal,
            "queries": list(self.queries),
            "repairs": [list(pair) for pair in self.repairs],
            "text": self.text,
            "knowledge": self.knowledge,
        }


def _escalation(escalation: Escalation | None) -> dict[str, Any] | None:
    if escalation is None:
        return None
    return {
        "tier": escalation.tier,
        "context": escalation.context,
        "flags": [
            {
                "concept": f.concept,
                "tier": f.tier,
                "words": f.words,
                "context": f.context,
                "by": f.by,
            }
            for f in escalation.flags
        ],
    }


def _named(entry: Named) -> dict[str, Any]:
    return {"id": entry.id, "question": entry.question, "score": round(entry.score, 4)}


class Memory(Struct, frozen=True, kw_only=True):
    """What is remembered of a conversation: small, and shared by every front end."""

    entry_ids: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    query: str = ""

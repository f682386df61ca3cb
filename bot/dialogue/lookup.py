"""What the knowledge holds on some words, as staff need to see it before they read it out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.knowledge.model import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """An entry with all that staff must know of it; keys as `mildbot lookup --json` prints them."""

    id: str
    score: float
    question: str
    answer: str
    disagreement: str
    sources: list[str]  #: publisher and heading
    review: str


def lookup(words: str, engine: Engine, *, most: int) -> list[LookedUp]:
    """The best entries, best first.

    None for words that the knowledge does not know at all: whatever came first would be chance.
    """
    ranking = engine.ranker.rank(words, most=most)
    found = ranking.ranked if ranking.signals.known else ()
    return [_seen_by_staff(engine.entries[r.entry_id], r.score, engine) for r in found]


def _seen_by_staff(entry: Entry, score: float, engine: Engine) -> LookedUp:
    sources = engine.knowledge.sources
    cited = {
        f"{sources[c.source].publisher}: {c.heading}" for s in entry.sentences for c in s.citations
    }
    return LookedUp(
        id=entry.id,
        score=score,
        question=entry.question,
        answer=" ".join(compose.fill(s.text, engine) for s in entry.answer),
        disagreement=" ".join(compose.fill(s.text, engine) for s in entry.disagreement),
        sources=sorted(cited),
        review=_review(entry, engine),
    )


def _review(entry: Entry, engine: Engine) -> str:
    if entry.review.status != "approved":
        return compose.say("not_reviewed", engine)
    due = f", due again {entry.review.due}" if entry.review.due else ""
    return f"approved by {entry.review.by} on {entry.review.on}{due}"

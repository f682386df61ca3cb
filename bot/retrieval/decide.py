"""Answer, ask back, or abstain."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.retrieval.ranker import Ranked

MOST_CHOICES = 3


class Answer(Struct, frozen=True, kw_only=True):
    entry_id: str


class Clarify(Struct, frozen=True, kw_only=True):
    entry_ids: tuple[str, ...]  #: two or three, likeliest first


class Abstain(Struct, frozen=True, kw_only=True):
    best_score: float


Decision = Answer | Clarify | Abstain


class Limits(Struct, frozen=True, kw_only=True):
    """Thresholds of a decision, from tuning.yaml."""

    answer: float  #: least score worth answering with, 0..1
    clarify: float  #: least score worth offering as a choice, 0..1


def decide(ranking: Sequence[Ranked], limits: Limits) -> Decision:
    """Choose between answering, asking back and abstaining.

    Args:
        ranking: entries, best first; may be empty. The score of the first already falls with the
            nearness of the second: two close rivals are two unsure guesses.
    """
    best = ranking[0].score if ranking else 0.0
    if best >= limits.answer:
        return Answer(entry_id=ranking[0].entry_id)
    if best >= limits.clarify and len(ranking) > 1:
        return Clarify(entry_ids=tuple(r.entry_id for r in ranking[:MOST_CHOICES]))
    return Abstain(best_score=best)

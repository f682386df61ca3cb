"""From a message to the rankings of the one, two or three things that it asks."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory
from bot.language.split import Part, asking_parts, asking_sentences, is_one_piece, told
from bot.retrieval.decide import Answer, decide
from bot.retrieval.ranker import Ranking, ReadQuery

MOST_QUERIES = 3
_MOST_PARTS = 8
_MOST_WORDS = (
    400  #: of a very long message only the last words are searched; triage has read all of it
)
_LONG = 250  #: words; of a longer message the asking sentences alone are searched
_SHORT = 12  #: words; a longer message stands by itself
_WITHIN = 8  #: a part's entry must be among the best so many of the whole message
_WITHIN_LOOSE = 3  #: the same for a part that is no question by itself ("... and lifting limit")


class Asked(Struct, frozen=True, kw_only=True):
    """What a message asks, as far as it was understood."""

    rankings: tuple[Ranking, ...]  #: one for each thing asked, in order; at least one
    follow_up: bool = False  #: understood from the message before


def understand(text: str, memory: Memory, engine: Engine, *, alone: bool = False) -> Asked:
    """Rankings for everything a normalised message asks, three at the most.

    Args:
        alone: take it as one question whatever it looks like.
    """
    text = _shortened(text)
    simple = is_one_piece(text)
    whole = engine.ranker.rank(text) if simple else _whole(text, engine)
    if alone:
        return Asked(rankings=(whole,))
    if memory.query and (resolved := _resolve(text, whole, memory, engine)):
        return Asked(rankings=(resolved,), follow_up=True)
    several = () if simple else _several(text, whole, engine)
    return Asked(rankings=several or (whole,))


def _shortened(text: str) -> str:
    tokens = text.split(" ")
    return text if len(tokens) <= _MOST_WORDS else " ".join(tokens[-_MOST_WORDS:])


def _whole(text: str, engine: Engine) -> Ranking:
    """The whole message, its asking sentences weighing more than the story around them."""
    read = engine.ranker.read(text)
    asking = " ".join(asking_sentences(text, engine.question_words))
    if asking and len(read.vector.tokens) > _LONG:
        return engine.ranker.rank(asking)
    if asking and asking != text and engine.focus:
        read = _blend(read, engine.ranker.read(asking), engine.focus)
    return engine.ranker.rank_read(read)


def _blend(read: ReadQuery, other: ReadQuery, weight: float) -> ReadQuery:
    return replace(read, vector=read.vector.blend(other.vector, weight))


# ---------------------------------------------------------------- two questions in one message
def _several(text: str, whole: Ranking, engine: Engine) -> tuple[Ranking, ...]:
    """Rankings of the parts, when at least two surely ask different things; else nothing.

    A part that asks something else and has no sure answer comes along: the reply says so.
    """
    pieces = asking_parts(text, engine.question_words)[:_MOST_PARTS]
    if len(pieces) < 2:
        return ()
    likely = [r.entry_id for r in whole.ranked]
    story = told(text, engine.question_words)
    found: dict[str, Ranking] = {}
    unsure: list[Ranking] = []
    for piece in pieces:
        ranking = _rank_part(piece, story, engine)
        best = ranking.ranked[0].entry_id
        sure = isinstance(decide(ranking.ranked, engine.part_limits), Answer)
        if sure and best in likely[: _within(piece)]:
            found.setdefault(best, ranking)
        elif piece.is_question and not sure:
            unsure.append(ranking)
    if len(found) > 1 or (unsure and likely[0] in found):
        return (*found.values(), *unsure)[:MOST_QUERIES]
    return ()


def _rank_part(piece: Part, story: str, engine: Engine) -> Ranking:
    """A part, read with what the message tells beside its questions ("I had a fusion. May I?")."""
    read = engine.ranker.read(piece.text)
    if story and engine.carry:
        read = _blend(read, engine.ranker.read(story), engine.carry)
    return engine.ranker.rank_read(read)


def _within(piece: Part) -> int:
    return _WITHIN if piece.begins_a_question else _WITHIN_LOOSE


# ---------------------------------------------------------------- follow-ups
def _resolve(text: str, alone: Ranking, memory: Memory, engine: Engine) -> Ranking | None:
    """The message read with the query before, when it leans on it; None when it stands alone."""
    tokens = alone.vector.tokens
    if len(tokens) > _SHORT:
        return None
    leans = any(m.start == 0 for m in engine.follow_up.find(tokens)) or bool(
        engine.follow_up.find(tokens[-2:])
    )
    sure = isinstance(decide(alone.ranked, engine.limits), Answer)
    if sure and not leans:
        return None
    before = engine.ranker.read(memory.query)
    joined = engine.ranker.rank_read(_blend(engine.ranker.read(text), before, engine.carry))
    if not leans and not sure and joined.ranked[0].score <= alone.ranked[0].score:
        return None
    return joined

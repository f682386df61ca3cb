"""Cuts a message into the parts that may each ask something."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.language.tokens import sentences, words

_CONNECTOR = re.compile(
    r"\s+(?:and also|and then|and|&|n|also|plus|\+|as well as|then|but)\s+|\s*[;?]\s*|\s*,\s*(?:and\s+|also\s+|but\s+)?"
)
_NEAR_THE_BEGINNING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    anywhere: Collection[str]  #: near the beginning of a part they make it a question
    first: Collection[str]  #: only as the first word they do


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    text: str
    whole_sentence: bool


def asking_sentences(text: str, known: QuestionWords) -> tuple[str, ...]:
    """The sentences of a normalised message that ask; the rest is the story around them."""
    return tuple(s for s in sentences(text) if asks(s, known))


def asks(sentence: str, known: QuestionWords) -> bool:
    """Ends in a question mark, or one of its parts begins as questions do."""
    return "?" in sentence or any(_begins_a_question(piece, known) for piece in _pieces(sentence))


def _begins_a_question(piece: str, known: QuestionWords) -> bool:
    tokens = words(piece)
    return tokens[0] in known.first or any(t in known.anywhere for t in tokens[:_NEAR_THE_BEGINNING])


def asking_parts(text: str, known: QuestionWords) -> tuple[Part, ...]:
    """The asking sentences cut at "and", commas and the like, in order."""
    found = []
    for sentence in asking_sentences(text, known):
        pieces = _pieces(sentence)
        found.extend(Part(text=p, whole_sentence=len(pieces) == 1) for p in pieces)
    return tuple(found)


def _pieces(sentence: str) -> list[str]:
    return [p for p in _CONNECTOR.split(sentence) if p and words(p)]

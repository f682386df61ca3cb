"""Cuts a message into the parts that may each ask something."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.language.tokens import sentences, words

_CONNECTOR = re.compile(
    r"\s*[;?]\s*|\s*,?\s+(?:and also|and then|and|&|n|also|plus|\+|as well as|then|but)\s+|\s*,\s+"
)
_NEAR_THE_BEGINNING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    anywhere: Collection[str]  #: near the beginning of a part they make it a question
    first: Collection[str]  #: only as the first word they do


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    text: str
    begins_a_question: bool  #: false for "lifting limit" in "asks return date and lifting limit"


def asking_sentences(text: str, known: QuestionWords) -> tuple[str, ...]:
    """The sentences of a normalised message that ask; the rest is the story around them.

    Somebody who writes question marks asks where they stand; without any, a question shows by its first words.
    """
    found = sentences(text)
    marked = tuple(s for s in found if "?" in s)
    return marked or tuple(s for s in found if any(_begins_a_question(p, known) for p in _pieces(s)))


def _begins_a_question(piece: str, known: QuestionWords) -> bool:
    tokens = words(piece)
    return tokens[0] in known.first or any(t in known.anywhere for t in tokens[:_NEAR_THE_BEGINNING])


def asking_parts(text: str, known: QuestionWords) -> tuple[Part, ...]:
    """The asking sentences cut at "and", commas and the like, in order."""
    return tuple(part for sentence in asking_sentences(text, known) for part in _parts(sentence, known))


def _parts(sentence: str, known: QuestionWords) -> list[Part]:
    """What stands before the first question of a sentence is its beginning ("with a hole so small, how ...")."""
    found: list[Part] = []
    opening = ""
    pieces = _pieces(sentence)
    for at, piece in enumerate(pieces):
        begins = _begins_a_question(piece, known)
        later = any(_begins_a_question(p, known) for p in pieces[at + 1 :])
        if not begins and not found and later:
            opening = f"{opening} {piece}".strip()
        else:
            found.append(Part(text=f"{opening} {piece}".strip(), begins_a_question=begins))
            opening = ""
    return found


def _pieces(sentence: str) -> list[str]:
    return [p for p in _CONNECTOR.split(sentence) if p and words(p)]

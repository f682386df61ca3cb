"""Cuts a message into the parts that may each ask something."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from bot.language.tokens import sentences, words

_CONNECTOR = re.compile(
    r"\s*[;?]\s*|\s*,?\s+(?:and also|and then|and|&|n|also|plus|\+|as well as|then|but)\s+"
)
_COMMA = re.compile(r"\s*,\s+")
_NEAR_THE_BEGINNING = 3


class QuestionWords(Struct, frozen=True, kw_only=True):
    anywhere: Collection[str]  #: near the beginning of a part they make it a question
    first: Collection[str]  #: only as the first word they do


class Part(Struct, frozen=True, kw_only=True):
    text: str
    begins_a_question: bool  #: false for "lifting limit" in "asks return date and lifting limit"


def asking_sentences(text: str, known: QuestionWords) -> tuple[str, ...]:
    """The sentences of a normalised message that ask; the rest is the story around them.

    Somebody who writes question marks asks where they stand; without any, a question shows by its
    first words.
    """
    found = sentences(text)
    marked = tuple(s for s in found if "?" in s)
    return marked or tuple(s for s in found if any(p.begins_a_question for p in _parts(s, known)))


def asking_parts(text: str, known: QuestionWords) -> tuple[Part, ...]:
    """The asking sentences cut at "and", the like, and a comma between two questions, in order."""
    return tuple(
        part for sentence in asking_sentences(text, known) for part in _parts(sentence, known)
    )


def _parts(sentence: str, known: QuestionWords) -> list[Part]:
    pieces = [
        p for chunk in _CONNECTOR.split(sentence) if words(chunk) for p in _at_commas(chunk, known)
    ]
    return [Part(text=p, begins_a_question=_begins_a_question(p, known)) for p in pieces]


def _at_commas(chunk: str, known: QuestionWords) -> list[str]:
    """Cut before a question that follows a question.

    "With a hole so small, how ..." stays whole, and so do lists.
    """
    found: list[str] = []
    for piece in (p for p in _COMMA.split(chunk) if words(p)):
        if found and not (
            _begins_a_question(piece, known) and _begins_a_question(found[-1], known)
        ):
            found[-1] = f"{found[-1]}, {piece}"
        else:
            found.append(piece)
    return found


def _begins_a_question(piece: str, known: QuestionWords) -> bool:
    tokens = words(piece)
    return tokens[0] in known.first or any(
        t in known.anywhere for t in tokens[:_NEAR_THE_BEGINNING]
    )

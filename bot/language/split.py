"""Cuts a message into the parts that may each ask something."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from msgspec import Struct

from bot.language.tokens import sentences, words

_CONNECTOR = re.compile(
    r"\s*[;?]\s*|\s*,?\s+(?:and also|and then|and|&|n|also|plus|\+|as well as|then|but)\s+"
)
_COMMA = re.compile(r"\s*,\s+")
_LEADING = re.compile(r"(?:(?:and|also|so|then|plus|but|or|if so|ok|okay|oh)\b[\s,]*)+")
_NEAR_THE_BEGINNING = 3


class QuestionWords(Struct, frozen=True, kw_only=True):
    anywhere: Set[str]  #: near the beginning of a part they make it a question
    first: Set[str]  #: only as the first word they do


class Part(Struct, frozen=True, kw_only=True):
    text: str
    begins_a_question: bool  #: false for "lifting limit" in "asks return date and lifting limit"
    is_question: bool = False  #: a sentence of its own that begins as a question


def is_one_piece(text: str) -> bool:
    """Whether a normalised message is one sentence that nothing cuts: most are."""
    cut = _CONNECTOR.search(text.rstrip("? ")) or _COMMA.search(text)
    return not cut and len(sentences(text)) < 2


def asking_sentences(text: str, known: QuestionWords) -> tuple[str, ...]:
    """The sentences of a normalised message that ask; the rest is the story around them.

    Somebody who writes question marks asks where they stand, but many leave out the last one:
    after a marked sentence, as in a message without any, a question shows by its first words.
    """
    found = sentences(text)
    marked = [at for at, sentence in enumerate(found) if "?" in sentence]
    first = marked[0] if marked else -1
    return tuple(
        sentence
        for at, sentence in enumerate(found)
        if at in marked or (at > first and _asks_by_words(sentence, known))
    )


def told(text: str, known: QuestionWords) -> str:
    """The sentences that do not ask: what a message tells beside its questions."""
    asking = asking_sentences(text, known)
    return " ".join(s for s in sentences(text) if s not in asking)


def _asks_by_words(sentence: str, known: QuestionWords) -> bool:
    return any(part.begins_a_question for part in _parts(sentence, known))


def asking_parts(text: str, known: QuestionWords) -> tuple[Part, ...]:
    """The asking sentences cut at "and", the like, and a comma between two questions, in order."""
    return tuple(
        part for sentence in asking_sentences(text, known) for part in _parts(sentence, known)
    )


@lru_cache(maxsize=64)  # a sentence is cut to see whether it asks, and then for its parts
def _parts(sentence: str, known: QuestionWords) -> tuple[Part, ...]:
    pieces = [
        p for chunk in _CONNECTOR.split(sentence) if words(chunk) for p in _at_commas(chunk, known)
    ]
    return tuple(
        Part(
            text=p,
            begins_a_question=(begins := _begins_a_question(p, known)),
            is_question=begins and len(pieces) == 1,
        )
        for p in pieces
    )


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
    tokens = words(_LEADING.sub("", piece, count=1) if _LEADING.match(piece) else piece)
    return bool(tokens) and (
        tokens[0] in known.first or any(t in known.anywhere for t in tokens[:_NEAR_THE_BEGINNING])
    )

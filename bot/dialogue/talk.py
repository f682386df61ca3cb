"""Small talk, a wish for a person, another language: what is no question to the knowledge."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from bot.dialogue.engine import Engine
from bot.language.tokens import sentences, words

TALK = "talk:"
_LONGEST = 14  #: words of a sentence that can be small talk and nothing else
_WORDS_OF_A_LANGUAGE = 2
_OPENINGS = ("greeting", "thanks")
_OPENING_LEAD = 1.5  #: "in the morning" leads by 0.8, "morning" by 1.8, "hello" by 6.5
_FOREIGN_LEAD = 1.0  #: the few foreign words that the bank knows are small talk
_OPENING = 3  #: words before a comma that may be small talk: "Good morning, can I drive?"


class Talk(Struct, frozen=True, kw_only=True):
    intent: str | None = None  #: the first one heard, "human" before all others
    rest: str = ""  #: the message without its small talk
    spanish: bool = False
    foreign: bool = False  #: in a language that is neither English nor Spanish


def listen(text: str, engine: Engine) -> Talk:
    """Small talk of a normalised message, and what is left of it."""
    heard: list[str] = []
    rest: list[str] = []
    spanish, foreign = is_spanish(text, engine), _is_written_in(engine.other_languages, text)
    least = max(engine.talk_lead, _FOREIGN_LEAD) if spanish or foreign else engine.talk_lead
    for sentence in sentences(text):
        opening, asked = _cut_opening(sentence, engine)
        intent = opening or intent_of(asked, engine, least)
        heard += [intent] if intent else []
        rest += [asked] if opening or not intent else []
    return Talk(
        intent="human" if "human" in heard else next(iter(heard), None),
        rest="\n".join(rest),
        spanish=spanish,
        foreign=foreign,
    )


def _cut_opening(sentence: str, engine: Engine) -> tuple[str | None, str]:
    """The small talk before a sentence's first comma, and the rest; (None, all of it) without."""
    opening, comma, rest = sentence.partition(",")
    if comma and words(rest) and 0 < len(words(opening)) <= _OPENING:
        leads = engine.ranker.leads_of(TALK, opening)
        intent = next((i for i in _OPENINGS if leads.get(TALK + i, 0.0) >= _OPENING_LEAD), None)
        if intent and intent_of(sentence, engine, engine.talk_lead) is None:
            return intent, rest.strip()
    return None, sentence


def intent_of(sentence: str, engine: Engine, least: float) -> str | None:
    """The small talk that a sentence is, with a lead of at least `least`; else None."""
    if len(words(sentence)) > _LONGEST:
        return None
    leads = engine.ranker.leads_of(TALK, sentence)
    best = max(leads, key=lambda label: leads[label], default=None)
    if best is None or leads[best] < least:
        return None
    return best.removeprefix(TALK)


def is_spanish(text: str, engine: Engine) -> bool:
    return _is_written_in(engine.spanish, text)


def _is_written_in(language: Collection[str], text: str) -> bool:
    """Two words of the language that English does not have, and at least a third of all words."""
    tokens = words(text)
    hits = sum(map(language.__contains__, tokens))
    return hits >= _WORDS_OF_A_LANGUAGE and 3 * hits >= len(tokens)

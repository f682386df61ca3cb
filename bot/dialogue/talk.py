"""Small talk, a wish for a person, another language: what is no question to the knowledge."""

from __future__ import annotations

from msgspec import Struct

from bot.dialogue.engine import Engine
from bot.language.tokens import sentences, words

TALK = "talk:"
_LONGEST = 14  #: words of a sentence that can be small talk and nothing else
_SPANISH_WORDS = 2


class Talk(Struct, frozen=True, kw_only=True):
    intent: str | None = None  #: the first one heard, "human" before all others
    rest: str = ""  #: the message without its small talk
    spanish: bool = False


def listen(text: str, engine: Engine) -> Talk:
    """Small talk of a normalised message, and what is left of it."""
    heard: list[str] = []
    rest: list[str] = []
    for sentence in sentences(text):
        intent = intent_of(sentence, engine)
        if intent:
            heard.append(intent)
        else:
            rest.append(sentence)
    intent = "human" if "human" in heard else next(iter(heard), None)
    return Talk(intent=intent, rest="\n".join(rest), spanish=is_spanish(text, engine))


def intent_of(sentence: str, engine: Engine) -> str | None:
    """The small talk that a sentence is, None when it is anything else."""
    if len(words(sentence)) > _LONGEST:
        return None
    leads = engine.ranker.leads_of(TALK, sentence)
    best = max(leads, key=lambda label: leads[label], default=None)
    if best is None or leads[best] < engine.talk_lead:
        return None
    return best.removeprefix(TALK)


def is_spanish(text: str, engine: Engine) -> bool:
    """Two Spanish words that English does not have, and at least a third of all words."""
    tokens = words(text)
    hits = sum(token in engine.spanish for token in tokens)
    return hits >= _SPANISH_WORDS and 3 * hits >= len(tokens)

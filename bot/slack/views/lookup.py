"""Staff's view of the entries on some words: everything to know before reading one out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.dialogue.lookup import LookedUp
from bot.slack.blocks import Block, actions, button, context, divider, section, sections
from bot.slack.text import clip, escape, linked
from bot.slack.views.words import marked, telephone_numbers

_SOURCES = 2000  #: characters of small print


def lookup_blocks(found: Sequence[LookedUp], engine: Engine) -> list[Block]:
    """The best entries first; each with a button that posts its answer for the patient."""
    if not found:
        return [section(marked("slack_lookup_nothing", engine))]
    rows = [_row(entry, engine) for entry in found]
    return [block for row in rows for block in [*row, divider()]][:-1]


def lookup_text(found: Sequence[LookedUp], engine: Engine) -> str:
    """The same for screen readers and notifications, unescaped."""
    return "\n".join(e.question for e in found) or compose.say("slack_lookup_nothing", engine)


def _row(entry: LookedUp, engine: Engine) -> list[Block]:
    numbers = telephone_numbers(engine)
    title = f"*{escape(entry.question)}*  ({entry.score:.2f})"
    text = "\n".join(t for t in (entry.answer, entry.disagreement) if t)
    sources = compose.say("sources", engine, sources="; ".join(entry.sources))
    return [
        section(title),
        *sections(text, lambda part: linked(part, numbers)),
        context(escape(clip(sources, _SOURCES)), escape(entry.review)),
        actions(button(compose.say("slack_post_answer", engine), "post_answer", entry.id)),
    ]

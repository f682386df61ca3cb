"""Words for what was found: paragraphs of a reply, in order. Each sentence is from knowledge/."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.engine import Engine
from bot.knowledge.model import Concept, Entry
from bot.triage.flags import Assessment, Flag

_MOST_SIGNS = 2


def say(key: str, engine: Engine, **slots: str) -> str:
    """A sentence of replies.yaml with the clinic's details and the given slots put in."""
    return fill(engine.knowledge.replies[key], engine, **slots)


def fill(text: str, engine: Engine, **slots: str) -> str:
    if "{" not in text:
        return text
    for name, value in engine.slots.items():
        text = text.replace(name, value)
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def escalation(assessment: Assessment, engine: Engine, *, spanish: bool) -> list[str]:
    """The first paragraphs: instruction, then the "if" sentence of a higher conditional flag."""
    if not assessment.flags:
        return []
    paragraphs = _instructions(assessment.leading, engine, spanish)
    if assessment.conditional_above:
        paragraphs += _instructions(assessment.conditional_above, engine, spanish)
    return paragraphs


def _instructions(flags: Sequence[Flag], engine: Engine, spanish: bool) -> list[str]:
    """A paragraph per kind of wording that the flags need; in Spanish too where the message was."""
    concepts = {c.id: c for c in engine.knowledge.triage.concepts}
    base = f"{flags[0].tier}_{flags[0].context}"
    by_wording: dict[str, list[Concept]] = {}
    for flag in flags:
        concept = concepts[flag.concept]
        special = f"{base}_{concept.reply}"
        key = special if concept.reply and special in engine.knowledge.replies else base
        by_wording.setdefault(key, []).append(concept)
    paragraphs = [
        say(key, engine, signs=_signs([c.say for c in group], "or"))
        for key, group in by_wording.items()
    ]
    if spanish or any(f.spanish for f in flags):
        for key, group in by_wording.items():
            translated = f"{key}_es" if f"{key}_es" in engine.knowledge.replies else f"{base}_es"
            paragraphs.append(say(translated, engine, signs=_signs([c.say_es for c in group], "o")))
    return paragraphs


def _signs(names: Sequence[str], last: str) -> str:
    return f" {last} ".join(names[:_MOST_SIGNS])


def answer(entry: Entry, engine: Engine, *, titled: bool) -> str:
    """An entry as a paragraph: answer, where the documents differ, sources."""
    lines = [entry.question] if titled else []
    lines.append(" ".join(fill(s.text, engine) for s in entry.answer))
    if entry.disagreement:
        lines.append(" ".join(fill(s.text, engine) for s in entry.disagreement))
    lines.append(say("sources", engine, sources=", ".join(source_names(entry, engine))))
    return "\n".join(lines)


def source_names(entry: Entry, engine: Engine) -> list[str]:
    """Publishers of what the entry cites, each once, in order."""
    sources = engine.knowledge.sources
    names = (
        sources[c.source].publisher
        for s in entry.sentences
        for c in s.citations
        if c.source in sources
    )
    return list(dict.fromkeys(names))


def choices(heading: str, entry_ids: Sequence[str], engine: Engine) -> str:
    """A did-you-mean list."""
    rows = [f"- {engine.entries[i].question}" for i in entry_ids]
    return "\n".join([say(heading, engine), *rows, say("still_unclear", engine)])


def small_talk(intent: str, engine: Engine) -> str:
    topics = ", ".join(
        group.replace("-", " ")
        for group in dict.fromkeys(e.group for e in engine.knowledge.entries)
    )
    return say(intent, engine, topics=topics)

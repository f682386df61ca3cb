"""The reply to somebody who chose an entry, or a group of entries, instead of asking."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory, Named, Reply, ReplyKind
from bot.knowledge.model import Entry
from bot.language.normalise import normalise


def chosen(choice: str, engine: Engine, memory: Memory) -> tuple[Reply, Memory]:
    """The answer of an entry, the questions of a group; an unknown id is out of scope.

    Flags stay in memory: who chooses after a warning and then writes "still" means the warning.
    """
    entry = engine.entries.get(choice)
    if entry is not None:
        paragraphs = [compose.answer(entry, engine, titled=False), compose.say("contact", engine)]
        reply = _reply("answer", paragraphs, engine, entries=(entry,))
        query = normalise(entry.question)
        return reply, Memory(entry_ids=(entry.id,), flags=memory.flags, query=query)
    group = [e for e in engine.entries.values() if e.group == choice]
    if group:
        text = compose.choices("clarify", [e.id for e in group], engine)
        return _reply("clarify", [text], engine, suggestions=group), memory
    return _reply("out_of_scope", [compose.say("out_of_scope", engine)], engine), memory


def _reply(
    kind: ReplyKind,
    paragraphs: Sequence[str],
    engine: Engine,
    *,
    entries: Sequence[Entry] = (),
    suggestions: Sequence[Entry] = (),
) -> Reply:
    demo = [compose.say("demo", engine)] if engine.knowledge.clinic.demo else []
    return Reply(
        kind=kind,
        escalation=None,
        entries=tuple(Named(id=e.id, question=e.question, score=1.0) for e in entries),
        suggestions=tuple(Named(id=e.id, question=e.question, score=1.0) for e in suggestions),
        ranking=(),
        small_talk=None,
        personal=False,
        queries=(),
        repairs=(),
        text="\n\n".join([*paragraphs, *demo]),
        knowledge=engine.version,
    )

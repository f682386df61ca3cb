"""The home tab: what this is, that it is not for emergencies, topics; for staff the open queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.desk.values import QueueItem
from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.slack.blocks import HOME_BLOCKS, Block, actions, button, divider, header
from bot.slack.incoming import GROUP
from bot.slack.views.queue import queue_blocks
from bot.slack.views.replies import body

_PER_ROW = 5


def home_view(
    engine: Engine, *, group: str = "", queue: Sequence[QueueItem] | None = None
) -> dict[str, Any]:
    """The tab.

    Args:
        group: the group of topics that is open; empty: only the groups are shown.
        queue: the open questions, for staff; None for everybody else.
    """
    blocks = [
        header(compose.say("slack_home_title", engine)),
        *body(compose.say("slack_home", engine), engine),
        divider(),
        header(compose.say("slack_home_topics", engine)),
        *_topics(engine, group),
    ]
    if queue is not None:
        blocks += [divider(), header(compose.say("slack_home_queue", engine))]
        blocks += queue_blocks(queue, engine)
    return {"type": "home", "blocks": blocks[:HOME_BLOCKS]}


def groups(engine: Engine) -> list[str]:
    """Groups of entries, in the order of the knowledge."""
    return list(dict.fromkeys(e.group for e in engine.knowledge.entries))


def _topics(engine: Engine, opened: str) -> list[Block]:
    """Groups as buttons; of the one that is open, its questions as buttons too."""
    names = groups(engine)
    pressed = [
        button(
            name.replace("-", " ").capitalize(),
            f"topic:{number}",
            GROUP + name,
            style="primary" if name == opened else "",
        )
        for number, name in enumerate(names)
    ]
    entries = [e for e in engine.knowledge.entries if e.group == opened]
    questions = [
        button(entry.question, f"topic:{number}", entry.id)
        for number, entry in enumerate(entries, start=len(names))
    ]
    return _rows(pressed) + _rows(questions)


def _rows(buttons: Sequence[Block]) -> list[Block]:
    return [actions(*buttons[at : at + _PER_ROW]) for at in range(0, len(buttons), _PER_ROW)]

"""A reply as blocks: its own text, then only small print and buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.desk.values import Frame
from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Named, Reply
from bot.slack.blocks import MESSAGE_BLOCKS, Block, actions, button, context, sections
from bot.slack.text import linked
from bot.slack.views.words import marked, telephone_numbers

_LABEL = re.compile(r"^([A-ZÁÉÍÓÚÑ ]{4,}:)", re.MULTILINE)


def reply_blocks(reply: Reply, frame: Frame, engine: Engine) -> list[Block]:
    """Blocks of an answer, a question back, an escalation or small talk."""
    blocks = body(reply.text, engine)
    if is_emergency(reply):
        return blocks[:MESSAGE_BLOCKS]  # nothing may stand beside the instruction
    rows = [*_choices(reply.suggestions), *_buttons(reply, frame, engine)]
    rows += _footer(reply, frame, engine)
    return blocks[: MESSAGE_BLOCKS - len(rows)] + rows


def sentence_blocks(text: str, frame: Frame | None, engine: Engine) -> list[Block]:
    """A message of the bot about itself: numbers to tap; a way to a person and to report."""
    blocks = body(text, engine)
    if frame is None:
        return blocks[:MESSAGE_BLOCKS]
    rows = [actions(_person(frame, engine)), *_report(frame, engine)]
    return blocks[: MESSAGE_BLOCKS - len(rows)] + rows


def body(text: str, engine: Engine) -> list[Block]:
    """The text with numbers to tap; the spoken label of an instruction in bold."""
    numbers = telephone_numbers(engine)

    def render(part: str) -> str:
        return _LABEL.sub(r"*\1*", linked(part, numbers))

    return sections(text, render)


def is_emergency(reply: Reply) -> bool:
    found = reply.escalation
    return found is not None and (found.tier, found.context) == ("emergency", "present")


def _choices(suggestions: Sequence[Named]) -> list[Block]:
    """Did-you-mean buttons; they carry entry ids."""
    buttons = [button(s.question, f"choose:{n}", s.id) for n, s in enumerate(suggestions[:3])]
    return [actions(*buttons)] if buttons else []


def _buttons(reply: Reply, frame: Frame, engine: Engine) -> list[Block]:
    """One row: was it helpful, a person, forget."""
    row = []
    if reply.entries:
        for action in ("helpful", "not_helpful"):
            label = compose.say(f"slack_{action}", engine)
            row.append(button(label, action, frame.interaction_id))
    if reply.small_talk != "human":
        row.append(_person(frame, engine))
    if reply.small_talk is None:
        label = compose.say("slack_forget", engine)
        row.append(button(label, "forget", frame.interaction_id))
    return [actions(*row)] if row else []


def _person(frame: Frame, engine: Engine) -> Block:
    label = compose.say("slack_talk_to_person", engine)
    return button(label, "talk_to_person", frame.interaction_id)


def _footer(reply: Reply, frame: Frame, engine: Engine) -> list[Block]:
    """For staff whether a clinician has read it; for all where to report a wrong answer."""
    unread = [e for e in reply.entries if engine.entries[e.id].review.status != "approved"]
    if frame.staff and unread:
        return [context(marked("not_reviewed", engine)), *_report(frame, engine)]
    return _report(frame, engine)


def _report(frame: Frame, engine: Engine) -> list[Block]:
    """The sentence that says where; its address can be tapped as the numbers can."""
    if not frame.report:
        return []
    return [context(linked(frame.report, telephone_numbers(engine)))]

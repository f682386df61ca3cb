"""What is asked under load, and the very words that must come back."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.api import Bot
from tests.fake_slack.wire import escape

_FLAGGED = (
    "I can't feel my legs since this morning",
    "I suddenly can't pee at all",
    "I have chest pain right now",
    "There is pus coming out of the incision and I have a fever",
    "I want to kill myself",
)
_ENOUGH = 24


@dataclass(frozen=True, kw_only=True)
class Question:
    """A message with the reply that the command line gives to it."""

    text: str
    expected: str  #: escaped, as Slack shows it
    is_flagged: bool  #: a red flag for which staff are alerted


def questions_of(bot: Bot) -> list[Question]:
    """Some of the entries' own questions, whose answers do not depend on what came before."""
    found: list[Question] = []
    for entry in bot.engine.knowledge.entries:
        reply = bot.reply(entry.question)
        if reply.kind == "answer" and reply.escalation is None:
            found.append(
                Question(text=entry.question, expected=escape(reply.text), is_flagged=False)
            )
        if len(found) == _ENOUGH:
            break
    return [question for question in found if _stands_alone(bot, question, found)]


def flags_of(bot: Bot) -> list[Question]:
    """Red flags that are present: each wants its reply at once, and a card for the staff."""
    found = []
    for text in _FLAGGED:
        reply = bot.reply(text)
        raised = reply.escalation
        if raised and raised.context == "present" and raised.tier in ("emergency", "urgent"):
            found.append(Question(text=text, expected=escape(reply.text), is_flagged=True))
    return found


def mixed(
    ordinary: Sequence[Question], flags: Sequence[Question], *, share: float, seed: int
) -> Iterator[Question]:
    """Questions without end; `share` of them are red flags."""
    chance = random.Random(seed)
    while True:
        yield chance.choice(flags if flags and chance.random() < share else ordinary)


def _stands_alone(bot: Bot, question: Question, others: Sequence[Question]) -> bool:
    replies = {bot.reply(question.text, history=[other.text]).text for other in others}
    return {escape(reply) for reply in replies} == {question.expected}

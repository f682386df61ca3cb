"""The unanswered questions, for staff: rows with what can be done about each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.values import QuestionState, QueueItem
from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.slack.blocks import Block, actions, button, context, plain, section
from bot.slack.text import escape
from bot.slack.views.words import marked, mention, moment

MOST_ROWS = 10  #: of a home tab; the rest is counted


def queue_blocks(items: Sequence[QueueItem], engine: Engine) -> list[Block]:
    """Open and claimed questions, oldest first."""
    if not items:
        return [section(marked("slack_queue_empty", engine))]
    blocks = [block for item in items[:MOST_ROWS] for block in _row(item, engine)]
    if len(items) > MOST_ROWS:
        more = str(len(items) - MOST_ROWS)
        blocks.append(context(marked("slack_queue_more", engine, count=more)))
    return blocks


def question_buttons(question_id: str, state: QuestionState, engine: Engine) -> list[Block]:
    """What staff can do about a question; action ids repeat from row to row, values do not."""
    if state in ("answered", "dismissed"):
        return []
    actions_of = ["queue_claim"] if state == "open" else []
    actions_of += ["queue_draft", "queue_answered", "queue_dismiss"]
    return [
        button(compose.say(f"slack_{action}", engine), action, question_id) for action in actions_of
    ]


def _row(item: QueueItem, engine: Engine) -> list[Block]:
    facts = [marked("slack_card_since", engine, when=moment(item.created_at))]
    if item.nearest:
        facts.append(marked("slack_card_nearest", engine, question=escape(item.nearest)))
    if item.staff_id:
        who, when = mention(item.staff_id), moment(item.changed_at)
        facts.append(marked("slack_card_claimed", engine, who=who, when=when))
    blocks = [plain(item.question), context(*facts)]
    if buttons := question_buttons(item.id, item.state, engine):
        blocks.append(actions(*buttons))
    return blocks

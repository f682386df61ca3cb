"""The desk's renderer: values to escaped text and blocks. Pure."""

from __future__ import annotations

from bot.desk.values import AlertCard, Frame, QueueItem, Rendered
from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Reply
from bot.slack.blocks import section
from bot.slack.text import escape
from bot.slack.views.cards import card_blocks, title
from bot.slack.views.queue import queue_blocks
from bot.slack.views.replies import body, reply_blocks, sentence_blocks
from bot.slack.views.words import marked, mention


class SlackRenderer:
    """Holds the engine of a reply, and the workspace's address."""

    def __init__(self, engine: Engine, *, workspace_url: str) -> None:
        self._engine = engine
        self._workspace_url = workspace_url

    def reply(self, reply: Reply, frame: Frame) -> Rendered:
        blocks = reply_blocks(reply, frame, self._engine)
        return Rendered(text=escape(reply.text), blocks=tuple(blocks))

    def sentence(self, text: str, frame: Frame | None) -> Rendered:
        blocks = sentence_blocks(text, frame, self._engine)
        return Rendered(text=escape(text), blocks=tuple(blocks))

    def card(self, card: AlertCard) -> Rendered:
        blocks = card_blocks(card, self._engine, workspace_url=self._workspace_url)
        return Rendered(text=escape(title(card, self._engine)), blocks=tuple(blocks))

    def again(self, card: AlertCard, text: str) -> Rendered:
        """A reply in the card's thread; the channel sees it too, so it names the person."""
        engine = self._engine
        blocks = body(text, engine)
        if card.user_id:
            blocks.append(section(marked("slack_card_who", engine, who=mention(card.user_id))))
        return Rendered(text=escape(text), blocks=tuple(blocks))

    def queue(self, items: tuple[QueueItem, ...]) -> Rendered:
        engine = self._engine
        blocks = queue_blocks(items, engine)
        return Rendered(text=escape(compose.say("slack_home_queue", engine)), blocks=tuple(blocks))

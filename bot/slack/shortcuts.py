"""Slack's message shortcut "Answer with the MILD FAQ"."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from bot.slack.incoming import SHORTCUT
from bot.slack.intake import received
from bot.slack.worker import Worker


def register(app: App, worker: Worker) -> None:
    @app.shortcut(SHORTCUT)
    def on_answer_this(ack: Ack, context: BoltContext) -> None:
        ack()
        if found := received(context):
            worker.hand(found)

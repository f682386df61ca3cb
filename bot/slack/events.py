"""Slack's events: messages and mentions, the staff group, and whatever else it may send."""

from __future__ import annotations

import re

from slack_bolt import App, BoltContext

from bot.slack.intake import received
from bot.slack.staff import Staff
from bot.slack.worker import Worker


def register(app: App, worker: Worker, staff: Staff) -> None:
    def work(context: BoltContext) -> None:
        """What it is, the intake has read already: an edit, a mention, nothing of ours."""
        if found := received(context):
            worker.hand(found)

    # One listener for every subtype: with app.message() edits would never be acknowledged.
    app.event("message")(work)
    app.event("app_mention")(work)

    @app.event("subteam_members_changed")
    def on_members_changed() -> None:
        staff.forget()


def register_rest(app: App) -> None:
    """Last: what nobody listens to is acknowledged, or Slack would send it again and again."""
    anything = re.compile(".*", re.DOTALL)

    @app.event(anything)
    def on_other_event() -> None:
        """Nothing to do."""

    for listen in (app.action, app.command, app.shortcut, app.options, app.view, app.view_closed):
        listen(anything)(_acknowledge)


def _acknowledge(ack: object) -> None:
    if callable(ack):
        ack()

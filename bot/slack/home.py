"""Slack's `app_home_opened`: the home tab, and prompts above the empty Messages tab."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.desk.desk import Desk
from bot.desk.values import Person
from bot.dialogue import compose
from bot.slack.incoming import person_of
from bot.slack.logs import where
from bot.slack.staff import Staff
from bot.slack.views.home import home_view
from bot.slack.worker import Worker

_LOG = logging.getLogger(__name__)


def register(app: App, desk: Desk, worker: Worker, staff: Staff) -> None:
    client = app.client

    @app.event("app_home_opened")
    def on_home_opened(event: dict[str, Any], body: dict[str, Any]) -> None:
        person = person_of(body)
        if event.get("tab") == "messages":
            channel = str(event.get("channel") or "")
            worker.aside(lambda: offer_prompts(client, desk, channel))
        else:
            worker.aside(lambda: publish(client, desk, worker, staff, person))


def publish(
    client: WebClient, desk: Desk, worker: Worker, staff: Staff, person: Person, *, group: str = ""
) -> None:
    """Draw the home tab anew; staff see the open questions below the topics."""
    queue = desk.open_questions(worker.clock()) if staff.is_staff(person) else None
    view = home_view(desk.parts.engine, group=group, queue=queue)
    try:
        client.views_publish(user_id=person.user_id, view=view)
    except Exception as error:  # noqa: BLE001 - a tab that is not redrawn costs nobody an answer
        _LOG.warning("home tab: %s", where(error))


def offer_prompts(client: WebClient, desk: Desk, channel: str) -> None:
    """Questions to tap. Only paid plans with the agent view have them, so failing is fine."""
    questions = compose.say("slack_prompts", desk.parts.engine).splitlines()
    try:
        client.assistant_threads_setSuggestedPrompts(
            channel_id=channel, prompts=[{"title": q, "message": q} for q in questions]
        )
    except Exception as error:  # noqa: BLE001 - cosmetic
        _LOG.debug("prompts: %s", type(error).__name__)

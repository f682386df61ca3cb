"""Slack's block actions: buttons of people, and buttons of staff on cards and in the queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.desk.desk import Desk
from bot.desk.values import Acted, Outgoing, Person, Rendered
from bot.dialogue import compose
from bot.slack.commands import or_say_so, private
from bot.slack.home import publish
from bot.slack.incoming import GROUP, person_of
from bot.slack.intake import received
from bot.slack.staff import Staff
from bot.slack.text import escape
from bot.slack.worker import Worker

Act = Callable[[str, Person, datetime], Acted]

CHOICES = re.compile(r"^choose:\d+$")
TOPICS = re.compile(r"^topic:\d+$")
PRESSED = ("helpful", "not_helpful", "talk_to_person", "forget", "post_answer")
OPEN_PERSON = "open_person"


def register(app: App, desk: Desk, worker: Worker, staff: Staff) -> None:
    def work(ack: Ack, context: BoltContext) -> None:
        ack()
        if found := received(context):
            worker.hand(found)

    for name in (CHOICES, *PRESSED):
        app.action(name)(work)

    @app.action(TOPICS)
    def on_topic(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
        """An entry is a question; a group only opens the list of its questions."""
        work(ack, context)
        value = str(body["actions"][0].get("value") or "")
        if value.startswith(GROUP):
            person, group = person_of(body), value.removeprefix(GROUP)
            worker.aside(lambda: publish(app.client, desk, worker, staff, person, group=group))

    @app.action(OPEN_PERSON)
    def on_open_person(ack: Ack) -> None:
        """A link: Slack opens the conversation and only tells us."""
        ack()

    for name, act in staff_actions(desk).items():
        app.action(name)(_staff_listener(act, app, desk, worker, staff))


def staff_actions(desk: Desk) -> dict[str, Act]:
    """Each checks by itself whether who pressed is staff."""
    return {
        "alert_claim": desk.claim_alert,
        "alert_done": desk.close_alert,
        "queue_claim": desk.claim_question,
        "queue_draft": desk.draft_question,
        "queue_answered": desk.answered_question,
        "queue_dismiss": desk.dismiss_question,
    }


def _staff_listener(
    act: Act, app: App, desk: Desk, worker: Worker, staff: Staff
) -> Callable[[Ack, dict[str, Any]], None]:
    def on_press(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        task = partial(_press, act, app, body, desk, worker, staff)
        worker.aside(lambda: or_say_so(body, desk, worker, task))

    return on_press


def _press(
    act: Act, app: App, body: dict[str, Any], desk: Desk, worker: Worker, staff: Staff
) -> None:
    person = person_of(body)
    acted = act(str(body["actions"][0].get("value") or ""), person, worker.clock())
    worker.deliver(acted.deliveries)
    if body.get("response_url") and acted.text:
        worker.sender.send(private(body, Rendered(text=escape(acted.text))))
    if acted.draft:
        worker.sender.send(draft_message(acted.draft, person, desk))
    if (body.get("container") or {}).get("type") == "view":
        publish(app.client, desk, worker, staff, person)


def draft_message(yaml: str, person: Person, desk: Desk) -> Outgoing:
    """The drafted entry as a direct message: it can be copied, and does not vanish on reload."""
    lead = compose.say("slack_draft", desk.parts.engine)
    return Outgoing(
        kind="dm",
        team_id=person.team_id,
        user_id=person.user_id,
        text=f"{escape(lead)}\n```{escape(yaml.strip())}```",
    )

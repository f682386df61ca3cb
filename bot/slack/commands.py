"""Slack's slash commands: /mild for everybody, /mild-lookup and /mild-pause for staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.desk.desk import Desk
from bot.desk.values import Outgoing, Rendered
from bot.dialogue import compose
from bot.slack.incoming import ASK_COMMAND, command, person_of
from bot.slack.intake import received
from bot.slack.staff import Staff
from bot.slack.text import decode, escape
from bot.slack.views.lookup import lookup_blocks, lookup_text
from bot.slack.worker import Worker
from bot.store.errors import StoreError

LOOKUP_COMMAND = "/mild-lookup"
PAUSE_COMMAND = "/mild-pause"
Act = Callable[[dict[str, Any], Desk, Worker], Rendered]
_SWITCH = {"on": True, "off": False, "": None}


def register(app: App, desk: Desk, worker: Worker, staff: Staff) -> None:
    @app.command(ASK_COMMAND)
    def on_question(ack: Ack, context: BoltContext) -> None:
        ack()
        if found := received(context):
            worker.hand(found)

    def of_staff(act: Act) -> Callable[[Ack, dict[str, Any]], None]:
        def on_command(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            task = partial(_for_staff, body, act, desk, worker, staff)
            worker.aside(lambda: or_say_so(body, desk, worker, task))

        return on_command

    app.command(LOOKUP_COMMAND)(of_staff(lookup))
    app.command(PAUSE_COMMAND)(of_staff(pause))


def _for_staff(body: dict[str, Any], act: Any, desk: Desk, worker: Worker, staff: Staff) -> None:
    """A patient who finds the command has asked a question: it is triaged and answered."""
    if not staff.is_staff(person_of(body)):
        worker.hand(desk.receive(command(body, worker.clock()), worker.clock()))
        return
    worker.sender.send(private(body, act(body, desk, worker)))


def lookup(body: dict[str, Any], desk: Desk, worker: Worker) -> Rendered:
    engine = desk.parts.engine
    words = decode(body.get("text") or "")
    found = desk.lookup(words) if words else ()
    return Rendered(
        text=escape(lookup_text(found, engine)), blocks=tuple(lookup_blocks(found, engine))
    )


def pause(body: dict[str, Any], desk: Desk, worker: Worker) -> Rendered:
    wanted = (body.get("text") or "").strip().lower()
    if wanted not in _SWITCH:
        return Rendered(text=compose.say("slack_pause_usage", desk.parts.engine))
    acted = desk.pause(_SWITCH[wanted], person_of(body), worker.clock())
    worker.deliver(acted.deliveries)
    return Rendered(text=escape(acted.text))


def or_say_so(body: dict[str, Any], desk: Desk, worker: Worker, task: Callable[[], None]) -> None:
    """Do it; while the store is gone, tell who pressed or typed instead of leaving them waiting."""
    try:
        task()
    except StoreError:
        sentence = compose.say("slack_unavailable", desk.parts.engine)
        worker.sender.send(private(body, Rendered(text=escape(sentence))))
        raise


def private(body: dict[str, Any], shown: Rendered) -> Outgoing:
    """An answer that only who pressed or typed sees, and that is not kept for later."""
    return Outgoing(
        kind="respond",
        team_id=person_of(body).team_id,
        text=shown.text,
        blocks=shown.blocks,
        response_url=body.get("response_url") or "",
    )

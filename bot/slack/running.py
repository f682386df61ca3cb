"""Wiring of the Slack front ends: settings, store, desk, worker and app, made in this order."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import SystemRandom
from uuid import uuid4

from slack_bolt import App

from bot.api import Bot
from bot.desk.desk import Desk
from bot.desk.settings import desk_settings
from bot.dialogue.engine import Engine
from bot.errors import BotError
from bot.slack.app import Workspace, build_app, introduce, make_client
from bot.slack.renderer import SlackRenderer
from bot.slack.sender import TIMEOUT_S, Sender
from bot.slack.settings import SlackSettings
from bot.slack.staff import Staff
from bot.slack.worker import Sizes, Worker
from bot.store.open import open_store

STAFF_TIMEOUT_S = 2  #: a message waits at most so long for who is staff

NOTICE = """\
Before patients use this in Slack. Slack's help article "Slack and HIPAA" (360020685594) says: Slack
may not be used to communicate with patients, plan members, or their families or employers. There is
no exception in it; a business associate agreement does not lift the rule. Health information is
allowed only on the Enterprise subscription, with a signed agreement and under Slack's requirements.
The bot answers everyone in this workspace: with `slack_audience: staff` in knowledge/clinic.yaml it
answers the clinic's staff only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Everything that is open. `close` it after the transport."""

    app: App
    desk: Desk
    worker: Worker
    workspace: Workspace

    def close(self, *, within_s: float) -> bool:
        """Finish what is under way, then let go of the store; True when all was finished."""
        drained = self.worker.stop(within_s)
        self.desk.store.close()
        return drained


def run_with(
    bot: Bot,
    settings: SlackSettings,
    environment: Mapping[str, str],
    *,
    sizes: Sizes | None = None,
) -> Running:
    """Open everything. Raises `BotError` for whatever an operator can mend."""
    client = make_client(settings, environment, timeout_s=TIMEOUT_S)
    workspace = introduce(client)
    staff = Staff(
        make_client(settings, environment, timeout_s=STAFF_TIMEOUT_S),
        group=settings.staff_group,
        ids=settings.staff_ids,
    )
    staff.refresh()
    desk = Desk(
        bot=bot,
        store=open_store(environment),
        settings=desk_settings(environment),
        renderer=partial(SlackRenderer, workspace_url=workspace.url),
        staff=staff,
        new_id=lambda: secrets.token_hex(8),
        process=uuid4().hex,
    )
    worker = Worker(
        desk,
        Sender(lambda seconds: make_client(settings, environment, timeout_s=seconds)),
        clock=lambda: datetime.now(UTC),
        jitter=SystemRandom().random,
        sizes=sizes or Sizes(),
        chore=staff.refresh,
    )
    app = build_app(settings, client, desk, worker, staff, workspace, environment)
    return Running(app=app, desk=desk, worker=worker, workspace=workspace)


def accept_only(engine: Engine, *, demo: bool) -> None:
    """Raises `BotError` for knowledge that must not answer in Slack."""
    bot = Bot(engine)
    refuse_placeholder(bot, demo=demo)
    refuse_missing_sentences(bot)


def refuse_placeholder(bot: Bot, *, demo: bool) -> None:
    """Patients must never be told to call a number that is made up."""
    if bot.engine.knowledge.clinic.demo and not demo:
        raise BotError(
            "knowledge/clinic.yaml is the placeholder; put in your clinic's details and set "
            "`demo: false`, or try it with --demo"
        )


def refuse_missing_sentences(bot: Bot) -> None:
    """A knowledge folder from before Slack lacks sentences that buttons and cards need."""
    from bot.knowledge.check_answers import SLACK_REPLIES

    missing = [key for key in SLACK_REPLIES if not bot.engine.knowledge.replies.get(key)]
    if missing:
        raise BotError(f'replies.yaml lacks "{missing[0]}"; run `mildbot check`')


def warnings(bot: Bot, settings: SlackSettings, environment: Mapping[str, str]) -> list[str]:
    """What an operator must read at every start."""
    found = [NOTICE] if bot.engine.knowledge.clinic.slack_audience == "everyone" else []
    if not settings.staff_group and not settings.staff_ids:
        found.append("Nobody is staff: set MILDBOT_STAFF_GROUP or MILDBOT_STAFF_IDS.")
    kept = environment.get("DATABASE_URL") or environment.get("MILDBOT_DATA")
    if environment.get("DYNO") and not kept:
        found.append(
            "This host throws its disk away with every restart, and the store with it: set "
            "DATABASE_URL (README, Slack)."
        )
    return found

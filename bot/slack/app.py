"""The bolt app: one factory for both transports, no work at import, no rules."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.desk.desk import Desk
from bot.errors import BotError
from bot.slack import actions, commands, events, home, logs, shortcuts
from bot.slack.intake import Intake
from bot.slack.settings import SlackSettings
from bot.slack.staff import Staff
from bot.slack.worker import Worker

_LOG = logging.getLogger(__name__)
LISTENERS = 32  #: threads; bolt's own five are soon all waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Who we are, as Slack says."""

    team_id: str
    bot_user_id: str
    url: str  #: https://clinic.slack.com/


def make_client(
    settings: SlackSettings, environment: Mapping[str, str], *, timeout_s: int
) -> WebClient:
    """A client that never sleeps and never repeats a call by itself.

    The SDK's retries sleep in the calling thread, and one that repeats a post after a lost
    connection may post it twice.
    """
    return WebClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        timeout=timeout_s,
        retry_handlers=[],
        logger=logs.library_logger(environment),
    )


def introduce(client: WebClient) -> Workspace:
    """Ask Slack who we are. Raises `BotError` that names the variable to mend."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        word = str(error.response.get("error"))
        if error.response.status_code == 200 and word.isidentifier():
            raise BotError(
                f"SLACK_BOT_TOKEN is refused by Slack ({word}); install the app and copy its "
                "bot token again"
            ) from None
        raise BotError(
            f"Slack does not answer at {client.base_url}; try again in a minute"
        ) from None
    except OSError:
        raise BotError(
            f"Slack cannot be reached at {client.base_url}; is there a network, or a proxy to set?"
        ) from None
    return Workspace(
        team_id=str(answer["team_id"]),
        bot_user_id=str(answer["user_id"]),
        url=str(answer.get("url") or ""),
    )


def build_app(
    settings: SlackSettings,
    client: WebClient,
    desk: Desk,
    worker: Worker,
    staff: Staff,
    workspace: Workspace,
    environment: Mapping[str, str],
) -> App:
    """The app with everything registered, ready for either transport."""
    app = App(
        name=logs.OUR_APP,
        client=client,
        signing_secret=settings.signing_secret or "unused",
        listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener"),
        logger=logs.library_logger(environment),
    )
    app.use(Intake(desk, worker, bot_user_id=workspace.bot_user_id))
    register(app, desk, worker, staff)

    @app.error
    def on_error(error: Exception) -> BoltResponse:
        """Not acknowledged: Slack sends it again. Bolt's own would log what it was about."""
        _LOG.error("listener: %s", logs.where(error))
        return BoltResponse(status=500, body="")

    logs.guard(environment)
    return app


def register(app: App, desk: Desk, worker: Worker, staff: Staff) -> None:
    events.register(app, worker, staff)
    home.register(app, desk, worker, staff)
    commands.register(app, desk, worker, staff)
    shortcuts.register(app, worker)
    actions.register(app, desk, worker, staff)
    events.register_rest(app)

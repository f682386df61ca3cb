"""Socket Mode: one process, no public address. Connects, watches the connection, stops cleanly."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from urllib.error import URLError

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from bot.slack import logs
from bot.slack.running import Running
from bot.slack.settings import SlackSettings

_LOG = logging.getLogger(__name__)

PING_S = 2  #: with the default of 10 a silent end of the connection is noticed after 50 s
BUFFER = 65536  #: with the default of 1024 a large envelope is lost
DEAD_AFTER_S = 180.0
DRAIN_S = 15.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 15.0


def serve_socket(
    running: Running,
    settings: SlackSettings,
    environment: Mapping[str, str],
    *,
    stop: threading.Event,
    dead_after_s: float = DEAD_AFTER_S,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Serve until `stop` is set. Exit code 0, or 1 after the connection was dead for minutes.

    A host restarts what exits with 1; a process that only looks alive nobody restarts.
    """
    handler = SocketModeHandler(
        running.app,
        settings.app_token,
        logger=logs.library_logger(environment),
        ping_interval=PING_S,
        receive_buffer_size=BUFFER,
    )
    running.worker.start(alone=True)
    try:
        if not connect(handler, stop, within_s=dead_after_s):
            return 0 if stop.is_set() else 1
        ready()
        return watch(handler, stop, dead_after_s=dead_after_s)
    finally:
        handler.close()  # type: ignore[no-untyped-call]  # no more envelopes; what was acknowledged stands in the store
        if not running.close(within_s=DRAIN_S):
            _LOG.warning("not everything was sent; it stands in the store for the next start")


def connect(handler: SocketModeHandler, stop: threading.Event, *, within_s: float) -> bool:
    """Connect, again and again while Slack is gone. Raises `BotError` for a wrong token."""
    deadline = time.monotonic() + within_s
    pause = _FIRST_PAUSE_S
    while not stop.is_set():
        try:
            handler.connect()  # type: ignore[no-untyped-call]
            return True
        except SlackApiError as error:
            _refuse_wrong_token(error)
        except (URLError, OSError, ValueError) as error:
            _LOG.warning("Slack cannot be reached: %s", type(error).__name__)
        if time.monotonic() >= deadline:
            _LOG.error("Slack was out of reach for %.0f s", within_s)
            return False
        stop.wait(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_S)
    return False


def _refuse_wrong_token(error: SlackApiError) -> None:
    word = str(error.response.get("error"))
    if error.response.status_code == 200 and word.isidentifier():
        raise BotError(
            f"SLACK_APP_TOKEN is refused by Slack ({word}); make an app-level token with the "
            "scope connections:write, and enable Socket Mode"
        ) from None
    _LOG.warning("Slack cannot be reached: status %s", error.response.status_code)


def watch(handler: SocketModeHandler, stop: threading.Event, *, dead_after_s: float) -> int:
    """Until `stop`; the SDK reconnects by itself, we only notice when it does not."""
    last_alive = time.monotonic()
    while not stop.wait(min(1.0, dead_after_s / 4)):
        if is_alive(handler):
            last_alive = time.monotonic()
        elif time.monotonic() - last_alive >= dead_after_s:
            _LOG.error("the connection to Slack was dead for %.0f s", dead_after_s)
            return 1
    return 0


def is_alive(handler: SocketModeHandler) -> bool:
    """Connected, and Slack has answered a ping lately: a socket may look open and be dead."""
    client = handler.client
    session = client.current_session
    if session is None or not client.is_connected():
        return False
    pong_at = session.last_ping_pong_time
    return pong_at is None or time.time() - pong_at < 6 * PING_S


def stop_on_signals(stop: threading.Event) -> None:
    """TERM and INT end the process cleanly; the SDK installs no handler."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())

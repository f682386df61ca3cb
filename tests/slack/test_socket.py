"""Over a real websocket: connecting, refreshing, dying, stopping."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.slack import socket
from bot.slack.running import Running, run_with
from bot.slack.settings import for_socket
from bot.slack.text import escape
from tests.fake_slack import FakeSlack, refused, server_error
from tests.slack.workplace import FAST, environment, small_bot

FLAG = "I have chest pain"
QUESTION = "can I drive"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "PING_S", 0.3)


@contextmanager
def connected(
    slack: FakeSlack, folder: Path, *, dead_after_s: float = 30.0
) -> Iterator[Future[int]]:
    """The bot on a socket; the future is its exit code."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        code = pool.submit(serve, slack, folder, stop, dead_after_s)
        try:
            yield code
        finally:
            stop.set()


def serve(slack: FakeSlack, folder: Path, stop: threading.Event, dead_after_s: float) -> int:
    settings = environment(slack, folder)
    read = for_socket(settings)
    running: Running = run_with(small_bot(), read, settings, sizes=FAST)
    return socket.serve_socket(running, read, settings, stop=stop, dead_after_s=dead_after_s)


def asked(message: str) -> str:
    return escape(small_bot().reply(message).text)


def test_conversation_over_a_socket_survives_a_refresh(slack: FakeSlack, tmp_path: Path) -> None:
    with connected(slack, tmp_path) as code:
        slack.wait_connected()
        first = slack.people.dm("pat", QUESTION)
        slack.wait_replies(first)
        slack.sockets.refresh()
        slack.wait_connected(more_than=1)
        second = slack.people.dm("pat", FLAG)

        assert slack.wait_replies(second)[0].text == asked(FLAG)
        assert first.deliveries[0].latency_s is not None
        assert first.deliveries[0].latency_s < 1.0

    assert code.result(10) == 0


def test_retry_header_of_the_first_delivery_is_no_retry(slack: FakeSlack, tmp_path: Path) -> None:
    """Slack numbers first deliveries 0; who drops whatever carries the header drops everything."""
    with connected(slack, tmp_path):
        slack.wait_connected()
        deed = slack.people.command("pat", "/mild", QUESTION).wait_acked()
        slack.wait_for(lambda: slack.world.bot_messages())

    assert deed.deliveries[0].attempts[0].number == 0


def test_wrong_token_is_named(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.always("apps.connections.open", refused("invalid_auth"))

    with connected(slack, tmp_path) as code, pytest.raises(BotError, match="SLACK_APP_TOKEN"):
        code.result(10)


def test_start_waits_for_slack_to_come_back(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.add("apps.connections.open", server_error(500), server_error(503))

    with connected(slack, tmp_path) as code:
        slack.wait_connected(15)

    assert code.result(10) == 0


def test_process_ends_when_slack_stays_away(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.always("apps.connections.open", server_error(500))

    with connected(slack, tmp_path, dead_after_s=0.5) as code:
        assert code.result(15) == 1


def test_process_ends_when_the_connection_stays_dead(slack: FakeSlack, tmp_path: Path) -> None:
    with connected(slack, tmp_path, dead_after_s=1.0) as code:
        slack.wait_connected()
        slack.faults.always("apps.connections.open", server_error(500))
        slack.sockets.cut()

        assert code.result(30) == 1


def test_token_that_slack_refuses_is_named(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.add("auth.test", refused("account_inactive"))
    settings = environment(slack, tmp_path)

    with pytest.raises(BotError, match=r"SLACK_BOT_TOKEN .*account_inactive"):
        run_with(small_bot(), for_socket(settings), settings)


def test_slack_that_does_not_answer_is_named(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.add("auth.test", server_error(500))
    settings = environment(slack, tmp_path)

    with pytest.raises(BotError, match="Slack does not answer"):
        run_with(small_bot(), for_socket(settings), settings)

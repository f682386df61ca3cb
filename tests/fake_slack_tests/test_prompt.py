"""The prompt, in this process and as a piped command, against the echoing app."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from tests.conftest import ROOT
from tests.fake_slack import APP_TOKEN, STAFF, FakeSlack
from tests.fake_slack.prompt import HELP, Prompt
from tests.fake_slack_tests.conftest import Echo, close, connected


def talk(slack: FakeSlack, *lines: str) -> str:
    out = io.StringIO()
    Prompt(slack, out, patience_s=0.4).run(lines)
    return out.getvalue()


def test_line_is_a_direct_message_and_buttons_are_pressed_by_number(
    slack: FakeSlack, echo: Echo
) -> None:
    with connected(echo, slack):
        said = talk(slack, "1 < 2?", ":press 1")

    assert "-- bot to pat\n" in said
    assert "[1] More" in said
    assert "-- bot to pat (edited)\npressed" in said


def test_slash_is_a_command_seen_by_one(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = talk(slack, ":in #general", "/mild what is it", ":quit", "never said")

    assert "-- bot in #general, only pat sees it\nasked: what is it" in said
    assert [c for c in slack.calls.all() if "never" in str(c.body)] == []


def test_mention_edit_thread_and_deletion(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        talk(
            slack,
            ":as sam",
            ":in general",
            "@bot hi",
            ":edit ho",
            ":thread",
            "more",
            ":delete",
        )

    subtypes = [e.get("subtype", e["type"]) for e in echo.heard if e["type"] == "message"]
    assert subtypes == ["message", "message_changed", "message", "message_deleted"]
    assert echo.heard[-2]["thread_ts"] == echo.heard[0]["ts"]
    assert {e["user"] for e in echo.heard if "user" in e} == {STAFF}


def test_faults_and_sockets_are_ordered_by_hand(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = talk(slack, ":fault 500", ":socket refresh", "hello")

    assert slack.sockets.opened() == 2
    assert slack.calls.of("chat.postMessage")[0].status == 500
    assert "-- bot" not in said


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (":dance", ":dance is not known"),
        (":press 9", "no button [9]"),
        (":edit x", "not written anything"),
        (":as nobody", "nobody called nobody"),
        (":fault 418", "faults are"),
        (":socket up", "a socket can"),
        (":home", "shows no home"),
    ],
)
def test_mistake_is_one_line(slack: FakeSlack, line: str, complaint: str) -> None:
    slack.deliveries.retries = ()
    [said] = [s for s in talk(slack, line).splitlines() if not s.endswith("acknowledge it")]

    assert said.startswith("! ")
    assert complaint in said


def test_help_names_every_word(slack: FakeSlack) -> None:
    words = ("as", "in", "thread", "press", "edit", "delete", "home", "shortcut", "fault", "socket")

    assert talk(slack, ":help") == HELP + "\n"
    assert [word for word in words if f":{word}" not in HELP] == []


def test_command_prints_the_settings_and_chats_through_a_pipe(slack: FakeSlack, echo: Echo) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fake_slack"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    settings = dict(
        line.removeprefix("export ").strip().replace("'", "").split("=", 1)
        for line in iter(lambda: next(lines), "# then: mildbot slack --demo\n")
    )
    echo.app.client.base_url = settings["SLACK_API_URL"]
    handler = SocketModeHandler(echo.app, APP_TOKEN, logger=echo.app.logger)
    handler.connect()
    said, _ = process.communicate("hello bot\n", timeout=30)
    close(handler)

    assert process.returncode == 0
    assert "-- bot to pat" in said
    assert "[1] More" in said

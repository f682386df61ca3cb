"""`mildbot slack` and `mildbot serve` as commands, and as real processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from msgspec import structs

from bot.api import Bot
from bot.cli.main import main
from bot.errors import BotError
from bot.knowledge.version import digest
from bot.slack import running
from bot.slack.settings import for_socket
from tests.conftest import ROOT
from tests.fake_slack import FakeSlack
from tests.slack.workplace import environment, small_bot, until
from tests.small import SMALL, edit

QUESTION = "can I drive"


# ---------------------------------------------------------------- the manifest
def test_manifest_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "--manifest"]) == 0

    made = json.loads(capsys.readouterr().out)
    assert made["settings"]["socket_mode_enabled"]


def test_manifest_for_http_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "--manifest", "--url", "https://faq.example.org"]) == 0

    made = json.loads(capsys.readouterr().out)
    url = made["settings"]["event_subscriptions"]["request_url"]
    assert url == "https://faq.example.org/slack/events"


def test_address_goes_with_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "--url", "https://faq.example.org"]) == 2
    assert "--manifest" in capsys.readouterr().err


def test_manifest_with_prompts_has_those_of_the_knowledge(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(SMALL))

    assert main(["slack", "--manifest", "--agent"]) == 0

    agent = json.loads(capsys.readouterr().out)["features"]["agent_view"]
    assert agent["suggested_prompts"][0]["title"] == "What is the MILD procedure?"


# ---------------------------------------------------------------- refusals
@pytest.fixture
def settings(slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    made = environment(slack, tmp_path, MILDBOT_KNOWLEDGE=str(SMALL))
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.mark.parametrize("command", ["slack", "serve"])
def test_placeholder_is_refused(
    command: str, settings: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 1
    assert "clinic.yaml is the placeholder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("slack", "SLACK_APP_TOKEN"),
        ("slack", "SLACK_BOT_TOKEN"),
        ("slack", "MILDBOT_HASH_KEY"),
        ("serve", "SLACK_SIGNING_SECRET"),
        ("serve", "SLACK_STAFF_CHANNEL"),
        ("serve", "MILDBOT_HASH_KEY"),
    ],
)
def test_missing_setting_is_named_without_a_traceback(
    command: str,
    name: str,
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv(name)
    monkeypatch.setattr("bot.slack.logs.start", lambda environment: None)
    monkeypatch.setattr("bot.slack.socket.stop_on_signals", lambda stop: None)

    assert main([command, "--demo"]) == 1
    assert re.search(rf"^mildbot: {name} ", capsys.readouterr().err, re.MULTILINE)


def test_knowledge_without_the_sentences_for_slack_is_refused() -> None:
    bot = small_bot()
    running.refuse_missing_sentences(bot)
    without = {k: v for k, v in bot.engine.knowledge.replies.items() if k != "slack_claim"}
    knowledge = structs.replace(bot.engine.knowledge, replies=without)

    with pytest.raises(BotError, match="slack_claim"):
        running.refuse_missing_sentences(Bot(structs.replace(bot.engine, knowledge=knowledge)))


def test_migrate_only_prepares_the_store(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--migrate"]) == 0

    assert capsys.readouterr().out == "the store is up to date\n"
    assert list(tmp_path.iterdir()) != []


@pytest.mark.parametrize(
    ("changes", "demo", "refusal"),
    [
        ({}, True, ""),
        ({"demo": False}, False, ""),
        ({}, False, "is the placeholder"),
    ],
)
def test_new_knowledge_is_refused_as_at_the_start(
    changes: dict[str, bool], demo: bool, refusal: str
) -> None:
    engine = small_bot(**changes).engine
    refused = pytest.raises(BotError, match=refusal) if refusal else nullcontext()

    with refused:
        running.accept_only(engine, demo=demo)


# ---------------------------------------------------------------- the notice
def warned(settings: dict[str, str], **clinic: str) -> str:
    return "\n".join(running.warnings(small_bot(**clinic), for_socket(settings), settings))


def test_hipaa_notice_is_for_bots_that_answer_everyone(settings: dict[str, str]) -> None:
    assert warned(settings) == running.NOTICE
    assert warned(settings, slack_audience="staff") == ""


def test_operator_is_told_when_nobody_is_staff(settings: dict[str, str]) -> None:
    assert "Nobody is staff" in warned({**settings, "MILDBOT_STAFF_GROUP": ""})


def test_operator_is_told_when_the_disk_will_not_last(settings: dict[str, str]) -> None:
    dyno = {**settings, "DYNO": "worker.1", "MILDBOT_DATA": ""}

    assert "throws its disk away" in warned(dyno)
    assert "throws its disk away" not in warned({**dyno, "DATABASE_URL": "postgres://x/y"})


def test_readme_opens_its_page_with_the_same_rule() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8").split("## Slack\n", 1)[1]

    first = " ".join(page.split("###", 1)[0].split())
    assert "may not be used to communicate with patients, plan members" in first
    assert "360020685594" in first
    assert "HIPAA compliant" not in first


# ---------------------------------------------------------------- real processes
@contextmanager
def process(command: str, settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    plain = {"PATH": os.environ["PATH"], "MILDBOT_CACHE": os.environ["MILDBOT_CACHE"]}
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli.main", command, "--demo"],
        cwd=ROOT,
        env={**plain, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def ended(running: subprocess.Popen[str]) -> tuple[int, str]:
    running.send_signal(signal.SIGTERM)
    output = running.communicate(timeout=20)[0]
    return running.returncode, output


def test_process_on_a_socket_answers_and_ends_cleanly(
    slack: FakeSlack, settings: dict[str, str]
) -> None:
    with process("slack", settings) as running:
        slack.wait_connected(30)
        deed = slack.people.dm("pat", QUESTION)
        assert "You may drive" in slack.wait_replies(deed)[0].text
        code, output = ended(running)

    assert code == 0, output
    assert output.count("Slack and HIPAA") == 1
    assert "drive" not in output
    assert "Traceback" not in output


def test_processes_over_http_answer_and_end_cleanly(
    slack: FakeSlack, settings: dict[str, str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with process("serve", {**settings, "PORT": str(port), "MILDBOT_WORKERS": "2"}) as running:
        until(lambda: is_up(f"http://127.0.0.1:{port}/ready"), 30)
        events = slack.serve_http(f"http://127.0.0.1:{port}/slack/events")
        deed = slack.people.dm("pat", QUESTION)
        assert "You may drive" in slack.wait_replies(deed)[0].text
        assert events.post(b"{}", secret="wrong").status == 401
        code, output = ended(running)

    assert code == 0, output
    assert output.count("Slack and HIPAA") == 1
    assert "drive" not in output
    assert "Traceback" not in output


@pytest.fixture
def changing(settings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Knowledge that a test may change, and a bot that looks at it every second."""
    folder = shutil.copytree(SMALL, tmp_path / "knowledge")
    return {**settings, "MILDBOT_KNOWLEDGE": str(folder), "MILDBOT_RELOAD_S": "1"}


def test_process_on_a_socket_takes_up_new_knowledge(
    slack: FakeSlack, changing: dict[str, str]
) -> None:
    clinic = Path(changing["MILDBOT_KNOWLEDGE"]) / "clinic.yaml"
    with process("slack", changing) as running:
        slack.wait_connected(30)
        edit(clinic, "555-0199", "555-0123")
        until(lambda: "555-0123" in said_to(slack, QUESTION), 60)
        code, output = ended(running)

    assert code == 0, output
    assert output.count("new knowledge is in use") == 1
    assert "drive" not in output
    assert "Traceback" not in output


def test_each_process_over_http_takes_up_new_knowledge(
    slack: FakeSlack, changing: dict[str, str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(changing["MILDBOT_KNOWLEDGE"])
    with process("serve", {**changing, "PORT": str(port), "MILDBOT_WORKERS": "2"}) as running:
        until(lambda: is_up(f"http://127.0.0.1:{port}/ready"), 30)
        edit(folder / "clinic.yaml", "555-0199", "555-0123")
        version = digest(folder)[:12]
        wait_for_lines(running, f"new knowledge is in use: build {version}", count=2)
        with urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as answer:
            assert json.load(answer)["knowledge"] == version
        code, output = ended(running)

    assert code == 0, output


def wait_for_lines(running: subprocess.Popen[str], words: str, *, count: int) -> None:
    """Read what it says until so many lines hold the words; it is killed after a minute."""
    assert running.stdout is not None
    limit = threading.Timer(60, running.kill)
    limit.start()
    told = (line for line in running.stdout if words in line)
    assert len(list(islice(told, count))) == count
    limit.cancel()


def said_to(slack: FakeSlack, text: str) -> str:
    return slack.wait_replies(slack.people.dm("pat", text))[0].text


def is_up(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False

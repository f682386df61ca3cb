"""No log holds what a person wrote, at any level."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.logs import FixedPartOnly, guard, library_logger, where
from tests.fake_slack import GENERAL, STAFF_CHANNEL, FakeSlack, bad_gateway, refused
from tests.slack.workplace import all_sent, at_work, environment, settled

PLANTED = "xylophone"
TOKEN = "fake-bot-token"


class Everything(logging.Handler):
    """Keeps all that reaches the root, formatted, with tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def everything() -> Iterator[Everything]:
    handler, root = Everything(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(before)
    root.removeHandler(handler)


def test_no_planted_word_is_logged(
    slack: FakeSlack, tmp_path: Path, everything: Everything
) -> None:
    with at_work(slack, environment(slack, tmp_path)) as running:
        slack.faults.add("chat.postMessage", bad_gateway(), refused("invalid_blocks"))
        deed = slack.people.dm("pat", f"I have chest pain, {PLANTED}")
        slack.people.dm("pat", f"does the {PLANTED} cost extra")
        slack.people.mention(GENERAL, f"can I drive my {PLANTED}")
        slack.people.command("pat", "/mild", PLANTED, channel=GENERAL)
        slack.people.command("sam", "/mild-lookup", PLANTED, channel=GENERAL)
        settled(running, slack)
        slack.people.edit(deed, f"fever and {PLANTED}")
        all_sent(running)
        rated = next(m for m in slack.replies(deed) if m.buttons())
        slack.people.press(rated, text="Forget what I asked")
        for card in slack.world.bot_messages(STAFF_CHANNEL):
            for button in card.buttons():
                slack.people.press(card, action_id=button["action_id"], user="sam")
        settled(running, slack)

    log = "\n".join(everything.lines)
    assert PLANTED not in log
    assert "chest" not in log
    assert TOKEN not in log


def test_error_in_a_listener_is_logged_without_what_it_was_about(
    slack: FakeSlack, tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError(PLANTED)

    with at_work(slack, environment(slack, tmp_path)) as running:
        monkeypatch.setattr(running.desk, "receive", broken)
        deed = slack.people.dm("pat", PLANTED)
        slack.wait_for(lambda: deed.deliveries[0].given_up)

    log = "\n".join(everything.lines)
    assert "listener: RuntimeError at" in log
    assert PLANTED not in log


def test_errors_are_named_by_kind_and_place() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError as error:
        found = where(error)

    assert found.startswith("ValueError at slack/test_logs.py:")
    assert PLANTED not in found
    assert where(None) == "unknown error"
    assert where(KeyError(PLANTED)) == "KeyError"


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("slack_bolt.App", "Unhandled request ({'text': 'xylophone'})", "Unhandled request"),
        ("slack_sdk.web", "Failed to decode: xylophone", "Failed to decode"),
        ("slack_sdk.socket_mode", "A new session (session id: 1)", "A new session"),
        ("sqlalchemy.engine", "SELECT 1", "SELECT 1"),
        ("bot.slack.worker", "try 1: http_500", "try 1: http_500"),
    ],
)
def test_only_the_fixed_part_of_a_librarys_sentence_is_kept(
    name: str, text: str, kept: str
) -> None:
    record = logging.makeLogRecord({"name": name, "levelno": logging.INFO, "msg": text})

    assert FixedPartOnly().filter(record)
    assert record.getMessage() == kept


def test_debug_of_a_library_is_refused() -> None:
    record = logging.makeLogRecord({"name": "slack_bolt.App", "levelno": logging.DEBUG})

    assert not FixedPartOnly().filter(record)


def test_traceback_of_a_library_is_reduced_to_kind_and_place() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.makeLogRecord(
        {"name": "slack_sdk.x", "levelno": logging.ERROR, "msg": "Failed", "exc_info": info}
    )

    FixedPartOnly().filter(record)

    assert record.exc_info is None
    assert record.getMessage().startswith("Failed [ValueError at ")


def test_operator_may_ask_for_bodies_in_so_many_words() -> None:
    name = "mildbot.slack_sdk"
    before = logging.getLogger(name).filters[:]
    logging.getLogger(name).filters.clear()

    try:
        assert library_logger({"MILDBOT_UNSAFE_DEBUG": "1"}).level == logging.DEBUG
        guard({"MILDBOT_UNSAFE_DEBUG": "1"})
        assert logging.getLogger(name).filters == []
    finally:
        logging.getLogger(name).filters[:] = before
        assert library_logger({}).level == logging.INFO

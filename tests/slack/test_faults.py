"""What goes wrong with Slack and the store: nobody waits, nothing is lost, nothing comes twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.slack.running import Running
from bot.slack.text import escape
from bot.store.errors import StoreError
from tests.fake_slack import (
    GENERAL,
    STAFF_CHANNEL,
    FakeSlack,
    Fault,
    bad_gateway,
    dropped,
    rate_limited,
    server_error,
    slow,
)
from tests.slack.workplace import Dispatched, all_sent, at_work, environment, settled, small_bot

FLAG = "I have chest pain"
QUESTION = "can I drive"


@pytest.fixture
def running(slack: FakeSlack, tmp_path: Path) -> Iterator[Running]:
    with at_work(slack, environment(slack, tmp_path)) as found:
        yield found


def asked(message: str) -> str:
    return escape(small_bot().reply(message).text)


def answers(slack: FakeSlack, text: str) -> int:
    return sum(m.text == text for m in slack.world.bot_messages())


@pytest.mark.parametrize(
    "fault",
    [
        rate_limited(0),
        server_error(500),
        server_error(503, takes_effect=True),
        bad_gateway(),
        dropped(),
        dropped(takes_effect=True),
    ],
    ids=["429", "500", "503 posted", "502", "dropped", "dropped posted"],
)
def test_answer_comes_once_whatever_the_post_meets(
    fault: Fault, slack: FakeSlack, running: Running
) -> None:
    slack.faults.add("chat.postMessage", fault)

    slack.people.dm("pat", QUESTION)

    slack.wait_for(lambda: answers(slack, asked(QUESTION)))
    all_sent(running)
    assert answers(slack, asked(QUESTION)) == 1


def emergency_s(slack: FakeSlack, person: str) -> float:
    """Seconds until an emergency is answered."""
    started = time.monotonic()
    slack.wait_replies(slack.people.dm(person, FLAG))
    return time.monotonic() - started


def in_general(slack: FakeSlack) -> int:
    return sum(call.body["channel"] == GENERAL for call in slack.calls.of("chat.postMessage"))


def test_emergency_does_not_wait_behind_channels_that_are_rate_limited(
    slack: FakeSlack, running: Running
) -> None:
    alone = emergency_s(slack, "sam")
    slack.faults.always(
        "chat.postMessage", rate_limited(30), when=lambda call: call.body["channel"] == GENERAL
    )
    for _ in range(30):
        slack.people.mention(GENERAL, QUESTION)

    assert emergency_s(slack, "pat") < alone + 1.0


def test_emergency_does_not_wait_behind_slow_posts(slack: FakeSlack, running: Running) -> None:
    alone = emergency_s(slack, "sam")
    slack.faults.always(
        "chat.postMessage", slow(2.0), when=lambda call: call.body["channel"] == GENERAL
    )
    for _ in range(20):
        slack.people.mention(GENERAL, QUESTION)
    slack.wait_for(lambda: in_general(slack) >= 10)

    assert emergency_s(slack, "pat") < alone + 1.0
    slack.faults.clear()


def test_blocks_that_slack_refuses_cost_only_the_blocks(slack: FakeSlack, running: Running) -> None:
    slack.faults.add("chat.postMessage", Fault(body={"ok": False, "error": "invalid_blocks"}))

    deed = slack.people.dm("pat", QUESTION)
    settled(running, slack)

    (answer,) = [m for m in slack.replies(deed) if m.text == asked(QUESTION)]
    assert answer.blocks == []


# ---------------------------------------------------------------- the store is gone
@contextmanager
def without_store(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def gone(*args: object, **more: object) -> None:
        raise StoreError("the store cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(running.desk.store, "writing", gone)
        patch.setattr(running.desk.store, "reading", gone)
        yield


def test_message_is_left_to_slack_while_the_store_is_gone(
    slack: FakeSlack, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_store(running, monkeypatch):
        deed = slack.people.dm("pat", QUESTION)
        slack.wait_for(lambda: deed.deliveries[0].attempts[0].outcome is not None)
        first = deed.deliveries[0].attempts[0].outcome
        assert first is not None
        assert first.status == 503

    slack.wait_replies(deed)
    assert answers(slack, asked(QUESTION)) == 1


def test_red_flag_is_answered_once_while_the_store_is_gone(
    slack: FakeSlack, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_store(running, monkeypatch):
        deed = slack.people.dm("pat", FLAG)

        slack.wait_for(lambda: deed.deliveries[0].given_up)
        slack.wait_for(lambda: answers(slack, asked(FLAG)))

    assert answers(slack, asked(FLAG)) == 1


def test_command_says_so_while_the_store_is_gone(
    slack: FakeSlack, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_store(running, monkeypatch):
        deed = slack.people.command("pat", "/mild", QUESTION, channel=GENERAL).wait_acked()

    answer = deed.deliveries[0].answer
    assert answer is not None
    assert "I cannot work right now" in answer["text"]


@pytest.mark.parametrize("command", ["/mild-lookup", "/mild-pause"])
def test_staff_command_says_so_while_the_store_is_gone(
    command: str, slack: FakeSlack, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = "sam" if command == "/mild-pause" else "pat"
    with without_store(running, monkeypatch):
        slack.people.command(user, command, "on", channel=GENERAL)
        settled(running, slack)

    assert "I cannot work right now" in slack.world.bot_messages(GENERAL)[0].text


def test_what_was_sent_is_not_sent_again_when_the_store_comes_back(
    slack: FakeSlack, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = threading.Event()
    deliver = running.worker.sender.deliver

    def deliver_and_lose_the_store(delivery):  # type: ignore[no-untyped-def]
        found = deliver(delivery)
        patch.setattr(running.desk, "delivered", lost)
        posted.set()
        return found

    def lost(*args: object, **more: object) -> None:
        raise StoreError("the store cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(running.worker.sender, "deliver", deliver_and_lose_the_store)
        slack.people.dm("pat", QUESTION)
        assert posted.wait(5)
        running.worker.wait_until_idle(2)

    all_sent(running)
    assert answers(slack, asked(QUESTION)) == 1


# ---------------------------------------------------------------- starting and stopping
def test_what_was_acknowledged_before_the_end_is_answered_after_the_start(
    slack: FakeSlack, tmp_path: Path
) -> None:
    settings = environment(slack, tmp_path)
    with at_work(slack, settings) as first:
        first.worker.hand = lambda received: None  # type: ignore[method-assign]
        first.worker.work_on = lambda *args, **more: None  # type: ignore[method-assign]
        deed = slack.people.dm("pat", FLAG).wait_acked()
    assert slack.replies(deed) == []

    with at_work(slack, settings):
        slack.wait_replies(deed)
        slack.wait_for(lambda: slack.world.bot_messages(STAFF_CHANNEL))

    assert answers(slack, asked(FLAG)) == 1


def test_stop_finishes_what_is_under_way(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.always("chat.postMessage", slow(0.3))
    with at_work(slack, environment(slack, tmp_path)):
        deed = slack.people.dm("pat", QUESTION).wait_acked()
        slack.wait_call("chat.postMessage")

    assert answers(slack, asked(QUESTION)) == 1
    assert deed.deliveries[0].acked


def test_stop_does_not_wait_for_ever(slack: FakeSlack, tmp_path: Path) -> None:
    slack.faults.always("chat.postMessage", slow(2.0))
    with at_work(slack, environment(slack, tmp_path)) as running:
        slack.people.dm("pat", QUESTION).wait_acked()
        slack.wait_call("chat.postMessage")
        started = time.monotonic()

        assert not running.worker.stop(0.2)
        assert time.monotonic() - started < 1.0


def test_two_processes_on_one_store_answer_once(slack: FakeSlack, tmp_path: Path) -> None:
    settings = environment(slack, tmp_path)
    with at_work(slack, settings), at_work(slack, settings) as second:
        deeds = [slack.people.dm("pat", f"{QUESTION} {n}") for n in range(10)]
        transport = Dispatched(second)
        for deed in deeds:
            slack.deliveries.again(deed.deliveries[0])
        settled(second, slack)
        slack.wait_for(lambda: len(slack.replies(deeds[0])) >= 11)
        transport.close()

        replies = [m for m in slack.replies(deeds[0]) if m.text == asked(QUESTION)]
        assert len(replies) == 10

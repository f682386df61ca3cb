"""The fault script: each fault as the SDK meets it, and whether the call took effect."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.webhook import WebhookClient

from tests.fake_slack import (
    BOT_TOKEN,
    GENERAL,
    STAFF_CHANNEL,
    FakeSlack,
    Fault,
    bad_gateway,
    dropped,
    rate_limited,
    refused,
    server_error,
    slow,
)

POST = "chat.postMessage"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (rate_limited(7), 429),
        (server_error(500), 500),
        (server_error(503), 503),
        (bad_gateway(), 502),
        (refused("fatal_error"), 200),
    ],
    ids=["429", "500", "503", "502 HTML", "ok:false"],
)
def test_fault_meets_one_call(
    slack: FakeSlack, client: WebClient, fault: Fault, status: int
) -> None:
    slack.faults.add(POST, fault)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=GENERAL, text="x")
    client.chat_postMessage(channel=GENERAL, text="y")

    assert [call.status for call in slack.calls.of(POST)] == [status, 200]
    assert [m.text for m in slack.world.bot_messages(GENERAL)] == ["y"]


def test_retry_after_is_said(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.add(POST, rate_limited(7))
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=GENERAL, text="x")

    assert caught.value.response.headers["Retry-After"] == "7"


@pytest.mark.parametrize("takes_effect", [False, True])
def test_dropped_connection_before_or_after_the_effect(
    slack: FakeSlack, client: WebClient, takes_effect: bool
) -> None:
    slack.faults.add(POST, dropped(takes_effect=takes_effect))
    with pytest.raises(OSError, match="closed connection"):
        client.chat_postMessage(channel=GENERAL, text="x")

    assert len(slack.world.bot_messages(GENERAL)) == takes_effect
    assert slack.calls.of(POST)[0].took_effect is takes_effect


def test_500_after_the_effect_posts_twice_when_it_is_retried(slack: FakeSlack) -> None:
    slack.faults.add(POST, server_error(500, takes_effect=True))
    handlers = [ServerErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0.0))]
    client = WebClient(BOT_TOKEN, base_url=slack.api_url, retry_handlers=handlers)
    client.chat_postMessage(channel=GENERAL, text="x")

    assert [m.text for m in slack.world.bot_messages(GENERAL)] == ["x", "x"]


def test_slow_answer_is_the_true_one(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.add(POST, slow(0.2))
    posted = client.chat_postMessage(channel=GENERAL, text="x")

    assert posted["ok"]
    assert slack.calls.of(POST)[0].status == 200


def test_fault_for_one_channel_leaves_the_others_alone(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.always(POST, rate_limited(30), when=lambda c: c.body["channel"] == GENERAL)
    client.chat_postMessage(channel=STAFF_CHANNEL, text="through")
    for _ in range(2):
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel=GENERAL, text="x")
    slack.faults.clear(POST)

    assert client.chat_postMessage(channel=GENERAL, text="y")["ok"]


def test_star_stands_for_every_method(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.add("*", server_error(503), server_error(503))
    for call in (client.auth_test, client.bots_info):
        with pytest.raises(SlackApiError):
            call()

    assert client.auth_test()["ok"]


def test_channel_takes_one_message_a_second_after_a_burst() -> None:
    with FakeSlack(posts_per_second=1.0) as slack:
        client = WebClient(BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
        for _ in range(3):
            client.chat_postMessage(channel=GENERAL, text="x")
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel=GENERAL, text="x")

        assert caught.value.response.headers["Retry-After"] == "1"
        assert client.chat_postMessage(channel=STAFF_CHANNEL, text="x")["ok"]


def test_fault_on_a_response_url(slack: FakeSlack) -> None:
    slack.faults.add("response_url", server_error(500))
    path = slack.world.new_response_url(channel=GENERAL, user="U0PAT0001")
    hook = WebhookClient(slack.address + path, retry_handlers=[])

    assert [hook.send(text="x").status_code for _ in range(2)] == [500, 200]


def test_wait_gives_up_with_a_sentence(slack: FakeSlack) -> None:
    with pytest.raises(TimeoutError, match=r"not within 0\.05 s"):
        slack.wait_call(POST, timeout=0.05)

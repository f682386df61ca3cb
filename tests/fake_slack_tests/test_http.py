"""Signed HTTP into a real bolt app behind Flask: signatures, retries, forms, refusals."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from slack_bolt.adapter.flask import SlackRequestHandler
from werkzeug.serving import make_server

from tests.fake_slack import GENERAL, SIGNING_SECRET, FakeSlack
from tests.fake_slack.events import Events
from tests.fake_slack_tests.conftest import Echo


@pytest.fixture
def http(slack: FakeSlack, echo: Echo) -> Iterator[Events]:
    """The echoing app on a port of its own, and the fake pointed at it."""
    flask = Flask("echo")
    handler = SlackRequestHandler(echo.app)
    trouble = {"status": 0, "no_retry": ""}

    @flask.post("/slack/events")
    def events() -> Response:
        if trouble["status"]:
            headers = {"X-Slack-No-Retry": trouble["no_retry"]}
            return Response(status=int(trouble["status"]), headers=headers)
        return handler.handle(request)

    flask.config["TROUBLE"] = trouble
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    transport = slack.serve_http(f"http://127.0.0.1:{server.server_port}/slack/events")
    echo.trouble = trouble
    yield transport
    slack.wait_for(lambda: all(d.acked or d.given_up for d in slack.deliveries.all()))
    server.shutdown()
    server.server_close()
    thread.join()


def test_direct_message_is_echoed(slack: FakeSlack, http: Events) -> None:
    said = slack.people.dm("pat", "hello")
    [reply] = slack.wait_replies(said)

    assert reply.text == "hello"
    assert said.wait_acked().deliveries[0].acked


def test_first_delivery_has_no_retry_header(slack: FakeSlack, http: Events, echo: Echo) -> None:
    slack.people.dm("pat", "hello").wait_acked()

    assert echo.retries[0] == "-"


def test_failed_delivery_comes_again(slack: FakeSlack, http: Events, echo: Echo) -> None:
    echo.trouble["status"] = 503
    said = slack.people.dm("pat", "hello")
    slack.wait_for(lambda: len(said.deliveries[0].attempts) >= 2)
    echo.trouble["status"] = 0
    said.wait_acked()

    assert said.deliveries[0].attempts[0].outcome.reason == "http_error"
    assert echo.retries[0] in ("1", "2", "3")


def test_app_can_decline_retries(slack: FakeSlack, http: Events, echo: Echo) -> None:
    echo.trouble |= {"status": 500, "no_retry": "1"}
    said = slack.people.dm("pat", "hello")
    slack.wait_for(lambda: said.deliveries[0].given_up)

    assert len(said.deliveries[0].attempts) == 1


def test_nobody_listening_is_a_failed_connection(slack: FakeSlack) -> None:
    slack.serve_http("http://127.0.0.1:9/slack/events")
    said = slack.people.dm("pat", "hello")
    slack.wait_for(lambda: said.deliveries[0].given_up)

    assert {a.outcome.reason for a in said.deliveries[0].attempts} == {"connection_failed"}


def test_command_and_button_travel_as_forms(slack: FakeSlack, http: Events, echo: Echo) -> None:
    slack.people.command("pat", "/mild", "a & b", channel=GENERAL)
    slack.wait_for(lambda: len(slack.world.bot_messages(GENERAL)) == 2)
    [reply] = slack.wait_replies(slack.people.dm("pat", "hello"))
    slack.people.press(reply, action_id="more")
    slack.wait_for(lambda: reply.text == "pressed")

    texts = {m.text for m in slack.world.bot_messages(GENERAL)}
    assert texts == {"one moment", "asked: a &amp; b"}


def test_url_verification_is_answered(http: Events) -> None:
    answer = http.verify_url()

    assert (answer.status, b"fake-challenge" in answer.body) == (200, True)


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "somebody-else"},
        {"timestamp": 1},
        {"signed": False},
        {"headers": {"X-Slack-Signature": "v0=00"}},
    ],
    ids=["wrong secret", "old timestamp", "unsigned", "made-up signature"],
)
def test_request_that_is_not_slacks_is_refused(http: Events, how: dict) -> None:
    assert http.verify_url(**how).status == 401


def test_signing_secret_is_the_one_of_the_environment(slack: FakeSlack) -> None:
    assert slack.environment()["SLACK_SIGNING_SECRET"] == SIGNING_SECRET

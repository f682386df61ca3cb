"""A fake Slack per test, and the plainest bolt app that lives in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import APP_TOKEN, BOT_TOKEN, FakeSlack

_SURROUNDINGS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_VERIFICATION_TOKEN",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
)


@pytest.fixture(autouse=True)
def no_slack_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK reads these from the environment by itself."""
    for name in _SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(ping_every_s=0.2, retries=(0.05, 0.1, 0.2)) as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])


def refusal(call: Any, *args: Any, **body: Any) -> str:
    """The error with which Slack refuses the call."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **body)
    return str(caught.value.response["error"])


class Echo:
    """A bolt app that repeats what it is told, and remembers what it has heard."""

    def __init__(self, slack: FakeSlack) -> None:
        self.heard: list[dict[str, Any]] = []
        self.retries: list[str] = []
        self.raises = 0
        self.trouble: dict[str, Any] = {}  #: what the Flask app around it does instead
        self.app = App(
            client=WebClient(BOT_TOKEN, base_url=slack.api_url),
            signing_secret="fake-signing-secret",
            logger=_quiet(),
        )
        self.app.use(self._stumble)
        self.app.event("message")(self._on_message)
        self.app.event("app_mention")(lambda event: self.heard.append(event))
        self.app.event("app_home_opened")(lambda event: self.heard.append(event))
        self.app.event("subteam_members_changed")(lambda event: self.heard.append(event))
        self.app.command("/mild")(self._on_command)
        self.app.action("more")(self._on_press)
        self.app.shortcut("answer_with_faq")(self._on_shortcut)
        self.app.view("ask")(self._on_submit)

    def _stumble(self, request: Any, next: Any) -> None:
        self.retries.append((request.headers.get("x-slack-retry-num") or ["-"])[0])
        if self.raises > 0:
            self.raises -= 1
            raise RuntimeError("not now")
        next()

    def _on_message(self, event: dict[str, Any], say: Any) -> None:
        self.heard.append(event)
        if "subtype" not in event and event.get("channel_type") == "im":
            button = {"type": "plain_text", "text": "More"}
            row = {"type": "button", "text": button, "action_id": "more", "value": "1"}
            say(text=event["text"], blocks=[{"type": "actions", "elements": [row]}])

    def _on_command(self, ack: Any, respond: Any, command: dict[str, Any]) -> None:
        ack("one moment")
        respond(f"asked: {command['text']}")

    def _on_press(self, ack: Any, respond: Any, body: dict[str, Any]) -> None:
        ack()
        self.heard.append(body)
        respond("pressed", replace_original=True)

    def _on_shortcut(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        self.heard.append(body)
        view = {
            "type": "modal",
            "callback_id": "ask",
            "title": {"type": "plain_text", "text": "Ask"},
            "blocks": [{"type": "divider"}],
        }
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def _on_submit(self, ack: Any) -> None:
        ack(response_action="errors", errors={"b": "no"})


@contextmanager
def connected(echo: Echo, slack: FakeSlack) -> Iterator[SocketModeHandler]:
    """The app on Socket Mode, until every delivery was acknowledged."""
    handler = SocketModeHandler(
        echo.app, APP_TOKEN, ping_interval=0.3, receive_buffer_size=65536, logger=_quiet()
    )
    handler.connect()
    slack.wait_connected()
    yield handler
    slack.wait_for(lambda: all(d.acked or d.given_up for d in slack.deliveries.all()))
    close(handler)


def close(handler: SocketModeHandler) -> None:
    """The SDK's close() waits up to a second for its queue; an empty one ends that at once."""
    handler.client.closed = True
    handler.client.message_queue.put(None)
    handler.close()


def _quiet() -> logging.Logger:
    logger = logging.getLogger("tests.fake_slack_tests")
    logger.setLevel(logging.CRITICAL)
    return logger


@pytest.fixture
def echo(slack: FakeSlack) -> Echo:
    return Echo(slack)

"""Views and their triggers, the home tab, suggested prompts, and response_urls."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.fake_slack import GENERAL, PATIENT, FakeSlack
from tests.fake_slack_tests.conftest import refusal

DIVIDER = {"type": "divider"}


def modal() -> dict[str, Any]:
    title = {"type": "plain_text", "text": "Ask"}
    return {"type": "modal", "title": title, "blocks": [DIVIDER]}


def test_trigger_opens_one_view(slack: FakeSlack, client: WebClient) -> None:
    trigger = slack.world.new_trigger()
    opened = client.views_open(trigger_id=trigger, view=modal())["view"]

    assert refusal(client.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert client.views_update(view_id=opened["id"], view=modal(), hash=opened["hash"])["ok"]
    body = {"view_id": opened["id"], "view": modal(), "hash": opened["hash"]}
    assert refusal(client.views_update, **body) == "hash_conflict"


def test_trigger_expires_after_three_seconds(slack: FakeSlack, client: WebClient) -> None:
    trigger = slack.world.new_trigger()
    slack.clock.advance(3.1)

    assert refusal(client.views_open, trigger_id=trigger, view=modal()) == "expired_trigger_id"


def test_home_is_published_for_a_person(slack: FakeSlack, client: WebClient) -> None:
    view = {"type": "home", "blocks": [DIVIDER] * 100}
    client.views_publish(user_id=PATIENT, view=view)

    assert len(slack.world.homes[PATIENT]["blocks"]) == 100
    too_many = {"type": "home", "blocks": [DIVIDER] * 101}
    body = {"user_id": PATIENT, "view": too_many}
    assert refusal(client.views_publish, **body) == "invalid_arguments"


def test_suggested_prompts_are_four_at_most(client: WebClient) -> None:
    prompt = {"title": "Recovery", "message": "How long is recovery?"}
    body = {"channel_id": GENERAL, "thread_ts": "1.2"}

    assert client.assistant_threads_setSuggestedPrompts(prompts=[prompt] * 4, **body)["ok"]
    five = {"prompts": [prompt] * 5, **body}
    assert refusal(client.assistant_threads_setSuggestedPrompts, **five) == "invalid_arguments"


def response_url(slack: FakeSlack) -> WebhookClient:
    path = slack.world.new_response_url(channel=GENERAL, user=PATIENT)
    return WebhookClient(slack.address + path, retry_handlers=[])


def test_response_url_works_five_times(slack: FakeSlack) -> None:
    hook = response_url(slack)

    assert [hook.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]


def test_response_url_expires_after_thirty_minutes(slack: FakeSlack) -> None:
    hook = response_url(slack)
    slack.clock.advance(1801)

    assert "expired_url" in hook.send(text="x").body


def test_response_is_private_unless_said_otherwise(slack: FakeSlack) -> None:
    hook = response_url(slack)
    hook.send(text="for you")
    hook.send(text="for all", response_type="in_channel")

    seen = [(m.text, m.seen_by) for m in slack.world.bot_messages(GENERAL)]
    assert seen == [("for you", PATIENT), ("for all", None)]

"""Payloads in Slack's shapes, the manifest's rules, and what the app does not get to hear."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.fake_slack import (
    APP,
    BOT_USER,
    GENERAL,
    PATIENT,
    STAFF,
    STAFF_CHANNEL,
    TEAM,
    Deed,
    FakeSlack,
)
from tests.fake_slack.manifest import read_manifest
from tests.fake_slack.wire import encode

BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Done"},
    "action_id": "done",
    "value": "7",
}


def event(deed: Deed) -> dict[str, Any]:
    inner: dict[str, Any] = deed.deliveries[0].payload["event"]
    return inner


def post(slack: FakeSlack, **body: Any) -> Any:
    client = WebClient(slack.api.bot_token, base_url=slack.api_url)
    client.chat_postMessage(text="card", **body)
    return slack.world.bot_messages()[-1]


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("see https://a.org/?x=1&y=2", "see <https://a.org/?x=1&amp;y=2>"),
        ("me@a.org", "<mailto:me@a.org|me@a.org>"),
        ("<@U0BOT0001> hello", "<@U0BOT0001> hello"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_typed_text_is_encoded_as_slack_does(typed: str, carried: str) -> None:
    assert encode(typed) == carried


def test_direct_message_has_slacks_shape(slack: FakeSlack) -> None:
    said = slack.people.dm("pat", "hello")
    payload = said.deliveries[0].payload

    assert (payload["type"], payload["team_id"], payload["api_app_id"]) == (
        "event_callback",
        TEAM,
        APP,
    )
    assert payload["authorizations"][0]["user_id"] == BOT_USER
    assert event(said) | {"blocks": None, "client_msg_id": None} == {
        "type": "message",
        "channel_type": "im",
        "channel": slack.world.im(PATIENT).id,
        "user": PATIENT,
        "team": TEAM,
        "text": "hello",
        "ts": said.ts,
        "event_ts": said.ts,
        "blocks": None,
        "client_msg_id": None,
    }


def test_thread_reply_names_its_parent(slack: FakeSlack) -> None:
    first = slack.people.say("#general", "first")
    reply = slack.people.say("#general", "reply", user=STAFF, thread_ts=first.ts)

    assert event(reply)["thread_ts"] == first.ts
    assert event(reply)["parent_user_id"] == PATIENT


def test_shared_channel_is_marked(slack: FakeSlack) -> None:
    slack.world.channel("general").external = True

    assert slack.people.mention("#general", "hi").deliveries[0].payload["is_ext_shared_channel"]


def test_other_bots_joins_and_files_carry_their_subtype(slack: FakeSlack) -> None:
    assert event(slack.people.other_bot("#general", "beep"))["bot_id"] == "B0OTHER01"
    assert event(slack.people.join("pat", "#general"))["subtype"] == "channel_join"
    assert event(slack.people.dm("pat", "look", files=["back.jpg"]))["subtype"] == "file_share"


def test_event_ids_are_never_used_twice(slack: FakeSlack) -> None:
    with FakeSlack() as other:
        said = [
            slack.people.dm("pat", "x"),
            slack.people.dm("pat", "x"),
            other.people.dm("pat", "x"),
        ]
        ids = {deed.deliveries[0].event_id for deed in said}

    assert len(ids) == 3


def test_pressed_button_carries_where_it_stood(slack: FakeSlack) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [BUTTON]}
    card = post(slack, channel=STAFF_CHANNEL, blocks=[row])
    payload = slack.people.press(card, text="Done", user=STAFF).deliveries[0].payload

    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == STAFF
    assert payload["message"]["ts"] == card.ts
    assert payload["response_url"].startswith(slack.address)
    assert payload["actions"][0] | {"action_ts": ""} == {
        **BUTTON,
        "block_id": "row",
        "action_ts": "",
    }


def test_ephemeral_message_is_not_sent_along(slack: FakeSlack) -> None:
    row = {"type": "actions", "elements": [BUTTON]}
    path = slack.world.new_response_url(channel=GENERAL, user=PATIENT)
    WebhookClient(slack.address + path).send(text="for you", blocks=[row])
    [shown] = slack.world.bot_messages(GENERAL)
    payload = slack.people.press(shown, action_id="done").deliveries[0].payload

    assert "message" not in payload
    assert payload["container"]["is_ephemeral"]


def test_feedback_side_and_menu_choice_are_chosen_by_their_words(slack: FakeSlack) -> None:
    def side(text: str) -> dict[str, Any]:
        return {"text": {"type": "plain_text", "text": text}, "value": text.lower()}

    feedback = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": side("Good"),
        "negative_button": side("Bad"),
    }
    options = [side("One"), side("Two")]
    menu = {"type": "static_select", "action_id": "pick", "options": options}
    blocks = [
        {"type": "context_actions", "elements": [feedback]},
        {"type": "actions", "elements": [menu]},
    ]
    card = post(slack, channel=GENERAL, blocks=blocks)

    bad = slack.people.press(card, text="Bad").deliveries[0].payload["actions"][0]
    two = slack.people.press(card, action_id="pick", choose="two").deliveries[0].payload
    assert bad["value"] == "bad"
    assert two["actions"][0]["selected_option"]["value"] == "two"


def test_button_that_is_not_there_lists_those_that_are(slack: FakeSlack) -> None:
    card = post(slack, channel=GENERAL, blocks=[{"type": "actions", "elements": [BUTTON]}])

    with pytest.raises(LookupError, match="done"):
        slack.people.press(card, action_id="undo")


MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Fake"},
    "features": {
        "slash_commands": [{"command": "/mild", "description": "ask"}],
        "shortcuts": [{"name": "Answer", "callback_id": "answer", "description": "x"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_home_opened"]}},
}


def test_only_subscribed_events_arrive() -> None:
    with FakeSlack(manifest=MANIFEST) as slack:
        assert len(slack.people.dm("pat", "x").deliveries) == 1
        assert slack.people.mention("#general", "x").deliveries == ()
        assert len(slack.people.open_home("pat").deliveries) == 1


def test_nothing_arrives_from_channels_without_the_bot(slack: FakeSlack) -> None:
    slack.world.add_channel("quiet", "C0QUIET", members={PATIENT})

    assert slack.people.mention("#quiet", "x").deliveries == ()


def test_only_declared_commands_and_shortcuts_exist() -> None:
    with FakeSlack(manifest=MANIFEST) as slack:
        said = slack.people.dm("pat", "x")

        assert slack.people.command("pat", "/mild", "x").deliveries
        with pytest.raises(ValueError, match="not a command"):
            slack.people.command("pat", "/other")
        with pytest.raises(ValueError, match="not a shortcut"):
            slack.people.shortcut("pat", "other", said)


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ({"display_information": {"name": "x" * 36}}, "name must be 35"),
        ({"display_information": {"description": "x" * 141}}, "description must be 140"),
        ({"display_information": {"long_description": "x"}}, "174 characters"),
        ({"features": {"bot_user": {"display_name": "x" * 81}}}, "display_name must be 80"),
        ({"features": {"slash_commands": [{"command": "mild"}]}}, "must start with /"),
        ({"features": {"slash_commands": [{"command": "/m"}]}}, "scope commands"),
        (
            {"features": {"shortcuts": [{"name": "x", "callback_id": "c"}] * 11}},
            "no more than 10 shortcuts",
        ),
        (
            {"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}},
            "app_mentions:read",
        ),
        ({"settings": {"event_subscriptions": {"bot_events": ["mesage"]}}}, "unknown event"),
    ],
)
def test_manifest_slack_would_refuse(part: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_manifest(part)

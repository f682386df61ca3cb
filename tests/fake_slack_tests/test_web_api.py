"""The Web API as the SDK sees it: tokens, scopes, channels, threads, edits, look-ups."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import (
    APP_TOKEN,
    BOT_USER,
    GENERAL,
    PATIENT,
    STAFF,
    STAFF_CHANNEL,
    STAFF_GROUP,
    FakeSlack,
)
from tests.fake_slack_tests.conftest import refusal

DIVIDER = {"type": "divider"}


def with_token(slack: FakeSlack, token: str | None) -> WebClient:
    return WebClient(token, base_url=slack.api_url, retry_handlers=[])


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-somebody-else", "invalid_auth"),
        (APP_TOKEN, "not_allowed_token_type"),
    ],
)
def test_token_is_checked(slack: FakeSlack, token: str | None, error: str) -> None:
    assert refusal(with_token(slack, token).auth_test) == error


def test_revoked_token_is_refused(slack: FakeSlack, client: WebClient) -> None:
    slack.api.revoked.add(client.token or "")

    assert refusal(client.auth_test) == "token_revoked"


def test_socket_opens_with_the_app_token_only(slack: FakeSlack, client: WebClient) -> None:
    assert refusal(client.api_call, "apps.connections.open") == "not_allowed_token_type"

    opened = with_token(slack, None).apps_connections_open(app_token=APP_TOKEN)

    assert opened["url"].startswith("ws://127.0.0.1:")


def test_misspelt_method_is_unknown(client: WebClient) -> None:
    assert refusal(client.api_call, "chat.postMesage") == "unknown_method"


def test_scope_comes_from_the_manifest() -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    with FakeSlack(manifest=manifest) as slack:
        client = WebClient(slack.api.bot_token, base_url=slack.api_url)
        with pytest.raises(SlackApiError) as caught:
            client.users_info(user=PATIENT)

        assert caught.value.response["needed"] == "users:read"
        assert client.chat_postMessage(channel=GENERAL, text="x")["ok"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "U0NOBODY1", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "  "}, "no_text"),
        ({"channel": GENERAL, "text": "", "blocks": [DIVIDER]}, "no_text"),
        ({"channel": GENERAL, "text": "x", "blocks": [{"type": "no"}]}, "invalid_blocks"),
        ({"channel": GENERAL, "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
    ],
)
def test_message_is_refused(client: WebClient, body: dict[str, Any], error: str) -> None:
    assert refusal(client.api_call, "chat.postMessage", json=body) == error


def test_bot_must_be_in_the_channel(slack: FakeSlack, client: WebClient) -> None:
    slack.world.add_channel("elsewhere", "C0ELSEWHERE", members={PATIENT})
    slack.world.channel("general").archived = True

    assert refusal(client.chat_postMessage, channel="C0ELSEWHERE", text="x") == "not_in_channel"
    assert refusal(client.chat_postMessage, channel=GENERAL, text="x") == "is_archived"


def test_users_id_stands_for_the_direct_conversation(slack: FakeSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel=PATIENT, text="hello")

    assert posted["channel"] == client.conversations_open(users=PATIENT)["channel"]["id"]
    assert refusal(client.chat_postMessage, channel=BOT_USER, text="x") == "cannot_dm_bot"


def test_text_beyond_40000_characters_is_cut_with_a_warning(client: WebClient) -> None:
    posted = client.chat_postMessage(channel=GENERAL, text="x" * 40_001)

    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000


def test_blocks_of_a_message_are_limited_together(client: WebClient) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}

    body = {"channel": GENERAL, "text": "x", "blocks": [long] * 5}
    assert refusal(client.chat_postMessage, **body) == "msg_blocks_too_long"


def test_reply_of_a_reply_is_refused(client: WebClient) -> None:
    first = client.chat_postMessage(channel=GENERAL, text="first")
    reply = client.chat_postMessage(channel=GENERAL, text="reply", thread_ts=first["ts"])

    body = {"channel": GENERAL, "text": "x", "thread_ts": reply["ts"]}
    assert refusal(client.chat_postMessage, **body) == "cannot_reply_to_message"


def test_update_edits_in_place_and_keeps_blocks_not_given(
    slack: FakeSlack, client: WebClient
) -> None:
    posted = client.chat_postMessage(channel=GENERAL, text="card", blocks=[DIVIDER])
    client.chat_update(channel=GENERAL, ts=posted["ts"], text="claimed")

    [message] = slack.world.bot_messages(GENERAL)
    assert (message.text, message.versions) == ("claimed", ["card"])
    assert message.blocks[0]["type"] == "divider"


def test_update_needs_a_message_of_its_own(slack: FakeSlack, client: WebClient) -> None:
    said = slack.world.messages(slack.people.say("#general", "mine").channel)[0]
    mine = client.chat_postMessage(channel=GENERAL, text="x")["ts"]

    body = {"channel": GENERAL, "text": "y"}
    assert refusal(client.chat_update, ts="1.2", **body) == "message_not_found"
    assert refusal(client.chat_update, ts=said.ts, **body) == "cant_update_message"
    assert refusal(client.chat_update, channel=GENERAL, ts=mine, text="x" * 4001) == "msg_too_long"


def test_ephemeral_message_is_seen_by_one_and_has_no_ts_to_update(
    slack: FakeSlack, client: WebClient
) -> None:
    posted = client.chat_postEphemeral(channel=GENERAL, user=PATIENT, text="only you")

    [message] = slack.world.bot_messages(GENERAL)
    assert message.seen_by == PATIENT
    assert slack.world.messages(GENERAL) == []
    body = {"channel": GENERAL, "ts": posted["message_ts"], "text": "x"}
    assert refusal(client.chat_update, **body) == "message_not_found"


def test_permalink_leads_to_a_message_that_exists(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="x")["ts"]

    link = client.chat_getPermalink(channel=GENERAL, message_ts=ts)["permalink"]
    assert link.endswith("/p" + ts.replace(".", ""))
    body = {"channel": GENERAL, "message_ts": "1.2"}
    assert refusal(client.chat_getPermalink, **body) == "message_not_found"


def test_deleted_message_is_gone(slack: FakeSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="x")["ts"]
    client.chat_delete(channel=GENERAL, ts=ts)

    assert slack.world.bot_messages(GENERAL) == []


def test_people_groups_and_channels_are_looked_up(client: WebClient) -> None:
    assert client.users_info(user=STAFF)["user"]["name"] == "sam"
    assert client.usergroups_users_list(usergroup=STAFF_GROUP)["users"] == [STAFF]
    assert client.usergroups_list()["usergroups"][0]["id"] == STAFF_GROUP
    assert client.conversations_info(channel=STAFF_CHANNEL)["channel"]["is_member"]
    assert client.conversations_members(channel=STAFF_CHANNEL)["members"] == [BOT_USER, STAFF]
    assert client.bots_info()["bot"]["user_id"] == BOT_USER
    assert refusal(client.usergroups_users_list, usergroup="S0NOT") == "no_such_subteam"


def test_history_and_thread_are_read_back(slack: FakeSlack, client: WebClient) -> None:
    said = slack.people.say("#general", "does it hurt?")
    client.chat_postMessage(channel=GENERAL, thread_ts=said.ts, text="a little")

    history = client.conversations_history(channel=GENERAL)["messages"]
    thread = client.conversations_replies(channel=GENERAL, ts=said.ts)["messages"]
    assert [m["text"] for m in history] == ["does it hurt?"]
    assert [m["text"] for m in thread] == ["does it hurt?", "a little"]


def test_history_is_read_between_two_times(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel=GENERAL, text=str(n))["ts"] for n in range(4)]

    def read(**between: Any) -> list[str]:
        found = client.conversations_history(channel=GENERAL, **between)["messages"]
        return [message["text"] for message in found]

    assert read(oldest=stamps[1]) == ["3", "2"]
    assert read(oldest=stamps[1], latest=stamps[2], inclusive=True) == ["2", "1"]
    assert client.conversations_history(channel=GENERAL, limit=1)["has_more"]


def test_metadata_is_kept_for_who_asks_for_it(client: WebClient) -> None:
    mark = {"event_type": "reply", "event_payload": {"id": 7}}
    client.chat_postMessage(channel=GENERAL, text="x", metadata=mark)

    plain = client.conversations_history(channel=GENERAL)["messages"][0]
    marked = client.conversations_history(channel=GENERAL, include_all_metadata=True)["messages"][0]
    assert "metadata" not in plain
    assert marked["metadata"] == mark
    body = {"channel": GENERAL, "text": "x", "metadata": {"id": 7}}
    assert refusal(client.chat_postMessage, **body) == "invalid_metadata_format"


def test_reaction_is_added_once(slack: FakeSlack, client: WebClient) -> None:
    said = slack.people.say("#general", "hello")
    body = {"channel": GENERAL, "timestamp": said.ts, "name": "eyes"}
    client.reactions_add(**body)

    assert refusal(client.reactions_add, **body) == "already_reacted"
    client.reactions_remove(**body)
    assert refusal(client.reactions_remove, **body) == "no_reaction"


def test_calls_are_recorded_with_token_and_body(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postMessage(channel=GENERAL, text="hello")

    [call] = slack.calls.of("chat.postMessage")
    assert (call.token, call.body["text"], call.status) == (client.token, "hello", 200)
    assert call.took_effect

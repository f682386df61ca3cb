"""What is read out of Slack's payloads."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.values import Incoming
from bot.slack.incoming import incoming_of, person_of
from tests.slack.made import NOW

BOT = "UBOT"


def read(body: dict[str, Any]) -> Incoming | None:
    return incoming_of(body, bot_user_id=BOT, now=NOW)


def taken(body: dict[str, Any]) -> Incoming:
    found = read(body)
    assert found is not None
    return found


def event(kind: str = "message", **fields: Any) -> dict[str, Any]:
    plain = {"type": kind, "user": "U1", "text": "hello", "ts": "1.1", "channel": "D1"}
    if fields.get("channel", "D1").startswith("D"):
        plain["channel_type"] = "im"
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {**plain, **fields},
    }


def changed(before: str, after: str, **message: Any) -> dict[str, Any]:
    new = {"user": "U1", "text": after, "ts": "1.1", "edited": {"user": "U1", "ts": "2.2"}}
    return event(
        subtype="message_changed",
        message={**new, **message},
        previous_message={"user": "U1", "text": before, "ts": "1.1"},
    )


def press(action_id: str, value: str = "", **container: Any) -> dict[str, Any]:
    where = {"type": "message", "channel_id": "D1", "message_ts": "3.3", **container}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "container": where,
        "response_url": "https://hooks.slack.com/actions/1",
        "actions": [{"action_id": action_id, "value": value, "action_ts": "9.9"}],
    }


# ---------------------------------------------------------------- messages
def test_direct_message() -> None:
    found = taken(event(text="is it &lt; 2 days?"))

    assert (found.key, found.kind, found.text) == ("Ev1", "message", "is it < 2 days?")
    assert (found.person.team_id, found.person.user_id) == ("T1", "U1")
    assert (found.place.kind, found.place.channel_id, found.ts) == ("dm", "D1", "1.1")


def test_mention_loses_the_bots_name() -> None:
    found = taken(event("app_mention", channel="C1", text="<@UBOT> can I drive?"))

    assert (found.kind, found.place.kind, found.text) == ("mention", "channel", "can I drive?")


def test_message_event_of_a_mention_is_the_same_mention() -> None:
    found = taken(event(channel="C1", text="<@UBOT> can I drive?"))

    assert (found.kind, found.text) == ("mention", "can I drive?")


def test_mention_of_nothing_has_no_words() -> None:
    assert taken(event("app_mention", channel="C1", text="<@UBOT>")).text == ""


def test_name_of_the_bot_in_a_direct_message_is_no_mention() -> None:
    assert taken(event(text="hi <@UBOT>")).kind == "message"


def test_reply_in_a_thread_knows_its_thread() -> None:
    assert taken(event(channel="C1", thread_ts="1.0")).place.thread_ts == "1.0"


def test_shared_channel_is_known() -> None:
    body = event("app_mention", channel="C1") | {"is_ext_shared_channel": True}

    assert taken(body).place.external


def test_files_are_told() -> None:
    found = taken(event(subtype="file_share", text="", files=[{"id": "F1"}]))

    assert (found.text, found.extra) == ("", {"files": "1"})


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "channel_join"},
        {"subtype": "bot_message", "bot_id": "B2"},
        {"bot_id": "B2"},
        {"user": BOT},
        {"user": "USLACKBOT"},
        {"user": None},
        {"subtype": "something_new"},
    ],
)
def test_what_no_person_said_is_left_out(fields: dict[str, Any]) -> None:
    assert read(event(**fields)) is None


# ---------------------------------------------------------------- edits
def test_edit_brings_the_new_words() -> None:
    found = taken(changed("hello", "I cannot feel my legs"))

    assert (found.kind, found.text, found.ts) == ("edit", "I cannot feel my legs", "1.1")
    assert found.extra == {"edited_ts": "2.2"}


def test_link_preview_is_no_edit() -> None:
    assert read(changed("hello", "hello")) is None
    assert read(changed("hello", "hello!", edited=None)) is None


def test_edit_by_a_bot_is_left_out() -> None:
    assert read(changed("a", "b", bot_id="B1")) is None


def test_deleted_message_is_named() -> None:
    before = {"user": "U1", "text": "hello", "ts": "1.1"}

    found = taken(event(subtype="message_deleted", deleted_ts="1.1", previous_message=before))

    assert (found.kind, found.ts, found.person.user_id) == ("deleted", "1.1", "U1")


def test_head_of_a_thread_that_was_deleted_is_a_tombstone() -> None:
    found = taken(changed("hello", "This message was deleted.", subtype="tombstone"))

    assert (found.kind, found.text) == ("deleted", "hello")


# ---------------------------------------------------------------- commands and shortcuts
def slash(name: str, text: str = "can I drive") -> dict[str, Any]:
    return {
        "command": name,
        "text": text,
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "trigger_id": "t1",
        "response_url": "https://hooks.slack.com/commands/1",
    }


def test_command_is_answered_by_its_response_url() -> None:
    found = taken(slash("/mild"))

    assert (found.key, found.kind, found.text) == ("cmd:t1", "command", "can I drive")
    assert found.place.kind == "command"
    assert found.place.response_url == "https://hooks.slack.com/commands/1"


@pytest.mark.parametrize("name", ["/mild-lookup", "/mild-pause", "/other"])
def test_commands_of_staff_are_not_kept(name: str) -> None:
    assert read(slash(name)) is None


def test_shortcut_brings_the_message_and_its_writer() -> None:
    found = taken(
        {
            "type": "message_action",
            "callback_id": "answer_with_faq",
            "trigger_id": "t2",
            "team": {"id": "T1"},
            "user": {"id": "U9"},
            "channel": {"id": "C1"},
            "message": {"user": "U1", "text": "can I &amp; drive", "ts": "5.5"},
            "response_url": "https://hooks.slack.com/app/1",
        }
    )

    assert (found.kind, found.person.user_id, found.extra) == ("shortcut", "U9", {"author": "U1"})
    assert (found.text, found.ts, found.place.kind) == ("can I & drive", "5.5", "channel")


# ---------------------------------------------------------------- buttons
@pytest.mark.parametrize(
    ("action_id", "kind", "extra"),
    [
        ("choose:2", "choice", {}),
        ("topic:7", "choice", {}),
        ("helpful", "feedback", {"helpful": "1"}),
        ("not_helpful", "feedback", {"helpful": "0"}),
        ("talk_to_person", "person", {}),
        ("forget", "forget", {}),
        ("post_answer", "post", {}),
    ],
)
def test_button_of_a_person(action_id: str, kind: str, extra: dict[str, str]) -> None:
    found = taken(press(action_id, "x1"))

    assert (found.kind, found.text, found.extra) == (kind, "x1", extra)
    assert found.key == f"act:9.9:U1:{action_id}"


@pytest.mark.parametrize("action_id", ["alert_claim", "queue_draft", "open_person", "unknown"])
def test_button_of_staff_is_not_kept(action_id: str) -> None:
    assert read(press(action_id, "a1")) is None


def test_group_of_topics_is_not_kept() -> None:
    assert read(press("topic:1", "group/basics")) is None


def test_button_below_a_message_is_answered_where_it_stands() -> None:
    place = taken(press("choose:0", "cost", channel_id="C1", thread_ts="1.0")).place

    assert (place.kind, place.channel_id, place.thread_ts) == ("channel", "C1", "1.0")


def test_button_below_a_private_answer_is_answered_privately() -> None:
    place = taken(press("choose:0", "cost", channel_id="C1", is_ephemeral=True)).place

    assert (place.kind, place.response_url) == ("command", "https://hooks.slack.com/actions/1")


def test_button_in_the_home_tab_has_no_channel() -> None:
    body = press("topic:0", "cost") | {"container": {"type": "view", "view_id": "V1"}}
    del body["response_url"]

    place = taken(body).place

    assert (place.kind, place.channel_id, place.response_url) == ("home", "", None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "view_submission"},
        {"type": "block_actions", "actions": [{}]},
        {"type": "event_callback", "event": {"type": "reaction_added"}},
        {"type": "message_action", "callback_id": "other"},
    ],
)
def test_anything_else_is_left_out(body: dict[str, Any]) -> None:
    assert read(body) is None


@pytest.mark.parametrize(
    "body",
    [
        {"user": {"id": "U1"}, "team": {"id": "T1"}},
        {"user_id": "U1", "team_id": "T1"},
        {"event": {"user": "U1"}, "team_id": "T1"},
    ],
)
def test_person_is_found_in_every_payload(body: dict[str, Any]) -> None:
    person = person_of(body)

    assert (person.team_id, person.user_id) == ("T1", "U1")

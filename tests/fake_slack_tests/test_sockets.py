"""A real bolt app with its own websocket client, in the fake: Socket Mode and how it breaks."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.fake_slack import GENERAL, PATIENT, STAFF, FakeSlack
from tests.fake_slack_tests.conftest import Echo, connected


def test_direct_message_is_echoed_escaped_as_slack_escapes(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = slack.people.dm("pat", "is 3 < 4 & true?")
        [reply] = slack.wait_replies(said)

    assert reply.text == "is 3 &lt; 4 &amp; true?"
    assert said.deliveries[0].latency_s is not None


def test_first_delivery_carries_retry_number_zero(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        slack.people.dm("pat", "hello").wait_acked()

    assert echo.retries[0] == "0"


def test_unacknowledged_event_comes_again_with_the_same_id(slack: FakeSlack, echo: Echo) -> None:
    slack.sockets.ack_within_s = 0.2
    echo.raises = 2
    with connected(echo, slack):
        said = slack.people.dm("pat", "hello").wait_acked()

    assert [a.outcome.reason for a in said.deliveries[0].attempts if a.outcome] == [
        "timeout",
        "timeout",
        "",
    ]
    assert echo.retries[:3] == ["0", "1", "2"]


def test_slack_gives_up_after_the_last_retry(slack: FakeSlack, echo: Echo) -> None:
    slack.sockets.ack_within_s = 0.1
    echo.raises = 10
    with connected(echo, slack):
        said = slack.people.dm("pat", "hello")
        slack.wait_for(lambda: said.deliveries[0].given_up)

    assert len(said.deliveries[0].attempts) == 4


def test_mention_arrives_twice_under_two_event_ids(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = slack.people.mention("#general", "hello").wait_acked()

    assert [e["type"] for e in echo.heard] in (
        ["app_mention", "message"],
        ["message", "app_mention"],
    )
    assert len({d.event_id for d in said.deliveries}) == 2
    assert {e["ts"] for e in echo.heard} == {said.ts}


def test_command_is_answered_in_the_ack_and_by_response_url(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        slack.people.command("pat", "/mild", "what is it", channel=GENERAL)
        slack.wait_for(lambda: len(slack.world.bot_messages(GENERAL)) == 2)

    assert {(m.text, m.seen_by) for m in slack.world.bot_messages(GENERAL)} == {
        ("one moment", PATIENT),
        ("asked: what is it", PATIENT),
    }


def test_pressed_button_edits_its_message(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        [reply] = slack.wait_replies(slack.people.dm("pat", "hello"))
        slack.people.press(reply, text="More", user="pat")
        slack.wait_for(lambda: reply.text == "pressed")

    pressed = next(e for e in echo.heard if e["type"] == "block_actions")
    assert pressed["actions"][0]["value"] == "1"
    assert pressed["container"]["message_ts"] == reply.ts
    assert reply.versions == ["hello"]


def test_shortcut_opens_a_modal_whose_submission_is_answered(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = slack.people.say("#general", "does it hurt?")
        slack.people.shortcut(STAFF, "answer_with_faq", said)
        [view] = slack.wait_for(lambda: list(slack.world.views.values()))
        sent = slack.people.submit(STAFF, view, {}).wait_acked()

    assert sent.deliveries[0].answer == {"response_action": "errors", "errors": {"b": "no"}}


def test_edit_and_deletion_arrive_as_their_subtypes(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = slack.people.dm("pat", "my leg hurts").wait_acked()
        slack.people.edit(said, "my legs are numb").wait_acked()
        slack.people.delete(said).wait_acked()

    changed = next(e for e in echo.heard if e.get("subtype") == "message_changed")
    assert changed["message"]["text"] == "my legs are numb"
    assert changed["previous_message"]["text"] == "my leg hurts"
    assert any(e.get("subtype") == "message_deleted" for e in echo.heard)


def test_home_tab_and_user_group_reach_the_app(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        slack.people.open_home("pat").wait_acked()
        slack.people.change_group(add=["pat"]).wait_acked()

    assert [e["type"] for e in echo.heard] == ["app_home_opened", "subteam_members_changed"]
    assert slack.world.groups["S0STAFF01"] == {STAFF, PATIENT}


def test_refresh_gives_a_new_socket_and_loses_nothing(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        slack.sockets.refresh()
        said = slack.people.dm("pat", "still there?")
        [reply] = slack.wait_replies(said)

    assert reply.text == "still there?"
    assert slack.sockets.opened() == 2


@pytest.mark.parametrize("how", ["close", "cut", "go_silent", "disable_link"])
def test_app_comes_back_after_the_socket_has_gone(slack: FakeSlack, echo: Echo, how: str) -> None:
    slack.sockets.ack_within_s = 0.3
    with connected(echo, slack):
        # An acknowledgement follows the first PONG; without one the SDK never notices silence.
        slack.people.dm("pat", "there?").wait_acked()
        getattr(slack.sockets, how)()
        slack.wait_connected(timeout=15, more_than=1)
        said = slack.people.dm("pat", "back?")
        [reply] = slack.wait_replies(said)

    assert reply.text == "back?"


def test_event_without_any_socket_waits_for_its_retries(slack: FakeSlack) -> None:
    said = slack.people.dm("pat", "anybody?")
    slack.wait_for(lambda: said.deliveries[0].given_up)

    reasons = [a.outcome.reason for a in said.deliveries[0].attempts if a.outcome]
    assert reasons == ["connection_failed"] * 4


# By hand: the SDK's client leaves a refused socket open, which warns wherever it is collected.
def test_handshake_is_refused_on_demand_and_without_a_ticket(slack: FakeSlack) -> None:
    slack.sockets.refused_handshakes = 1
    ticket = slack.sockets.issue_ticket()

    assert _handshake(slack, ticket) == 401
    assert _handshake(slack, "made-up") == 401
    assert not slack.sockets.open()


def _handshake(slack: FakeSlack, ticket: str) -> int:
    key = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
    }
    with closing(HTTPConnection("127.0.0.1", slack.server.server_port, timeout=5)) as connection:
        connection.request("GET", f"/link/?ticket={ticket}", headers=key)
        return connection.getresponse().status


def test_ticket_opens_one_socket_only(slack: FakeSlack) -> None:
    ticket = slack.sockets.issue_ticket()

    assert slack.sockets.admit(ticket)
    assert not slack.sockets.admit(ticket)


def test_delivered_again_though_acknowledged(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = slack.people.dm("pat", "once").wait_acked()
        slack.deliveries.again(said.deliveries[0])
        slack.wait_replies(said, 2)

    assert [e["ts"] for e in echo.heard if e["text"] == "once"].count(said.ts) >= 2


def test_app_hears_its_own_messages_and_bolt_drops_them(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = slack.people.dm("pat", "hello")
        slack.wait_replies(said)
        own = slack.wait_for(lambda: [d for d in slack.deliveries.all() if _is_own(d.payload)])

    assert own[0].acked
    assert [e for e in echo.heard if e.get("bot_id")] == []


def _is_own(payload: dict) -> bool:
    return bool(payload.get("event", {}).get("bot_id"))


def test_300_messages_in_a_burst_are_acked_and_answered(slack: FakeSlack, echo: Echo) -> None:
    with connected(echo, slack):
        said = [slack.people.dm("pat", f"message {number}") for number in range(300)]
        slack.wait_for(lambda: len(slack.calls.bodies("chat.postMessage")) == 300, 30)
        slack.wait_for(lambda: all(d.deliveries[0].acked for d in said), 30)

    texts = [m.text for m in slack.world.bot_messages()]
    assert sorted(texts) == sorted(f"message {number}" for number in range(300))

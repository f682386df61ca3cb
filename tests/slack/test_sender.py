"""One outgoing message to one call: what came of it, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.desk.values import EMERGENCY, ORDINARY, Delivery, Outgoing
from bot.slack.app import make_client
from bot.slack.sender import NotSent, Sender, Sent
from bot.slack.settings import for_socket
from tests.fake_slack import (
    GENERAL,
    PATIENT,
    TEAM,
    FakeSlack,
    Fault,
    bad_gateway,
    dropped,
    rate_limited,
    refused,
    server_error,
    slow,
)
from tests.slack.made import NOW

BLOCKS = ({"type": "section", "text": {"type": "mrkdwn", "text": "hello"}},)


@pytest.fixture
def sender(slack: FakeSlack) -> Sender:
    settings = for_socket(slack.environment())

    def client(seconds: int) -> WebClient:
        made = make_client(settings, {}, timeout_s=seconds)
        made.timeout = 1
        return made

    return Sender(client)


def outgoing(**changes: Any) -> Outgoing:
    plain = Outgoing(kind="post", team_id=TEAM, text="hello", blocks=BLOCKS, channel_id=GENERAL)
    return replace(plain, **changes)


def delivery(out: Outgoing, *, attempts: int = 1) -> Delivery:
    return Delivery(
        id=7,
        purpose="reply",
        outgoing=out,
        conversation="c",
        created_at=NOW,
        attempts=attempts,
        priority=out.priority,
        lease_until=NOW + timedelta(seconds=15),
    )


def test_post_gives_the_ts(slack: FakeSlack, sender: Sender) -> None:
    found = sender.deliver(delivery(outgoing()))

    (message,) = slack.world.bot_messages(GENERAL)
    assert found == Sent(ts=message.ts)


def test_nothing_is_unfurled(slack: FakeSlack, sender: Sender) -> None:
    sender.deliver(delivery(outgoing()))

    (body,) = slack.calls.bodies("chat.postMessage")
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)


def test_reply_in_a_thread_may_be_shown_to_the_channel(slack: FakeSlack, sender: Sender) -> None:
    sender.deliver(delivery(outgoing()))
    (head,) = slack.world.bot_messages(GENERAL)

    sender.send(outgoing(thread_ts=head.ts, broadcast=True))

    reply = slack.world.bot_messages(GENERAL)[1]
    assert (reply.thread_ts, reply.broadcast) == (head.ts, True)


def test_direct_message_opens_the_conversation(slack: FakeSlack, sender: Sender) -> None:
    found = sender.deliver(delivery(outgoing(kind="dm", channel_id="", user_id=PATIENT)))

    (message,) = slack.world.bot_messages(slack.world.im(PATIENT).id)
    assert found == Sent(ts=message.ts)


def test_update_changes_the_message(slack: FakeSlack, sender: Sender) -> None:
    sender.deliver(delivery(outgoing()))
    (message,) = slack.world.bot_messages(GENERAL)

    found = sender.deliver(delivery(outgoing(kind="update", update_ts=message.ts, text="done")))

    assert found == Sent(ts=message.ts)
    assert message.text == "done"


def response_url(slack: FakeSlack) -> str:
    path = slack.world.new_response_url(channel=GENERAL, user=PATIENT)
    return slack.address + path


def test_private_answer_is_seen_by_one(slack: FakeSlack, sender: Sender) -> None:
    url = response_url(slack)

    found = sender.send(outgoing(kind="respond", response_url=url))

    (message,) = slack.world.bot_messages(GENERAL)
    assert (found, message.seen_by) == (Sent(), PATIENT)


def test_answer_for_the_channel_is_seen_by_all(slack: FakeSlack, sender: Sender) -> None:
    sender.send(outgoing(kind="respond", response_url=response_url(slack), in_channel=True))

    (message,) = slack.world.bot_messages(GENERAL)
    assert message.seen_by is None


def test_used_up_response_url_is_expired(slack: FakeSlack, sender: Sender) -> None:
    url = response_url(slack)
    found = [sender.send(outgoing(kind="respond", response_url=url)) for _ in range(6)]

    assert found == [Sent()] * 5 + [NotSent(error="expired_url")]


@pytest.mark.parametrize("url", ["https://evil.example/x", "http://evilslack.com/x", ""])
def test_response_url_elsewhere_is_not_called(url: str, sender: Sender) -> None:
    assert sender.send(outgoing(kind="respond", response_url=url)) == NotSent(error="expired_url")


def test_hook_that_is_rate_limited_says_when(slack: FakeSlack, sender: Sender) -> None:
    slack.faults.add("response_url", rate_limited(9))

    found = sender.send(outgoing(kind="respond", response_url=response_url(slack)))

    assert found == NotSent(error="ratelimited", retry_after_s=9.0)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (rate_limited(7), NotSent(error="ratelimited", retry_after_s=7.0)),
        (server_error(500), NotSent(error="http_500")),
        (server_error(503), NotSent(error="http_503")),
        (bad_gateway(), NotSent(error="http_502")),
        (dropped(), NotSent(error="connection")),
        (refused("is_archived"), NotSent(error="is_archived")),
        (Fault(body=b"{half a bo"), NotSent(error="connection")),
    ],
)
def test_fault_becomes_a_word(
    fault: Fault, outcome: NotSent, slack: FakeSlack, sender: Sender
) -> None:
    slack.faults.add("chat.postMessage", fault)

    assert sender.deliver(delivery(outgoing())) == outcome
    assert len(slack.calls.of("chat.postMessage")) == 1


def test_slow_answer_is_a_timeout(slack: FakeSlack, sender: Sender) -> None:
    slack.faults.add("chat.postMessage", slow(1.3))

    assert sender.deliver(delivery(outgoing())) == NotSent(error="timeout")


def test_slack_that_is_gone_is_a_connection_error(sender: Sender, slack: FakeSlack) -> None:
    slack.server.server_close()

    assert sender.send(outgoing()) == NotSent(error="connection")


# ---------------------------------------------------------------- never twice
@pytest.mark.parametrize("fault", [dropped(takes_effect=True), server_error(takes_effect=True)])
@pytest.mark.parametrize("place", ["channel", "thread", "direct"])
def test_message_that_came_through_is_not_posted_again(
    fault: Fault, place: str, slack: FakeSlack, sender: Sender
) -> None:
    out = outgoing()
    if place == "thread":
        sender.send(outgoing(text="head"))
        out = outgoing(thread_ts=slack.world.bot_messages(GENERAL)[0].ts)
    if place == "direct":
        out = outgoing(kind="dm", channel_id="", user_id=PATIENT)
    slack.faults.add("chat.postMessage", fault)
    first = sender.deliver(delivery(out))

    second = sender.deliver(delivery(out, attempts=2))

    posted = [m for m in slack.world.bot_messages() if m.text == "hello"]
    assert isinstance(first, NotSent)
    assert second == Sent(ts=posted[0].ts)
    assert len(posted) == 1


def test_message_that_did_not_come_through_is_posted(slack: FakeSlack, sender: Sender) -> None:
    slack.faults.add("chat.postMessage", dropped())
    sender.deliver(delivery(outgoing()))

    assert isinstance(sender.deliver(delivery(outgoing(), attempts=2)), Sent)
    assert len(slack.world.bot_messages(GENERAL)) == 1


def test_same_words_of_another_row_are_another_message(slack: FakeSlack, sender: Sender) -> None:
    sender.deliver(delivery(outgoing()))

    sender.deliver(replace(delivery(outgoing(), attempts=2), id=8))

    assert len(slack.world.bot_messages(GENERAL)) == 2


def test_while_slack_cannot_be_asked_nothing_is_posted_again(
    slack: FakeSlack, sender: Sender
) -> None:
    slack.faults.add("conversations.history", rate_limited(3))

    found = sender.deliver(delivery(outgoing(priority=ORDINARY), attempts=2))

    assert found == NotSent(error="ratelimited", retry_after_s=3.0)
    assert slack.world.bot_messages(GENERAL) == []


def test_emergency_is_rather_posted_twice_than_not(slack: FakeSlack, sender: Sender) -> None:
    slack.faults.add("conversations.history", bad_gateway())

    found = sender.deliver(delivery(outgoing(priority=EMERGENCY), attempts=2))

    assert isinstance(found, Sent)


def test_where_history_is_not_allowed_it_is_posted(slack: FakeSlack, sender: Sender) -> None:
    slack.faults.add("conversations.history", refused("missing_scope"))

    assert isinstance(sender.deliver(delivery(outgoing(), attempts=2)), Sent)

"""Cards in the staff channel: raised, taken, closed, and only by staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue import compose
from bot.slack.running import Running
from bot.slack.text import escape
from tests.fake_slack import (
    GENERAL,
    PATIENT,
    STAFF,
    STAFF_CHANNEL,
    FakeSlack,
    Message,
    refused,
)
from tests.slack.workplace import at_work, environment, settled

FLAG = "I have chest pain and my name is Ann Rose"


@pytest.fixture
def running(slack: FakeSlack, tmp_path: Path) -> Iterator[Running]:
    with at_work(slack, environment(slack, tmp_path)) as found:
        yield found


def say(key: str, running: Running) -> str:
    return escape(compose.say(key, running.desk.parts.engine))


def card(slack: FakeSlack) -> Message:
    return slack.world.bot_messages(STAFF_CHANNEL)[0]


def pressed(slack: FakeSlack, running: Running, action_id: str, user: str = "sam") -> None:
    slack.people.press(card(slack), action_id=action_id, user=user)
    settled(running, slack)


def alarmed(slack: FakeSlack, running: Running) -> None:
    slack.people.dm("pat", FLAG)
    settled(running, slack)


def buttons(message: Message) -> list[str]:
    return [b["action_id"] for b in message.buttons()]


def test_card_shows_the_words_of_the_flag_and_no_more(slack: FakeSlack, running: Running) -> None:
    alarmed(slack, running)

    shown = str(card(slack).blocks)
    assert "chest pain" in shown
    assert f"<@{PATIENT}>" in shown
    assert "Ann" not in shown
    assert buttons(card(slack)) == ["alert_claim", "alert_done", "open_person"]


def test_patient_is_told_only_after_somebody_has_taken_it(
    slack: FakeSlack, running: Running
) -> None:
    alarmed(slack, running)
    direct = slack.world.im(PATIENT).id
    seen = say("seen_by_clinic", running)
    assert seen not in [m.text for m in slack.world.bot_messages(direct)]

    pressed(slack, running, "alert_claim")

    assert seen in [m.text for m in slack.world.bot_messages(direct)]
    assert f"<@{STAFF}> has this" in str(card(slack).blocks)
    assert buttons(card(slack)) == ["alert_done", "open_person"]


def test_done_closes_the_card_and_takes_the_person_off_it(
    slack: FakeSlack, running: Running
) -> None:
    alarmed(slack, running)

    pressed(slack, running, "alert_done")

    assert f"Done: <@{STAFF}>" in str(card(slack).blocks)
    assert PATIENT not in str(card(slack).blocks)
    assert buttons(card(slack)) == []


def test_click_of_somebody_who_is_not_staff_is_refused(slack: FakeSlack, running: Running) -> None:
    alarmed(slack, running)

    pressed(slack, running, "alert_claim", user="pat")

    refusal = slack.world.bot_messages(STAFF_CHANNEL)[-1]
    assert (refusal.text, refusal.seen_by) == (say("act_not_staff", running), PATIENT)
    assert "alert_claim" in buttons(card(slack))


def test_click_is_refused_while_slack_does_not_say_who_is_staff(
    slack: FakeSlack, running: Running
) -> None:
    alarmed(slack, running)
    slack.faults.always("usergroups.users.list", refused("plan_upgrade_required"))
    slack.people.change_group()  # makes the bot ask again
    settled(running, slack)

    pressed(slack, running, "alert_claim")

    assert "alert_claim" in buttons(card(slack))


def test_link_to_the_person_is_only_acknowledged(slack: FakeSlack, running: Running) -> None:
    alarmed(slack, running)
    before = len(slack.world.bot_messages())

    pressed(slack, running, "open_person")

    assert len(slack.world.bot_messages()) == before


def test_second_message_of_the_same_person_stays_on_the_card(
    slack: FakeSlack, running: Running
) -> None:
    alarmed(slack, running)
    alarmed(slack, running)

    top = [m for m in slack.world.bot_messages(STAFF_CHANNEL) if m.thread_ts is None]
    assert len(top) == 1
    assert "2 messages so far" in str(card(slack).blocks)


def test_unanswered_question_becomes_a_card_with_a_draft(
    slack: FakeSlack, running: Running
) -> None:
    slack.people.dm("pat", "llama wool colours in Peru")
    settled(running, slack)
    expected = ["queue_claim", "queue_draft", "queue_answered", "queue_dismiss", "open_person"]
    assert buttons(card(slack)) == expected

    pressed(slack, running, "queue_draft")

    (draft,) = slack.world.bot_messages(slack.world.im(STAFF).id)
    assert "llama" in draft.text
    assert "```" in draft.text
    assert "pending" in draft.text


def test_answered_question_loses_its_buttons(slack: FakeSlack, running: Running) -> None:
    slack.people.dm("pat", "llama wool colours in Peru")
    settled(running, slack)

    pressed(slack, running, "queue_claim")
    assert "queue_claim" not in buttons(card(slack))

    pressed(slack, running, "queue_answered")
    assert buttons(card(slack)) == []


def test_silence_alerts_again_in_the_cards_thread(slack: FakeSlack, tmp_path: Path) -> None:
    settings = environment(slack, tmp_path, MILDBOT_REALERT_EMERGENCY_S="1")
    with at_work(slack, settings):
        slack.people.dm("pat", FLAG)

        again = slack.wait_for(
            lambda: [m for m in slack.world.bot_messages(STAFF_CHANNEL) if m.broadcast], 5.0
        )

        assert again[0].thread_ts == card(slack).ts
        assert f"<@{PATIENT}>" in str(again[0].blocks)


def test_patient_is_told_when_staff_cannot_be_reached(slack: FakeSlack, running: Running) -> None:
    slack.faults.always(
        "chat.postMessage",
        refused("channel_not_found"),
        when=lambda call: call.body["channel"] == STAFF_CHANNEL,
    )

    deed = slack.people.dm("pat", FLAG)
    settled(running, slack)

    told = say("alert_undelivered", running)
    assert told in slack.wait_for(
        lambda: [m.text for m in slack.replies(deed)] if len(slack.replies(deed)) > 2 else []
    )


def test_channel_of_the_emergency_is_linked(slack: FakeSlack, running: Running) -> None:
    slack.people.mention(GENERAL, FLAG)
    settled(running, slack)

    assert f"/archives/{GENERAL}/p" in str(card(slack).blocks)

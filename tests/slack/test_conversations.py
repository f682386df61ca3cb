"""The bot at work in the fake Slack: what people say, and what they read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.running import Running
from bot.slack.text import escape
from tests.fake_slack import GENERAL, PATIENT, STAFF, STAFF_CHANNEL, FakeSlack, Message
from tests.slack.workplace import at_work, environment, settled, small_bot

FLAG = "I have chest pain"
QUESTION = "can I drive"


@pytest.fixture
def running(slack: FakeSlack, tmp_path: Path) -> Iterator[Running]:
    with at_work(slack, environment(slack, tmp_path)) as found:
        yield found


def texts(messages: list[Message]) -> list[str]:
    return [m.text for m in messages]


def said(slack: FakeSlack, channel: str) -> list[str]:
    return texts(slack.world.bot_messages(channel))


def asked(message: str, *history: str) -> str:
    """What the command line says."""
    return escape(small_bot().reply(message, history=history).text)


# ---------------------------------------------------------------- direct messages
def test_direct_message_is_answered_as_the_command_line_does(
    slack: FakeSlack, running: Running
) -> None:
    deed = slack.people.dm("pat", QUESTION)
    settled(running, slack)

    first = slack.replies(deed)[0]
    assert first.text == asked(QUESTION)
    assert "You may drive after 24 hours" in first.text


def test_first_contact_is_told_once(slack: FakeSlack, running: Running) -> None:
    notice = escape(say("first_contact", running))
    for question in (QUESTION, "what does it cost", "hello"):
        slack.people.dm("pat", question)
        settled(running, slack)

    said_to_pat = said(slack, slack.world.im(PATIENT).id)
    assert said_to_pat.count(notice) == 1
    assert said_to_pat[1] == notice


def say(key: str, running: Running) -> str:
    from bot.dialogue import compose

    return compose.say(key, running.desk.parts.engine)


def test_follow_up_leans_on_the_message_before(slack: FakeSlack, running: Running) -> None:
    slack.people.dm("pat", FLAG)
    settled(running, slack)
    deed = slack.people.dm("pat", "it is worse")
    settled(running, slack)

    assert slack.replies(deed)[0].text == asked("it is worse", FLAG)


def test_duplicates_are_answered_once(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", QUESTION).wait_acked()
    for _ in range(3):
        slack.deliveries.again(deed.deliveries[0])
    settled(running, slack)

    assert said(slack, deed.channel).count(asked(QUESTION)) == 1


def test_wordless_message_gets_one_reply(slack: FakeSlack, running: Running) -> None:
    slack.people.dm("pat", QUESTION)
    settled(running, slack)
    deed = slack.people.dm("pat", "", files=["wound.jpg"])
    settled(running, slack)

    (reply,) = slack.replies(deed)
    assert reply.text.startswith(escape(say("files_unreadable", running)))


@pytest.mark.parametrize("text", ["😀", "\u202e\u200b", "x" * 39_000, "<!channel> &amp; <@U1>"])
def test_bad_input_gets_a_reply(text: str, slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", text)
    settled(running, slack)

    assert len(slack.replies(deed)) == 2  # and the notice of the first contact


def test_crying_face_is_not_short_of_breath(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", "can I drive :sob:")
    settled(running, slack)

    assert slack.replies(deed)[0].text == asked("can I drive 😭")


def test_other_bots_and_notices_are_not_answered(slack: FakeSlack, running: Running) -> None:
    slack.people.other_bot(GENERAL, FLAG)
    slack.people.join("pat", GENERAL)
    settled(running, slack)

    assert slack.world.bot_messages() == []


# ---------------------------------------------------------------- channels
def test_mention_is_answered_once_in_its_thread(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.mention(GENERAL, QUESTION)
    settled(running, slack)

    replies = slack.replies(deed)
    assert texts(replies).count(asked(QUESTION)) == 1
    assert {m.thread_ts for m in slack.world.bot_messages(GENERAL)} == {deed.ts}


def test_first_answer_in_a_channel_offers_a_direct_message(
    slack: FakeSlack, running: Running
) -> None:
    offer = escape(say("dm_offer", running))
    for user in ("pat", "sam"):
        slack.people.mention(GENERAL, QUESTION, user=user)
        settled(running, slack)

    assert said(slack, GENERAL).count(offer) == 1


def test_follow_up_in_the_thread_needs_no_mention(slack: FakeSlack, running: Running) -> None:
    head = slack.people.mention(GENERAL, QUESTION)
    settled(running, slack)
    deed = slack.people.say(GENERAL, "what does it cost", thread_ts=head.ts)
    settled(running, slack)

    assert texts(slack.replies(deed))[0] == asked("what does it cost", QUESTION)


def test_bot_is_silent_once_a_person_answers(slack: FakeSlack, running: Running) -> None:
    head = slack.people.mention(GENERAL, QUESTION)
    settled(running, slack)
    slack.people.say(GENERAL, "I can help you with that", user="sam", thread_ts=head.ts)
    settled(running, slack)
    deed = slack.people.say(GENERAL, "what does it cost", thread_ts=head.ts)
    settled(running, slack)

    assert slack.replies(deed) == []


def test_red_flag_is_answered_where_a_person_has_taken_over(
    slack: FakeSlack, running: Running
) -> None:
    head = slack.people.mention(GENERAL, QUESTION)
    settled(running, slack)
    slack.people.say(GENERAL, "I can help you with that", user="sam", thread_ts=head.ts)
    settled(running, slack)
    deed = slack.people.say(GENERAL, FLAG, thread_ts=head.ts)
    settled(running, slack)

    assert texts(slack.replies(deed)) == [asked(FLAG)]


def test_talk_among_people_is_not_answered(slack: FakeSlack, running: Running) -> None:
    slack.people.say(GENERAL, "can I drive you home?")
    settled(running, slack)

    assert slack.world.bot_messages() == []


def test_emergency_among_people_is_answered_and_alerted(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.say(GENERAL, FLAG)
    settled(running, slack)

    assert texts(slack.replies(deed)) == [asked(FLAG)]
    (card,) = slack.world.bot_messages(STAFF_CHANNEL)
    link = f"https://fake.slack.com/archives/{GENERAL}/p{deed.ts.replace('.', '')}"
    assert link in str(card.blocks)


def test_emergency_of_staff_among_people_is_their_work(slack: FakeSlack, running: Running) -> None:
    slack.people.say(GENERAL, FLAG, user="sam")
    settled(running, slack)

    assert slack.world.bot_messages() == []


def test_shared_channel_gets_the_contact_card_and_flags_their_reply(
    slack: FakeSlack, running: Running
) -> None:
    shared = slack.world.add_channel("partners", external=True).id
    first = slack.people.mention(shared, QUESTION)
    second = slack.people.mention(shared, FLAG)
    settled(running, slack)

    assert slack.replies(first)[0].text.startswith(escape(say("external_refused", running)))
    assert slack.replies(second)[0].text == asked(FLAG)


# ---------------------------------------------------------------- edits
def test_edit_that_adds_a_red_flag_is_answered(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", QUESTION)
    settled(running, slack)
    before = len(slack.replies(deed))

    slack.people.edit(deed, FLAG)
    settled(running, slack)

    assert texts(slack.replies(deed))[before:] == [asked(FLAG)]
    assert len(slack.world.bot_messages(STAFF_CHANNEL)) == 1


def test_edit_without_a_new_flag_is_not_answered(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", FLAG)
    settled(running, slack)
    before = len(slack.replies(deed))

    slack.people.edit(deed, f"{FLAG}!")
    slack.people.edit(deed, "never mind")
    settled(running, slack)

    assert len(slack.replies(deed)) == before


# ---------------------------------------------------------------- commands and shortcuts
def test_slash_command_is_answered_privately(slack: FakeSlack, running: Running) -> None:
    slack.people.command("pat", "/mild", QUESTION, channel=GENERAL)
    settled(running, slack)

    first = slack.world.bot_messages(GENERAL)[0]
    assert (first.text, first.seen_by) == (asked(QUESTION), PATIENT)


def test_red_flag_by_command_is_a_lasting_message_too(slack: FakeSlack, running: Running) -> None:
    slack.people.command("pat", "/mild", FLAG, channel=GENERAL)
    settled(running, slack)

    private = slack.world.bot_messages(GENERAL)[0]
    lasting = slack.world.bot_messages(slack.world.im(PATIENT).id)
    assert (private.text, private.seen_by) == (asked(FLAG), PATIENT)
    assert (asked(FLAG), None) in [(m.text, m.seen_by) for m in lasting]


def test_command_without_words_says_what_it_can_do(slack: FakeSlack, running: Running) -> None:
    slack.people.command("pat", "/mild", "", channel=GENERAL)
    settled(running, slack)

    assert slack.world.bot_messages(GENERAL)[0].text != ""


def test_shortcut_answers_somebody_elses_message(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.say(GENERAL, "can I drive again?")
    settled(running, slack)
    assert slack.world.bot_messages() == []

    slack.people.shortcut("sam", "answer_with_faq", deed)
    settled(running, slack)

    assert slack.replies(deed)[0].text == asked("can I drive again?")


# ---------------------------------------------------------------- buttons
def test_did_you_mean_button_brings_the_answer(slack: FakeSlack, running: Running) -> None:
    slack.people.open_home("pat")
    settled(running, slack)
    home = slack.world.homes[PATIENT]
    slack.people.press(home, text="Choosing", user="pat")
    settled(running, slack)
    opened = slack.world.homes[PATIENT]

    slack.people.press(opened, text="What does it cost?", user="pat")
    settled(running, slack)

    answer = slack.world.bot_messages(slack.world.im(PATIENT).id)[0]
    assert "555-0199" in answer.text
    assert opened != home


def test_feedback_is_counted_and_thanked_privately(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.mention(GENERAL, QUESTION)
    settled(running, slack)

    slack.people.press(slack.replies(deed)[0], action_id="helpful")
    settled(running, slack)

    thanks = slack.world.bot_messages(GENERAL)[-1]
    assert (thanks.text, thanks.seen_by) == (escape(say("feedback_thanks", running)), PATIENT)


def test_talk_to_a_person_tells_staff(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", QUESTION)
    settled(running, slack)

    slack.people.press(slack.replies(deed)[0], action_id="talk_to_person")
    settled(running, slack)

    (card,) = slack.world.bot_messages(STAFF_CHANNEL)
    assert card.text == escape(say("slack_card_person", running))
    assert f"<@{PATIENT}>" in str(card.blocks)


def test_forget_is_confirmed(slack: FakeSlack, running: Running) -> None:
    deed = slack.people.dm("pat", QUESTION)
    settled(running, slack)

    slack.people.press(slack.replies(deed)[0], action_id="forget")
    settled(running, slack)

    assert escape(say("forgotten", running)) in said(slack, deed.channel)


# ---------------------------------------------------------------- the home tab
def test_home_says_what_it_is_and_shows_topics(slack: FakeSlack, running: Running) -> None:
    slack.people.open_home("pat")
    settled(running, slack)

    shown = str(slack.world.homes[PATIENT]["blocks"])
    assert "Not for emergencies" in shown
    assert "Choosing" in shown
    assert "No open questions" not in shown


def test_staff_see_the_queue_at_home_and_work_on_it(slack: FakeSlack, running: Running) -> None:
    slack.people.dm("pat", "llama wool colours in Peru")
    settled(running, slack)
    slack.people.open_home("sam")
    settled(running, slack)
    assert "llama" in str(slack.world.homes[STAFF]["blocks"])

    slack.people.press(slack.world.homes[STAFF], action_id="queue_dismiss", user="sam")
    settled(running, slack)

    assert "llama" not in str(slack.world.homes[STAFF]["blocks"])


def test_prompts_are_offered_above_the_messages_and_may_fail(
    slack: FakeSlack, running: Running
) -> None:
    slack.people.open_home("pat", tab="messages")
    settled(running, slack)

    (call,) = slack.calls.of("assistant.threads.setSuggestedPrompts")
    assert len(call.body["prompts"]) == 4
    assert call.answer is not None  # refused for want of a scope, and nobody minds
    assert slack.world.homes == {}


# ---------------------------------------------------------------- pause, audience
def test_pause_leaves_the_contact_card_and_red_flags(slack: FakeSlack, running: Running) -> None:
    slack.people.command("sam", "/mild-pause", "on", channel=STAFF_CHANNEL)
    settled(running, slack)
    assert slack.world.bot_messages(STAFF_CHANNEL)[0].text == escape(say("pause_on", running))

    question, flag = slack.people.dm("pat", QUESTION), slack.people.dm("pat", FLAG)
    settled(running, slack)

    words = said(slack, question.channel)
    assert asked(QUESTION) not in words
    assert asked(FLAG) in words
    assert any(escape(say("paused", running)) in w for w in words)
    assert flag.channel == question.channel


def test_pause_is_for_staff_only(slack: FakeSlack, running: Running) -> None:
    slack.people.command("pat", "/mild-pause", "on", channel=GENERAL)
    settled(running, slack)

    assert not running.desk.is_paused()


@pytest.mark.parametrize("words", ["", "maybe"])
def test_pause_without_on_or_off_changes_nothing(
    words: str, slack: FakeSlack, running: Running
) -> None:
    slack.people.command("sam", "/mild-pause", words, channel=STAFF_CHANNEL)
    settled(running, slack)

    assert not running.desk.is_paused()
    assert len(slack.world.bot_messages(STAFF_CHANNEL)) == 1


def test_audience_of_staff_leaves_the_contact_card_and_red_flags(
    slack: FakeSlack, tmp_path: Path
) -> None:
    bot = small_bot(slack_audience="staff")
    with at_work(slack, environment(slack, tmp_path), bot=bot) as running:
        patient, staff = slack.people.dm("pat", QUESTION), slack.people.dm("sam", QUESTION)
        settled(running, slack)
        flag = slack.people.dm("pat", FLAG)
        settled(running, slack)

        assert asked(QUESTION) not in said(slack, patient.channel)
        assert asked(QUESTION) in said(slack, staff.channel)
        assert asked(FLAG) in said(slack, flag.channel)


# ---------------------------------------------------------------- lookup
def test_lookup_shows_staff_everything_privately(slack: FakeSlack, running: Running) -> None:
    slack.people.command("sam", "/mild-lookup", "drive", channel=GENERAL)
    settled(running, slack)

    (found,) = slack.world.bot_messages(GENERAL)
    assert found.seen_by == STAFF
    assert "When may I drive again?" in str(found.blocks)
    assert "NOT REVIEWED" in str(found.blocks)


def test_answer_found_by_staff_is_posted_for_the_patient(
    slack: FakeSlack, running: Running
) -> None:
    slack.people.command("sam", "/mild-lookup", "drive", channel=GENERAL)
    settled(running, slack)
    (found,) = slack.world.bot_messages(GENERAL)

    slack.people.press(found, action_id="post_answer", user="sam")
    settled(running, slack)

    posted = slack.world.bot_messages(GENERAL)[1]
    assert posted.seen_by is None
    assert "You may drive after 24 hours" in posted.text


def test_lookup_of_a_patient_is_a_question(slack: FakeSlack, running: Running) -> None:
    slack.people.command("pat", "/mild-lookup", FLAG, channel=GENERAL)
    settled(running, slack)

    assert slack.world.bot_messages(GENERAL)[0].text == asked(FLAG)
    assert len(slack.world.bot_messages(STAFF_CHANNEL)) == 1

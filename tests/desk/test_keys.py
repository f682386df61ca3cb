"""Hashes: the same for the same, different for all else, and of no use without the secret."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.keys import (
    author_key,
    channel_hash,
    conversation_key,
    message_hash,
    person_hash,
    place_key,
)
from tests.desk.made import CHANNEL, COMMAND, DM, HOME, KEY, OTHER, PATIENT, THREAD, message


def test_person_is_hashed_with_the_secret() -> None:
    assert person_hash("U1", KEY) == person_hash("U1", KEY)
    assert person_hash("U1", KEY) != person_hash("U2", KEY)
    assert person_hash("U1", KEY) != person_hash("U1", b"another secret of the tests")
    assert "U1" not in person_hash("U1", KEY)


def test_replies_in_threads_of_a_direct_message_belong_to_it() -> None:
    plain = message("text", place=DM)
    reply = message("text", place=replace(DM, thread_ts="5.0"))

    assert conversation_key(plain, KEY) == conversation_key(reply, KEY)


def test_new_message_in_a_channel_opens_the_thread_that_its_replies_are_in() -> None:
    first = message("text", place=CHANNEL, ts="1.000")
    reply = message("text", place=THREAD, ts="2.000")

    assert conversation_key(first, KEY) == conversation_key(reply, KEY)


def test_threads_people_and_surfaces_are_apart() -> None:
    keys = [
        conversation_key(message("text", place=CHANNEL, ts="1.0"), KEY),
        conversation_key(message("text", place=CHANNEL, ts="2.0"), KEY),
        conversation_key(message("text", place=DM), KEY),
        conversation_key(message("text", place=COMMAND), KEY),
        conversation_key(message("text", place=COMMAND, person=OTHER), KEY),
        conversation_key(message("text", place=HOME), KEY),
        author_key(PATIENT, "UOTHER", KEY),
    ]

    assert len(set(keys)) == len(keys)


def test_two_events_of_one_message_have_one_place() -> None:
    seen = message("text", place=CHANNEL, ts="1.0", kind="message")
    mentioned = message("text", place=CHANNEL, ts="1.0", kind="mention")

    assert place_key(seen, KEY) == place_key(mentioned, KEY)


def test_each_edit_and_the_deletion_have_a_place_of_their_own() -> None:
    events = [
        message("text", ts="1.0"),
        message("text", ts="1.0", kind="edit", edited_ts="2.0"),
        message("text", ts="1.0", kind="edit", edited_ts="3.0"),
        message("text", ts="1.0", kind="deleted"),
    ]

    assert len({place_key(event, KEY) for event in events}) == 4
    assert len({message_hash(event, KEY) for event in events}) == 1


def test_what_is_no_message_has_no_place() -> None:
    command = message("text", place=COMMAND, kind="command")

    assert place_key(command, KEY) is None
    assert message_hash(command, KEY) is None


def test_channel_is_hashed_with_its_workspace() -> None:
    assert channel_hash(CHANNEL, KEY) != channel_hash(replace(CHANNEL, team_id="T2"), KEY)

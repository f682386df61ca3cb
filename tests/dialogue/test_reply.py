"""The reply as JSON: the keys that design.md promises, and nothing that is not plain."""

from __future__ import annotations

import json

from bot.dialogue.reply import Reply
from bot.dialogue.respond import respond
from tests.small import small_engine

KEYS = [
    "kind",
    "escalation",
    "entries",
    "suggestions",
    "ranking",
    "small_talk",
    "personal",
    "queries",
    "repairs",
    "text",
    "knowledge",
]


def reply(message: str) -> Reply:
    return respond(message, small_engine())[0]


def test_json_has_the_promised_keys_in_their_order() -> None:
    assert list(reply("can i drive").as_json()) == KEYS


def test_an_answered_entry_is_named_with_question_and_score() -> None:
    (entry,) = reply("can i drive").as_json()["entries"]

    assert (entry["id"], entry["question"]) == ("driving", "When may I drive again?")
    assert 0.5 < entry["score"] <= 1.0


def test_without_a_flag_the_escalation_is_null() -> None:
    assert reply("can i drive").as_json()["escalation"] is None


def test_a_flag_is_written_out() -> None:
    assert reply("I have chest pain").as_json()["escalation"] == {
        "tier": "emergency",
        "context": "present",
        "flags": [
            {
                "concept": "E01",
                "tier": "emergency",
                "words": "chest pain",
                "context": "present",
                "by": "phrase",
            }
        ],
    }


def test_repairs_are_pairs_of_words() -> None:
    assert reply("can i drvie").as_json()["repairs"] == [["drvie", "drive"]]


def test_the_version_of_the_knowledge_has_twelve_digits() -> None:
    found = reply("can i drive").as_json()["knowledge"]

    assert len(found) == 12
    assert int(found, 16) >= 0


def test_json_survives_being_written_and_read() -> None:
    found = reply("I have a fever. how much is it?").as_json()

    assert json.loads(json.dumps(found)) == found

"""The bot as a Python object: history in, one reply out, nothing kept."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot
from bot.api import Bot
from bot.dialogue.reply import Memory
from bot.errors import BotError
from tests.small import SMALL, small_engine


def small_bot() -> Bot:
    return Bot(small_engine())


def test_the_package_offers_bot_and_reply() -> None:
    from bot.dialogue.reply import Reply

    assert bot.Bot is Bot
    assert bot.Reply is Reply


def test_the_package_offers_nothing_else() -> None:
    with pytest.raises(AttributeError, match="Robot"):
        bot.Robot  # noqa: B018 - the access is what is tested


def test_a_bot_is_loaded_from_a_named_folder() -> None:
    reply = Bot.load(str(SMALL)).reply("can i drive")

    assert [e.id for e in reply.entries] == ["driving"]


def test_a_folder_without_knowledge_tells_every_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BotError) as told:
        Bot.load(tmp_path)

    assert "clinic.yaml" in str(told.value)
    assert "triage/red_flags.yaml" in str(told.value)


def test_a_message_is_understood_from_the_one_before() -> None:
    reply = small_bot().reply("and the price?", history=["can i drive"])

    assert [e.id for e in reply.entries] == ["cost"]


def test_a_red_flag_of_the_history_is_raised_again() -> None:
    reply = small_bot().reply("yes", history=["I have chest pain"])

    assert reply.escalation is not None
    assert (reply.escalation.tier, reply.escalation.flags[0].by) == ("emergency", "history")


def test_a_red_flag_four_messages_ago_is_forgotten() -> None:
    history = ["I have chest pain", "can i drive", "what does it cost", "how long does it take"]

    assert small_bot().reply("yes", history=history).escalation is None


def test_a_bot_keeps_nothing_of_a_conversation() -> None:
    one = small_bot()
    before = one.reply("yes").as_json()

    one.reply("I have chest pain")

    assert one.reply("yes").as_json() == before


def test_an_empty_history_is_no_history() -> None:
    found, expected = small_bot().reply("price", history=[]), small_bot().reply("price")

    assert found.as_json() == expected.as_json()


def test_a_conversation_step_by_step_is_the_history() -> None:
    one = small_bot()
    _, memory = one.converse("can i drive", Memory())

    reply, _ = one.converse("and the price?", memory)

    expected = one.reply("and the price?", history=["can i drive"])
    assert reply.as_json() == expected.as_json()

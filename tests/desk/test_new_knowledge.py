"""The desk while its bot is given other knowledge: one engine for each deed, old ids do no harm."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from bot.api import Bot
from bot.desk.desk import Desk
from bot.slack.renderer import SlackRenderer
from bot.store.open import Store
from tests.desk.made import (
    DM,
    EMERGENCY,
    NURSE,
    QUESTION,
    SETTINGS,
    START,
    UNKNOWN,
    StaffList,
    message,
    say,
    small_bot,
    talk,
)
from tests.small import renewed_engine, small_engine


def renew(bot: Bot) -> None:
    bot.engine = renewed_engine()


def desk_of(bot: Bot, store: Store, meanwhile: Callable[[], None] = lambda: None) -> Desk:
    """A desk; `meanwhile` happens in the midst of an answer, between the reply and its looks."""
    numbers = iter(range(1000))

    def new_id() -> str:
        meanwhile()
        return f"id-{next(numbers)}"

    return Desk(
        bot=bot,
        store=store,
        settings=SETTINGS,
        renderer=partial(SlackRenderer, workspace_url="https://small.slack.com/"),
        staff=StaffList(),
        new_id=new_id,
        process="one",
    )


def test_answer_is_written_drawn_and_counted_with_one_engine(sqlite_store: Store) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store, partial(renew, bot))

    answered = say(desk, message(QUESTION))

    assert answered is not None
    assert answered.reply is not None
    assert [e.id for e in answered.reply.entries] == ["driving"]
    assert answered.deliveries[0].outgoing.blocks
    with sqlite_store.reading() as tx:
        versions = tx.exec_driver_sql("SELECT knowledge FROM interactions").scalars().all()
    assert versions == [small_engine().version]
    assert bot.engine is renewed_engine()


def test_next_message_is_answered_with_the_new_engine(sqlite_store: Store) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store)
    talk(desk, message(QUESTION))

    renew(bot)
    sent = talk(desk, message("what does it cost"))

    assert "555-0123" in sent.to_patient[0]


@pytest.mark.parametrize("words", ["and how long?", "yes", "still", "what about that"])
@pytest.mark.parametrize("before", [QUESTION, EMERGENCY, UNKNOWN])
def test_conversation_goes_on_over_entries_and_signs_that_are_gone(
    before: str, words: str, sqlite_store: Store
) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store)
    talk(desk, message(before))

    renew(bot)
    sent = talk(desk, message(words))

    assert len(sent.to_patient) == 1
    assert desk.health(START).waiting == 0


def test_emergency_of_the_message_before_is_raised_again_although_its_id_is_gone(
    sqlite_store: Store,
) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store)
    talk(desk, message(EMERGENCY))

    renew(bot)
    sent = talk(desk, message("still"))

    assert sent.to_patient[0].startswith("EMERGENCY: Call 911 now")
    assert "555-0123" in sent.to_patient[0]


@pytest.mark.parametrize("kind", ["choice", "post"])
def test_button_of_an_entry_that_is_gone_is_answered(kind: str, sqlite_store: Store) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store)
    renew(bot)

    sent = talk(desk, message("driving", kind=kind, place=DM))  # type: ignore[arg-type]

    assert "555-0123" in sent.to_patient[0]


def test_card_of_a_sign_that_is_gone_can_be_taken_and_closed(sqlite_store: Store) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store)
    talk(desk, message(EMERGENCY))
    renew(bot)
    (card,) = desk.open_alerts()

    taken = desk.claim_alert(card.id, NURSE, START)
    closed = desk.close_alert(card.id, NURSE, START)

    assert (taken.problem, closed.problem) == (None, None)
    assert closed.card is not None
    assert closed.card.signs == ("E01",)


def test_open_question_whose_nearest_entry_is_gone_is_shown(sqlite_store: Store) -> None:
    bot = small_bot()
    desk = desk_of(bot, sqlite_store)
    talk(desk, message(UNKNOWN))

    renew(bot)

    assert [item.question for item in desk.open_questions(START)] == [UNKNOWN]

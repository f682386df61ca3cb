"""What is kept of a message: after it is answered, not a word of it is in the store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.desk.desk import Desk
from bot.desk.values import Incoming, IncomingKind
from bot.store.open import Store, open_at
from tests.desk.made import (
    CHANNEL,
    COMMAND,
    DM,
    EMERGENCY,
    HOME,
    NURSE,
    PATIENT,
    QUESTION,
    START,
    UNKNOWN,
    URGENT,
    Sent,
    later,
    make_desk,
    message,
    say,
    talk,
)

SECRETS = ("Novakova", "555-010-7788", "novakova@example.org", "03/14/1961", "zanzibar")
TOLD = (
    "my name is Novakova, 555-010-7788, novakova@example.org, born 03/14/1961, I am from zanzibar."
)


def dump(store: Store) -> str:
    """Every value of every table."""
    with store.reading() as tx:
        names = inspect(tx).get_table_names()
        rows = [row for name in names for row in tx.execute(text(f"SELECT * FROM {name}"))]
    return "\n".join(str(tuple(row)) for row in rows)


def found(store: Store, *words: str) -> list[str]:
    """Those of the words that are somewhere in the store, whatever their case."""
    everything = dump(store).lower()
    return [word for word in words if word.lower() in everything]


def everyone_asks(desk: Desk) -> list[Incoming]:
    """Every way to say something, each with secrets in it."""
    kinds: list[tuple[IncomingKind, object, str]] = [
        ("message", DM, QUESTION),
        ("message", DM, EMERGENCY),
        ("message", CHANNEL, EMERGENCY),
        ("mention", CHANNEL, URGENT),
        ("command", COMMAND, EMERGENCY),
        ("command", COMMAND, QUESTION),
        ("shortcut", COMMAND, QUESTION),
        ("message", HOME, UNKNOWN),
    ]
    asked = [
        message(f"{said}? {TOLD}", kind=kind, place=place)  # type: ignore[arg-type]
        for kind, place, said in kinds
    ]
    for incoming in asked:
        talk(desk, incoming)
    return asked


def test_message_is_in_the_store_until_it_is_answered(store: Store) -> None:
    desk = make_desk(store)

    desk.receive(message(f"{QUESTION}? {TOLD}"), START)

    assert found(store, *SECRETS) == list(SECRETS)


def test_nothing_that_names_somebody_is_left_after_answering(store: Store) -> None:
    desk = make_desk(store)

    everyone_asks(desk)

    named = [secret for secret in SECRETS if secret != "zanzibar"]
    assert found(store, *named) == []


def test_words_are_left_only_in_memory_and_unanswered_questions(store: Store) -> None:
    desk = make_desk(store)
    everyone_asks(desk)

    with store.writing() as tx:
        tx.execute(text("DELETE FROM conversations"))
        tx.execute(text("DELETE FROM unanswered"))

    assert found(store, *SECRETS, "drive", "football") == []


def test_answered_question_is_gone_when_its_memory_ends(store: Store) -> None:
    desk = make_desk(store)
    talk(desk, message("can i drive after zanzibar"))

    desk.sweep(later(3700))

    assert found(store, "zanzibar", "drive") == []


def test_unanswered_question_is_gone_when_it_expires(store: Store) -> None:
    desk = make_desk(store)
    talk(desk, message(f"{UNKNOWN} zanzibar"))
    desk.sweep(later(3700))
    kept = found(store, "zanzibar")

    desk.sweep(later(31 * 86_400))

    assert (kept, found(store, "zanzibar")) == (["zanzibar"], [])


def test_user_ids_are_kept_only_on_open_cards(store: Store) -> None:
    desk = make_desk(store)
    everyone_asks(desk)
    with_cards = found(store, "UPATIENT")

    for card in desk.open_alerts():
        Sent(desk).take(desk.close_alert(card.id, NURSE, START).deliveries, START)

    assert (with_cards, found(store, "UPATIENT")) == (["UPATIENT"], [])


def test_alert_holds_only_the_words_that_the_flag_matched(store: Store) -> None:
    desk = make_desk(store)

    talk(desk, message(f"{TOLD} {EMERGENCY} since I left zanzibar"))

    with store.reading() as tx:
        words = tx.execute(text("SELECT words FROM alerts")).scalars().all()
    assert words == ['["chest pain"]']


def test_no_word_is_left_in_the_file_itself(tmp_path: Path) -> None:
    store = open_at(f"sqlite:///{tmp_path}/a.sqlite")
    desk = make_desk(store)
    for number in range(30):
        talk(desk, message(f"{QUESTION}? zanzibar {number} {TOLD}"))

    desk.sweep(later(31 * 86_400))
    store.close()

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert re.findall(rb"(?i)zanzibar|novakova|7788", written) == []


# ---------------------------------------------------------------- forget, delete
def test_forgotten_person_leaves_no_question_and_no_tie(store: Store) -> None:
    desk = make_desk(store)
    talk(desk, message(f"{UNKNOWN} zanzibar"))
    hashed = _hash(store)

    sent = talk(desk, message("", kind="forget"))

    assert sent.texts == ["FORGOTTEN 555-0199"]
    assert found(store, "zanzibar", "football") == []
    with store.reading() as tx:
        ties = tx.execute(text("SELECT user_hash, message_hash FROM interactions")).all()
    assert {tuple(row) for row in ties} == {(None, None)}
    assert hashed is not None


def _hash(store: Store) -> str | None:
    with store.reading() as tx:
        return tx.execute(text("SELECT user_hash FROM interactions")).scalar()


def test_other_people_are_not_forgotten_with_one(store: Store) -> None:
    desk = make_desk(store)
    talk(desk, message(f"{UNKNOWN} zanzibar"))

    talk(desk, message("", kind="forget", person=NURSE))

    assert found(store, "zanzibar") == ["zanzibar"]


def test_emergency_stays_with_staff_when_the_person_wants_to_be_forgotten(store: Store) -> None:
    desk = make_desk(store)
    talk(desk, message(EMERGENCY))

    talk(desk, message("", kind="forget"))

    (card,) = desk.open_alerts()
    assert (card.user_id, card.words) == (PATIENT.user_id, ())


@pytest.mark.parametrize("said", [UNKNOWN, QUESTION])
def test_deleted_message_leaves_nothing(said: str, store: Store) -> None:
    desk = make_desk(store)
    talk(desk, message(f"{said} zanzibar", ts="1.0"))

    talk(desk, message("", kind="deleted", ts="1.0"))

    assert found(store, "zanzibar") == []
    with store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM interactions")).scalar() == 0


def test_message_that_is_deleted_before_it_is_answered_is_answered_and_forgotten(
    store: Store,
) -> None:
    desk = make_desk(store)
    received = desk.receive(message(f"{EMERGENCY} zanzibar", ts="1.0"), START)
    desk.receive(message("", kind="deleted", ts="1.0"), START)

    sent = Sent(desk)
    while (row := desk.claim(received.conversation or "", START)) is not None:
        sent.take(desk.answer(row, START).deliveries, START)

    assert sent.to_patient[0].startswith("EMERGENCY")
    assert found(store, "zanzibar", "chest pain") == []


def test_deleting_what_is_not_known_does_nothing(store: Store) -> None:
    answered = say(make_desk(store), message("", kind="deleted", ts="1.0"))

    assert answered is not None
    assert answered.deliveries == ()

"""Two processes on one Postgres: every message is answered once, in its order."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import timedelta

from bot.store.open import open_at
from tests.desk.made import DM, QUESTION, START, Sent, make_desk, message

MESSAGES, CONVERSATIONS = 60, 6


def work(url: str, name: str) -> list[tuple[str, str]]:
    """One process: receives every message as the other does, and answers what it can get.

    Gives what it sent, as (channel, text).
    """
    store = open_at(url)
    desk = make_desk(store, process=name)
    sent = Sent(desk)
    for number in range(MESSAGES):
        place = replace(DM, channel_id=f"D{number % CONVERSATIONS}")
        now = START + timedelta(milliseconds=number)
        incoming = message(QUESTION, place=place, key=f"Ev{number}", ts=f"{number}.0")
        conversation = desk.receive(incoming, now).conversation
        if conversation is not None:
            while (row := desk.claim(conversation, now)) is not None:
                sent.take(desk.answer(row, now).deliveries, now)
    for second in (5, 40, 80):  # what the other has left behind
        now = START + timedelta(seconds=second)
        swept = desk.sweep(now)
        sent.take(swept.deliveries, now)
        for conversation in swept.conversations:
            while (row := desk.claim(conversation, now)) is not None:
                sent.take(desk.answer(row, now).deliveries, now)
    store.close()
    return [(d.outgoing.channel_id, d.outgoing.text) for d in sent.all if d.purpose == "reply"]


def test_no_message_is_answered_twice_or_not_at_all(postgres_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        both = pool.starmap(work, [(postgres_url, "one"), (postgres_url, "two")])

    store = open_at(postgres_url)
    with store.reading() as tx:
        interactions = tx.exec_driver_sql("SELECT count(*) FROM interactions").scalar()
        waiting = tx.exec_driver_sql("SELECT count(*) FROM inbox WHERE done_at IS NULL").scalar()
        unsent = tx.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE finished_at IS NULL"
        ).scalar()
        notices = tx.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE purpose = 'notice'"
        ).scalar()
    store.close()

    assert (interactions, waiting, unsent, notices) == (MESSAGES, 0, 0, 1)
    assert sum(len(sent) for sent in both) == MESSAGES

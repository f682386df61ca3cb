"""What staff switch and look up."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.desk import Desk
from bot.store.open import Store
from tests.desk.made import (
    NURSE,
    PATIENT,
    QUESTION,
    SETTINGS,
    START,
    make_desk,
    message,
    talk,
)


def test_staff_pause_and_wake_the_bot(desk: Desk) -> None:
    paused = desk.pause(True, NURSE, START)
    refused = talk(desk, message(QUESTION)).texts
    asked = desk.pause(None, NURSE, START)
    awake = desk.pause(False, NURSE, START)
    answered = talk(desk, message(QUESTION)).texts

    assert [a.text for a in (paused, asked, awake)] == [
        "PAUSE ON 555-0199",
        "PAUSE ON 555-0199",
        "PAUSE OFF 555-0199",
    ]
    assert refused == ["PAUSED 555-0199\n\n[demo]"]
    assert answered[0].startswith("You may drive")


def test_nobody_else_pauses_the_bot(desk: Desk) -> None:
    assert desk.pause(True, PATIENT, START).problem == "staff_only"
    assert not desk.is_paused()


def test_pause_holds_for_every_process(sqlite_store: Store) -> None:
    one, two = make_desk(sqlite_store, process="one"), make_desk(sqlite_store, process="two")

    one.pause(True, NURSE, START)

    assert two.is_paused()


def test_setting_cannot_be_switched_off_by_command(sqlite_store: Store) -> None:
    desk = make_desk(sqlite_store, settings=replace(SETTINGS, paused=True))

    acted = desk.pause(False, NURSE, START)

    assert acted.text == "PAUSE BY SETTING 555-0199"
    assert desk.is_paused()


def test_lookup_gives_the_best_entries(desk: Desk) -> None:
    found = desk.lookup("driving my car", most=2)

    assert found[0].id == "driving"
    assert len(found) == 2


def test_counted_is_what_the_front_ends_tell(desk: Desk) -> None:
    desk.count("refused_signature", START)
    desk.count("refused_signature", START)

    with desk.store.reading() as tx:
        assert tx.exec_driver_sql("SELECT n FROM counters").scalar() == 2

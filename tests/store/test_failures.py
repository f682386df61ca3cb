"""The store is full, locked, gone: a clear error, nothing half done, and it goes on afterwards."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store import inbox, outbox
from bot.store.errors import StoreError
from bot.store.open import Store, open_at
from tests.store.test_contract import NOW, claim, keep, lease


def pages(store: Store, most: int) -> None:
    """Let the file grow to so many pages only."""
    with store.writing() as tx:
        tx.exec_driver_sql(f"PRAGMA max_page_count={most}").fetchall()


def test_full_store_is_a_clear_error_and_loses_nothing(sqlite_store: Store) -> None:
    keep(sqlite_store, "before", "a")
    pages(sqlite_store, 1)  # as many as there are already

    with pytest.raises(StoreError, match="full"):
        keep(sqlite_store, "x" * 100_000, "b")

    assert claim(sqlite_store, "a") == "text of before"
    assert claim(sqlite_store, "b") is None


def test_store_goes_on_when_there_is_room_again(sqlite_store: Store) -> None:
    pages(sqlite_store, 1)
    with pytest.raises(StoreError, match="full"), sqlite_store.writing() as tx:
        tx.execute(text("CREATE TABLE big AS SELECT zeroblob(100000)"))

    pages(sqlite_store, 100_000)

    assert keep(sqlite_store, "Ev1")


def test_locked_store_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.engines._BUSY_MS", 100)
    store = open_at(f"sqlite:///{tmp_path}/a.sqlite")
    other = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="locked"):
        keep(store, "Ev1")
    other.execute("ROLLBACK")
    other.close()

    assert keep(store, "Ev1")
    store.close()


def test_reading_goes_on_while_the_store_is_locked(tmp_path: Path) -> None:
    store = open_at(f"sqlite:///{tmp_path}/a.sqlite")
    keep(store, "Ev1")
    other = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with store.reading() as tx:
        count, _ = inbox.backlog(tx)
    other.close()
    store.close()

    assert count == 1


def test_trigger_that_refuses_leaves_the_transaction_undone(sqlite_store: Store) -> None:
    keep(sqlite_store, "Ev1")
    with sqlite_store.writing() as tx:
        refusal = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        tx.execute(text(f"CREATE TRIGGER no BEFORE INSERT ON outbox {refusal}"))

    def answer() -> None:
        with sqlite_store.writing() as tx:
            row = inbox.claim(tx, "talk", lease())
            assert row is not None
            inbox.finish(tx, row.id, by="one", attempts=row.attempts, now=NOW)
            reply = outbox.New(purpose="reply", conversation="talk", payload="{}", priority=2)
            outbox.add(tx, reply, now=NOW)

    with pytest.raises(StoreError, match="refused"):
        answer()

    assert claim(sqlite_store) == "text of Ev1"


def test_postgres_that_went_away_is_a_clear_error(postgres_url: str) -> None:
    store = open_at(postgres_url)
    keep(store, "Ev1")
    other = create_engine(postgres_url)
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    other.dispose()

    with pytest.raises(StoreError):
        keep(store, "Ev2")

    assert keep(store, "Ev2")
    store.close()

"""Commits that share one fsync are on the disk all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from bot.store import switches
from bot.store.errors import StoreError
from bot.store.group_sync import GroupSync, sync_file
from bot.store.open import Store
from tests.store.test_contract import NOW

LOG = Path("log")


def test_sync_begins_after_the_call(tmp_path: Path) -> None:
    synced = []
    group = GroupSync(LOG, synced.append)

    group.wait()
    group.wait()

    assert synced == [LOG, LOG]


def test_those_who_come_during_a_sync_share_the_next() -> None:
    begun, go_on = Event(), Event()
    synced = []

    def slow(path: Path) -> None:
        synced.append(path)
        begun.set()
        go_on.wait()

    group = GroupSync(LOG, slow)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(group.wait)
        begun.wait()
        others = [pool.submit(group.wait) for _ in range(5)]
        while group._asked < 6:  # all of them have asked
            pass
        early = [other.done() for other in others]
        go_on.set()
        for each in (first, *others):
            each.result()

    assert early == [False] * 5
    assert len(synced) == 2


def test_failed_sync_is_told_to_who_waited_and_not_to_the_next() -> None:
    problems = [OSError("disk"), None]

    def sync(path: Path) -> None:
        problem = problems.pop(0)
        if problem is not None:
            raise problem

    group = GroupSync(LOG, sync)
    with pytest.raises(OSError, match="could not be written"):
        group.wait()

    group.wait()

    assert problems == []


def test_file_that_is_not_there_cannot_be_synced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_file(tmp_path / "none")


def test_every_durable_transaction_waits_for_the_disk(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    monkeypatch.setattr(sqlite_store, "_log", GroupSync(LOG, synced.append))

    with sqlite_store.writing() as tx:
        switches.put(tx, "paused", "1", now=NOW)
    durable = len(synced)
    with sqlite_store.writing(durable=False) as tx:
        switches.put(tx, "paused", "0", now=NOW)

    assert (durable, len(synced)) == (1, 1)


def test_disk_that_fails_is_a_clear_error(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "_log", GroupSync(Path("/nonexistent/log")))

    with pytest.raises(StoreError, match="cannot be written"), sqlite_store.writing() as tx:
        switches.put(tx, "paused", "1", now=NOW)

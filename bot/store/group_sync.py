"""Group commit for SQLite: threads that commit at the same time share one fsync of its log.

With `synchronous=FULL` every commit is an fsync of its own, one after the other: measured on a
busy disk, 125 to 330 messages a second and no more. Here a commit writes the log without syncing
it, and `wait` returns once a sync that began after the commit has ended: just as durable, and
the number of syncs does not grow with the number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Condition


class GroupSync:
    """Syncs one file for many threads."""

    def __init__(self, path: Path, sync: Callable[[Path], None] | None = None) -> None:
        self._path = path
        self._sync = sync or sync_file
        self._changed = Condition()
        self._asked = 0  #: tickets given out
        self._synced = 0  #: every ticket up to this one is on the disk
        self._lost = 0  #: ... or its sync has failed
        self._running = False

    def wait(self) -> None:
        """Return when all that was written before this call is on the disk.

        Raises `OSError` when the sync that should have covered it failed.
        """
        with self._changed:
            self._asked += 1
            ticket = self._asked
            while self._running and self._open(ticket):
                self._changed.wait()
            leads = self._open(ticket)
            if leads:
                self._running = True
                covered = self._asked
        if leads:
            self._lead(covered)
        if ticket <= self._lost:
            raise OSError("the store's log could not be written to the disk")

    def _open(self, ticket: int) -> bool:
        return ticket > max(self._synced, self._lost)

    def _lead(self, covered: int) -> None:
        """Sync for everybody who asked until now; those who come later need another one."""
        try:
            self._sync(self._path)
        except OSError:
            self._end(lost=covered)  # told to everybody whom it should have covered
        else:
            self._end(synced=covered)

    def _end(self, *, synced: int = 0, lost: int = 0) -> None:
        with self._changed:
            self._running = False
            self._synced = max(self._synced, synced)
            self._lost = max(self._lost, lost)
            self._changed.notify_all()


def sync_file(path: Path) -> None:
    """Flush a file to the disk. Opened anew each time: the log may have been replaced."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)

"""Whose turn it is: each conversation is worked on by one thread, as often as something waits.

Claiming a row that is not there costs a transaction; with thousands of conversations of one
message each that is a fifth of all writing. So what waits is counted here.
"""

from __future__ import annotations

import threading

UNKNOWN = 1_000_000  #: rows; a sweep knows that something waits, not how much


class Turns:
    """Counts by conversation. Thread-safe; knows nothing of the store."""

    def __init__(self) -> None:
        self._waiting: dict[str, int] = {}
        self._queued: set[str] = set()
        self._working: set[str] = set()
        self._lock = threading.Lock()

    def add(self, conversation: str, rows: int, *, urgent: bool) -> bool:
        """Something waits; whether a thread must be sent for it.

        An urgent message is sent a thread of its own when the one before still queues.
        """
        with self._lock:
            self._waiting[conversation] = self._waiting.get(conversation, 0) + rows
            if conversation in self._working or (conversation in self._queued and not urgent):
                return False
            self._queued.add(conversation)
            return True

    def begin(self, conversation: str) -> bool:
        """A thread has come; False when another is at work already."""
        with self._lock:
            self._queued.discard(conversation)
            if conversation in self._working:
                return False
            self._working.add(conversation)
            return True

    def waiting(self, conversation: str) -> int:
        """How many rows may wait; 0 ends the turn, in the same instant."""
        with self._lock:
            number = self._waiting.get(conversation, 0)
            if not number:
                self._end(conversation)
            return number

    def took(self, conversation: str) -> None:
        """One row is done."""
        with self._lock:
            self._waiting[conversation] -= 1

    def found_nothing(self, conversation: str, of: int) -> None:
        """Of the rows that were said to wait none is left, but for those that came meanwhile."""
        with self._lock:
            self._waiting[conversation] -= of

    def give_up(self, conversation: str) -> None:
        """The thread has failed: the sweep brings the conversation back."""
        with self._lock:
            self._end(conversation)

    def _end(self, conversation: str) -> None:
        self._waiting.pop(conversation, None)
        self._working.discard(conversation)

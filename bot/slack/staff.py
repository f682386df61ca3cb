"""Who is staff: members of a user group, or listed ids. Whatever cannot be known is no."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from slack_sdk import WebClient

from bot.desk.values import Person
from bot.slack.logs import where

_LOG = logging.getLogger(__name__)
KEPT_S = 60.0
REFRESH_S = 45.0  #: before it is too old, so that no message waits for the answer
ASK_AGAIN_S = 5.0  #: after an error, so that a dead method does not slow down every click


class Staff:
    """Answers "may this person do that?", with the group's members remembered for a minute."""

    def __init__(
        self,
        client: WebClient,
        *,
        group: str = "",
        ids: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._group = group
        self._ids = ids
        self._clock = clock
        self._members: frozenset[str] = frozenset()
        self._read_at = float("-inf")
        self._ask_at = float("-inf")
        self._asking = threading.Lock()

    def is_staff(self, person: Person) -> bool:
        """False on every error: a button that does not work is better than one for everybody."""
        if not person.user_id:
            return False
        return person.user_id in self._ids or person.user_id in self._of_group()

    def refresh(self) -> None:
        """Ask before what is remembered is too old. Called every now and then."""
        self._ask_if_older(REFRESH_S)

    def forget(self) -> None:
        """The group has changed: ask before the next answer."""
        self._read_at = self._ask_at = float("-inf")

    def _of_group(self) -> frozenset[str]:
        self._ask_if_older(KEPT_S)
        is_fresh = self._age() < KEPT_S
        return self._members if is_fresh else frozenset()

    def _age(self) -> float:
        return self._clock() - self._read_at

    def _ask_if_older(self, age_s: float) -> None:
        """One call at a time: who comes meanwhile waits for its answer."""
        if not self._group or self._age() < age_s:
            return
        with self._asking:
            if self._age() >= age_s and self._clock() >= self._ask_at:
                self._ask()

    def _ask(self) -> None:
        try:
            found = self._client.usergroups_users_list(usergroup=self._group)
            self._members = frozenset(str(user) for user in found.get("users") or [])
            self._read_at = self._clock()
        except Exception as error:  # noqa: BLE001 - fail closed, whatever it is
            _LOG.warning("members of the staff group cannot be read: %s", where(error))
            self._ask_at = self._clock() + ASK_AGAIN_S

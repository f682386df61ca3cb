"""People who ask: each message with its person, its place and the reply it must get."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fake_slack import GENERAL, Deed, FakeSlack
from tests.load.questions import Question


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One message under way."""

    question: Question
    user: str
    deed: Deed
    in_channel: bool  #: a mention, answered in its thread

    @property
    def said_at(self) -> float:
        assert self.deed.message is not None
        return self.deed.message.at

    @property
    def is_acked(self) -> bool:
        """Whether the bot has taken it; a mention comes as two events, and one is enough."""
        return any(delivery.acked for delivery in self.deed.deliveries)

    @property
    def is_given_up(self) -> bool:
        """Whether Slack has stopped trying, and the bot never had it."""
        return not self.is_acked and all(d.given_up for d in self.deed.deliveries)


def ask(slack: FakeSlack, question: Question, *, user: str, in_channel: bool = False) -> Asked:
    people = slack.people
    if in_channel:
        deed = people.mention(GENERAL, question.text, user=user)
    else:
        deed = people.dm(user, question.text)
    return Asked(question=question, user=user, deed=deed, in_channel=in_channel)


class Traffic:
    """Asks at a steady rate on a thread of its own, never more than was allowed so far."""

    def __init__(self, rate: float, ask_one: Callable[[], Asked]) -> None:
        self._gap_s, self._ask_one = 1.0 / rate, ask_one
        self._allowed = 0
        self._changed = threading.Condition()
        self._ended = False
        self.asked: list[Asked] = []
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="traffic", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def allow(self, total: int) -> None:
        """Go on until so many were asked in all."""
        with self._changed:
            self._allowed = total
            self._changed.notify_all()

    def wait_done(self, timeout: float) -> None:
        """Until everything allowed was asked."""
        with self._changed:
            if not self._changed.wait_for(self._is_done, timeout):
                raise TimeoutError(f"only {len(self.asked)} of {self._allowed} were asked")
        if self.problem is not None:
            raise self.problem

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join(10)

    def _is_done(self) -> bool:
        return len(self.asked) >= self._allowed or self.problem is not None

    def _run(self) -> None:
        due = time.monotonic()
        try:
            while self._may_ask():
                due = max(due + self._gap_s, time.monotonic() - 1.0)
                with self._changed:
                    self._changed.wait_for(lambda: self._ended, max(0.0, due - time.monotonic()))
                asked = self._ask_one()
                with self._changed:
                    self.asked.append(asked)
                    self._changed.notify_all()
        except BaseException as problem:  # noqa: BLE001 - carried to the waiting thread
            with self._changed:
                self.problem = problem
                self._changed.notify_all()

    def _may_ask(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._ended or len(self.asked) < self._allowed)
            return not self._ended

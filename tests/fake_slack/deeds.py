"""A deed: one thing a person did in Slack, and what it sent to the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fake_slack.deliveries import Delivery
from tests.fake_slack.model import Message
from tests.fake_slack.world import World

Shown = Message | dict[str, Any]  #: what has buttons: a message, or a view


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing a person did, and what it sent to the app."""

    world: World
    deliveries: tuple[Delivery, ...]
    message: Message | None = None

    @property
    def ts(self) -> str:
        assert self.message is not None
        return self.message.ts

    @property
    def channel(self) -> str:
        assert self.message is not None
        return self.message.channel

    def wait_acked(self, timeout: float = 5.0) -> Deed:
        """Until every delivery was acknowledged."""
        self.world.wait_for(lambda: all(d.acked for d in self.deliveries), timeout)
        return self


def message_of(shown: Deed | Message) -> Message:
    if isinstance(shown, Message):
        return shown
    assert shown.message is not None
    return shown.message

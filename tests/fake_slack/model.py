"""What Slack's world is made of: people, channels, messages, and what may be used once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fake_slack.blocks import elements_of

TEAM = "T0FAKE001"
APP = "A0FAKE001"
BOT_USER = "U0BOT0001"
BOT = "B0BOT0001"
PATIENT = "U0PAT0001"
STAFF = "U0STAFF01"
GENERAL = "C0GENERAL"
STAFF_CHANNEL = "C0STAFF01"
STAFF_GROUP = "S0STAFF01"
TRIGGER_LASTS_S = 3.0
RESPONSE_LASTS_S = 1800.0
RESPONSE_USES = 5


class Clock:
    """The fake's time: the machine's, and what a test added to it instead of waiting."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead_s

    def advance(self, seconds: float) -> None:
        self.ahead_s += seconds


@dataclass(kw_only=True)
class User:
    id: str
    name: str
    is_bot: bool = False
    deleted: bool = False
    team: str = TEAM


@dataclass(kw_only=True)
class Channel:
    id: str
    name: str
    kind: str = "channel"  #: channel (public), group (private), im
    members: set[str] = field(default_factory=set)
    partner: str = ""  #: of an im: the person who is not the bot
    archived: bool = False
    external: bool = False  #: shared with another organisation


@dataclass(kw_only=True, eq=False)
class Message:
    """One posted message; edited in place, the earlier wordings in `versions`."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    bot_id: str | None = None
    seen_by: str | None = None  #: an ephemeral message: the only person who sees it
    via: str = ""  #: the call that posted it; empty for people
    at: float = 0.0  #: monotonic time of posting
    edited_ts: str | None = None
    versions: list[str] = field(default_factory=list)
    deleted: bool = False
    reactions: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    client_msg_id: str = ""
    subtype: str = ""

    def buttons(self) -> list[dict[str, Any]]:
        """Every element that can be pressed, with the `block_id` it stands in."""
        return list(pressable(self.blocks))


def pressable(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        for element in elements_of(block):
            yield {**element, "block_id": block.get("block_id", "")}


@dataclass(kw_only=True)
class Trigger:
    at: float
    used: bool = False


@dataclass(kw_only=True)
class ResponseUrl:
    channel: str
    user: str
    at: float
    uses: int = 0
    message_ts: str | None = None  #: the message whose button was pressed
    thread_ts: str | None = None

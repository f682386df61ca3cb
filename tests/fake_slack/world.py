"""All that the fake Slack remembers, behind one lock, and the waiting for it to change."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from tests.fake_slack.model import (
    BOT,
    BOT_USER,
    GENERAL,
    PATIENT,
    STAFF,
    STAFF_CHANNEL,
    STAFF_GROUP,
    TEAM,
    Channel,
    Clock,
    Message,
    ResponseUrl,
    Trigger,
    User,
)

T = TypeVar("T")


class World:
    """Everything Slack remembers. One lock for all of it; `changed` wakes whoever waits."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, set[str]] = {STAFF_GROUP: {STAFF}}
        self.posted: dict[str, dict[str, Message]] = {}  #: by channel and ts, oldest first
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}  #: by user
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._ts = 0
        self._ids = itertools.count(1)
        self.add_user("bot", BOT_USER, is_bot=True)
        self.add_user("pat", PATIENT)
        self.add_user("sam", STAFF)
        self.add_channel("general", GENERAL)
        self.add_channel("front-desk", STAFF_CHANNEL, members={BOT_USER, STAFF})

    def add_user(self, name: str, id: str = "", *, is_bot: bool = False, team: str = TEAM) -> User:
        user = User(id=id or self.new_id("U"), name=name, is_bot=is_bot, team=team)
        with self.changed:
            self.users[user.id] = user
        return user

    def add_channel(
        self, name: str, id: str = "", *, members: set[str] | None = None, **traits: Any
    ) -> Channel:
        """A channel with everyone in it unless `members` says who."""
        with self.changed:
            inside = set(self.users) if members is None else members
            channel = Channel(id=id or self.new_id("C"), name=name, members=inside, **traits)
            self.channels[channel.id] = channel
            return channel

    def user(self, name: str) -> User:
        """By id or by name."""
        if name in self.users:
            return self.users[name]
        for user in self.users.values():
            if user.name == name:
                return user
        raise LookupError(f"there is nobody called {name}")

    def channel(self, name: str) -> Channel:
        """By id or by name, with or without its #."""
        plain = name.removeprefix("#")
        if plain in self.channels:
            return self.channels[plain]
        for channel in self.channels.values():
            if channel.name == plain:
                return channel
        raise LookupError(f"there is no channel called {name}")

    def im(self, user: str) -> Channel:
        """The direct conversation of the bot with this person, opened when first wanted."""
        id = "D" + self.user(user).id[1:]
        with self.changed:
            if id not in self.channels:
                both = {user, BOT_USER}
                self.channels[id] = Channel(
                    id=id, name="directmessage", kind="im", members=both, partner=user
                )
            return self.channels[id]

    def add(self, message: Message) -> Message:
        with self.changed:
            message.at = time.monotonic()
            self.posted.setdefault(message.channel, {})[message.ts] = message
            self.changed.notify_all()
        return message

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What stands in a channel, oldest first, the deleted and the ephemeral left out."""
        with self.changed:
            standing = [m for m in self.posted.get(channel, {}).values() if not m.deleted]
        shown = [m for m in standing if m.seen_by is None]
        return [m for m in shown if thread_ts is None or thread_ts in (m.ts, m.thread_ts)]

    def find(self, channel: str, ts: str) -> Message | None:
        with self.changed:
            message = self.posted.get(channel, {}).get(ts)
        return None if message is None or message.deleted else message

    def bot_messages(self, channel: str | None = None) -> list[Message]:
        """All that the bot has written, ephemeral ones too, in the order it came."""
        with self.changed:
            wanted = [channel] if channel else list(self.posted)
            written = [m for name in wanted for m in self.posted.get(name, {}).values()]
        found = [m for m in written if m.bot_id == BOT]
        return sorted((m for m in found if not m.deleted), key=lambda m: m.at)

    def new_ts(self) -> str:
        """A timestamp as Slack's: seconds and microseconds, never twice the same."""
        with self.changed:
            self._ts = max(self._ts + 1, int(self.clock.now() * 1_000_000))
            return f"{self._ts // 1_000_000}.{self._ts % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        return f"{letter}0F{next(self._ids):08d}"

    def new_trigger(self) -> str:
        id = f"{next(self._ids)}.{TEAM[1:]}.{secrets.token_hex(16)}"
        with self.changed:
            self.triggers[id] = Trigger(at=self.clock.now())
        return id

    def new_response_url(self, **where: Any) -> str:
        """The path of a fresh response_url."""
        id = secrets.token_hex(12)
        with self.changed:
            self.response_urls[id] = ResponseUrl(at=self.clock.now(), **where)
        return f"/actions/{TEAM}/{id}"

    def wait_for(self, condition: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait until `condition` gives something true, and return that.

        It is asked again whenever anything has changed, with the world locked.
        """
        with self.changed:
            found = self.changed.wait_for(condition, timeout)
        if not found:
            raise TimeoutError(f"not within {timeout} s: {condition.__qualname__}")
        return found

"""FakeSlack: Slack on loopback, for tests and for trying the bot by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tests.fake_slack import chat, lookups, surfaces
from tests.fake_slack.announce import Announcer
from tests.fake_slack.api import Api
from tests.fake_slack.calls import Call, Calls
from tests.fake_slack.deeds import Deed
from tests.fake_slack.deliveries import FAST_RETRIES, Alarm, Deliveries, Delivery
from tests.fake_slack.events import Events
from tests.fake_slack.faults import ChannelRate, FaultScript
from tests.fake_slack.manifest import read_manifest
from tests.fake_slack.model import STAFF_CHANNEL, STAFF_GROUP, Clock, Message, ResponseUrl
from tests.fake_slack.people import People
from tests.fake_slack.server import Server
from tests.fake_slack.sockets import Sockets
from tests.fake_slack.world import World

T = TypeVar("T")

BOT_TOKEN = "xoxb-fake-bot-token"
APP_TOKEN = "xapp-1-fake-app-token"
SIGNING_SECRET = "fake-signing-secret"


class FakeSlack:
    """A workspace with its Web API, websockets and people. Use it with `with`.

    Args:
        manifest: what the app asked for, as a mapping or a JSON file; None grants everything.
        retries: seconds to each further delivery of an event that was not acknowledged.
        posts_per_second: Slack's limit for each channel; None leaves it out.
        own_events: whether the bot hears of its own messages, as from Slack.
        ping_every_s: how often Slack pings each websocket; 0 never.
        port: 0 lets the machine choose.
    """

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any] | Path | str | None = None,
        retries: tuple[float, ...] = FAST_RETRIES,
        posts_per_second: float | None = None,
        own_events: bool = True,
        ping_every_s: float = 1.0,
        port: int = 0,
    ) -> None:
        self.clock = Clock()
        self.world = World(self.clock)
        self.calls = Calls(self.world)
        self.faults = FaultScript()
        self.own_events = own_events
        self.events: Events | None = None
        self._alarm = Alarm()
        self.sockets = Sockets(self.world, self._alarm, ping_every_s=ping_every_s)
        self.deliveries = Deliveries(self.world, self._alarm, retries)
        self.deliveries.on_ack = self._acked
        self._server = Server(port)
        read = read_manifest(manifest)
        self.announcer = Announcer(self.world, self.deliveries, read)
        self.people = People(
            self.world, self.deliveries, self.announcer, read, self._server.address
        )
        self.api = Api(
            world=self.world,
            manifest=read,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            open_socket=self._server.open_socket_url,
            announce=self._announce,
        )
        self._wire(posts_per_second)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> FakeSlack:
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    @property
    def server(self) -> Server:
        return self._server

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.address}/api/"

    def environment(self) -> dict[str, str]:
        """The settings of a bot that is to talk to this Slack."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_STAFF_CHANNEL": STAFF_CHANNEL,
            "MILDBOT_STAFF_GROUP": STAFF_GROUP,
            "MILDBOT_HASH_KEY": "fake-hash-key-of-32-characters!!",
        }

    def serve_http(self, url: str, *, secret: str = SIGNING_SECRET, workers: int = 32) -> Events:
        """From now on deliver by signed HTTP to `url` instead of by websocket."""
        self.events = Events(url, secret, self.clock, workers=workers)
        self.deliveries.transport = self.events
        return self.events

    def wait_for(self, condition: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait until `condition` gives something true, and return it; never sleeps."""
        return self.world.wait_for(condition, timeout)

    def wait_connected(self, timeout: float = 10.0, *, more_than: int = 0) -> None:
        """Until the app holds an open websocket (and has opened more than so many)."""
        self.wait_for(lambda: self.sockets.open() and self.sockets.opened() > more_than, timeout)

    def wait_call(self, method: str, count: int = 1, timeout: float = 5.0) -> list[Call]:
        """Until `method` has been called so often."""
        return self.wait_for(
            lambda: calls if len(calls := self.calls.of(method)) >= count else [], timeout
        )

    def wait_replies(self, to: Deed, count: int = 1, timeout: float = 5.0) -> list[Message]:
        """Until the bot has written so many messages where `to` was said."""
        return self.wait_for(
            lambda: found if len(found := self.replies(to)) >= count else [], timeout
        )

    def replies(self, to: Deed) -> list[Message]:
        """What the bot has written since, in the same thread (in a DM: the same conversation)."""
        assert to.message is not None
        said = to.message
        written = [m for m in self.world.bot_messages(said.channel) if m.at >= said.at]
        if self.world.channels[said.channel].kind == "im":
            return written
        root = said.thread_ts or said.ts
        return [m for m in written if m.thread_ts == root]

    def close(self) -> None:
        self._server.closing.set()
        self._alarm.stop()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join(5)
        if self.events is not None:
            self.events.close()
        if self._server.errors:
            raise self._server.errors[0]

    def _wire(self, posts_per_second: float | None) -> None:
        server = self._server
        server.api, server.calls, server.faults = self.api, self.calls, self.faults
        server.sockets = self.sockets
        server.methods = {**chat.METHODS, **lookups.METHODS, **surfaces.METHODS}
        if posts_per_second is not None:
            server.rate = ChannelRate(posts_per_second)
        self.deliveries.transport = self.sockets

    def _announce(self, what: str, message: Message, before: dict[str, Any] | None) -> None:
        """The app hears of its own messages too, once it listens at all.

        Later, on the alarm's thread: whoever posts holds the world's lock, and sockets can be slow.
        """
        if self.own_events and (self.events is not None or self.sockets.opened()):
            self._alarm.after(0, partial(self.announcer.announce, what, message, before))

    def _acked(self, delivery: Delivery) -> None:
        """A command may be answered in its acknowledgement."""
        answer = delivery.answer
        if delivery.kind == "slash_commands" and answer and answer.get("text"):
            place = ResponseUrl(
                channel=delivery.payload["channel_id"],
                user=delivery.payload["user_id"],
                at=self.clock.now(),
            )
            with self.world.changed:
                chat.respond_directly(self.api, place, answer)

"""Which events the app hears of what happened, by its subscriptions and memberships."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fake_slack import payloads
from tests.fake_slack.deliveries import Deliveries, Delivery
from tests.fake_slack.manifest import Manifest
from tests.fake_slack.model import BOT_USER, Channel, Message
from tests.fake_slack.world import World


class Announcer:
    """Turns what happened in the world into deliveries."""

    def __init__(self, world: World, deliveries: Deliveries, manifest: Manifest) -> None:
        self._world, self._deliveries, self._manifest = world, deliveries, manifest

    def announce(
        self, what: str, message: Message, before: dict[str, Any] | None
    ) -> tuple[Delivery, ...]:
        """The events of a message that was posted, changed or deleted by anybody."""
        place = self._world.channel(message.channel)
        if what == "posted":
            return self.message(message, place)
        make = payloads.changed if what == "changed" else payloads.deleted
        inner = make(message, before or {}, place, self._world.new_ts())
        return self.events([(payloads.subscription(place), inner)], place)

    def message(self, said: Message, place: Channel) -> tuple[Delivery, ...]:
        parent = self._world.find(place.id, said.thread_ts) if said.thread_ts else None
        inner = payloads.message(said, place, parent=parent.user if parent else None)
        wanted = [(payloads.subscription(place), inner)]
        if place.kind != "im" and f"<@{BOT_USER}>" in said.text and said.bot_id is None:
            wanted.insert(0, ("app_mention", payloads.mention(said, place)))
        return self.events(wanted, place)

    def events(
        self, wanted: list[tuple[str, dict[str, Any]]], place: Channel
    ) -> tuple[Delivery, ...]:
        """Send the events that the app has subscribed to and, in a channel, is there to hear."""
        if BOT_USER not in place.members and place.kind != "im":
            return ()
        now = self._world.clock.now()
        return tuple(
            self._deliveries.start(
                "events_api",
                payloads.event(inner, event_id=_new_event_id(), at=now, external=place.external),
            )
            for name, inner in wanted
            if self._manifest.subscribes(name)
        )


def _new_event_id() -> str:
    """Never used before, not even by an earlier fake: a bot remembers the ids it has seen."""
    return f"Ev0F{secrets.token_hex(5).upper()}"

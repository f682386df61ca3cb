"""What people do in Slack: they write, edit, press, open; it reaches the app as Slack sends it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from tests.fake_slack import payloads
from tests.fake_slack.announce import Announcer
from tests.fake_slack.buttons import acted, find_button
from tests.fake_slack.deeds import Deed, message_of
from tests.fake_slack.deliveries import Deliveries, Delivery
from tests.fake_slack.manifest import Manifest
from tests.fake_slack.model import (
    BOT_USER,
    PATIENT,
    STAFF,
    STAFF_GROUP,
    Channel,
    Message,
    User,
)
from tests.fake_slack.wire import encode, message_json
from tests.fake_slack.world import World


class People:
    """Drives the fake. Users and channels may be given by id or by name."""

    def __init__(
        self,
        world: World,
        deliveries: Deliveries,
        announcer: Announcer,
        manifest: Manifest,
        base_url: str,
    ) -> None:
        self._world, self._deliveries, self._announcer = world, deliveries, announcer
        self._manifest, self._base_url = manifest, base_url

    def dm(
        self,
        user: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Iterable[str] = (),
    ) -> Deed:
        """Write to the bot directly."""
        return self._write(
            self._user(user), self._world.im(self._user(user).id), text, thread_ts, files
        )

    def say(
        self,
        channel: str,
        text: str,
        *,
        user: str = PATIENT,
        thread_ts: str | None = None,
        broadcast: bool = False,
    ) -> Deed:
        """Write in a channel; with the bot's name in it, it is a mention too."""
        place = self._world.channel(channel)
        return self._write(self._user(user), place, text, thread_ts, (), broadcast=broadcast)

    def mention(
        self, channel: str, text: str, *, user: str = PATIENT, thread_ts: str | None = None
    ) -> Deed:
        return self.say(channel, f"<@{BOT_USER}> {text}", user=user, thread_ts=thread_ts)

    def other_bot(self, channel: str, text: str, *, thread_ts: str | None = None) -> Deed:
        """Another app's message."""
        place = self._world.channel(channel)
        said = self._message(self._user(PATIENT), place, text, thread_ts)
        said.user, said.bot_id, said.subtype = "U0OTHERBOT", "B0OTHER01", "bot_message"
        self._world.add(said)
        return self._told(said, self._announcer.message(said, place))

    def join(self, user: str, channel: str) -> Deed:
        """The notice that somebody has joined."""
        place, person = self._world.channel(channel), self._user(user)
        said = self._message(person, place, f"<@{person.id}> has joined the channel", None)
        said.subtype = "channel_join"
        with self._world.changed:
            place.members.add(person.id)
        self._world.add(said)
        return self._told(said, self._announcer.message(said, place))

    def edit(self, said: Deed | Message, text: str) -> Deed:
        message = message_of(said)
        before = message_json(message)
        with self._world.changed:
            message.versions.append(message.text)
            message.text, message.edited_ts = encode(text), self._world.new_ts()
        return self._told(message, self._announcer.announce("changed", message, before))

    def delete(self, said: Deed | Message) -> Deed:
        message = message_of(said)
        before = message_json(message)
        with self._world.changed:
            message.deleted = True
        return self._told(message, self._announcer.announce("deleted", message, before))

    def command(self, user: str, command: str, text: str = "", *, channel: str = "") -> Deed:
        """A slash command; in the direct conversation with the bot unless `channel` is given."""
        if not self._manifest.has_command(command):
            raise ValueError(f"{command} is not a command of this app")
        person = self._user(user)
        place = self._world.channel(channel) if channel else self._world.im(person.id)
        url = self._response_url(channel=place.id, user=person.id)
        body = payloads.command(
            person,
            place,
            command,
            encode(text),
            trigger=self._world.new_trigger(),
            response_url=url,
        )
        return self._deed(self._deliveries.start("slash_commands", body))

    def press(
        self,
        shown: Deed | Message | dict[str, Any],
        *,
        action_id: str | None = None,
        text: str | None = None,
        user: str = PATIENT,
        choose: str | None = None,
        block_id: str | None = None,
    ) -> Deed:
        """Press a button of a message or of a view, found by action_id or by its words.

        `choose` is the value of the option to pick in a menu.
        """
        person = self._user(user)
        blocks = shown["blocks"] if isinstance(shown, dict) else message_of(shown).blocks
        button = find_button(blocks, action_id, text, block_id)
        pressed = acted(button, text, choose, self._world.new_ts())
        where = payloads.on_view(shown) if isinstance(shown, dict) else self._on(shown, person)
        body = payloads.actions(person, [pressed], trigger=self._world.new_trigger(), where=where)
        return self._deed(self._deliveries.start("interactive", body))

    def shortcut(self, user: str, callback_id: str, shown: Deed | Message) -> Deed:
        """A message shortcut."""
        if not self._manifest.has_shortcut(callback_id):
            raise ValueError(f"{callback_id} is not a shortcut of this app")
        person, message = self._user(user), message_of(shown)
        place = self._world.channel(message.channel)
        body = payloads.message_shortcut(
            person,
            callback_id,
            message,
            place,
            trigger=self._world.new_trigger(),
            url=self._response_url(channel=place.id, user=person.id),
            ts=self._world.new_ts(),
        )
        return self._deed(self._deliveries.start("interactive", body))

    def submit(self, user: str, view: dict[str, Any], values: dict[str, Any]) -> Deed:
        """Send a modal off; `values` by block_id and action_id, as Slack nests them."""
        filled = {**view, "state": {"values": values}}
        body = payloads.view_submission(self._user(user), filled, trigger=self._world.new_trigger())
        return self._deed(self._deliveries.start("interactive", body))

    def open_home(self, user: str, *, tab: str = "home") -> Deed:
        person = self._user(user)
        place = self._world.im(person.id)
        view = self._world.homes.get(person.id)
        inner = payloads.home_opened(person, place, tab, self._world.new_ts(), view)
        return self._deed(*self._announcer.events([("app_home_opened", inner)], place))

    def change_group(
        self, *, add: Iterable[str] = (), remove: Iterable[str] = (), group: str = STAFF_GROUP
    ) -> Deed:
        """Somebody edits the members of a user group."""
        added = [self._user(name).id for name in add]
        removed = [self._user(name).id for name in remove]
        with self._world.changed:
            members = self._world.groups.setdefault(group, set())
            members |= set(added)
            members -= set(removed)
        inner = payloads.group_changed(group, added, removed, self._world.clock.now())
        staff_place = self._world.im(STAFF)
        return self._deed(
            *self._announcer.events([("subteam_members_changed", inner)], staff_place)
        )

    def _write(
        self,
        user: User,
        place: Channel,
        text: str,
        thread_ts: str | None,
        files: Iterable[str],
        *,
        broadcast: bool = False,
    ) -> Deed:
        said = self._message(user, place, text, thread_ts)
        said.broadcast = broadcast
        said.files = [{"id": self._world.new_id("F"), "name": name} for name in files]
        said.subtype = "file_share" if said.files else ""
        self._world.add(said)
        return self._told(said, self._announcer.message(said, place))

    def _message(self, user: User, place: Channel, text: str, thread_ts: str | None) -> Message:
        return Message(
            channel=place.id,
            ts=self._world.new_ts(),
            user=user.id,
            text=encode(text),
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
        )

    def _on(self, shown: Deed | Message, person: User) -> dict[str, Any]:
        message = message_of(shown)
        place = self._world.channel(message.channel)
        url = self._response_url(
            channel=place.id,
            user=person.id,
            message_ts=message.ts,
            thread_ts=message.thread_ts,
        )
        return payloads.on_message(message, place, url)

    def _response_url(self, **where: Any) -> str:
        return self._base_url + self._world.new_response_url(**where)

    def _user(self, name: str) -> User:
        return self._world.user(name)

    def _told(self, message: Message, deliveries: tuple[Delivery, ...]) -> Deed:
        return Deed(world=self._world, deliveries=deliveries, message=message)

    def _deed(self, *deliveries: Delivery) -> Deed:
        return Deed(world=self._world, deliveries=deliveries)

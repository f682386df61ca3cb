"""A desk on a small FAQ, and short ways to write messages to it."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.api import Bot
from bot.desk.desk import Desk
from bot.desk.settings import DeskSettings
from bot.desk.values import (
    AlertCard,
    Answered,
    Delivery,
    Frame,
    Incoming,
    IncomingKind,
    Person,
    Place,
    Rendered,
)
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory, Reply
from bot.store.open import Store
from tests.small import small_engine

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = b"a secret of the tests"
SETTINGS = DeskSettings(hash_key=KEY, staff_channel="CSTAFF")

PATIENT = Person(team_id="T1", user_id="UPATIENT")
OTHER = Person(team_id="T1", user_id="UOTHER")
NURSE = Person(team_id="T1", user_id="UNURSE")
SECOND_NURSE = Person(team_id="T1", user_id="UNURSE2")

DM = Place(team_id="T1", channel_id="D1", kind="dm")
CHANNEL = Place(team_id="T1", channel_id="C1", kind="channel")
THREAD = replace(CHANNEL, thread_ts="1.000")
COMMAND = Place(team_id="T1", channel_id="C1", kind="command", response_url="https://x.test/r")
HOME = Place(team_id="T1", channel_id="", kind="home")

EMERGENCY = "I have chest pain"
URGENT = "I have a fever"
IF_EMERGENCY = "no chest pain"
QUESTION = "can i drive after"
UNKNOWN = "who won the football game in the garden"


class PlainRenderer:
    """Draws nothing but one block, so that a test sees that blocks arrive."""

    def reply(self, reply: Reply, frame: Frame) -> Rendered:
        return Rendered(text=reply.text, blocks=({"type": "reply", "id": frame.interaction_id},))

    def sentence(self, text: str, frame: Frame | None) -> Rendered:
        return Rendered(text=text)

    def card(self, card: AlertCard) -> Rendered:
        text = f"{card.kind} {card.state} {card.tier} {card.times} {card.user_id}"
        return Rendered(text=text, blocks=({"type": "card", "words": list(card.words)},))

    def again(self, card: AlertCard, text: str) -> Rendered:
        return Rendered(text=text)


@dataclass(frozen=True)
class StaffList:
    ids: Collection[str] = ("UNURSE", "UNURSE2")

    def is_staff(self, person: Person) -> bool:
        return person.user_id in self.ids


@dataclass
class Fragile:
    """A bot that fails."""

    engine: Engine

    def held(self) -> Fragile:
        return self

    def converse(self, message: str, memory: Memory) -> tuple[Reply, Memory]:
        raise RuntimeError("the bot is broken")


def small_bot() -> Bot:
    return Bot(small_engine())


def make_desk(store: Store, *, process: str = "one", **changed: object) -> Desk:
    """A desk with defaults; `changed`: bot, settings, renderer, staff."""
    numbers = itertools.count()
    given: dict[str, object] = {
        "bot": small_bot(),
        "settings": SETTINGS,
        "renderer": PlainRenderer(),
        "staff": StaffList(),
        "new_id": lambda: f"{process}-{next(numbers)}",
        **changed,
    }
    renderer = given["renderer"]
    given["renderer"] = lambda engine: renderer
    return Desk(store=store, process=process, **given)  # type: ignore[arg-type]  # of tests only


_numbers = itertools.count()


def message(
    text: str,
    *,
    kind: IncomingKind = "message",
    person: Person = PATIENT,
    place: Place = DM,
    ts: str | None = None,
    key: str | None = None,
    at: datetime = START,
    **extra: str,
) -> Incoming:
    """Something that a person did; each has a key and a time stamp of its own."""
    number = next(_numbers)
    return Incoming(
        key=key or f"Ev{number}",
        kind=kind,
        person=person,
        place=place,
        at=at,
        text=text,
        ts=ts or f"{number}.001",
        extra=extra,
    )


@dataclass
class Sent:
    """What reached Slack, in order; stands in for the deliverers."""

    desk: Desk
    all: list[Delivery] = field(default_factory=list)

    def take(self, deliveries: Collection[Delivery], now: datetime) -> None:
        """Send these, and all that follow from them."""
        waiting = list(deliveries)
        while waiting:
            delivery = waiting.pop(0)
            if self.desk.hold(delivery, now):
                self.all.append(delivery)
                waiting += self.desk.delivered(delivery, now, f"{len(self.all)}.5")

    @property
    def texts(self) -> list[str]:
        return [d.outgoing.text for d in self.all]

    @property
    def to_patient(self) -> list[str]:
        return [d.outgoing.text for d in self.all if not d.conversation.startswith("staff:")]

    @property
    def to_staff(self) -> list[str]:
        return [d.outgoing.text for d in self.all if d.conversation.startswith("staff:")]


def say(desk: Desk, incoming: Incoming, now: datetime = START) -> Answered | None:
    """Receive and answer; nothing is sent. None: it was ignored or is a duplicate."""
    received = desk.receive(incoming, now)
    if received.conversation is None:
        return None
    row = desk.claim(received.conversation, now)
    assert row is not None
    return desk.answer(row, now)


def talk(desk: Desk, incoming: Incoming, now: datetime = START) -> Sent:
    """Receive, answer, send."""
    sent = Sent(desk)
    answered = say(desk, incoming, now)
    sent.take(answered.deliveries if answered else (), now)
    return sent


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)

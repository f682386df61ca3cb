"""What the desk takes in and gives out: messages, places, deliveries, cards. All frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.dialogue.reply import Reply
from bot.triage.flags import Tier

PlaceKind = Literal["dm", "channel", "command", "home"]
IncomingKind = Literal[
    "message",  # typed by a person, not addressed to the bot by name
    "mention",
    "edit",
    "deleted",
    "command",
    "choice",  # `text` is the id of an entry or of a group
    "post",  # staff: the answer of entry `text`, for everybody in the place
    "shortcut",
    "person",  # "Talk to a person"
    "forget",
    "feedback",  # `text` is the interaction id, extra["helpful"] "1" or "0"
]
OutgoingKind = Literal["post", "respond", "update", "dm"]
AlertKind = Literal["flag", "person", "unanswered"]
AlertState = Literal["open", "claimed", "closed"]
QuestionState = Literal["open", "claimed", "answered", "dismissed"]
Problem = Literal["staff_only", "gone", "taken"]

EMERGENCY, URGENT, ORDINARY = 0, 1, 2  #: lanes of the inbox and of the outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Raw ids: stored only in rows that wait and on open alerts."""

    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message came from, and so where its answer goes."""

    team_id: str
    channel_id: str  #: "" in App Home, where the answer goes to a direct message
    kind: PlaceKind
    thread_ts: str | None = None  #: as the message has it; a new thread is the desk's affair
    response_url: str | None = None  #: commands, shortcuts and buttons
    external: bool = False  #: a channel shared with another organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One thing that a person did.

    Keys of `extra`: edited_ts (edit); files: "1" when files hang on the message; author: user id
    of the writer of the message a shortcut was used on; helpful (feedback).
    """

    key: str  #: unique: the event id, "cmd:" + trigger id, "act:" + action ts + user id ...
    kind: IncomingKind
    person: Person
    place: Place
    at: datetime
    text: str = ""  #: decoded: no &amp;, no <@U1>
    ts: str | None = None  #: of the message (of the edited or deleted one)
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text with the same content as blocks; no blocks: plain text only."""

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One call to Slack."""

    kind: OutgoingKind
    team_id: str
    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    channel_id: str = ""  #: post, update
    user_id: str = ""  #: dm: whose direct message, to be opened first
    response_url: str = ""  #: respond
    in_channel: bool = False  #: respond: for everybody, else only for the person
    thread_ts: str | None = None
    update_ts: str | None = None  #: update: the message to change
    broadcast: bool = False  #: a thread reply that the channel sees too
    priority: int = ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of an `Incoming`. `conversation` is None when there is nothing to work on."""

    outcome: Literal["new", "duplicate", "ignored"]
    conversation: str | None = None
    priority: int = ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the outbox that this process holds until `lease_until`."""

    id: int
    purpose: str  #: reply, notice, card, card_update, realert ...
    outgoing: Outgoing
    conversation: str
    attempts: int  #: this try included
    priority: int
    created_at: datetime
    lease_until: datetime
    alert_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What answering a row left to send now; `reply` is None where none was due."""

    deliveries: tuple[Delivery, ...] = ()
    reply: Reply | None = None
    interaction_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What is due: conversations to work on (`claim`), and deliveries already held."""

    conversations: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a reply: all that a view may draw beside the text."""

    interaction_id: str
    surface: PlaceKind
    private: bool = False  #: only the person sees it
    staff: bool = False  #: the reader is staff: entries that nobody reviewed say so
    report: str = ""  #: where to report a wrong answer


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCard:
    """All that a card in the staff channel shows."""

    id: str
    kind: AlertKind
    state: AlertState
    tier: Tier | None  #: of a flag
    signs: tuple[str, ...]  #: names of the concepts
    words: tuple[str, ...]  #: only those that the flags matched, redacted
    team_id: str
    user_id: str | None  #: None once closed
    channel_id: str | None  #: where staff can open the message; None for a direct message
    message_ts: str | None
    created_at: datetime
    times: int  #: messages on this card
    claimed_by: str | None = None  #: user id of staff
    claimed_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    question_id: str | None = None  #: unanswered: id in the queue
    question_state: QuestionState | None = None
    nearest: str = ""  #: unanswered: question of the closest entry
    patient_told: bool = False  #: that staff could not be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """An unanswered question, redacted."""

    id: str
    question: str
    state: QuestionState
    created_at: datetime
    expires_at: datetime
    staff_id: str | None
    changed_at: datetime | None
    nearest: str = ""  #: question of the closest entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What a staff action did. `text` is a sentence for who pressed; the card is as it is now."""

    problem: Problem | None = None
    text: str = ""
    card: AlertCard | None = None
    item: QueueItem | None = None
    draft: str = ""  #: YAML of a drafted entry
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How far behind the desk is."""

    waiting: int  #: messages not answered yet
    oldest_s: float
    unsent: int  #: rows of the outbox that are due
    oldest_unsent_s: float

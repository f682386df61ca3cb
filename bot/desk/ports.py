"""What the desk needs of others: the bot, who is staff, and how a reply looks."""

from __future__ import annotations

from typing import Protocol

from bot.desk.values import AlertCard, Frame, Person, QueueItem, Rendered
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory, Reply


class Answering(Protocol):
    """The bot (`bot.api.Bot`)."""

    @property
    def engine(self) -> Engine: ...

    def held(self) -> Answering:
        """The bot as it is now, while a running one may be given new knowledge."""

    def converse(self, message: str, memory: Memory) -> tuple[Reply, Memory]: ...


class Staff(Protocol):
    def is_staff(self, person: Person) -> bool:
        """Whether the person works here; False where that cannot be found out. Never raises."""


class Renderer(Protocol):
    """Values to text and blocks, by one engine. Pure; should one raise, the plain text is sent."""

    def reply(self, reply: Reply, frame: Frame) -> Rendered:
        """`text` must be `reply.text` (escaped)."""

    def sentence(self, text: str, frame: Frame | None) -> Rendered:
        """A sentence of replies.yaml, filled in; without a frame it needs no buttons."""

    def card(self, card: AlertCard) -> Rendered:
        """The card in the staff channel, in its present state."""

    def again(self, card: AlertCard, text: str) -> Rendered:
        """A reply in the card's thread: nobody took it, or the person wrote again."""

    def queue(self, items: tuple[QueueItem, ...]) -> Rendered:
        """The open questions, for staff."""

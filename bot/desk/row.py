"""A row of the inbox that this process works on, with what is remembered around it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.values import Incoming
from bot.dialogue.reply import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the store knows around a message."""

    memory: Memory
    introduced: bool  #: the person has had the first-contact notice
    offered: bool  #: the channel has had the offer of a direct message
    paused: bool
    asker: str | None  #: hash of the person whom the bot answers in this thread
    person_answers: bool  #: in this thread a person has taken over
    unsent: bool  #: replies of this conversation are still to be sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: int
    conversation: str
    incoming: Incoming
    attempts: int  #: this one included
    around: Surroundings

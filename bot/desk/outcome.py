"""What follows from one row of the inbox, as a value: nothing of it is written or sent yet."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.alerts import Wanted
from bot.desk.saying import Say
from bot.dialogue.reply import Memory, Reply
from bot.store.interactions import Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    says: tuple[Say, ...] = ()  #: in order
    reply: Reply | None = None
    interaction: Interaction | None = None
    memory: Memory | None = None  #: None: it stays as it is
    question: str | None = None  #: to keep for staff, redacted
    alert: Wanted | None = None
    alert_user: str = ""  #: raw id of the person the alert is about
    alert_conversation: str = ""
    thread: bool = False  #: the bot answers in this thread from now on
    only_flags: bool = False  #: ... but to red flags only: nobody has spoken to it there
    rated: bool | None = None  #: feedback on the interaction that the message names
    forgets: bool = False
    deletes: str | None = None  #: hash of a message whose traces go

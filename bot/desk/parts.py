"""What the steps of the desk share: the bot, the store, settings and ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.ports import Answering, Renderer, Staff
from bot.desk.settings import DeskSettings
from bot.desk.values import Rendered
from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.store.leases import Lease
from bot.store.open import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    bot: Answering  #: held: whatever is done with these parts is done with one engine
    store: Store
    settings: DeskSettings
    renderer: Renderer
    staff: Staff
    new_id: Callable[[], str]
    process: str  #: id under which this process holds rows

    @property
    def engine(self) -> Engine:
        return self.bot.engine

    @property
    def key(self) -> bytes:
        return self.settings.hash_key

    def lease(self, now: datetime) -> Lease:
        return Lease(by=self.process, now=now)

    def say(self, key: str) -> str:
        """A sentence of replies.yaml, filled in."""
        return compose.say(key, self.engine)

    def card(self, key: str) -> str:
        """A sentence that stands instead of an answer: it says "demo" as answers do."""
        demo = [self.say("demo")] if self.engine.knowledge.clinic.demo else []
        return "\n\n".join([self.say(key), *demo])


def drawn(draw: Callable[[], Rendered], text: str) -> Rendered:
    """What the renderer draws; where it fails, the text alone: no reply is lost to its looks."""
    try:
        return draw()
    except Exception:  # noqa: BLE001 - a fault in a view must not cost a patient the answer
        return Rendered(text=escape(text))


def escape(text: str) -> str:
    """As Slack wants text: nothing in it may become a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

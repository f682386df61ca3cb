"""The bot as a Python object: load once, ask often."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import knowledge_folder, load_engine, quiet, reload_s
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory, Reply
from bot.dialogue.respond import respond
from bot.index import Progress

if TYPE_CHECKING:
    from bot.reload import Watch

_TURNS_REMEMBERED = 3


class Bot:
    """Answers messages. Holds the fitted engine and no conversation.

    `engine` may be exchanged at any time: a message is answered with the one that it found.
    """

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        """
        Args:
            folder: where its knowledge lies; None when that is not known.
        """
        self.engine = engine
        self.folder = folder

    @classmethod
    def load(cls, folder: str | Path | None = None, *, progress: Progress = quiet) -> Bot:
        """The bot on the bundled knowledge, or on that of a folder.

        Raises `KnowledgeError` with every problem when the knowledge cannot be used.
        """
        found = Path(folder) if folder else knowledge_folder()
        return cls(load_engine(found, progress=progress), found)

    def held(self) -> Bot:
        """The bot as it is now: for whoever reaches for the engine more than once."""
        return Bot(self.engine)

    def watch(self) -> Watch:
        """Pick up changed knowledge from now on, every MILDBOT_RELOAD_S seconds, in a thread.

        Problems are logged, and the last good knowledge stays. `stop` what comes back to end it.
        """
        from bot.reload import Watch  # starts processes, which a single question never needs

        watch = Watch(self, every_s=reload_s())
        watch.start()
        return watch

    def reply(self, message: str, *, history: Sequence[str] = ()) -> Reply:
        """The reply to a message after the messages of `history`, oldest first."""
        bot, memory = self.held(), Memory()
        for earlier in history[-_TURNS_REMEMBERED:]:
            _, memory = bot.converse(earlier, memory)
        return bot.converse(message, memory)[0]

    def converse(self, message: str, memory: Memory) -> tuple[Reply, Memory]:
        """The reply, and what to remember for the next message."""
        return respond(message, self.engine, memory)

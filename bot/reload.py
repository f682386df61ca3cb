"""A running bot picks up changed knowledge: built beside it, exchanged whole, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from bot.api import Bot
from bot.bootstrap import assemble, cache_folder, cached_index
from bot.build_beside import build_beside, only_builder
from bot.dialogue.engine import Engine
from bot.errors import BotError
from bot.index import IndexUnusable, from_file
from bot.knowledge.folder import can_change
from bot.knowledge.version import Stamp, digest, stamp

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What became of a change. It may quote the knowledge; of people nothing is in it."""

    text: str
    is_problem: bool = False


Build = Callable[[Path, Path, Event], None]  #: folder, cache, set when it should be broken off


def log(news: News) -> None:
    _LOG.log(logging.WARNING if news.is_problem else logging.INFO, "%s", news.text)


def anything(engine: Engine) -> None:
    """No more is asked of an engine than that it could be built."""


class Watch:
    """Looks after the knowledge of one bot, in a thread between `start` and `stop`.

    It does nothing for knowledge that cannot change, or when it is told to look never.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        every_s: float,
        tell: Callable[[News], None] = log,
        accept: Callable[[Engine], None] = anything,
        build: Build = build_beside,
    ) -> None:
        """
        Args:
            every_s: seconds between two looks; 0: never.
            accept: raises `BotError` for an engine that must not answer here.
            build: puts the index of a folder into a cache; raises `BotError` with the problems.
        """
        self._bot = bot
        self._every_s = every_s
        self._tell = tell
        self._accept = accept
        self._build = build
        self._seen: Stamp | None = None  #: at the last look
        self._done: Stamp | None = None  #: taken up, or told to be unusable
        self._stopping = Event()
        self._thread: Thread | None = None

    # ------------------------------------------------------------ life
    def start(self) -> None:
        folder = self._bot.folder
        if folder is not None and can_change(folder) and self._every_s:
            self._thread = Thread(target=self._look_on, name="reload", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no more; a build that is under way is broken off."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _look_on(self) -> None:
        while True:
            self.look()
            if self._stopping.wait(self._every_s):
                return

    # ------------------------------------------------------------ one look
    def look(self) -> None:
        """Take up what has changed, once it has stood still from one look to the next."""
        folder = self._bot.folder
        if folder is None:
            return
        found = stamp(folder)
        before, self._seen = self._seen, found
        if found == self._done or before not in (None, found):
            return
        try:
            is_done = self._take_up(folder)
        except Exception as error:  # noqa: BLE001 - whatever it is, the last good knowledge stays
            if self._stopping.is_set() or stamp(folder) != found:
                return  # changed while it was read: the next look sees to what it is now
            self._tell(self._problem(error))
            is_done = True
        if is_done:
            self._done = found

    def _take_up(self, folder: Path) -> bool:
        """Exchange the engine for that of the folder. False: another process is building it."""
        version = digest(folder)
        if version == self._bot.engine.source:
            return True
        engine = self._cached(version)
        if engine is None:
            with only_builder(cache_folder()) as is_ours:
                if not is_ours:
                    return False
                engine = self._cached(version) or self._built(version, folder)
        self._accept(engine)
        self._bot.engine = engine
        self._tell(News(text=f"new knowledge is in use: build {engine.version}"))
        return True

    def _cached(self, version: str) -> Engine | None:
        try:
            return assemble(from_file(cached_index(version), digest=version))
        except IndexUnusable:
            return None

    def _built(self, version: str, folder: Path) -> Engine:
        self._build(folder, cache_folder(), self._stopping)
        if engine := self._cached(version):
            return engine
        raise BotError(
            f"it was built, and {cached_index(version)} cannot be used: is the disk full or read-"
            "only? If mildbot itself was upgraded, start it anew"
        )

    def _problem(self, error: Exception) -> News:
        what = str(error) if isinstance(error, BotError | OSError) else repr(error)
        return News(
            text=f"the changed knowledge cannot be used, build {self._bot.engine.version} goes on "
            f"answering\n{what}",
            is_problem=True,
        )

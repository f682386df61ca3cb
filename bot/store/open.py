"""The open store: transactions for reading and writing, on SQLite and Postgres alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from bot.store.engines import Engines, make_engines
from bot.store.errors import Conflict, StoreError
from bot.store.group_sync import GroupSync
from bot.store.upgrade import upgrade
from bot.store.where import FOLDER_SETTING, URL_SETTING, database_url

__all__ = ["Connection", "Store", "open_at", "open_store"]


class Store:
    """Holds the pools of connections. Safe to share between threads."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self.is_sqlite = engines.writer.dialect.name == "sqlite"
        # SQLite has one writer: threads of this process queue here, fairly, and only other
        # processes meet the busy timeout, which polls.
        file = engines.writer.url.database if self.is_sqlite else None
        self._log = GroupSync(Path(f"{file}-wal")) if file else None
        self._turn: AbstractContextManager[object] = Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction, kept whole or not at all. Raises `StoreError`, a `Conflict` too.

        Args:
            durable: on the disk before this returns. Leases and marks of delivery need only
                outlive the process: lost with the power, something is merely done again.
        """
        with _clear_errors(), self._turn, self._engines.writer.begin() as connection:
            if not durable and not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
            yield connection
        if durable and self._log is not None:
            self._synced(self._log)

    @staticmethod
    def _synced(log: GroupSync) -> None:
        try:
            log.wait()
        except OSError as error:
            raise StoreError(f"the store cannot be written: {error.strerror or error}") from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For looking only; blocks nobody. Raises `StoreError`."""
        with _clear_errors(), self._engines.reader.connect() as connection:
            yield connection

    def tidy(self) -> None:
        """After deleting: on SQLite the log that still holds the old pages is emptied."""
        if self.is_sqlite:
            with self.reading() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        self._engines.dispose()


def open_store(environment: Mapping[str, str]) -> Store:
    """The store that the settings name, brought up to date.

    Raises `BotError` naming the variable when it cannot be reached or written.
    """
    return open_at(database_url(environment))


def open_at(url: str) -> Store:
    """The store at a URL as `database_url` gives it, brought up to date."""
    engines = make_engines(url)
    try:
        with _clear_errors():
            upgrade(engines.writer)
    except BaseException as error:
        engines.dispose()
        if isinstance(error, StoreError):
            raise StoreError(f"{error}; look at {URL_SETTING} or {FOLDER_SETTING}") from None
        raise
    return Store(engines)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Database errors as ours, without the values of the statement: they may be somebody's words.

    The cause is left out of the traceback for the same reason.
    """
    try:
        yield
    except IntegrityError as error:
        raise Conflict(f"the store refused a row: {_first_line(error)}") from None
    except DBAPIError as error:
        raise StoreError(f"the store cannot be used: {_first_line(error)}") from None
    except SQLAlchemyError as error:
        raise StoreError(f"the store cannot be used: {type(error).__name__}") from None


def _first_line(error: DBAPIError) -> str:
    """What is wrong; further lines (DETAIL) may quote the row."""
    return next(iter(str(error.orig).splitlines()), type(error.orig).__name__)

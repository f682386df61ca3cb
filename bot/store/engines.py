"""Connections to SQLite and Postgres, set up so that transactions mean the same on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError

from bot.errors import BotError
from bot.store.where import URL_SETTING

_BUSY_MS = 5000  #: how long SQLite waits for a writer of another process
_CONNECTIONS = 8  #: of a process; small hosts allow some twenty in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    writer: Engine  #: transactions
    reader: Engine  #: every statement by itself

    def dispose(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def make_engines(url: str) -> Engines:
    """No connection is made yet. Raises `BotError` when the address cannot be one."""
    try:
        return _engines(url)
    except ModuleNotFoundError as error:
        raise BotError(
            f"{URL_SETTING} names a Postgres, and {error.name} is not installed: "
            "pip install 'mild-faq-bot[postgres]'"
        ) from error
    except (ArgumentError, ValueError):
        # its words may hold the password
        raise BotError(f"{URL_SETTING} cannot be read as an address") from None


def _engines(url: str) -> Engines:
    if url.startswith("sqlite"):
        return Engines(writer=_sqlite(url, writes=True), reader=_sqlite(url, writes=False))
    engine = _postgres(url)
    return Engines(writer=engine, reader=engine.execution_options(isolation_level="AUTOCOMMIT"))


def _sqlite(url: str, *, writes: bool) -> Engine:
    # reset_on_return: every transaction here is ended by its own context manager
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_reset_on_return=None,
        pool_size=1 if writes else _CONNECTIONS,
        max_overflow=0 if writes else 10,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )

    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we begin by ourselves
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",  # `GroupSync` makes commits durable
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted words are overwritten, not only unlinked
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    event.listen(engine, "connect", set_up)
    if writes:
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    """The write lock first: a transaction that reads before it writes never has to be upgraded."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres(url: str) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_reset_on_return=None,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=600,
        # nothing else: poolers between us and the server refuse most start parameters
        connect_args={"connect_timeout": 5},
    )

"""Brings a database to the newest version of the tables; any number of processes may try."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

NEWEST = "0001"  #: revision of the last migration; a test holds it against the files
_LOCK = 0x6D696C64  #: number of the advisory lock, "mild"


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, all in one transaction."""
    with engine.begin() as connection:  # on SQLite this takes the write lock
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if version(connection) != NEWEST:
            _run_migrations(connection)


def version(connection: Connection) -> str | None:
    """Revision of the tables that are there, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # takes a quarter of a second, and is hardly ever needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

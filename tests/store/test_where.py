"""Where the store is, and what an operator reads when it cannot be there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.store import where
from bot.store.open import open_at, open_store
from bot.store.where import data_folder, database_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_is_reached_by_every_name_of_it(scheme: str) -> None:
    found = database_url({"DATABASE_URL": f"{scheme}://user:word@host:5/name?sslmode=require"})

    assert found == "postgresql+psycopg://user:word@host:5/name?sslmode=require"


def test_data_folder_is_the_one_that_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"

    found = database_url({"MILDBOT_DATA": str(folder)})

    assert found == f"sqlite:///{folder}/mildbot.sqlite"
    assert folder.is_dir()


def test_data_folder_is_the_users_own_otherwise(tmp_path: Path) -> None:
    assert data_folder({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "mildbot"
    assert data_folder({}) == Path.home() / ".local" / "share" / "mildbot"


def test_address_wins_over_folder(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": "postgres://host/name", "MILDBOT_DATA": str(tmp_path / "unused")}

    assert database_url(settings).startswith("postgresql+psycopg://")
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "sqlite:///", "sqlite://"])
def test_unknown_address_names_the_variable(url: str) -> None:
    with pytest.raises(BotError, match="DATABASE_URL is of no kind we know"):
        database_url({"DATABASE_URL": url})


def test_secret_of_an_unknown_address_is_not_repeated() -> None:
    with pytest.raises(BotError) as caught:
        database_url({"DATABASE_URL": "mysql://user:password@host/name"})

    assert "password" not in str(caught.value)


def test_folder_that_is_a_file_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BotError, match=r"cannot be used: .*; set MILDBOT_DATA to a folder"):
        database_url({"MILDBOT_DATA": str(tmp_path / "file")})


def test_folder_without_permission_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the tests may run as root, whom no permission stops
    monkeypatch.setattr(where.os, "access", lambda path, mode: False)

    with pytest.raises(BotError, match="it cannot be written; set MILDBOT_DATA"):
        database_url({"MILDBOT_DATA": str(tmp_path)})


@pytest.mark.parametrize("url", ["postgres://user:secret@host:port/name", "postgres://:secret:"])
def test_address_that_cannot_be_read_names_the_variable(url: str) -> None:
    with pytest.raises(BotError, match="DATABASE_URL cannot be read") as caught:
        open_store({"DATABASE_URL": url})

    assert "secret" not in str(caught.value)


def test_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(BotError, match=r"mild-faq-bot\[postgres\]"):
        open_store({"DATABASE_URL": "postgres://host/name"})


def test_server_that_is_not_there_names_the_variable(tmp_path: Path) -> None:
    address = f"postgres://nobody@/none?host={tmp_path}"

    with pytest.raises(BotError, match="DATABASE_URL"):
        open_store({"DATABASE_URL": address})


def test_file_that_is_no_database_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "mildbot.sqlite").write_text("this is a letter to a friend, not a database\n" * 50)

    with pytest.raises(BotError, match="not a database; look at DATABASE_URL or MILDBOT_DATA"):
        open_store({"MILDBOT_DATA": str(tmp_path)})


def test_file_of_another_user_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "mildbot.sqlite").mkdir()

    with pytest.raises(BotError, match="DATABASE_URL or MILDBOT_DATA"):
        open_store({"MILDBOT_DATA": str(tmp_path)})


def test_what_was_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    from bot.store import switches
    from tests.store.test_contract import NOW

    store = open_at(f"sqlite:///{tmp_path}/a.sqlite")
    with store.writing() as tx:
        switches.put(tx, "paused", "1", now=NOW)
    store.close()

    again = open_at(f"sqlite:///{tmp_path}/a.sqlite")
    with again.reading() as tx:
        kept = switches.get(tx, "paused")
    again.close()

    assert kept == "1"

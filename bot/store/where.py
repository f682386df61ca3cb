"""Where the store is: `DATABASE_URL`, else a SQLite file in the user's data folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bot.errors import BotError

URL_SETTING = "DATABASE_URL"
FOLDER_SETTING = "MILDBOT_DATA"
FILE = "mildbot.sqlite"


def database_url(environment: Mapping[str, str]) -> str:
    """A URL as SQLAlchemy wants it. Raises `BotError` naming the variable."""
    url = environment.get(URL_SETTING, "").strip()
    if not url:
        return f"sqlite:///{_writable(data_folder(environment)) / FILE}"
    for scheme in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url.startswith("sqlite:///") and url != "sqlite:///":
        _writable(Path(url.removeprefix("sqlite:///")).parent)
        return url
    raise BotError(f"{URL_SETTING} is of no kind we know; write postgres://... or sqlite:///PATH")


def data_folder(environment: Mapping[str, str]) -> Path:
    """`MILDBOT_DATA`, else mildbot/ in the user's data folder (XDG)."""
    if environment.get(FOLDER_SETTING):
        return Path(environment[FOLDER_SETTING])
    base = environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "mildbot"


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BotError(_unusable(folder, error.strerror or str(error))) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BotError(_unusable(folder, "it cannot be written"))
    return folder


def _unusable(folder: Path, why: str) -> str:
    return (
        f"the store's folder {folder} cannot be used: {why}; "
        f"set {FOLDER_SETTING} to a folder that lasts, or {URL_SETTING} to a Postgres"
    )

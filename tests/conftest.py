"""Shared fixtures: a clean environment, and the shipped bot built once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import Bot
from bot.bootstrap import load_engine

pytest_plugins = ["tests.stores"]
ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = ROOT / "knowledge"
_OURS = (
    "MILDBOT_KNOWLEDGE",
    "MILDBOT_CACHE",
    "MILDBOT_RELOAD_S",
    "MILDBOT_DATA",
    "MILDBOT_HASH_KEY",
    "MILDBOT_KEEP_QUESTIONS_DAYS",
    "DATABASE_URL",
    "XDG_DATA_HOME",
    "NO_COLOR",
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """No setting of the machine reaches a test; the cache is the run's own."""
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MILDBOT_CACHE", str(cache))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def bot(cache: Path) -> Bot:
    """The bot on the shipped knowledge. Built once: some fifteen seconds."""
    return Bot(load_engine(KNOWLEDGE, cache=cache))

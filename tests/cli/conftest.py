"""Commands on the bot of this run: in this process, or as real ones that share its cached index."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from bot.api import Bot
from tests.conftest import ROOT

Run = Callable[..., subprocess.CompletedProcess[bytes]]
Pipe = Callable[[bytes], None]


@pytest.fixture
def loaded(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """Commands take the bot that is there already."""
    monkeypatch.setattr("bot.cli.lookup.load_bot", lambda: bot)
    monkeypatch.setattr("bot.cli.evaluate.load_bot", lambda: bot)
    # last: who is imported while it is replaced would keep the replacement
    monkeypatch.setattr("bot.cli.loading.load_bot", lambda: bot)
    return bot


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Bytes that are piped in, as stdin gives them."""

    def put(content: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))

    return put


class Terminal(io.StringIO):
    """A stdin that somebody sits at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())


@pytest.fixture
def mildbot(bot: Bot) -> Run:
    """The real command in a process of its own; `bot` has filled the cache that it reads."""

    def run(*args: str, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli.main", *args],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={**os.environ, **settings},
        )

    return run

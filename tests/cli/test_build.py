"""`mildbot build`: the index in the cache or in a file, for the commands that come after."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bootstrap import cached_index
from bot.cli.main import main
from bot.index import from_file
from bot.knowledge.version import digest
from tests.small import SMALL


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(SMALL))
    monkeypatch.setenv("MILDBOT_CACHE", str(tmp_path / "cache"))


def test_the_index_is_built_into_the_cache(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == 0

    path = cached_index(digest(SMALL))
    assert from_file(path, digest=digest(SMALL)).knowledge.digest == digest(SMALL)
    assert str(path) in capsys.readouterr().out


def test_the_index_is_built_into_a_file(tmp_path: Path) -> None:
    assert main(["build", "--out", str(tmp_path / "mild.index")]) == 0

    assert from_file(tmp_path / "mild.index", digest=digest(SMALL)).source == digest(SMALL)
    assert not cached_index(digest(SMALL)).exists()


def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--out", str(tmp_path / "nowhere" / "mild.index")]) == 1

    assert "cannot be written" in capsys.readouterr().err


def test_a_teacher_needs_word_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--teacher"]) == 1

    assert "vectors" in capsys.readouterr().err

"""Building in a process of its own: the index in the cache, problems as text, one at a time."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.bootstrap import cached_index
from bot.build_beside import build_beside, only_builder
from bot.errors import BotError
from bot.index import from_file
from bot.knowledge.version import digest
from tests.small import SMALL, edit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "knowledge"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "empty-cache"


def test_index_is_left_in_the_cache(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.py").write_text("raise RuntimeError('somebody else')", encoding="utf-8")

    build_beside(folder, cache, threading.Event())

    version = digest(folder)
    assert from_file(cached_index(version, cache), digest=version).source == version


def test_every_problem_of_the_knowledge_is_told_and_nothing_else(folder: Path, cache: Path) -> None:
    edit(folder / "clinic.yaml", "phone:", "fone:")

    with pytest.raises(BotError) as told:
        build_beside(folder, cache, threading.Event())

    lines = str(told.value).splitlines()
    assert lines[0].startswith("knowledge/clinic.yaml:2: ")
    assert [line for line in lines if line.startswith("mildbot")] == []


def test_of_very_many_problems_the_first_are_told(folder: Path, cache: Path) -> None:
    for file in folder.rglob("*.yaml"):
        file.write_text("- broken", encoding="utf-8")

    with pytest.raises(BotError, match="mildbot check") as told:
        build_beside(folder, cache, threading.Event())

    assert len(str(told.value).splitlines()) == 21


def test_folder_that_is_gone_is_told(folder: Path, cache: Path) -> None:
    with pytest.raises(BotError, match="is not a folder"):
        build_beside(folder / "gone", cache, threading.Event())


def test_build_is_broken_off_when_the_bot_ends(folder: Path, cache: Path) -> None:
    stopping = threading.Event()
    stopping.set()
    began = time.monotonic()

    with pytest.raises(BotError, match="broken off"):
        build_beside(folder, cache, stopping)

    assert time.monotonic() - began < 5
    assert not cached_index(digest(folder), cache).exists()


# ---------------------------------------------------------------- one at a time
def test_only_one_builds(cache: Path) -> None:
    with only_builder(cache) as first, only_builder(cache) as second:
        assert (first, second) == (True, False)

    with only_builder(cache) as third:
        assert third


def test_builders_of_other_caches_do_not_wait(cache: Path, tmp_path: Path) -> None:
    with only_builder(cache) as one, only_builder(tmp_path / "other") as other:
        assert (one, other) == (True, True)


def test_lock_goes_with_the_process_that_held_it(cache: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from bot.build_beside import only_builder\n"
        "with only_builder(Path(sys.argv[1])) as ours: print(ours, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(cache)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with only_builder(cache) as while_held:
            pass
        holder.kill()

    with only_builder(cache) as afterwards:
        assert (while_held, afterwards) == (False, True)


def test_cache_that_cannot_be_written_has_no_lock(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with only_builder(tmp_path / "file") as is_ours:
        assert is_ours

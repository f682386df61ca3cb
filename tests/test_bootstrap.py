"""The wiring: settings, the cached index, the version of the knowledge."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Tuned, assemble, cache_folder, knowledge_folder, load_engine
from bot.dialogue.respond import respond
from bot.errors import BotError
from bot.index import Index
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.knowledge.version import digest
from tests.conftest import KNOWLEDGE
from tests.small import SMALL, edit, small_index

FILES = sorted(p.relative_to(SMALL).as_posix() for p in SMALL.rglob("*.yaml"))


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A copy of the small knowledge that a test may change."""
    return Path(shutil.copytree(SMALL, tmp_path / "knowledge"))


@pytest.fixture
def empty_cache(tmp_path: Path) -> Path:
    return tmp_path / "empty-cache"


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts builds: each puts a word into the list and gives the small index."""
    made: list[str] = []

    def build(*args: Any, **named: Any) -> Index:
        made.append("built")
        return small_index()

    monkeypatch.setattr("bot.fitting.build", build)
    return made


def index_file(cache: Path) -> Path:
    (found,) = cache.glob("*.index")
    return found


# ---------------------------------------------------------------- settings
def test_the_named_knowledge_folder_is_taken(tmp_path: Path) -> None:
    assert knowledge_folder({"MILDBOT_KNOWLEDGE": str(tmp_path)}) == tmp_path


def test_without_a_name_the_bundled_knowledge_is_taken() -> None:
    assert knowledge_folder({}) == KNOWLEDGE


def test_a_knowledge_folder_that_is_not_there_is_told_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"MILDBOT_KNOWLEDGE is .*nowhere"):
        knowledge_folder({"MILDBOT_KNOWLEDGE": str(tmp_path / "nowhere")})


def test_the_named_cache_is_taken(tmp_path: Path) -> None:
    found = cache_folder({"MILDBOT_CACHE": str(tmp_path), "XDG_CACHE_HOME": "/elsewhere"})

    assert found == tmp_path


def test_without_a_name_the_cache_of_the_desktop_is_taken() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/var/xdg"}) == Path("/var/xdg/mildbot")


def test_without_any_setting_the_cache_is_in_the_home_folder() -> None:
    assert cache_folder({}) == Path.home() / ".cache" / "mildbot"


def test_a_threshold_that_was_not_measured_has_a_default() -> None:
    assert Tuned(load(SMALL))["answer"] == Tuned.DEFAULTS["answer"]


def test_a_measured_threshold_is_taken() -> None:
    assert Tuned(load(SMALL))["net_urgent"] == 9.0


def test_an_unknown_threshold_is_an_error() -> None:
    with pytest.raises(KeyError):
        Tuned(load(SMALL))["temperature"]


# ---------------------------------------------------------------- the cached index
def test_the_first_start_builds_and_caches(empty_cache: Path, builds: list[str]) -> None:
    load_engine(SMALL, cache=empty_cache)

    assert builds == ["built"]
    assert index_file(empty_cache).name == f"{digest(SMALL)[:32]}.index"


def test_the_second_start_does_not_build(empty_cache: Path, builds: list[str]) -> None:
    load_engine(SMALL, cache=empty_cache)

    load_engine(SMALL, cache=empty_cache)

    assert builds == ["built"]


def test_the_second_start_does_not_read_yaml(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_engine(SMALL, cache=empty_cache)
    monkeypatch.delattr("bot.knowledge.load.load")

    engine = load_engine(SMALL, cache=empty_cache)

    assert engine.version == digest(SMALL)[:12]


def test_a_cached_engine_replies_as_the_built_one(empty_cache: Path) -> None:
    built = load_engine(SMALL, cache=empty_cache)

    cached = load_engine(SMALL, cache=empty_cache)

    message = "I have a fever. can i drvie"
    expected, memory = respond(message, built)
    found, remembered = respond(message, cached)
    assert (found.as_json(), remembered) == (expected.as_json(), memory)


def test_progress_is_told_while_building(empty_cache: Path) -> None:
    steps: list[str] = []

    load_engine(SMALL, cache=empty_cache, progress=steps.append)

    assert "building the index" in steps[0]


def test_a_warm_start_tells_nothing(empty_cache: Path) -> None:
    steps: list[str] = []
    load_engine(SMALL, cache=empty_cache)

    load_engine(SMALL, cache=empty_cache, progress=steps.append)

    assert steps == []


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"half a file", bytes(100)])
def test_a_damaged_index_is_built_again(
    empty_cache: Path, builds: list[str], damage: bytes
) -> None:
    load_engine(SMALL, cache=empty_cache)
    index_file(empty_cache).write_bytes(damage)

    load_engine(SMALL, cache=empty_cache)

    assert builds == ["built", "built"]
    assert index_file(empty_cache).read_bytes() != damage


def test_an_index_of_another_format_is_built_again(
    empty_cache: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_engine(SMALL, cache=empty_cache)
    monkeypatch.setattr("bot.index.FORMAT", 999)

    load_engine(SMALL, cache=empty_cache)

    assert builds == ["built", "built"]


def test_changed_knowledge_is_built_anew(
    knowledge: Path, empty_cache: Path, builds: list[str]
) -> None:
    load_engine(knowledge, cache=empty_cache)
    (knowledge / "tuning.yaml").write_text("measured: now\nvalues: {}\n", encoding="utf-8")

    load_engine(knowledge, cache=empty_cache)

    assert builds == ["built", "built"]


def test_a_file_changed_while_it_is_read_is_read_again(
    knowledge: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = iter([lambda: edit(knowledge / "clinic.yaml", "555-0199", "555-0123")])

    def load_and_change(folder: Path) -> Knowledge:
        found = load(folder)
        next(changes, lambda: None)()
        return found

    monkeypatch.setattr("bot.knowledge.load.load", load_and_change)

    engine = load_engine(knowledge, cache=empty_cache)

    assert engine.knowledge.clinic.phone == "555-0123"
    assert engine.version == digest(knowledge)[:12]
    assert index_file(empty_cache).name == f"{digest(knowledge)[:32]}.index"


def test_a_cache_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    blocker = tmp_path / "a-file"
    blocker.write_text("in the way", encoding="utf-8")

    engine = load_engine(SMALL, cache=blocker / "cache")

    assert engine.entries.keys() == {"driving", "cost", "length"}


def test_a_full_disk_is_no_error_and_leaves_the_old_file_as_it_was(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_engine(SMALL, cache=empty_cache)
    index_file(empty_cache).write_bytes(b"old")

    def no_space(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)

    engine = load_engine(SMALL, cache=empty_cache)

    assert engine.version == digest(SMALL)[:12]
    assert index_file(empty_cache).read_bytes() == b"old"


def test_nothing_but_index_and_version_is_left_in_the_cache(
    knowledge: Path, empty_cache: Path, settled: None
) -> None:
    load_engine(knowledge, cache=empty_cache)

    assert sorted(p.suffix for p in empty_cache.iterdir()) == [".index", ".json"]


def test_the_index_takes_its_place_by_a_rename_of_a_complete_file(
    knowledge: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []
    rename = Path.replace

    def watched(source: Path, target: Path) -> Path:
        seen.append((source.stat().st_size, target.exists()))
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", watched)
    load_engine(knowledge, cache=empty_cache)

    assert seen == [(index_file(empty_cache).stat().st_size, False)]


def test_three_indexes_are_kept_the_oldest_go(
    knowledge: Path, empty_cache: Path, builds: list[str]
) -> None:
    empty_cache.mkdir()
    for age, name in enumerate(["new", "older", "oldest"]):
        path = empty_cache / f"{name * 8}.index"
        path.write_bytes(b"")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))

    load_engine(knowledge, cache=empty_cache)

    kept = {p.stem for p in empty_cache.iterdir()}
    assert kept == {digest(knowledge)[:32], "new" * 8, "older" * 8}


# ---------------------------------------------------------------- the version
@pytest.mark.parametrize("name", FILES)
def test_the_digest_changes_with_every_file(knowledge: Path, name: str) -> None:
    before = digest(knowledge)
    with (knowledge / name).open("a", encoding="utf-8") as file:
        file.write("# one more remark\n")

    assert digest(knowledge) != before


def test_the_digest_changes_with_the_word_vectors(knowledge: Path) -> None:
    before = digest(knowledge)
    (knowledge / "language" / "vectors.npz").write_bytes(b"table")

    assert digest(knowledge) != before


def test_the_digest_changes_with_the_name_of_a_file(knowledge: Path) -> None:
    before = digest(knowledge)
    (knowledge / "entries" / "risks.yaml").rename(knowledge / "entries" / "dangers.yaml")

    assert digest(knowledge) != before


def test_the_digest_changes_when_content_moves_between_files(knowledge: Path) -> None:
    before = digest(knowledge)
    risks, basics = knowledge / "entries" / "risks.yaml", knowledge / "phrasings" / "risks.yaml"
    one, other = risks.read_bytes(), basics.read_bytes()
    risks.write_bytes(other)
    basics.write_bytes(one)

    assert digest(knowledge) != before


def test_the_digest_changes_when_a_file_goes(knowledge: Path) -> None:
    before = digest(knowledge)
    (knowledge / "tuning.yaml").unlink()

    assert digest(knowledge) != before


def test_the_digest_is_the_same_in_another_place(knowledge: Path) -> None:
    assert digest(knowledge) == digest(SMALL)


def test_the_digest_leaves_out_what_the_bot_does_not_read(knowledge: Path) -> None:
    (knowledge / "notes.txt").write_text("ask Marcy", encoding="utf-8")

    assert digest(knowledge) == digest(SMALL)


def test_an_engine_names_the_version_in_twelve_digits() -> None:
    assert assemble(small_index()).version == digest(SMALL)[:12]


# ---------------------------------------------------------------- the remembered version
@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as unchanged for long."""
    monkeypatch.setattr("bot.bootstrap._SETTLED_NS", -(10**18))


@pytest.mark.usefixtures("settled", "builds")
def test_files_that_did_not_change_are_not_read_again(
    knowledge: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_engine(knowledge, cache=empty_cache)

    def read(folder: Path) -> str:
        raise AssertionError("the folder was read")

    monkeypatch.setattr("bot.bootstrap.digest", read)

    assert load_engine(knowledge, cache=empty_cache).source == before.source


@pytest.mark.usefixtures("settled")
def test_a_changed_file_is_another_version(knowledge: Path, empty_cache: Path) -> None:
    before = load_engine(knowledge, cache=empty_cache)
    edit(knowledge / "clinic.yaml", "555-0199", "555-0111")

    after = load_engine(knowledge, cache=empty_cache)

    assert after.source == digest(knowledge) != before.source


@pytest.mark.usefixtures("settled", "builds")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"stamp": 1, "version": 2}'])
def test_a_damaged_memory_of_the_version_is_written_anew(
    knowledge: Path, empty_cache: Path, content: bytes
) -> None:
    load_engine(knowledge, cache=empty_cache)
    (memory,) = empty_cache.glob("version-*.json")
    good = memory.read_bytes()
    memory.write_bytes(content)

    load_engine(knowledge, cache=empty_cache)

    assert memory.read_bytes() == good


@pytest.mark.usefixtures("builds")
def test_a_version_that_changed_just_now_is_not_remembered(
    knowledge: Path, empty_cache: Path
) -> None:
    load_engine(knowledge, cache=empty_cache)

    assert list(empty_cache.glob("version-*.json")) == []

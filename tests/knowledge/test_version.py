"""The digest tells one knowledge from another, and nothing else changes it."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge.version import digest
from tests.knowledge.small import FILES, write_knowledge


def test_digest_is_sha256_in_hexadecimal(tmp_path: Path) -> None:
    found = digest(write_knowledge(tmp_path))

    assert len(found) == 64
    assert int(found, 16) > 0


def test_digest_does_not_depend_on_where_the_folder_is(tmp_path: Path) -> None:
    first = digest(write_knowledge(tmp_path / "here"))
    second = digest(write_knowledge(tmp_path / "there" / "deeper"))

    assert first == second


def test_digest_changes_with_one_character(tmp_path: Path) -> None:
    before = digest(write_knowledge(tmp_path))
    after = digest(write_knowledge(tmp_path, {"replies.yaml": "thanks: You are welcome!\n"}))

    assert before != after


def test_digest_changes_with_a_threshold(tmp_path: Path) -> None:
    before = digest(write_knowledge(tmp_path))
    changed = FILES["tuning.yaml"].replace("0.5", "0.6")
    after = digest(write_knowledge(tmp_path, {"tuning.yaml": changed}))

    assert before != after


def test_digest_changes_with_the_word_vectors(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path)
    before = digest(folder)

    (folder / "language" / "vectors.npz").write_bytes(b"other vectors")

    assert digest(folder) != before


def test_digest_changes_when_a_file_is_renamed(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path)
    before = digest(folder)

    (folder / "replies.yaml").rename(folder / "answers.yaml")

    assert digest(folder) != before


def test_digest_leaves_out_what_the_bot_does_not_read(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path)
    before = digest(folder)

    (folder / "replies.yaml.swp").write_text("an editor's own", encoding="utf-8")

    assert digest(folder) == before

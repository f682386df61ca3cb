"""A bot that cannot be loaded: the error on stderr, the card of the last resort for who asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.loading import load_bot
from bot.cli.main import main
from tests.cli.conftest import Pipe
from tests.conftest import KNOWLEDGE
from tests.knowledge.small import FILES, write_knowledge

CLINIC = FILES["clinic.yaml"].replace("demo: true", "demo: false")
REPLIES = (KNOWLEDGE / "replies.yaml").read_text(encoding="utf-8")
NUMB = "My leg went completely numb this morning"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small knowledge that is in order, with a cache of its own."""
    monkeypatch.setenv("MILDBOT_CACHE", str(tmp_path / "cache"))
    folder = write_knowledge(tmp_path, {"clinic.yaml": CLINIC, "replies.yaml": REPLIES})
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))
    return folder


def test_error_is_told_and_the_card_is_the_reply(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "replies.yaml").write_text("- broken", encoding="utf-8")

    exit_code = main(["ask", NUMB])

    printed = capsys.readouterr()
    assert exit_code == 1
    assert "mildbot: the knowledge cannot be used\nknowledge/replies.yaml:1: " in printed.err
    assert printed.out == (
        "I cannot answer right now. In an emergency call 911 now. "
        "For anything else call your clinic at 555-0100.\n"
    )


def test_json_is_a_reply_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "replies.yaml").unlink()

    exit_code = main(["ask", "--json", "--why", NUMB])

    found = json.loads(capsys.readouterr().out)
    assert exit_code == 1
    assert found["kind"] == "escalation"
    assert found["escalation"] == {"tier": "urgent", "context": "present", "flags": []}
    assert "911" in found["text"]


def test_each_line_of_a_stream_gets_the_card(
    folder: Path, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "replies.yaml").unlink()
    pipe(b'{"text": "hello"}\n7\n{"turns": ["hello", "bye"]}\n')

    exit_code = main(["ask", "--jsonl"])

    one, bad, several = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert exit_code == 1
    assert "911" in one["text"]
    assert list(bad) == ["error"]
    assert several == [one, one]


def test_conversation_shows_the_card_and_ends(
    folder: Path, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "replies.yaml").unlink()
    pipe(NUMB.encode())

    exit_code = main([])

    assert exit_code == 1
    assert "911 now" in capsys.readouterr().out


def test_folder_that_is_none_names_the_setting_and_the_emergency_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(tmp_path / "none"))

    exit_code = main(["ask", NUMB])

    printed = capsys.readouterr()
    assert exit_code == 1
    assert printed.err.startswith(f"mildbot: MILDBOT_KNOWLEDGE is {tmp_path / 'none'}")
    assert "911" in printed.out
    assert "the number on your papers" in printed.out


def test_bug_while_loading_shows_its_traceback_and_the_card(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("bot.cli.loading.Bot.load", fail)

    exit_code = main(["ask", NUMB])

    printed = capsys.readouterr()
    assert exit_code == 1
    assert "ZeroDivisionError: a bug" in printed.err
    assert "call your clinic at 555-0100" in printed.out


def test_file_that_may_not_be_read_is_no_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied", "replies.yaml")

    monkeypatch.setattr("bot.cli.loading.Bot.load", refuse)

    exit_code = main(["ask", NUMB])

    printed = capsys.readouterr()
    assert exit_code == 1
    assert printed.err == (
        "mildbot: the knowledge cannot be read: [Errno 13] Permission denied: 'replies.yaml'\n"
    )


# ---------------------------------------------------------------- the last known clinic
def card(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["ask", NUMB])
    return capsys.readouterr().out


def test_clinic_that_can_be_read_is_the_last_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "replies.yaml").unlink()
    (folder / "clinic.yaml").write_text(CLINIC.replace("555-0100", "555-0177"), encoding="utf-8")

    assert "call your clinic at 555-0177" in card(capsys)


def test_clinic_of_the_last_start_is_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_bot()
    (folder / "clinic.yaml").write_text("phone: [", encoding="utf-8")

    assert "call your clinic at 555-0100" in card(capsys)


def test_number_of_the_placeholder_is_told_to_be_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "clinic.yaml").write_text(FILES["clinic.yaml"], encoding="utf-8")
    (folder / "replies.yaml").unlink()

    assert "555-0100 (demo: not a real number)" in card(capsys)


def test_clinic_of_another_knowledge_is_not_taken(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    load_bot()
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(tmp_path / "other"))

    assert "the number on your papers" in card(capsys)


def test_damaged_memory_of_the_clinic_is_no_error(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load_bot()
    (folder / "clinic.yaml").unlink()
    (memory,) = (tmp_path / "cache").glob("clinic-*.json")
    memory.write_text("{}}", encoding="utf-8")

    assert "the number on your papers" in card(capsys)

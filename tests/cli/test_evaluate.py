"""`mildbot evaluate`: tiny sets through the whole bot; tables, JSON, errors, bars, mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.api import Bot
from bot.cli.main import main
from bot.evaluation.tune import Tuned
from tests.knowledge.small import write_knowledge

RIGHT = '{"text": "When can I drive again?", "topics": ["driving-after"], "style": "plain"}'
WRONG = '{"text": "When can I drive again?", "topics": ["cost"], "style": "phone"}'


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{RIGHT}\n{WRONG}\n", encoding="utf-8")
    return path


def bars(tmp_path: Path, line: str) -> str:
    path = tmp_path / "bars.yaml"
    path.write_text(f"- {{file: questions.jsonl, measure: right, {line}}}\n", encoding="utf-8")
    return str(path)


def test_table_shows_counts_and_intervals(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["evaluate", str(questions)])

    first, second, *_ = capsys.readouterr().out.splitlines()
    assert exit_code == 0
    assert first == "questions.jsonl"
    assert second.split() == ["right", "1", "/", "2", "50.0%", "9.5%", "..", "90.5%"]


def test_folder_of_sets_may_be_named(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", str(questions.parent)])

    assert capsys.readouterr().out.startswith("questions.jsonl\n")


def test_confusions_are_shown(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", str(questions)])

    assert capsys.readouterr().out.endswith("  confused: cost -> driving-after (1)\n")


def test_errors_name_the_line(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", "--errors", str(questions)])

    assert "\nquestions.jsonl:2 (phone) When can I drive again?\n" in capsys.readouterr().out


def test_json_holds_rows_and_confusions(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", "--json", str(questions)])

    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["share"] == 0.5
    assert found["confusions"] == [["cost", "driving-after", 1]]


def test_follow_up_is_asked_as_one_conversation(
    tmp_path: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "followup.jsonl"
    path.write_text(
        '{"turns": ["When can I drive again?", "and swimming?"],'
        ' "topics_first": ["driving-after"], "topics_followup": ["bathing-swimming"],'
        ' "fresh": false}\n',
        encoding="utf-8",
    )

    main(["evaluate", str(path)])

    assert capsys.readouterr().out.splitlines()[1].split()[:4] == ["right", "1", "/", "1"]


def test_bar_that_is_met_is_exit_0(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = bars(questions.parent, "least: 0.5, aim: 1.0")

    exit_code = main(["evaluate", str(questions), "--bars", limit])

    assert exit_code == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[:2] == ["met", "50.0%"]


def test_bar_that_is_missed_is_exit_1(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = bars(questions.parent, "most: 0.4, aim: 0.0")

    exit_code = main(["evaluate", str(questions), "--bars", limit])

    assert exit_code == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("MISSED  50.0%  at most 40%")


def test_bar_that_nothing_was_measured_for_is_exit_1(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = bars(questions.parent, "group: tier E, least: 0.9, aim: 1.0")

    exit_code = main(["evaluate", str(questions), "--bars", limit])

    assert exit_code == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "MISSED not measured  at least 90% (aim 100%)  questions.jsonl, tier E: right"
    )


def test_bad_bars_are_told_before_anything_is_asked(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = bars(questions.parent, "aim: 1.0")

    exit_code = main(["evaluate", str(questions), "--bars", limit])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (1, "")
    assert f"{limit}:1: a bar has either least or most\n    fix: " in printed.err


def test_json_holds_errors_and_bars_too(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = bars(questions.parent, "least: 0.9, aim: 1.0")

    exit_code = main(["evaluate", str(questions), "--json", "--errors", "--bars", limit])

    found = json.loads(capsys.readouterr().out)
    assert exit_code == 1
    assert found["errors"][0].startswith("questions.jsonl:2 (phone) When can I drive again?\n")
    assert found["bars"] == [
        {
            "file": "questions.jsonl",
            "group": "all",
            "measure": "right",
            "limit": "at least 90%",
            "aim": 1.0,
            "share": 0.5,
            "met": False,
        }
    ]


# ---------------------------------------------------------------- tuning
TUNED = Tuned(values={"answer": 0.58}, lines=("in scope 2",))


@pytest.fixture
def tuning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge folder to tune, and a tuning that takes no minutes."""
    folder = write_knowledge(tmp_path)
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))
    monkeypatch.setattr("bot.evaluation.tune.tune", lambda *args: TUNED)
    return folder / "tuning.yaml"


def test_tuning_shows_what_was_measured_and_writes_the_values(
    tuning: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["evaluate", "--tune"])

    assert (exit_code, capsys.readouterr().out) == (0, "in scope 2\n")
    assert tuning.read_text() == "measured: |-\n  in scope 2\nvalues:\n  answer: 0.58\n"


def test_tuning_as_json_is_json_alone(tuning: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["evaluate", "--tune", "--json"])

    assert json.loads(capsys.readouterr().out) == {
        "values": {"answer": 0.58},
        "measured": ["in scope 2"],
    }


def test_tuning_with_what_it_does_not_use_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exit_code = main(["evaluate", "--tune", "set.jsonl"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (2, "")
    assert printed.err.startswith("mildbot: --tune works on the bank alone: leave out paths")


def test_bad_line_is_named_with_file_and_line(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    questions.write_text(f"{RIGHT}\nnot json\n", encoding="utf-8")

    exit_code = main(["evaluate", str(questions)])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (1, "")
    assert printed.err.startswith(
        f"mildbot: {questions}:2: not JSON (Expecting value at column 1); "
    )


def test_no_path_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(["evaluate"])

    assert exit_code == 2
    assert "name at least one .jsonl file or folder" in capsys.readouterr().err


def test_path_that_does_not_exist_is_named(
    tmp_path: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["evaluate", str(tmp_path / "none.jsonl")])

    assert exit_code == 1
    assert "none.jsonl does not exist" in capsys.readouterr().err

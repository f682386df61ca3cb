"""`mildbot evaluate`: tiny sets through the whole bot; tables, JSON, errors, bars, mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.api import Bot
from bot.cli.main import main
from bot.errors import BotError
from bot.evaluation.guesses import Guess
from bot.evaluation.tune import Tuned
from tests.evaluation.made import guess
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

    assert "\n  confused: cost -> driving-after (1)\n" in capsys.readouterr().out


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
        "promises": {},
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


# ---------------------------------------------------------------- what the score means
def test_calibration_error_and_promises_are_shown(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", str(questions)])

    lines = capsys.readouterr().out.splitlines()
    error = lines.index("expected calibration error of the score")
    assert lines[error + 1].startswith("  sets: 0.")
    assert lines[error + 1].endswith("; 2 messages")
    promised = lines.index(
        "promised with 95 % confidence for messages like the bank's, and measured"
    )
    assert lines[promised + 1].split("  ")[1] == "questions that get a wrong answer"
    assert "here 50.00% of 2" in lines[promised + 1]
    assert lines[promised + 1].endswith("MORE THAN PROMISED")


def test_json_holds_calibration_and_promises(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", "--json", str(questions)])

    found = json.loads(capsys.readouterr().out)
    assert found["calibration"]["sets"]["messages"] == 2
    assert [p["promise"] for p in found["promises"]] == [
        *("wrong_in_scope", "net_emergency", "net_urgent"),
    ]


def test_calibration_error_may_have_a_bar(
    questions: Path, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    path = questions.parent / "bars.yaml"
    path.write_text("- {file: all, measure: calibration error, most: 0.3, aim: 0.0}\n")

    exit_code = main(["evaluate", str(questions), "--bars", str(path)])

    # one of two is right at a score near 1
    assert exit_code == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("MISSED  ")


# ---------------------------------------------------------------- the diagram
@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> list[Guess]:
    """Cross-validation that takes no minutes."""
    guesses = [guess("cost", "cost"), guess("cost", "ride-home"), guess("oos:near", "cost")]
    monkeypatch.setattr("bot.cli.plot.guess_all", lambda *args: (guesses, []))
    return guesses


def test_plot_draws_the_bank_and_the_sets(
    questions: Path, loaded: Bot, bank: list[Guess], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = questions.parent / "score.svg"

    exit_code = main(["evaluate", str(questions), "--plot", str(picture)])

    shown = {element.text for element in ET.parse(picture).getroot().iter()}
    out = capsys.readouterr().out
    assert exit_code == 0
    assert "3 messages: questions and out of scope (weighing 30%)" in shown
    assert "2 messages: questions and out of scope" in shown
    assert "\n  sets: 0." in out
    assert "\n  bank: 0." in out


def test_plot_without_sets_draws_the_bank_alone(
    tmp_path: Path, loaded: Bot, bank: list[Guess], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "score.SVG"

    exit_code = main(["evaluate", "--json", "--plot", str(picture)])

    found = json.loads(capsys.readouterr().out)
    assert exit_code == 0
    assert list(found["calibration"]) == ["bank"]
    assert found["calibration"]["bank"]["messages"] == 3
    assert "The question sets" not in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["score.png", "score", "score.svg.txt"])
def test_picture_of_another_kind_is_wrong_usage(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["evaluate", "--plot", str(tmp_path / name)])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (2, "")
    assert f"--plot draws SVG: name a file that ends in .svg instead of {name}" in printed.err


def test_picture_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "none" / "score.svg"

    exit_code = main(["evaluate", "--plot", str(picture)])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (1, "")
    assert printed.err == f"mildbot: {picture} cannot be written: No such file or directory\n"


def test_nothing_is_left_of_a_picture_that_was_not_drawn(
    tmp_path: Path, loaded: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "score.svg"

    def fail(*_: object) -> None:
        raise BotError("the measuring failed")

    monkeypatch.setattr("bot.cli.plot.guess_all", fail)

    assert main(["evaluate", "--plot", str(picture)]) == 1
    assert not picture.exists()


def test_bars_without_sets_are_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["evaluate", "--plot", str(tmp_path / "a.svg"), "--bars", "bars.yaml"])

    assert exit_code == 2
    assert "--bars judges question sets" in capsys.readouterr().err


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

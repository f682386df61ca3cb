"""`mildbot check`: every problem as file:line, what, fix; exit 1 if there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.check import report
from bot.cli.main import main
from bot.knowledge.places import Problem
from tests.knowledge.small import FILES, at, write_knowledge

COST_YAML = """\
- id: cost
  question: "What does it cost?"
  answer:
    - say: "Ask us what you will pay."
      cite: {leaflet: ["Going home"]}
  risk: plain
  audience: everyone
  review: {status: pending, by: null, on: null, due: null}
  tests:
    find: ["what does it cost"]
    not_find: ["do I stay the night"]
"""
PHRASINGS_YAML = """\
going-home:
  plain:
    ["Can I sleep in my own bed that night?", "Do I stay the night?", "Will I be admitted?",
     "How long do they keep me?", "Is a hospital bed needed?", "When do they let me go home?",
     "Do I go home that afternoon?", "Is it same day surgery?", "Am I home by supper?",
     "Is it outpatient?"]
  desk:
    ["pt asks re d/c same day", "overnight stay y/n", "discharge time", "pack a bag for the night",
     "does mom stay over", "released by evening", "home after a few hours", "inpatient or not",
     "leave the same afternoon", "back home today"]
cost:
  plain:
    ["How much does it cost?", "What is the price?", "What will I owe?", "Is it expensive?",
     "What do I have to pay?", "How big is the bill?", "Can you give me an estimate?",
     "What are the charges?", "How many dollars is it?", "Is there a copay?"]
  desk:
    ["pt asks re price", "cost pls", "out of pocket", "payment plan y/n", "self pay rate",
     "fee for it", "deductible", "afford it", "quote for caller", "money up front"]
"""
PASSING = {
    "entries/choosing.yaml": COST_YAML,
    "phrasings/basics.yaml": PHRASINGS_YAML,
    "triage/bank.yaml": 'E01: ["no feeling between my legs", "my groin is numb today"]\n',
}

PROBLEM = Problem(place=at(3), what="cites nothing", fix="add cite")
WARNING = Problem(place=at(5), what="a long sentence", fix="split it", warning=True)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache keeps three indexes; small ones built here must not push out the shipped one."""
    monkeypatch.setenv("MILDBOT_CACHE", str(tmp_path / "cache"))


def test_nothing_found_is_exit_0(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = report([], warnings=False)

    printed = capsys.readouterr()
    assert (exit_code, printed.out, printed.err) == (0, "0 problems, 0 warnings\n", "")


def test_problem_is_exit_1_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = report([PROBLEM], warnings=False)

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (1, "1 problem, 0 warnings\n")
    assert printed.err == "knowledge/entries/basics.yaml:3: cites nothing\n    fix: add cite\n"


def test_warning_is_counted_and_exit_0(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = report([WARNING], warnings=False)

    printed = capsys.readouterr()
    assert (exit_code, printed.out, printed.err) == (0, "0 problems, 1 warning\n", "")


def test_warnings_are_printed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = report([WARNING], warnings=True)

    assert exit_code == 0
    assert capsys.readouterr().err.startswith(
        "knowledge/entries/basics.yaml:5: warning: a long sentence"
    )


def test_problems_of_shape_and_content_come_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_knowledge(
        tmp_path,
        {
            "clinic.yaml": FILES["clinic.yaml"] + "fax: none\n",
            "replies.yaml": FILES["replies.yaml"].replace(
                "thanks: Call us.", "thanks: Call {clinic.fax}."
            ),
        },
    )
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))

    exit_code = main(["check"])

    places = [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()[::2]]
    assert exit_code == 1
    assert places == [
        "knowledge/clinic.yaml:12",
        "knowledge/entries/basics.yaml:1",
        "knowledge/replies.yaml:1",
    ]


def test_knowledge_in_order_is_exit_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(write_knowledge(tmp_path, PASSING)))

    exit_code = main(["check"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (0, "0 problems, 0 warnings\n"), printed.err


def test_entry_that_fails_its_own_test_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = COST_YAML.replace('find: ["what does it cost"]', 'find: ["am I home by supper"]')
    folder = write_knowledge(tmp_path, {**PASSING, "entries/choosing.yaml": changed})
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))

    exit_code = main(["check"])

    assert exit_code == 1
    assert (
        'choosing.yaml:1: "am I home by supper" finds "going-home" instead of "cost"'
        in capsys.readouterr().err
    )


def test_red_flag_that_fails_its_own_test_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = FILES["triage/red_flags.yaml"].replace("my groin is sore", "my groin feels numb")
    folder = write_knowledge(tmp_path, {**PASSING, "triage/red_flags.yaml": changed})
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))

    exit_code = main(["check"])

    assert exit_code == 1
    assert (
        'red_flags.yaml:4: E01: "my groin feels numb" is present instead of silent'
        in capsys.readouterr().err
    )


def test_document_that_has_changed_is_found_with_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(write_knowledge(tmp_path)))
    (tmp_path / "leaflet.txt").write_text("Going home\nYou go.\nSoon.\n", encoding="utf-8")

    exit_code = main(["check", "--sources", str(tmp_path)])

    printed = capsys.readouterr().err
    assert exit_code == 1
    assert 'the document "leaflet" has changed' in printed
    assert '"going-home" cites the changed document "leaflet"' in printed


def test_sources_must_be_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(["check", "--sources", str(tmp_path / "none")])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (2, "")
    assert "is not a folder; name the folder that holds the documents" in printed.err


def test_folder_without_knowledge_names_every_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(tmp_path))

    exit_code = main(["check"])

    assert exit_code == 1
    assert capsys.readouterr().err.count("\n    fix: ") == len(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_missing_file_is_one_problem(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = write_knowledge(tmp_path, {**PASSING, name: None})
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))

    exit_code = main(["check"])

    assert exit_code == 1
    assert capsys.readouterr().err == (
        f"knowledge/{name}:1: the file is missing\n    fix: put it back, or restore it from git\n"
    )


def test_file_that_nothing_reads_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_knowledge(tmp_path, {**PASSING, "entries/more.yaml": COST_YAML})
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(folder))

    exit_code = main(["check"])

    assert exit_code == 1
    assert "knowledge/entries/more.yaml:1: nothing reads this file" in capsys.readouterr().err

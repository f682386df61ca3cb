"""`mildbot lookup`: what staff must see before they read an answer out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from bot.api import Bot
from bot.cli.main import main
from bot.dialogue.lookup import lookup
from bot.knowledge.model import Review


def found(argv: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert main(["lookup", *argv, "--json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def test_best_entry_comes_first(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    rows = found(["when can they drive"], capsys)

    scores = [row["score"] for row in rows]
    assert rows[0]["id"] == "driving-after"
    assert scores == sorted(scores, reverse=True)


def test_five_entries_unless_told_otherwise(
    loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(found(["driving"], capsys)) == 5


@pytest.mark.parametrize("count", [1, 20])
def test_number_of_entries_is_kept(
    count: int, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(found(["driving", "-n", str(count)], capsys)) == count


@pytest.mark.parametrize("count", ["0", "21", "-3", "many", "1.5", "", "9" * 5000])
def test_number_out_of_reach_is_wrong_usage(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["lookup", "driving", "-n", count])

    printed = capsys.readouterr()
    assert (caught.value.code, printed.out) == (2, "")
    assert printed.err.endswith("argument -n: write a number from 1 to 20\n")


@pytest.mark.parametrize("words", ["", "  ", "\U0001f642", "...", "\x00", "zxqv kwpj"])
def test_words_that_say_nothing_find_nothing(
    words: str, loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["lookup", words])

    assert exit_code == 0
    assert capsys.readouterr().out == f'Nothing found on "{words}": try other words.\n'


def test_nothing_found_is_an_empty_list_in_json(
    loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(["zxqv kwpj"], capsys) == []


def test_words_must_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["lookup"])

    assert caught.value.code == 2
    assert "words" in capsys.readouterr().err


def test_entry_shows_answer_disagreement_sources_and_review(bot: Bot) -> None:
    (row,) = lookup("when can they drive", bot.engine, most=1)

    assert row.answer.startswith("Do not drive for the first 24 hours")
    assert row.disagreement.startswith("The documents differ.")
    assert "ReleviiMed: Creating a Comfortable Recovery Space at Home" in row.sources
    assert row.review == "Not yet reviewed by a clinician."


def test_approved_entry_says_who_approved_it_and_when(bot: Bot) -> None:
    driving = bot.engine.entries["driving-after"]
    signed = Review(status="approved", by="Dr. Hill", on="2026-01-31", due="2027-01-31")
    entries = {**bot.engine.entries, driving.id: replace(driving, review=signed)}

    (row,) = lookup("when can they drive", replace(bot.engine, entries=entries), most=1)

    assert row.review == "approved by Dr. Hill on 2026-01-31, due again 2027-01-31"


def test_slots_are_filled(bot: Bot) -> None:
    (row,) = lookup("how do I reach the clinic", bot.engine, most=1)

    assert row.id == "contact-clinic"
    assert bot.engine.knowledge.clinic.phone in row.answer
    assert "{" not in row.answer


def test_text_shows_the_same_to_read(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lookup", "when", "can", "they", "drive", "-n", "2"])

    first, second = capsys.readouterr().out.split("\n\n")
    assert first.startswith("When can I drive after MILD?  [driving-after, 0.")
    assert "\n  source: ReleviiMed: " in first
    assert first.endswith("\n  review: Not yet reviewed by a clinician.")
    assert second.endswith("\n  review: Not yet reviewed by a clinician.\n")

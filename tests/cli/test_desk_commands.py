"""`mildbot queue`, `stats` and `purge` on a store that a desk has filled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.cli.main import main
from bot.desk.desk import Desk
from bot.store.open import Store, open_at
from tests.desk.made import (
    EMERGENCY,
    KEY,
    QUESTION,
    UNKNOWN,
    Sent,
    make_desk,
    message,
    talk,
)

NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk whose store the commands open too."""
    monkeypatch.setenv("MILDBOT_DATA", str(tmp_path))
    store = open_at(f"sqlite:///{tmp_path}/mildbot.sqlite")
    yield make_desk(store)
    store.close()


def ask(desk: Desk, text: str = UNKNOWN, days_ago: int = 0) -> str:
    """Ask something; the id of the question that staff get."""
    now = NOW - timedelta(days=days_ago)
    talk(desk, message(text, at=now), now)
    found = desk.open_questions(now)
    return found[-1].id if found else ""


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(argv) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What is said when a command ends with 1."""
    assert main(argv) == 1
    return capsys.readouterr().err


def rows(store: Store, table: str) -> int:
    with store.reading() as tx:
        return int(tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)


# ---------------------------------------------------------------- queue
def test_queue_lists_what_waits(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    question_id = ask(desk, days_ago=3)

    (line,) = run(capsys, "queue").splitlines()

    assert line.split() == [question_id, "3", "d", "open", *UNKNOWN.split(), *line.split()[-2:]]


def test_queue_without_questions_says_so(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "queue") == "No question waits.\n"
    assert run(capsys, "queue", "list", "--json") == "[]\n"


def test_queue_lists_as_json(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    question_id = ask(desk)

    (row,) = json.loads(run(capsys, "queue", "--json"))

    assert (row["id"], row["state"], row["question"]) == (question_id, "open", UNKNOWN)


@pytest.mark.parametrize(
    ("deed", "state"), [("claim", "claimed"), ("answered", "answered"), ("dismiss", "dismissed")]
)
def test_queue_moves_a_question(
    deed: str, state: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    question_id = ask(desk)

    row = json.loads(run(capsys, "queue", deed, question_id, "--json"))
    listed = json.loads(run(capsys, "queue", "list", "--all", "--json"))

    assert (row["state"], row["staff_id"]) == (state, "cli")
    assert listed == [row]


def test_finished_question_is_not_listed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "queue", "answered", ask(desk))

    assert run(capsys, "queue") == "No question waits.\n"


def test_card_in_slack_is_drawn_anew(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "queue", "dismiss", ask(desk))

    sent = Sent(desk)
    sent.take(desk.sweep(NOW).deliveries, NOW)

    assert sent.to_staff == ["unanswered closed None 1 None"]


def test_beginning_of_an_id_is_enough(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    question_id = ask(desk)

    assert question_id in run(capsys, "queue", "claim", question_id[:3])


def test_beginning_of_two_ids_is_not(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk)
    ask(desk, "what is the weather")

    assert 'mildbot: "one-" is the beginning of several ids' in refused(
        capsys, "queue", "claim", "one-"
    )


@pytest.mark.parametrize("deed", ["claim", "answered", "dismiss", "draft"])
def test_unknown_id_is_an_error(deed: str, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert 'no question has the id "zzz"' in refused(capsys, "queue", deed, "zzz")


def test_question_that_is_taken_is_an_error(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    question_id = ask(desk)
    run(capsys, "queue", "answered", question_id)

    assert "is answered already" in refused(capsys, "queue", "claim", question_id)


def test_draft_is_an_entry_to_fill_in(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    question_id = ask(desk)

    (entry,) = yaml.safe_load(run(capsys, "queue", "draft", question_id))
    as_json = json.loads(run(capsys, "queue", "draft", question_id, "--json"))

    assert entry["question"] == UNKNOWN
    assert yaml.safe_load(as_json["entry"]) == [entry]


@pytest.mark.parametrize("deed", ["claim", "answered", "dismiss", "draft"])
def test_deed_without_a_question_is_wrong_usage(
    deed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["queue", deed]) == 2
    assert f"mildbot queue {deed} ID" in capsys.readouterr().err


# ---------------------------------------------------------------- stats
def test_stats_count_the_last_days(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk, QUESTION)
    ask(desk, QUESTION, days_ago=3)
    ask(desk, EMERGENCY, days_ago=20)

    month = json.loads(run(capsys, "stats", "--json"))
    week = json.loads(run(capsys, "stats", "--days", "7", "--json"))
    today = json.loads(run(capsys, "stats", "--days", "1", "--json"))

    assert [found["messages"] for found in (month, week, today)] == [3, 2, 1]
    assert month["escalations"] == {"emergency, present": 1}
    assert len(week["by_day"]) == 7


def test_stats_print_a_table(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk, QUESTION)

    assert "  answered          1 of 1 (100 %)" in run(capsys, "stats")


def test_stats_write_a_page(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk, QUESTION)

    printed = run(capsys, "stats", "--html", str(tmp_path / "page.html"))

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert printed == ""
    assert page.startswith("<!doctype html>")
    assert '<td class="number">1</td>' in page


def test_page_that_cannot_be_written_is_an_error(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "stats", "--html", str(tmp_path / "none" / "page.html"))

    assert "cannot be written" in said


@pytest.mark.parametrize("days", ["0", "-1", "many", "99999999999999999999"])
def test_wrong_number_of_days_is_wrong_usage(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["stats", "--days", days])

    assert caught.value.code == 2


# ---------------------------------------------------------------- purge
def test_purge_deletes_what_expired(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk, days_ago=31)
    ask(desk)

    printed = run(capsys, "purge")

    assert "      1  questions" in printed
    assert rows(desk.store, "unanswered") == 1


def test_days_to_keep_can_be_set(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk, QUESTION, days_ago=5)
    monkeypatch.setenv("MILDBOT_KEEP_QUESTIONS_DAYS", "3")

    assert "      1  user hashes" in run(capsys, "purge")


def test_dry_run_deletes_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk, days_ago=31)

    printed = run(capsys, "purge", "--dry-run")

    assert printed.startswith("would be deleted:\n")
    assert "      1  questions" in printed
    assert rows(desk.store, "unanswered") == 1


def test_all_questions_can_be_deleted(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(desk)

    run(capsys, "purge", "--all-questions")

    assert rows(desk.store, "unanswered") == 0


def test_person_can_be_deleted(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk)
    monkeypatch.setenv("MILDBOT_HASH_KEY", KEY.decode())

    printed = run(capsys, "purge", "--person", "UPATIENT")

    assert rows(desk.store, "unanswered") == 0
    assert rows(desk.store, "introductions") == 0
    assert "      1  open cards (kept until closed)" in printed


def test_person_cannot_be_found_without_the_secret(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "MILDBOT_HASH_KEY is not set" in refused(capsys, "purge", "--person", "UPATIENT")


@pytest.mark.parametrize("command", [["queue"], ["stats"], ["purge"]])
def test_store_that_cannot_be_reached_is_named(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@/none?host=/nonexistent")

    said = refused(capsys, *command)

    assert "DATABASE_URL" in said
    assert "Traceback" not in said

"""Tuning on guesses made by hand, and the file of thresholds that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError
from bot.evaluation.guesses import NetGuess
from bot.evaluation.tune import Tuned, tuned_on, write
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge, Promise, Tuning
from bot.triage.net import ORDINARY
from tests.evaluation.made import guess
from tests.knowledge.small import knowledge, write_knowledge

MOST = {
    "wrong_in_scope": 0.05,
    "answered_out_of_scope": 0.2,
    "net_emergency": 0.02,
    "net_urgent": 0.04,
}
# Of 400 questions every tenth of the 250 less sure ones is wrong; what is out of scope lies lower.
GUESSES = [
    *(
        guess("cost", "ride-home" if n % 10 == 0 and n < 250 else "cost", decision=n / 100)
        for n in range(400)
    ),
    *(guess("oos:near", "cost", decision=n / 25 - 2) for n in range(100)),
]
NETS = [
    *(
        NetGuess(label=ORDINARY, emergency=-n / 99, urgent=-n / 99, by_phrase=False)
        for n in range(400)
    ),
    NetGuess(label="E01", emergency=1.0, urgent=0.0, by_phrase=True),
]


def promising(**most: float) -> Knowledge:
    promises = {name: Promise(most=value) for name, value in {**MOST, **most}.items()}
    return knowledge(tuning=Tuning(values={}, measured="", promises=promises))


def test_tuning_keeps_what_is_promised_and_says_what_it_measured() -> None:
    found = tuned_on(GUESSES, NETS, promising())

    assert {name: p.most for name, p in found.promises.items()} == MOST
    assert all(0 < p.count < p.most * p.of for p in found.promises.values())
    assert [p.of for p in found.promises.values()] == [400, 100, 400, 400]
    assert any(line.startswith("calibration error 0.") for line in found.lines)
    assert found.lines[-1].startswith(
        "ordinary messages that the net raises to urgent: promised at most 4.00% (95 % confidence)"
    )


def test_less_may_be_answered_when_less_may_be_wrong() -> None:
    loose = tuned_on(GUESSES, NETS, promising(wrong_in_scope=0.2))
    tight = tuned_on(GUESSES, NETS, promising(wrong_in_scope=0.015))

    assert tight.values["answer"] > loose.values["answer"]
    assert tight.promises["wrong_in_scope"].count < loose.promises["wrong_in_scope"].count


def test_promise_that_the_bank_is_too_small_for_is_refused() -> None:
    with pytest.raises(BotError, match=r"100 messages are too few to promise at most 1\.00%"):
        tuned_on(GUESSES, NETS, promising(answered_out_of_scope=0.01))


def test_written_promises_are_read_again(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path)
    promises = {"wrong_in_scope": Promise(most=0.05, count=3, of=400)}

    write(folder / "tuning.yaml", Tuned(values={"answer": 0.6}, lines=("x",), promises=promises))

    assert "  wrong_in_scope: {most: 0.05, count: 3, of: 400}\n" in (
        folder / "tuning.yaml"
    ).read_text(encoding="utf-8")
    assert load(folder).tuning.promises == promises


def test_written_file_keeps_its_head_and_the_values_set_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "tuning.yaml"
    path.write_text(
        "# Thresholds.\nmeasured: |-\n  old\nvalues:\n  answer: 0.1\n  talk_lead: 0.3\n",
        encoding="utf-8",
    )

    write(path, Tuned(values={"answer": 0.58}, lines=("in scope 2",)))

    assert path.read_text(encoding="utf-8") == (
        "# Thresholds.\nmeasured: |-\n  in scope 2\nvalues:\n  answer: 0.58\n  talk_lead: 0.3\n"
    )


def test_file_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tuning.yaml"
    path.write_text("measured: x\nvalues: {}\n", encoding="utf-8")

    def refuse(*args: object, **more: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)

    with pytest.raises(BotError, match=r"tuning\.yaml cannot be written: Permission denied"):
        write(path, Tuned(values={}, lines=()))

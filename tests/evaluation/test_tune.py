"""The file of thresholds that tuning writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError
from bot.evaluation.tune import Tuned, write


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

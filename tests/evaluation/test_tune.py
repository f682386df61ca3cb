"""The file of thresholds that tuning writes."""

from __future__ import annotations

from pathlib import Path

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

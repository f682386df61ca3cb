"""`mildbot bench`: only how it is called; what it measures is no matter of tests."""

from __future__ import annotations

import json

import pytest

from bot.cli.main import main

FIGURES = {
    "reply_p50_us": 400.0,
    "reply_p99_us": 1500.0,
    "naive_p50_us": 800.0,
    "reply_of_naive": 0.5,
    "ask_ms": 230.0,
    "numpy_ms": 115.0,
    "ask_of_numpy": 2.0,
    "memory_mb": 90.0,
}


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.bench.measure", lambda: FIGURES)


def test_json_is_the_figures(measured: None, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(["bench", "--json"])

    assert exit_code == 0
    assert json.loads(capsys.readouterr().out) == FIGURES


def test_table_shows_each_figure_with_its_ratio(
    measured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bench"])

    lines = capsys.readouterr().out.splitlines()
    assert "p50 400 us" in lines[0]
    assert lines[1].endswith("ratio 0.50")
    assert lines[2].endswith("ratio 2.00")
    assert lines[3].endswith("90 MB")


def test_child_measures_one_thing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(
        __import__("bot.cli.bench", fromlist=["_MEASURES"])._MEASURES,
        "naive",
        lambda: {"p50_us": 8},
    )

    exit_code = main(["bench", "--measure", "naive"])

    assert exit_code == 0
    assert json.loads(capsys.readouterr().out) == {"p50_us": 8}


def test_unknown_measure_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["bench", "--measure", "everything"])

    assert caught.value.code == 2
    assert "everything" in capsys.readouterr().err

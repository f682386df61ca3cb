"""How text looks in a terminal, and that a pipe gets it as it is."""

from __future__ import annotations

import pytest

from bot.api import Bot
from bot.cli.main import main
from bot.cli.terminal import fitted, wants_colour, wrapped

DRIVE = "When can I drive after the procedure?"
COLOURFUL = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [
        (COLOURFUL, True, True),
        (COLOURFUL, False, False),
        ({**COLOURFUL, "NO_COLOR": "1"}, True, False),
        ({**COLOURFUL, "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
    ],
    ids=["terminal", "piped", "NO_COLOR", "empty NO_COLOR", "dumb", "no TERM"],
)
def test_colour_is_for_terminals_that_can(
    environment: dict[str, str], terminal: bool, wanted: bool
) -> None:
    assert wants_colour(environment, terminal) is wanted


def test_further_lines_of_an_item_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")

    found = wrapped("- one two three four five six\n  one two three four five six\nseven")

    assert found.splitlines() == [
        "- one two three four",
        "  five six",
        "  one two three four",
        "    five six",
        "seven",
    ]


def test_pipe_gets_the_text_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")

    assert fitted("one two three four five six") == "one two three four five six"


@pytest.mark.parametrize("command", [["ask", DRIVE], ["ask", "--why", DRIVE], ["lookup", DRIVE]])
def test_terminal_gets_lines_as_wide_as_its_window(
    command: list[str],
    loaded: Bot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr("bot.cli.terminal.is_terminal", lambda: True)

    main(command)

    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 49


def test_closed_stdout_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)

    assert fitted("as it is") == "as it is"

"""The README names every command and setting, starts with two commands, and its examples run."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from bot.api import Bot
from bot.cli import repl
from bot.cli.main import COMMANDS
from tests.conftest import ROOT

SETTINGS = sorted(
    {
        name
        for path in (ROOT / "bot").rglob("*.py")
        for name in re.findall(r"MILDBOT_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
)


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(readme: str, language: str) -> list[str]:
    """Fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_named(command: str, readme: str) -> None:
    assert f"mildbot {command}" in readme


@pytest.mark.parametrize("command", repl.COMMANDS)
def test_command_of_the_conversation_is_named(command: str, readme: str) -> None:
    assert f"`{command}`" in readme


def test_settings_are_found_in_the_code() -> None:
    assert {"MILDBOT_CACHE", "MILDBOT_KNOWLEDGE"} <= set(SETTINGS)


@pytest.mark.parametrize("setting", [*SETTINGS, "NO_COLOR"])
def test_setting_is_named(setting: str, readme: str) -> None:
    assert f"`{setting}`" in readme


@pytest.mark.parametrize("number", [0, 1], ids=["first", "second"])
def test_each_of_the_first_two_commands_is_one_line(number: int, readme: str) -> None:
    command = blocks(readme, "(?:bash|sh|shell)")[number]

    assert len(command.strip().splitlines()) == 1
    assert not command.rstrip().endswith("\\")


def test_first_command_leads_to_an_answer_and_the_second_to_the_tests(readme: str) -> None:
    first, second = blocks(readme, "(?:bash|sh|shell)")[:2]

    assert "mildbot" in first
    assert re.match(r"python3.*pytest", second)


def test_it_says_what_it_is_not_before_the_commands(readme: str) -> None:
    head = readme[: readme.index("```")]

    assert "no medical advice" in head
    assert "911" in head


def test_python_example_runs(readme: str, bot: Bot) -> None:
    example = blocks(readme, "python")[0]

    done = subprocess.run(
        [sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_files_that_it_points_to_exist(readme: str) -> None:
    paths = re.findall(r"`((?:bot|tests|knowledge)(?:/[\w.-]+)+)`", readme)

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []

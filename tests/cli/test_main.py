"""`mildbot`: finds the command, and turns a user's mistake into a message and an exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.main import COMMANDS, main
from bot.errors import BotError, UsageError
from tests.cli.conftest import Run
from tests.conftest import KNOWLEDGE, ROOT
from tests.knowledge.small import write_knowledge


def fail_with(error: BaseException) -> object:
    def run(argv: list[str]) -> int:
        raise error

    return run


def test_unknown_command_names_the_commands_and_how_to_ask(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exit_code = main(["aks", "can I drive"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (2, "")
    assert printed.err.startswith('mildbot: "aks" is no command; write one of: ask, lookup, check')
    assert 'To ask a question: mildbot ask "' in printed.err


def test_unknown_option_without_a_command_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--jsonn"])

    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("asked", ["help", "--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_command(
    command: str, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([asked])

    assert caught.value.code == 0
    assert f"\n  {command} " in capsys.readouterr().out


@pytest.mark.parametrize("setting", ["MILDBOT_KNOWLEDGE", "MILDBOT_CACHE", "NO_COLOR"])
def test_help_names_every_setting(setting: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    assert setting in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])

    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("usage: mildbot")


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_option_of_a_command_is_wrong_usage(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--no-such-option"])

    printed = capsys.readouterr()
    assert caught.value.code == 2
    assert printed.out == ""
    assert printed.err.startswith("usage: mildbot")


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])

    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("mildbot ")


@pytest.mark.parametrize(
    ("error", "code"), [(BotError("the disk is full"), 1), (UsageError("say more"), 2)]
)
def test_our_errors_are_a_line_on_stderr_and_an_exit_code(
    error: BotError,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("bot.cli.ask.run", fail_with(error))

    exit_code = main(["ask", "hello"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out, printed.err) == (code, "", f"mildbot: {error}\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError(36, "File name too long", "x" * 5000), f"File name too long: {'x' * 200}"),
        (ConnectionError("gone"), "gone"),
    ],
)
def test_what_the_system_refuses_is_told_in_a_line(
    error: OSError,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("bot.cli.ask.run", fail_with(error))

    exit_code = main(["ask", "hello"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out, printed.err) == (1, "", f"mildbot: {told}\n")


def test_bug_is_not_taken_for_a_mistake_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.ask.run", fail_with(ZeroDivisionError("a bug")))

    with pytest.raises(ZeroDivisionError):
        main(["ask", "hello"])


def test_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.ask.run", fail_with(KeyboardInterrupt()))

    assert main(["ask", "hello"]) == 130


def test_knowledge_folder_that_is_none_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(tmp_path / "none"))

    exit_code = main(["lookup", "hello"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (1, "")
    assert printed.err.startswith(f"mildbot: MILDBOT_KNOWLEDGE is {tmp_path / 'none'}")


# ---------------------------------------------------------------- the real command
def test_real_command_answers(mildbot: Run) -> None:
    done = mildbot("ask", "When can I drive after the procedure?")

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"24 hours" in done.stdout


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["aks"], 2),
        (["ask", "--jsonn"], 2),
        (["lookup"], 2),
        (["lookup", "cost", "-n", "0"], 2),
        (["check", "--sources", "/no/such/folder"], 2),
        (["evaluate"], 2),
        (["evaluate", "/no/such/set.jsonl"], 1),
        (["bench", "--measure", "everything"], 2),
        (["repl", "now"], 2),
    ],
)
def test_mistake_of_the_user_is_told_without_a_traceback(
    args: list[str], code: int, mildbot: Run
) -> None:
    done = mildbot(*args)

    assert (done.returncode, done.stdout) == (code, b"")
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_reader_that_goes_away_is_no_error(mildbot: Run) -> None:
    done = subprocess.run(
        f"{sys.executable} -m bot.cli.main lookup -n 20 walking | head -c 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("args", [["ask", "hello"], ["ask", "--json", "hello"], ["lookup", "cost"]])
def test_output_that_cannot_be_written_is_told_without_a_traceback(
    args: list[str], mildbot: Run
) -> None:
    with Path(__file__).open("rb") as read_only:
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli.main", *args],
            stdout=read_only,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )

    assert (done.returncode, done.stderr) == (1, b"mildbot: Bad file descriptor\n")


def test_cache_that_cannot_be_written_is_no_error(tmp_path: Path, mildbot: Run) -> None:
    file = tmp_path / "file"
    file.write_text("where a folder should be", encoding="utf-8")

    replies = (KNOWLEDGE / "replies.yaml").read_text(encoding="utf-8")
    folder = write_knowledge(tmp_path, {"replies.yaml": replies})

    done = mildbot(
        "ask", "Do I stay the night?", MILDBOT_CACHE=str(file), MILDBOT_KNOWLEDGE=str(folder)
    )

    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_finding_a_command_imports_nothing_heavy() -> None:
    code = "import sys, bot.cli.main; print({'numpy', 'yaml', 'sklearn'} & set(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "set()\n"


def test_warm_start_reads_no_yaml_and_fits_nothing(mildbot: Run) -> None:
    code = (
        "import sys; from bot.cli.main import main; main(['ask', 'can i drive']);"
        "print({'yaml', 'sklearn', 'scipy', 'pyphen', 'prompt_toolkit'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "set()"

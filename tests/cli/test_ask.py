"""`mildbot ask`: one reply to one message; JSON, reasons, streams; bad bytes and bad lines."""

from __future__ import annotations

import json

import pytest

from bot.api import Bot
from bot.cli.main import main
from tests.cli.conftest import Pipe, Run

DRIVE = "When can I drive after the procedure?"
NUMB = "My leg went completely numb this morning"


def test_reply_is_the_text_of_the_bot(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(["ask", DRIVE])

    assert exit_code == 0
    assert capsys.readouterr().out == loaded.reply(DRIVE).text + "\n"


def test_words_need_no_quotes(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", *DRIVE.split()])

    assert capsys.readouterr().out == loaded.reply(DRIVE).text + "\n"


def test_json_is_the_reply_of_the_contract(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(["ask", "--json", DRIVE])

    found = json.loads(capsys.readouterr().out)
    assert exit_code == 0
    assert found == json.loads(json.dumps(loaded.reply(DRIVE).as_json()))
    assert list(found) == [
        "kind",
        "escalation",
        "entries",
        "suggestions",
        "ranking",
        "small_talk",
        "personal",
        "queries",
        "repairs",
        "text",
        "knowledge",
    ]


def test_why_follows_the_reply(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", "--why", DRIVE])

    _, why = capsys.readouterr().out.split("\n\nkind: ")
    assert why.startswith("answer\n")
    assert "first: driving-after " in why
    assert "nearest phrasing: " in why
    assert "source: ReleviiMed: " in why


def test_why_of_an_escalation_names_flag_and_words(
    loaded: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ask", "--why", NUMB])

    assert "escalation: emergency, present\n  E" in capsys.readouterr().out


def test_why_beside_json_goes_to_stderr(loaded: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", "--why", "--json", DRIVE])

    printed = capsys.readouterr()
    assert json.loads(printed.out)["kind"] == "answer"
    assert "kind: answer" in printed.err


def test_message_may_be_piped(loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]) -> None:
    pipe(DRIVE.encode())

    main(["ask"])

    assert capsys.readouterr().out == loaded.reply(DRIVE).text + "\n"


def test_empty_message_is_a_message(
    loaded: Bot, terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["ask", ""])

    assert exit_code == 0
    assert capsys.readouterr().out == loaded.reply("").text + "\n"


def test_no_message_at_a_terminal_is_wrong_usage(
    terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["ask"])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (2, "")
    assert printed.err.startswith("mildbot: write a message: mildbot ask ")


def test_no_message_and_a_closed_stdin_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)

    exit_code = main(["ask"])

    assert exit_code == 2
    assert capsys.readouterr().err.startswith("mildbot: write a message: mildbot ask ")


@pytest.mark.parametrize("more", ["hello", "--why"])
def test_stream_with_what_it_does_not_use_is_wrong_usage(
    more: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["ask", "--jsonl", more])

    printed = capsys.readouterr()
    assert (exit_code, printed.out) == (2, "")
    assert "--jsonl reads from stdin" in printed.err


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\xff\xfe\xfa", "🙈".encode(), b"\x00\x01", "היי".encode(), b"x" * 40_000],
    ids=["nothing", "a line end", "no UTF-8", "emoji", "control", "right to left", "40,000"],
)
def test_bad_input_gets_a_reply(
    content: bytes, loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(content)

    exit_code = main(["ask"])

    printed = capsys.readouterr()
    assert (exit_code, printed.err) == (0, "")
    assert printed.out.strip()
    assert printed.out == loaded.reply(content.decode("utf-8", errors="replace")).text + "\n"


def test_triage_reads_through_bytes_that_are_no_utf8(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(b"caf\xe9 today and my leg went completely numb this morning \xff")

    main(["ask"])

    assert capsys.readouterr().out.startswith("EMERGENCY: Call 911 now")


# ---------------------------------------------------------------- streams
def stream(content: str, pipe: Pipe, capsys: pytest.CaptureFixture[str]) -> tuple[int, list, str]:
    pipe(content.encode())
    exit_code = main(["ask", "--jsonl"])
    printed = capsys.readouterr()
    return exit_code, [json.loads(line) for line in printed.out.splitlines()], printed.err


def test_one_line_in_is_one_line_out_in_order(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    content = f'{{"text": "{DRIVE}"}}\n{{"text": "{NUMB}"}}\n'

    exit_code, found, problems = stream(content, pipe, capsys)

    assert (exit_code, problems) == (0, "")
    assert [reply["kind"] for reply in found] == ["answer", "escalation"]


def test_turns_give_the_reply_to_each(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, found, _ = stream(f'{{"turns": ["{DRIVE}", "and swimming?"]}}\n', pipe, capsys)

    first, second = found[0]
    assert exit_code == 0
    assert first["entries"][0]["id"] == "driving-after"
    assert second["entries"][0]["id"] == "bathing-swimming"


def test_lines_do_not_know_each_other(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    content = f'{{"text": "{DRIVE}"}}\n{{"text": "is it worse?"}}\n'

    _, found, _ = stream(content, pipe, capsys)

    assert found[1] == json.loads(json.dumps(loaded.reply("is it worse?").as_json()))


def test_blank_lines_are_left_out(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, found, _ = stream('\n{"text": "hello"}\n  \n', pipe, capsys)

    assert exit_code == 0
    assert [reply["small_talk"] for reply in found] == ["greeting"]


def test_no_lines_give_no_lines(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stream("", pipe, capsys) == (0, [], "")


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        '{"text": "cut off',
        "[]",
        "7",
        "null",
        "{}",
        '{"message": "hello"}',
        '{"text": 7}',
        '{"text": null}',
        '{"turns": "hello"}',
        '{"turns": ["hello", 7]}',
        '{"text": ' + "7" * 5000 + "}",
        "[" * 200_000 + "]" * 200_000,
    ],
    ids=lambda line: line[:20],
)
def test_bad_line_gives_an_error_in_its_place(
    line: str, loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    content = f'{{"text": "hello"}}\n{line}\n{{"text": "bye"}}\n'

    exit_code, found, problems = stream(content, pipe, capsys)

    assert exit_code == 1
    assert [next(iter(reply)) for reply in found] == ["kind", "error", "kind"]
    assert found[1]["error"].startswith("line 2: ")
    assert problems == f"mildbot: {found[1]['error']}\n"


def test_bad_line_tells_how_to_write_it(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found, _ = stream("hello\n", pipe, capsys)

    assert found[0]["error"].endswith('write {"text": "..."} or {"turns": ["...", "..."]}')


def test_bad_json_names_its_column(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found, _ = stream('{"text": hello}\n', pipe, capsys)

    assert found[0]["error"].startswith("line 1: not JSON (Expecting value at column 10); write ")


def test_byte_order_mark_before_the_first_line_is_no_error(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, found, _ = stream('\ufeff{"text": "hello"}\n', pipe, capsys)

    assert exit_code == 0
    assert [reply["small_talk"] for reply in found] == ["greeting"]


# ---------------------------------------------------------------- the real command
def test_real_command_takes_invalid_utf8_on_stdin(mildbot: Run) -> None:
    done = mildbot("ask", stdin=b"\xff\xfe can i drive \xe9")

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"24 hours" in done.stdout


def test_real_stream_goes_on_after_a_bad_line(mildbot: Run) -> None:
    done = mildbot(
        "ask", "--jsonl", stdin=b'{"text": "hello"}\n\xff\xfe\n{"text": "\\ud800 bye"}\n'
    )

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [next(iter(line)) for line in lines] == ["kind", "error", "kind"]
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("seed", ["0", "1", "1234"])
def test_reply_is_the_same_under_any_hash_seed(seed: str, loaded: Bot, mildbot: Run) -> None:
    done = mildbot("ask", "--json", DRIVE, PYTHONHASHSEED=seed)

    assert json.loads(done.stdout) == json.loads(json.dumps(loaded.reply(DRIVE).as_json()))

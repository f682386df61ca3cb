"""`mildbot ask`: one reply to one message, or a stream of them with --jsonl."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from bot.api import Bot
from bot.cli.loading import load_or_tell, without_bot
from bot.cli.terminal import fitted
from bot.dialogue.reply import Memory, Reply
from bot.errors import UsageError


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="mildbot ask", description="One reply to one message.")
    parser.add_argument("message", nargs="*", help="the message; without one it is read from stdin")
    parser.add_argument("--json", action="store_true", help="print the Reply as JSON")
    parser.add_argument(
        "--why", action="store_true", help="words matched, repairs, runner-up, sources"
    )
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='stdin: {"text": ...} or {"turns": [...]} per line; stdout: a Reply per line',
    )
    args = parser.parse_args(argv)
    if args.jsonl and (args.message or args.why):
        raise UsageError("--jsonl reads from stdin: leave out the message and --why")
    if args.jsonl:
        return _stream(load_or_tell())
    message = " ".join(args.message) if args.message else _stdin()
    bot = load_or_tell()
    reply = bot.reply(message) if bot else without_bot()
    if args.json:
        print(json.dumps(reply.as_json(), ensure_ascii=False))
    else:
        print(fitted(reply.text))
    if args.why and bot:
        from bot.cli.explain import explain

        why = explain(reply, bot.engine)
        print(f"\n{fitted(why)}", file=sys.stderr if args.json else sys.stdout)
    return 0 if bot else 1


def _stdin() -> str:
    """What is piped in, whatever its bytes; a terminal without a message is a wrong call."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError('write a message: mildbot ask "can I drive after it?"')
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


def _stream(bot: Bot | None) -> int:
    """One line in, one line out; a bad line gives {"error": ...} in its place and exit code 1."""
    failed = bot is None
    for number, raw in enumerate(sys.stdin.buffer if sys.stdin else (), start=1):
        # A byte order mark stands at the start of every file that some Windows programs write.
        line = raw.decode("utf-8", errors="replace").removeprefix("\ufeff").strip()
        if not line:
            continue
        try:
            turns, several = _read_line(line)
        except ValueError as error:
            failed = True
            what = f'line {number}: {error}; write {{"text": "..."}} or {{"turns": ["...", "..."]}}'
            print(f"mildbot: {what}", file=sys.stderr)
            result: Any = {"error": what}
        else:
            replies = converse(bot, turns) if bot else [without_bot() for _ in turns]
            found = [reply.as_json() for reply in replies]
            result = found if several else found[0]
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 1 if failed else 0


def _read_line(line: str) -> tuple[list[str], bool]:
    """The messages of a line, and whether they are the turns of one conversation.

    Raises `ValueError` with what is wrong.
    """
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from error
    except RecursionError as error:
        raise ValueError("brackets nested too deep") from error
    if not isinstance(row, dict) or not ({"text", "turns"} & row.keys()):
        raise ValueError('neither "text" nor "turns"')
    if "turns" in row:
        if not isinstance(row["turns"], list) or not all(isinstance(t, str) for t in row["turns"]):
            raise ValueError('"turns" is not a list of texts')
        return row["turns"], True
    if not isinstance(row["text"], str):
        raise ValueError('"text" is not a text')
    return [row["text"]], False


def converse(bot: Bot, turns: Sequence[str]) -> list[Reply]:
    """The reply to each message of one conversation."""
    replies: list[Reply] = []
    memory = Memory()
    for turn in turns:
        reply, memory = bot.converse(turn, memory)
        replies.append(reply)
    return replies

"""The command `mildbot`: finds the subcommand, turns our errors into messages and exit codes."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from bot.errors import BotError, UsageError

COMMANDS = {
    "ask": "one reply to one message; --json, --why, --jsonl",
    "lookup": "the staff's view: entries with answer, sources and review state",
    "check": "every problem of the knowledge as file:line: what, fix",
    "build": "the index, built anew into the cache or a file; --teacher, --out",
    "evaluate": "question sets -> table with 95 % intervals; --plot draws, --tune sets thresholds",
    "bench": "speed and memory beside a naive TF-IDF on the same bank",
    "slack": "answer in Slack over Socket Mode; --manifest prints what creates the app",
    "serve": "answer in Slack over HTTP behind gunicorn; --migrate prepares the store",
    "queue": "questions without an answer: list, claim, answered, dismiss, draft an entry",
    "stats": "figures of the last days; --json, --html",
    "purge": "delete what has expired, all questions, or all about one person",
    "repl": "the conversation in a terminal (what `mildbot` alone starts)",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line. Exit codes: 0 fine, 1 found problems, 2 wrong usage."""
    args = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without accents shows "?" for them: no emergency reply is lost to it.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = _run(args)
        if sys.stdout:  # None when the caller has closed it
            sys.stdout.flush()
        return code
    except BotError as error:
        print(f"mildbot: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader went away (`mildbot ... | head`): nothing is wrong
        _drop_stdout()
        return 0
    except OSError as error:  # a full disk, a name too long, a folder in place of a file
        print(f"mildbot: {_told(error)}", file=sys.stderr)
        _drop_stdout()
        return 1
    except KeyboardInterrupt:
        return 130


def _told(error: OSError) -> str:
    """What the system says, and of which file; a name too long is cut."""
    what = error.strerror or str(error)
    return f"{what}: {str(error.filename)[:200]}" if error.filename else what


def _drop_stdout() -> None:
    """Write what can still be written; the interpreter would complain at exit about the rest."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(args: list[str]) -> int:
    if args and args[0] == "help":
        args = ["--help", *args[1:]]
    elif args and not args[0].startswith("-") and args[0] not in COMMANDS:
        raise UsageError(
            f'"{args[0][:80]}" is no command; write one of: {", ".join(COMMANDS)}\n'
            'To ask a question: mildbot ask "can I drive after it?"'
        )
    if args and args[0] in COMMANDS:
        module = importlib.import_module(f"bot.cli.{args[0]}")
        return int(module.run(args[1:]))
    if not args:
        return int(importlib.import_module("bot.cli.repl").run([]))
    _parser().parse_args(args)
    return 2


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<10} {what}" for name, what in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="mildbot",
        description="Answers questions about the MILD procedure from curated knowledge. "
        "Without a command: a conversation.",
        epilog=f"commands:\n{lines}\n\n"
        "settings: MILDBOT_KNOWLEDGE (another knowledge folder), MILDBOT_CACHE,\n"
        "MILDBOT_RELOAD_S, NO_COLOR;\n"
        "queue, stats, purge: DATABASE_URL, MILDBOT_DATA (see the README)",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=list(COMMANDS), metavar="COMMAND", nargs="?")
    parser.add_argument("--version", action="version", version=_version())
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"mildbot {version('mild-faq-bot')}"
    except PackageNotFoundError:
        return "mildbot (not installed)"


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.fake_slack`: chat with the running bot without a Slack account."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.fake_slack.fake import FakeSlack
from tests.fake_slack.page import Page
from tests.fake_slack.prompt import HELP, Prompt

MANIFEST = Path(__file__).resolve().parents[2] / "bot" / "slack" / "manifest.json"
_START_S = 120.0


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    manifest = MANIFEST if MANIFEST.exists() else None
    with ExitStack() as stack:
        slack = stack.enter_context(FakeSlack(manifest=manifest, port=options.port))
        if options.page:
            slack.server.page = Page(slack).answer
        if options.http:
            slack.serve_http(options.http)
        _introduce(slack, options)
        if options.bot:
            stack.callback(_end, _start(slack))
        try:
            _wait_for_bot(slack, options)
            _talk(slack, options)
        except KeyboardInterrupt:
            print(file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_slack", description=__doc__)
    parser.add_argument("--page", action="store_true", help="a page to chat on, besides the prompt")
    parser.add_argument("--bot", action="store_true", help="start the bot as well")
    parser.add_argument("--http", metavar="URL", help="deliver by signed HTTP to this address")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    return parser


def _introduce(slack: FakeSlack, options: argparse.Namespace) -> None:
    """Settings go to stdout so that they can be pasted or sourced; remarks to stderr."""
    if not options.bot:
        for name, value in slack.environment().items():
            print(f"export {name}='{value}'")
        command = "serve" if options.http else "slack"
        print(f"# then: mildbot {command} --demo", flush=True)
    if options.page:
        print(f"The page: {slack.address}/page", file=sys.stderr)


def _start(slack: FakeSlack) -> subprocess.Popen[bytes]:
    """`mildbot slack` with a store of its own, forgotten afterwards; its log goes to a file."""
    folder = Path(tempfile.mkdtemp(prefix="mildbot-by-hand-"))
    print(f"The bot's log: {folder / 'bot.log'}", file=sys.stderr)
    settings = {"MILDBOT_DATA": str(folder), **os.environ, **slack.environment()}
    command = [sys.executable, "-m", "bot.cli.main", "slack", "--demo"]
    with (folder / "bot.log").open("wb") as log:
        return subprocess.Popen(command, env=settings, stdout=log, stderr=log)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def _wait_for_bot(slack: FakeSlack, options: argparse.Namespace) -> None:
    if options.http:
        return
    print("Waiting for the bot to connect ...", file=sys.stderr)
    slack.wait_connected(_START_S)
    print("It is connected. :help says what can be typed.", file=sys.stderr)


def _talk(slack: FakeSlack, options: argparse.Namespace) -> None:
    prompt = Prompt(slack, sys.stdout)
    if sys.stdin.isatty():
        print(HELP, file=sys.stderr)
        threading.Thread(target=prompt.watch, daemon=True).start()
    prompt.run(_lines())
    if options.page and not sys.stdin.isatty():
        print("End of input; the page stays until Ctrl+C.", file=sys.stderr)
        slack.server.closing.wait()


def _lines() -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    while True:
        try:
            yield input("> ")
        except EOFError:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`mildbot slack`: answer in Slack over Socket Mode; `--manifest` prints what creates the app."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.cli.loading import load_bot
from bot.errors import UsageError


def run(argv: Sequence[str]) -> int:
    args = _parser().parse_args(argv)
    if args.manifest:
        print(json.dumps(_manifest(args), indent=2, ensure_ascii=False))
        return 0
    if args.url or args.agent:
        raise UsageError("--url and --agent go with --manifest")
    return _serve(demo=args.demo)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mildbot slack",
        description="Answer in Slack over Socket Mode: one process, no public address.",
    )
    parser.add_argument("--demo", action="store_true", help="start with the placeholder clinic")
    parser.add_argument("--manifest", action="store_true", help="print the app manifest")
    parser.add_argument("--url", help="with --manifest: for `mildbot serve` at this https address")
    parser.add_argument(
        "--agent", action="store_true", help="with --manifest: suggested prompts (paid plans)"
    )
    return parser


def _manifest(args: argparse.Namespace) -> dict[str, Any]:
    from bot.slack.manifest import manifest, manifest_for_http, with_agent

    made = manifest_for_http(args.url) if args.url else manifest()
    if not args.agent:
        return made
    replies = load_bot().engine.knowledge.replies
    prompts = replies["slack_prompts"].splitlines()
    return with_agent(made, description=replies["slack_agent"], prompts=prompts)


def _serve(*, demo: bool) -> int:
    from bot.cli.watching import watching
    from bot.slack import logs
    from bot.slack.running import accept_only, run_with, warnings
    from bot.slack.settings import for_socket
    from bot.slack.socket import serve_socket, stop_on_signals

    settings = for_socket(os.environ)
    bot = load_bot()
    accept = partial(accept_only, demo=demo)
    accept(bot.engine)
    watch = watching(bot, accept=accept)
    logs.start(os.environ)
    for notice in warnings(bot, settings, os.environ):
        print(notice, file=sys.stderr)
    stop = threading.Event()
    stop_on_signals(stop)
    running = run_with(bot, settings, os.environ)
    with watch:
        return serve_socket(
            running,
            settings,
            os.environ,
            stop=stop,
            ready=lambda: print("mildbot: connected to Slack", file=sys.stderr, flush=True),
        )

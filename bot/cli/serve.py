"""`mildbot serve`: answer in Slack over HTTP behind gunicorn; `--migrate` prepares the store."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial

from bot.cli.loading import load_bot


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot serve",
        description="Answer in Slack over HTTP: /slack/events, /health, /ready.",
    )
    parser.add_argument("--demo", action="store_true", help="start with the placeholder clinic")
    parser.add_argument(
        "--migrate", action="store_true", help="only bring the store's tables up to date"
    )
    args = parser.parse_args(argv)
    return _migrate() if args.migrate else _serve(demo=args.demo)


def _migrate() -> int:
    from bot.store.open import open_store

    open_store(os.environ).close()
    print("the store is up to date")
    return 0


def _serve(*, demo: bool) -> int:
    from bot.cli.watching import watching
    from bot.desk.settings import desk_settings
    from bot.slack import logs
    from bot.slack.app import introduce, make_client
    from bot.slack.running import accept_only, warnings
    from bot.slack.sender import TIMEOUT_S
    from bot.slack.settings import for_http
    from bot.store.open import open_store
    from bot.web.server import Server

    settings = for_http(os.environ)
    desk_settings(os.environ)
    bot = load_bot()
    accept = partial(accept_only, demo=demo)
    accept(bot.engine)
    watch = watching(bot, accept=accept)
    logs.start(os.environ)
    for notice in warnings(bot, settings, os.environ):
        print(notice, file=sys.stderr)
    # Before the fork, once and in words: each process would say the same less clearly.
    open_store(os.environ).close()
    introduce(make_client(settings, os.environ, timeout_s=TIMEOUT_S))
    Server(bot, settings, os.environ, watch).run()
    return 0

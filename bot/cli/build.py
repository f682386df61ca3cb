"""`mildbot build`: the compiled index, built ahead of the first start or with a teacher's help."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.bootstrap import build_index, cached_index, knowledge_folder, save
from bot.cli.loading import say_progress
from bot.errors import BotError
from bot.index import to_bytes


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot build",
        description="Build the index into the cache, where every command finds it.",
    )
    parser.add_argument(
        "--teacher",
        action="store_true",
        help="learn from the soft labels of a sentence encoder too (extra `teacher`; minutes)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write FILE instead of the cache")
    args = parser.parse_args(argv)
    index = build_index(knowledge_folder(), teacher=args.teacher, progress=say_progress)
    content = to_bytes(index)
    path = args.out or cached_index(index.source)
    try:
        if args.out:
            args.out.write_bytes(content)
        else:
            save(path, content)
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from error
    print(f"{path}: {len(content) / 1e6:.1f} MB, build {index.knowledge.digest[:12]}")
    return 0

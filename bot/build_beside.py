"""Building an index beside a running bot: in a process of its own, one at a time for a cache."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import IO

from bot.bootstrap import CACHE_SETTING, KNOWLEDGE_SETTING
from bot.errors import BotError

_LIMIT_S = 1800  #: far beyond any build: one that hangs must not end all reloading
_NICENESS = 10  #: whoever waits for an answer goes first
_STEP_S = 0.2
_PROGRESS = re.compile(r"^mildbot: .* \.\.\.\n", re.MULTILINE)
_MOST_LINES = 20


def build_beside(folder: Path, cache: Path, stopping: Event) -> None:
    """`mildbot build` in a process of its own: fitting here would hold up whoever is answered.

    Raises `BotError` that holds what is wrong with the knowledge.
    """
    child = _start(folder, cache)
    until = time.monotonic() + _LIMIT_S
    while True:
        try:
            _, told = child.communicate(timeout=_STEP_S)
        except subprocess.TimeoutExpired:
            if stopping.is_set() or time.monotonic() > until:
                _end(child)
                raise BotError("the build was broken off") from None
        else:
            break
    if child.returncode != 0:
        raise BotError(_shortened(told) or f"the build ended with code {child.returncode}")


def _start(folder: Path, cache: Path) -> subprocess.Popen[str]:
    ours = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])
    child = subprocess.Popen(
        # -P: somebody's own bot.py in the working folder must not be taken for ours
        [sys.executable, "-P", "-m", "bot.cli.main", "build"],
        env={
            **os.environ,
            "PYTHONPATH": path,
            KNOWLEDGE_SETTING: str(folder),
            CACHE_SETTING: str(cache),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl-C in the terminal clears a line of ours, and ends no build
    )
    with suppress(OSError, AttributeError):  # AttributeError: Windows has no niceness
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICENESS)
    return child


def _end(child: subprocess.Popen[str]) -> None:
    """End it, and the process that helps it to fit."""
    try:
        os.killpg(child.pid, signal.SIGTERM)
    except (OSError, AttributeError):  # AttributeError: Windows has no groups of processes
        child.kill()
    child.communicate()


def _shortened(told: str) -> str:
    """Problems without the steps that went before them; of very many the first."""
    lines = _PROGRESS.sub("", told).strip().removeprefix("mildbot: ").splitlines()
    more = [f"and more; run `mildbot check`, it tells {len(lines)} lines"]
    return "\n".join(lines if len(lines) <= _MOST_LINES else lines[:_MOST_LINES] + more)


# ---------------------------------------------------------------- one at a time
@contextmanager
def only_builder(cache: Path) -> Iterator[bool]:
    """Whether nobody else builds into this cache: several processes wait for what one makes.

    The system lets go of the lock when its holder dies, so none is ever left behind.
    """
    file = _lock_file(cache)
    try:
        yield file is None or _lock(file)
    finally:
        if file is not None:
            file.close()


def _lock_file(cache: Path) -> IO[bytes] | None:
    """None where there can be none: then each builds for itself, which costs only time."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        return (cache / "building.lock").open("wb")
    except OSError:
        return None


def _lock(file: IO[bytes]) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks
        return True
    return True

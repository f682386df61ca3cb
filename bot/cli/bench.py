"""`mildbot bench`: speed and memory as ratios, everything measured in one run on one thread."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from bot.cli.loading import load_bot

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_STARTS = 15
_MESSAGES = 800  #: every other one is timed, after the others


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot bench", description="Speed and memory beside a naive TF-IDF."
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--measure", choices=("reply", "naive"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.measure:
        print(json.dumps(_MEASURES[args.measure]()))
        return 0
    figures = measure()
    print(json.dumps(figures) if args.json else _table(figures))
    return 0


def measure() -> dict[str, float]:
    """The three figures of the issue, each beside what it is compared with."""
    load_bot()  # the index is built before anything is timed
    reply, naive = _child("reply"), _child("naive")
    ask = _start_seconds([sys.executable, "-m", "bot.cli.main", "ask", "can I drive after it?"])
    numpy = _start_seconds([sys.executable, "-c", "import numpy"])
    return {
        "reply_p50_us": reply["p50_us"],
        "reply_p99_us": reply["p99_us"],
        "naive_p50_us": naive["p50_us"],
        "reply_of_naive": reply["p50_us"] / naive["p50_us"],
        "ask_ms": ask * 1e3,
        "numpy_ms": numpy * 1e3,
        "ask_of_numpy": ask / numpy,
        "memory_mb": reply["memory_mb"],
    }


def _child(name: str) -> dict[str, float]:
    """A measurement in a process of its own, on one thread."""
    environment = {**os.environ, **dict.fromkeys(_THREADS, "1")}
    command = [sys.executable, "-m", "bot.cli.main", "bench", "--measure", name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _start_seconds(command: Sequence[str]) -> float:
    """Median wall time of a whole process on one thread, output thrown away."""
    environment = {**os.environ, **dict.fromkeys(_THREADS, "1")}

    def once() -> float:
        begin = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=True)  # noqa: S603 - our own command
        return time.perf_counter() - begin

    return median([once() for _ in range(_STARTS + 2)][2:])  # two starts warm the disk cache


# ---------------------------------------------------------------- in the child
def _messages() -> list[str]:
    """Every so-many-th phrasing of the bank, the same for both."""
    bank = [text for text, _ in _bank()]
    return bank[:: max(1, len(bank) // _MESSAGES)]


def _bank() -> list[tuple[str, str]]:
    from bot.bootstrap import knowledge_folder
    from bot.knowledge.load import load

    knowledge = load(knowledge_folder())
    return [(x.text, x.label) for x in knowledge.phrasings]


def _reply() -> dict[str, float]:
    messages = _messages_from_index()
    bot = load_bot()
    return {**_timed(bot.reply, messages), "memory_mb": _resident_mb()}


def _messages_from_index() -> list[str]:
    """The messages, read in a child process: the bank does not count as the bot's memory."""
    code = "import json; from bot.cli.bench import _messages; print(json.dumps(_messages()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    messages: list[str] = json.loads(done.stdout)
    return messages


def _naive() -> dict[str, float]:
    """TfidfVectorizer() with its defaults, cosine to every phrasing, the best one wins."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    bank = _bank()
    vectorizer = TfidfVectorizer()
    matrix = vectorizer.fit_transform([text for text, _ in bank])

    def answer(message: str) -> str:
        return bank[int(cosine_similarity(vectorizer.transform([message]), matrix)[0].argmax())][1]

    return _timed(answer, _messages())


def _timed(answer: Callable[[str], Any], messages: Sequence[str]) -> dict[str, float]:
    for message in messages[1::2]:  # a bot that runs has met most words before
        answer(message)
    times = []
    for message in messages[::2]:
        begin = time.perf_counter()
        answer(message)
        times.append((time.perf_counter() - begin) * 1e6)
    times.sort()
    return {"p50_us": median(times), "p99_us": times[int(0.99 * len(times))]}


def _resident_mb() -> float:
    """Resident memory of this process; Linux only, 0 elsewhere."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - not a file of the project
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
    except OSError:
        return 0.0


_MEASURES = {"reply": _reply, "naive": _naive}


def _table(figures: dict[str, float]) -> str:
    return "\n".join(
        [
            f"whole reply, warm, one thread: p50 {figures['reply_p50_us']:.0f} us, "
            f"p99 {figures['reply_p99_us']:.0f} us",
            "naive TfidfVectorizer + cosine on the same bank: "
            f"p50 {figures['naive_p50_us']:.0f} us; ratio {figures['reply_of_naive']:.2f}",
            f"`mildbot ask`, whole process: {figures['ask_ms']:.0f} ms; "
            f"`import numpy`: {figures['numpy_ms']:.0f} ms; ratio {figures['ask_of_numpy']:.2f}",
            f"resident memory of the warm process: {figures['memory_mb']:.0f} MB",
        ]
    )

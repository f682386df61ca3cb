"""What one more entry costs: knowledge of 100 to 20,000 entries x 10 phrasings, built and asked.

    OMP_NUM_THREADS=1 python -m tests.bench.growth FOLDER... [--entries 100 1000 10000 20000]

An entry is made up by recombination: a pair of labels of the public sets in the folders (each with
train.jsonl), and each phrasing is a text of the one with a text of the other. Nothing made up is
kept. Each size is built in a process of its own, saved, and asked by another process.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec.structs import replace

from bot.bootstrap import knowledge_folder
from bot.fitting import build
from bot.index import from_file, to_bytes
from bot.knowledge.folder import vectors_file
from bot.knowledge.load import load
from bot.knowledge.model import Entry, Example, Knowledge
from bot.retrieval.vectors import load_vectors
from tests.bench.measure import percent, table
from tests.bench.sets import read_set

PHRASINGS = 10
_ASKED = 1000
_MOST_WORDS = 8  #: of a text; two of them are a long question
_JOINTS = (" and ", ", ", ". also ", " - ")
_HEAD = ("entries", "build s", "build MB", "disk MB", "load s", "memory MB", "p50 us", "p99 us")
_HEAD += ("top-1", "top-3")
_MORE_HEAD = ("one more entry, from", "build ms", "build KB", "disk KB", "memory KB")
_MORE_HEAD += ("p50 ns", "p99 ns")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--entries", nargs="+", type=int, default=[100, 1_000, 10_000, 20_000])
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.build or args.ask:
        step = _build if args.build else _ask
        figures = step(args.folders, args.entries[0], args.build or args.ask)
        sys.stdout.write(json.dumps(figures))
        return 0
    grown = [_measured(args.folders, entries) for entries in sorted(args.entries)]
    sys.stdout.write(table(_HEAD, [_row(figures) for figures in grown]) + "\n\n")
    sys.stdout.write(table(_MORE_HEAD, [_more(a, b) for a, b in pairwise(grown)]) + "\n")
    return 0


def _measured(folders: Sequence[str], entries: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "grown.index"
        built = _child(folders, entries, "--build", file)
        asked = _child(folders, entries, "--ask", file)
    return {"entries": entries, **built, **asked}


def _row(figures: Mapping[str, float]) -> list[str]:
    whole = ("seconds", "peak_mb", "disk_mb")
    return [
        f"{figures['entries']:,}",
        *(f"{figures[name]:.0f}" for name in whole),
        f"{figures['load_s']:.2f}",
        *(f"{figures[name]:.0f}" for name in ("memory_mb", "p50_us", "p99_us")),
        *(percent(figures[name]) for name in ("top1", "top3")),
    ]


def _more(less: Mapping[str, float], more: Mapping[str, float]) -> list[str]:
    """What each entry between two sizes costs."""
    entries = more["entries"] - less["entries"]

    def each(name: str, unit: float) -> str:
        return f"{(more[name] - less[name]) / entries * unit:.2f}"

    return [
        f"{less['entries']:,} to {more['entries']:,}",
        each("seconds", 1e3),
        *(each(name, 1e3) for name in ("peak_mb", "disk_mb", "memory_mb")),
        *(each(name, 1e3) for name in ("p50_us", "p99_us")),
    ]


def _child(folders: Sequence[str], entries: int, step: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.growth", *folders]
    command += ["--entries", str(entries), step, str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


# ---------------------------------------------------------------- made-up knowledge
def grown_phrasings(folders: Sequence[str], entries: int) -> dict[str, list[str]]:
    """Entry id -> its phrasings, one more than are learnt: the last one is asked."""
    texts: Mapping[str, list[str]] = defaultdict(list)
    for folder in folders:
        for text, label in read_set(folder).train:
            if len(text.split()) <= _MOST_WORDS:
                texts[label].append(text)
    labels = sorted(label for label, mine in texts.items() if len(mine) > PHRASINGS)
    pairs = list(combinations(labels, 2))
    if len(pairs) < entries:
        raise SystemExit(f"{len(labels)} labels make {len(pairs)} pairs: give more folders")
    chance = random.Random(0)
    return {
        f"e{number}": [_phrasing(chance, texts[a], texts[b]) for _ in range(PHRASINGS + 1)]
        for number, (a, b) in enumerate(chance.sample(pairs, entries))
    }


def _phrasing(chance: random.Random, one: list[str], other: list[str]) -> str:
    halves = [chance.choice(one), chance.choice(other)]
    chance.shuffle(halves)
    return chance.choice(_JOINTS).join(halves)


def grown_knowledge(phrasings: Mapping[str, list[str]]) -> Knowledge:
    """Our knowledge with its entries exchanged for those made up, and no bank but theirs."""
    shipped = load(knowledge_folder())
    pattern: Entry = shipped.entries[0]
    return replace(
        shipped,
        entries=tuple(
            replace(pattern, id=name, question=mine[0]) for name, mine in phrasings.items()
        ),
        phrasings=tuple(
            Example(text=text, label=name)
            for name, mine in phrasings.items()
            for text in mine[1:PHRASINGS]
        ),
        out_of_scope=(),
        small_talk=(),
    )


# ---------------------------------------------------------------- in the children
def _build(folders: Sequence[str], entries: int, file: Path) -> dict[str, float]:
    knowledge = grown_knowledge(grown_phrasings(folders, entries))
    vectors = load_vectors(vectors_file(knowledge_folder()))
    begin = perf_counter()
    file.write_bytes(to_bytes(build(knowledge, vectors)))
    return {
        "seconds": perf_counter() - begin,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk_mb": file.stat().st_size / 1e6,
    }


def _ask(folders: Sequence[str], entries: int, file: Path) -> dict[str, float]:
    questions = grown_phrasings(folders, entries)
    asked = [(mine[-1], name) for name, mine in questions.items()]
    asked = asked[:: max(1, len(asked) // _ASKED)]
    del questions
    digest = load(knowledge_folder()).digest
    begin = perf_counter()
    ranker = from_file(file, digest=digest).ranker
    load_s = perf_counter() - begin
    times, first, third = [], 0, 0
    for text, name in asked:
        begin = perf_counter()
        ranked = [r.entry_id for r in ranker.rank(text).ranked]
        times.append((perf_counter() - begin) * 1e6)
        first += ranked[0] == name
        third += name in ranked[:3]
    return {
        "load_s": load_s,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "p50_us": median(times),
        "p99_us": sorted(times)[int(0.99 * len(times))],
        "top1": first / len(asked),
        "top3": third / len(asked),
    }


if __name__ == "__main__":
    sys.exit(main())

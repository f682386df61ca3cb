"""No message of a question set may stand in the knowledge: what judges must not teach.

    python -m tests.leaks EVAL_DIR KNOWLEDGE_DIR

Exit 0: none does. Exit 1: each one that does, with both places. Exit 2: nothing could be compared.
Two messages are the same when rapidfuzz's token_sort_ratio (0..100, after default_process: lower
case, no signs) is 90 or more. Messages under six words are left out: there are only so many ways
to say "how much".
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bot.errors import BotError, UsageError
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge

LEAST_WORDS = 6
SAME = 90.0  #: token_sort_ratio, 0..100
_AT_ONCE = 256  #: messages compared in one matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    place: str  #: file:line
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    judging: Said
    teaching: Said
    score: float  #: token_sort_ratio, 0..100


def messages(folder: Path) -> list[Said]:
    """Messages of six words or more in the .jsonl files of a folder.

    Raises `BotError` for a line that holds none.
    """
    found: list[Said] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if line.strip():
                place = f"{path.name}:{number}"
                found += [Said(place=place, text=text) for text in _texts(line, place)]
    return [said for said in found if len(said.text.split()) >= LEAST_WORDS]


def _texts(line: str, place: str) -> list[str]:
    try:
        row = json.loads(line)
        return list(row["turns"]) if "turns" in row else [row["text"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BotError(f"{place}: neither text nor turns ({error!r})") from error


def bank(knowledge: Knowledge) -> list[Said]:
    """Every text of the knowledge that the engine learns from or that tests an entry."""
    examples = (
        *knowledge.phrasings,
        *knowledge.out_of_scope,
        *knowledge.small_talk,
        *knowledge.flag_bank,
        *knowledge.ordinary_bank,
    )
    tests = [(e.place, text) for e in knowledge.entries for text in e.must_find + e.must_not_find]
    said = [*((x.place, x.text) for x in examples), *tests]
    return [Said(place=str(place), text=text) for place, text in said]


def leaks(judging: Sequence[Said], teaching: Sequence[Said]) -> Iterator[Leak]:
    """Each message with the texts of the bank that are the same, or nearly."""
    known = [_sorted_words(said.text) for said in teaching]
    for start in range(0, len(judging), _AT_ONCE):
        part = judging[start : start + _AT_ONCE]
        asked = [_sorted_words(said.text) for said in part]
        # `ratio` of sorted words is `token_sort_ratio`, which would sort them anew for each pair
        scores = process.cdist(asked, known, scorer=fuzz.ratio, score_cutoff=SAME, workers=-1)
        for row, column in np.argwhere(scores >= SAME).tolist():
            yield Leak(
                judging=part[row], teaching=teaching[column], score=float(scores[row, column])
            )


def _sorted_words(text: str) -> str:
    return " ".join(sorted(default_process(text).split()))


def run(argv: Sequence[str]) -> int:
    if len(argv) != 2:
        raise UsageError("python -m tests.leaks EVAL_DIR KNOWLEDGE_DIR")
    judging, teaching = messages(Path(argv[0])), bank(load(Path(argv[1])))
    if not judging or not teaching:
        raise UsageError(
            f"{argv[0]} or {argv[1]} holds no message: a check that cannot fail is none"
        )
    found = list(leaks(judging, teaching))
    for leak in found:
        sys.stdout.write(
            f"{leak.judging.place} stands at {leak.teaching.place} ({leak.score:.0f})\n"
            f"    {leak.judging.text}\n    {leak.teaching.text}\n"
        )
    sys.stdout.write(f"{len(judging)} messages against {len(teaching)} texts: {len(found)} leaks\n")
    return 1 if found else 0


def main(argv: Sequence[str]) -> int:
    try:
        return run(argv)
    except BotError as error:
        sys.stderr.write(f"leaks: {error}\n")
        return error.exit_code if isinstance(error, UsageError) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

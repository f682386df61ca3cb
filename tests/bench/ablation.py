"""What each ingredient of the engine is worth: taken out by itself, and put in by itself.

    OMP_NUM_THREADS=1 python -m tests.bench.ablation bank FOLDER...

Prints top-1 and, where a set has questions from outside, AUROC; one column for each set.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from bot.language.spelling import Speller
from bot.retrieval import Matcher
from bot.retrieval.calibration import Calibration
from tests.bench.measure import measure, percent, table
from tests.bench.sets import QuestionSet, read_set


def _no_repair(weights: Mapping[str, float], *_: Any) -> Speller:
    return Speller(weights, correct=_Everything())


class _Everything:
    def __contains__(self, word: object) -> bool:
        return True


def _no_titles(*_: Any) -> tuple[()]:
    return ()


def _plain_confidence() -> Calibration:
    """The confidence of the first version: neither standing, nor meaning, nor topic."""
    return Calibration(standing=0.0, alike=0.0, topic=0.0, decision=0.9, bias=-4.0)


#: what -> (attribute, what takes its place when it is left out)
INGREDIENTS: dict[str, tuple[str, Any]] = {
    "pairs of words": ("bot.retrieval.features.PAIR_WEIGHT", 1e-6),
    "logistic regression beside the SVC": ("bot.retrieval.linear._LOGISTIC_MOST_WORK", 0),
    "word vectors": ("bot.retrieval.matcher.load_vectors", lambda path: None),
    "label names as examples": ("bot.retrieval.matcher.titles_of", _no_titles),
    "spelling repair": ("bot.retrieval.ranker.query_speller", _no_repair),
    "signals of standing, meaning and topic": (
        "bot.retrieval.ranker.Calibration",
        _plain_confidence,
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="FOLDER", help="or `bank`")
    sets = [read_set(place) for place in parser.parse_args(argv).sets]
    rows = [[name, *(_cell(left_out, s) for s in sets)] for name, left_out in variants().items()]
    sys.stdout.write(table(("engine", *(s.name for s in sets)), rows) + "\n")
    return 0


def variants() -> dict[str, list[str]]:
    """Name of a variant -> the ingredients that it is without."""
    every = list(INGREDIENTS)
    return {
        "everything": [],
        **{f"without {name}": [name] for name in every},
        "none of them": every,
        **{f"only {name}": [n for n in every if n != name] for name in every},
    }


def _cell(left_out: Sequence[str], questions: QuestionSet) -> str:
    with ExitStack() as stack:
        for name in left_out:
            attribute, stand_in = INGREDIENTS[name]
            stack.enter_context(patch(attribute, stand_in))
        found = measure(Matcher(), questions)
    return percent(found.top1) + ("" if found.auroc is None else f" / {percent(found.auroc)}")


if __name__ == "__main__":
    sys.exit(main())

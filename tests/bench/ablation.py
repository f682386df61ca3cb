"""What each ingredient of the engine is worth: taken out by itself, and put in by itself.

    OMP_NUM_THREADS=1 python -m tests.bench.ablation [--teacher] bank FOLDER...

Prints top-1 and, where a set has questions from outside, AUROC; one column for each set. The last
rows add what the plain engine does without; soft labels need the extra `teacher`, and minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Any
from unittest.mock import patch

from bot.bootstrap import knowledge_folder, lender_of
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.language.spelling import Speller
from bot.retrieval import Matcher
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.matcher import titles_of
from bot.retrieval.ranker import Ranker, ranker_on
from bot.retrieval.soften import Lender, fit_softened
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


@cache
def _knowledge() -> Knowledge:
    return load(knowledge_folder())


@cache
def _lender() -> Lender:
    return lender_of(knowledge_folder())


def _with_answers(labels: Sequence[str], known: Any) -> list[tuple[str, str]]:
    """Titles, and the answers of those labels that are entries of ours."""
    answers = {e.id: " ".join(s.text for s in e.answer) for e in _knowledge().entries}
    mine = [(answers[label], label) for label in dict.fromkeys(labels) if label in answers]
    return [*titles_of(labels, known), *mine]


def _lay_words(_: Mapping[str, Any]) -> Analyzer:
    """The one of the bot: lay words beside medical ones, shorthand written out."""
    language = _knowledge().language
    return Analyzer(language.synonyms, language.abbreviations)


def _softened(features: Any, examples: Sequence[tuple[str, str]], **kept: Any) -> Ranker:
    plain = ranker_on(features, examples, **kept)
    texts = [plain.space.analyzer.tokens(text) for text, _ in examples]
    labels = [label for _, label in examples]
    model = fit_softened(texts, labels, space=plain.space, lender=_lender())
    return plain.with_model(model)


#: what -> (attribute, what takes its place when it is added)
ADDED: dict[str, tuple[str, Any]] = {
    "our answers as examples": ("bot.retrieval.matcher.titles_of", _with_answers),
    "our lay words and shorthand": ("bot.retrieval.ranker.Analyzer", _lay_words),
}
SOFT_LABELS = ("bot.retrieval.ranker.ranker_on", _softened)
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
    parser.add_argument("--teacher", action="store_true", help="measure soft labels too")
    args = parser.parse_args(argv)
    sets = [read_set(place) for place in args.sets]
    more = {**ADDED, **({"soft labels": SOFT_LABELS} if args.teacher else {})}
    changes = {
        **{name: [INGREDIENTS[n] for n in left_out] for name, left_out in variants().items()},
        **{f"everything and {name}": [change] for name, change in more.items()},
    }
    rows = [[name, *(_cell(patches, s) for s in sets)] for name, patches in changes.items()]
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


def _cell(patches: Sequence[tuple[str, Any]], questions: QuestionSet) -> str:
    with ExitStack() as stack:
        for attribute, stand_in in patches:
            stack.enter_context(patch(attribute, stand_in))
        found = measure(Matcher(), questions)
    return percent(found.top1) + ("" if found.auroc is None else f" / {percent(found.auroc)}")


if __name__ == "__main__":
    sys.exit(main())

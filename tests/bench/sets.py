"""Question sets to measure on: a folder with train.jsonl and test.jsonl, or our own bank."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import knowledge_folder
from bot.evaluation.sets import read_sets
from bot.fitting import ranker_examples
from bot.knowledge.load import load
from bot.retrieval.ranker import ASIDE, OUTSIDE

OWN = "bank"  #: names our own bank instead of a folder
_FOLDS = 5
Example = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class QuestionSet:
    """Texts with labels; "oos" is out of scope."""

    name: str
    train: tuple[Example, ...]
    test: tuple[Example, ...]


def read_set(place: str) -> QuestionSet:
    """The set in a folder, or our bank for "bank", a fifth of it held out.

    A folder holds train.jsonl and test.jsonl (lines `{"text": ..., "label": ...}`; nothing is
    taught of outside), or question sets as `mildbot evaluate` reads them, asked of our bank.
    """
    if place == OWN:
        return own_bank()
    folder = Path(place)
    if not (folder / "train.jsonl").exists():
        return QuestionSet(name=folder.name, train=tuple(_bank()), test=tuple(_asked(folder)))
    train = [example for example in read_lines(folder / "train.jsonl") if example[1] != OUTSIDE]
    return QuestionSet(
        name=folder.name, train=tuple(train), test=tuple(read_lines(folder / "test.jsonl"))
    )


def _asked(folder: Path) -> Iterator[Example]:
    """Questions that one entry answers, and messages from outside."""
    for case in read_sets([folder]):
        if case.judged == "out_of_scope":
            yield case.turns[0], OUTSIDE
        elif case.judged == "question" and len(case.wanted[0]) == 1:
            yield case.turns[0], next(iter(case.wanted[0]))


def read_lines(path: Path) -> list[Example]:
    rows = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
    return [(row["text"], row["label"]) for row in rows]


def own_bank() -> QuestionSet:
    """Every fifth phrasing is held out; messages from outside are both taught and asked."""
    examples = _bank()
    return QuestionSet(
        name=OWN,
        train=tuple(x for at, x in enumerate(examples) if at % _FOLDS),
        test=tuple(examples[::_FOLDS]),
    )


def _bank() -> list[Example]:
    """All our phrasings, and messages from outside under one label; no small talk."""
    return [
        (text, OUTSIDE if label.startswith(ASIDE[0]) else label)
        for text, label in ranker_examples(load(knowledge_folder()))
        if not label.startswith(ASIDE[1])
    ]


def labels_of(examples: Sequence[Example]) -> list[str]:
    return list(dict.fromkeys(label for _, label in examples))

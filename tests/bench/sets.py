"""Question sets to measure on: a folder with train.jsonl and test.jsonl, or our own bank."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import knowledge_folder
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
    """The set in a folder (lines `{"text": ..., "label": ...}`), or our bank for "bank".

    Out-of-scope lines of a folder's train.jsonl are left out: nothing is taught of outside.
    """
    if place == OWN:
        return own_bank()
    folder = Path(place)
    train = [example for example in _lines(folder / "train.jsonl") if example[1] != OUTSIDE]
    return QuestionSet(
        name=folder.name, train=tuple(train), test=tuple(_lines(folder / "test.jsonl"))
    )


def _lines(path: Path) -> list[Example]:
    rows = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
    return [(row["text"], row["label"]) for row in rows]


def own_bank() -> QuestionSet:
    """Every fifth phrasing is held out; messages from outside are both taught and asked."""
    examples = [
        (text, OUTSIDE if label.startswith(ASIDE[0]) else label)
        for text, label in ranker_examples(load(knowledge_folder()))
        if not label.startswith(ASIDE[1])
    ]
    return QuestionSet(
        name=OWN,
        train=tuple(x for at, x in enumerate(examples) if at % _FOLDS),
        test=tuple(examples[::_FOLDS]),
    )


def labels_of(examples: Sequence[Example]) -> list[str]:
    return list(dict.fromkeys(label for _, label in examples))

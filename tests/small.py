"""A small FAQ and engine for tests that need one of their own, fitted in half a second."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.bootstrap import assemble
from bot.dialogue.engine import Engine
from bot.fitting import build
from bot.index import Index
from bot.knowledge.load import load
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.corpus import fit_corpus
from bot.retrieval.features import FeatureSpace
from bot.retrieval.vectors import WordVectors

SMALL = Path(__file__).parent / "small_knowledge"


def fit_space(
    texts: Sequence[str], *, analyzer: Analyzer, vectors: WordVectors | None = None
) -> FeatureSpace:
    """The feature space of some texts."""
    return fit_corpus(texts, analyzer=analyzer, vectors=vectors).space


@lru_cache(maxsize=1)
def small_index() -> Index:
    """The index of tests/small_knowledge, without word vectors."""
    return build(load(SMALL), None)


@lru_cache(maxsize=1)
def small_engine() -> Engine:
    return assemble(small_index())


def renew(folder: Path) -> None:
    """Change a copy: no entry on driving any more, another id for chest pain, another number."""
    edit(folder / "clinic.yaml", "555-0199", "555-0123")
    edit(folder / "triage/red_flags.yaml", "id: E01", "id: E09")
    edit(folder / "triage/bank.yaml", "E01:", "E09:")
    (folder / "entries/recovery.yaml").write_text("[]\n", encoding="utf-8")
    (folder / "phrasings/recovery.yaml").write_text("{}\n", encoding="utf-8")


def edit(file: Path, old: str, new: str) -> None:
    """Put other words into a file that has the old ones."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@lru_cache(maxsize=1)
def renewed_engine() -> Engine:
    """The small engine after `renew`: what a conversation remembers may be gone from it."""
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(SMALL, Path(folder) / "knowledge"))
        renew(copy)
        return assemble(build(load(copy), None))


def word_vectors() -> WordVectors:
    """Three directions: "car" and "truck" share one, "money" has its own, "zero" has none."""
    table = np.array([[100, 0, 0], [50, 0, 0], [0, 127, 0], [0, 0, 0]], dtype=np.int8)
    scales = np.array([0.01, 0.02, 0.01, 0.01], dtype=np.float32)
    return WordVectors.of_words(["car", "truck", "money", "zero"], table, scales)

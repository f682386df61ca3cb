"""A small FAQ and engine for tests that need one of their own, fitted in half a second."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.bootstrap import assemble
from bot.dialogue.engine import Engine
from bot.fitting import build
from bot.index import Index
from bot.knowledge.load import load
from bot.retrieval.vectors import WordVectors

SMALL = Path(__file__).parent / "small_knowledge"


@lru_cache(maxsize=1)
def small_index() -> Index:
    """The index of tests/small_knowledge, without word vectors."""
    return build(load(SMALL), None)


@lru_cache(maxsize=1)
def small_engine() -> Engine:
    return assemble(small_index())


def word_vectors() -> WordVectors:
    """Three directions: "car" and "truck" share one, "money" has its own, "zero" has none."""
    table = np.array([[100, 0, 0], [50, 0, 0], [0, 127, 0], [0, 0, 0]], dtype=np.int8)
    scales = np.array([0.01, 0.02, 0.01, 0.01], dtype=np.float32)
    return WordVectors.of_words(["car", "truck", "money", "zero"], table, scales)

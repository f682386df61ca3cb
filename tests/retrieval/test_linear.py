"""The linear model: its short way gives what the plain matrix product gives."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from bot.retrieval import linear as module
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.corpus import fit_space, matrix
from bot.retrieval.linear import LinearModel, fit_against, fit_linear, fit_weights, pack
from tests.small import word_vectors

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


# ---------------------------------------------------------------- many texts
@pytest.fixture
def large() -> Iterator[None]:
    """Every bank counts as a large one, its labels learnt two at a time."""
    with (
        patch.object(module, "_LOGISTIC_MOST_WORK", 0),
        patch.object(module, "_LABELS_AT_A_TIME", 2),
        patch.object(module, "_MOST_PROCESSES", 1),
    ):
        yield


@pytest.mark.usefixtures("large")
def test_a_large_bank_gives_what_scikit_learn_gives_for_all_labels_at_once() -> None:
    features = matrix([DENSE.vector(t) for t in TEXTS], DENSE)
    theirs = LinearSVC(tol=1e-6, random_state=0).fit(features, LABELS)

    with patch.object(module, "_SVC_TOLERANCE_LARGE", 1e-6):
        ours = fit_weights(features, LABELS)

    spread = float(np.std(features @ theirs.coef_.T + theirs.intercept_))
    assert ours.labels == tuple(theirs.classes_)
    assert ours.table == pytest.approx(theirs.coef_.T / spread, abs=1e-3)
    assert ours.bias == pytest.approx(theirs.intercept_ / spread, abs=1e-3)


@pytest.mark.usefixtures("large")
def test_two_labels_of_a_large_bank_get_a_column_each() -> None:
    features = matrix([PLAIN.vector(t) for t in TEXTS[:6]], PLAIN)

    found = fit_weights(features, LABELS[:6])

    assert found.labels == ("cost", "driving")
    assert np.argmax(features @ found.table + found.bias, axis=1).tolist() == [1, 1, 1, 0, 0, 0]


COMMON = [f"my dog number {n} likes the park" for n in range(40)]


def test_a_common_label_is_told_from_the_others() -> None:
    texts, labels = [*TEXTS, *COMMON], [*LABELS, *["common"] * len(COMMON)]
    space = fit_space(texts, analyzer=Analyzer({}))
    features = matrix([space.vector(t) for t in texts], space)

    model = pack(fit_against(features, labels, "common"), space)

    found = [model.labels[int(np.argmax(model.decide(space.vector(t))))] for t in texts]
    assert found == labels


def test_a_common_label_is_learnt_from_its_texts_that_look_like_the_others() -> None:
    near = ["when may i drive my dog", "what does my dog cost"]
    texts, labels = [*TEXTS, *COMMON, *near], [*LABELS, *["common"] * (len(COMMON) + 2)]
    space = fit_space(texts, analyzer=Analyzer({}))
    features = matrix([space.vector(t) for t in texts], space)

    with patch.object(module, "fit_weights") as learn:
        fit_against(features, labels, "common")

    learnt, of_labels = learn.call_args.args
    rows = {tuple(row) for row in learnt.toarray().tolist()}
    assert all(tuple(features[texts.index(t)].toarray()[0].tolist()) in rows for t in near)
    assert of_labels.count("common") == 2 * len(TEXTS)


def test_a_label_that_is_not_common_is_learnt_whole() -> None:
    features = matrix([PLAIN.vector(t) for t in TEXTS], PLAIN)

    found = fit_against(features, LABELS, "cost")

    assert (found.table == fit_weights(features, LABELS).table).all()

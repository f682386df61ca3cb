"""The ranker for thousands of labels: sparse profiles, against their slow, obvious twin."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval import profiles as module
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.corpus import matrix
from bot.retrieval.features import FeatureSpace, Vector
from bot.retrieval.linear import LinearModel
from bot.retrieval.profiles import Profiles, fit_model, fit_profiles
from tests.small import fit_space, word_vectors

BANK = (
    ("how much does it cost", "cost"),
    ("can i drive my car", "driving"),
    ("price of it", "cost"),
    ("when may i drive again", "driving"),
    ("how long", "length"),
)
LABELS = [label for _, label in BANK]
NAMES = ["cost", "driving", "length"]
SPACE = fit_space([text for text, _ in BANK], analyzer=Analyzer({}), vectors=word_vectors())
VECTORS = [SPACE.vector(text) for text, _ in BANK]
FEATURES = matrix(VECTORS, SPACE)
MESSAGES = st.lists(
    st.sampled_from([*" ".join(text for text, _ in BANK).split(), "zebra", "truck"]), max_size=8
).map(" ".join)


def row(vector: Vector, space: FeatureSpace = SPACE) -> np.ndarray:
    whole = np.zeros(space.size + space.dense_size)
    whole[vector.ids] = vector.values
    whole[space.size :] = vector.dense
    return whole


def cosines(message: str) -> list[float]:
    """Cosine to the mean of each label's vectors."""
    asked = row(SPACE.vector(message))
    middles = [
        np.sum([row(v) for v, its in zip(VECTORS, LABELS, strict=True) if its == label], axis=0)
        for label in NAMES
    ]
    return [float(asked @ middle / np.linalg.norm(middle)) for middle in middles]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(MESSAGES)
def test_decisions_are_cosines_to_the_middle_of_each_label(message: str) -> None:
    found = fit_profiles(FEATURES, LABELS, space=SPACE).decide(SPACE.vector(message))

    assert found.tolist() == pytest.approx([6.0 * c for c in cosines(message)], abs=1e-4)


def test_labels_come_in_alphabetical_order() -> None:
    assert fit_profiles(FEATURES, LABELS, space=SPACE).labels == ("cost", "driving", "length")


def test_the_weight_of_a_feature_is_that_which_is_added_up() -> None:
    model = fit_profiles(FEATURES, LABELS, space=SPACE)
    word = SPACE.word_ids["price"]

    assert model.weight(word, NAMES.index("cost")) > 0.0
    assert model.weight(word, NAMES.index("driving")) == 0.0


def test_only_the_weightiest_features_are_kept() -> None:
    with patch.object(module, "_KEPT", 3):
        model = fit_profiles(FEATURES, LABELS, space=SPACE)

    assert np.bincount(model.columns).tolist() == [3, 3, 3]


def test_few_labels_get_the_linear_model() -> None:
    assert isinstance(fit_model(FEATURES, LABELS, space=SPACE), LinearModel)


def test_too_many_labels_get_profiles() -> None:
    with patch.object(module, "_MOST_WEIGHTS", 10):
        model = fit_model(FEATURES, LABELS, space=SPACE)

    assert isinstance(model, Profiles)

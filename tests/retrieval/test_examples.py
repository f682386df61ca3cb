"""The nearest example of a label: as a search through all of them finds it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.analyzer import Analyzer
from bot.retrieval.corpus import matrix
from bot.retrieval.examples import Examples, index_examples, weights_of_words
from bot.retrieval.features import FeatureSpace
from tests.small import fit_space, word_vectors

BANK = (
    ("how much does it cost", "cost"),
    ("can i drive my car", "driving"),
    ("price of it", "cost"),
    ("when may i drive again", "driving"),
    ("money money money", "cost"),
    ("how long", "length"),
)
TEXTS = [text for text, _ in BANK]
LABELS = [label for _, label in BANK]
NAMES = ("cost", "driving", "length", "unused")
SPACE = fit_space(TEXTS, analyzer=Analyzer({}))
MESSAGES = st.lists(
    st.sampled_from([*" ".join(TEXTS).split(), "zebra", "drives"]), max_size=10
).map(" ".join)
COST = ["how", "much", "cost", "price", "money", "it", "does"]
COST_WORDS = st.lists(st.sampled_from(COST), min_size=1, max_size=6).map(" ".join)


def examples(space: FeatureSpace = SPACE) -> Examples:
    features = matrix([space.vector(t) for t in TEXTS], space)
    return index_examples(features, BANK, NAMES, space)


def query_row(text: str) -> np.ndarray:
    """Its words with sublinear tf and idf, length 1."""
    vector = SPACE.vector(text)
    row = np.zeros(SPACE.size)
    row[vector.ids] = vector.values
    words = row[: len(SPACE.word_ids)]
    return words / (np.linalg.norm(words) or 1.0)


def example_row(text: str) -> np.ndarray:
    """Its words with their idf however often they come, length 1."""
    found = np.where(query_row(text) > 0, SPACE.idf[: len(SPACE.word_ids)], 0.0)
    return found / np.linalg.norm(found)


def cosines(message: str, label: str) -> dict[str, float]:
    """Every example of a label with its cosine to the message: the slow, obvious twin."""
    asked = query_row(message)
    return {
        text: float(asked @ example_row(text)) for text, its_label in BANK if its_label == label
    }


@settings(deadline=None, derandomize=True, max_examples=80)
@given(MESSAGES, st.sampled_from(["cost", "driving", "length"]))
def test_the_nearest_cosine_is_the_greatest_of_all(message: str, label: str) -> None:
    found, _ = examples().nearest(
        NAMES.index(label), weights_of_words(SPACE.vector(message), SPACE)
    )

    assert found == pytest.approx(max(cosines(message, label).values()), abs=1e-5)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(COST_WORDS)
def test_the_nearest_text_has_the_greatest_cosine(message: str) -> None:
    found, text = examples().nearest(0, weights_of_words(SPACE.vector(message), SPACE))

    assert cosines(message, "cost")[text] == pytest.approx(found, abs=1e-5)


@pytest.mark.parametrize(("text", "label"), BANK)
def test_an_example_is_nearest_to_itself(text: str, label: str) -> None:
    found = examples().nearest(NAMES.index(label), weights_of_words(SPACE.vector(text), SPACE))

    assert found == (pytest.approx(1.0, abs=1e-5), text)


def test_a_label_without_examples_is_near_to_nothing() -> None:
    found = examples().nearest(NAMES.index("unused"), weights_of_words(SPACE.vector("cost"), SPACE))

    assert found == (0.0, "")


def test_a_query_without_known_words_is_near_to_nothing() -> None:
    found = examples().nearest(0, weights_of_words(SPACE.vector("zebra"), SPACE))

    assert found == (0.0, "")


def test_only_examples_of_the_label_are_searched() -> None:
    _, text = examples().nearest(
        NAMES.index("driving"), weights_of_words(SPACE.vector("how much does it cost again"), SPACE)
    )

    assert text == "when may i drive again"


def test_examples_of_a_label_stand_together_in_their_order() -> None:
    found = examples()

    assert [found.text(at) for at in range(*found.first[:2])] == [
        "how much does it cost",
        "price of it",
        "money money money",
    ]


def test_a_query_weighs_whole_words_only() -> None:
    found = weights_of_words(SPACE.vector("drive my car"), SPACE)

    assert np.count_nonzero(found) == 3
    assert len(found) <= len(SPACE.word_ids) + 1


def test_a_text_is_alike_to_the_label_that_means_the_same_in_other_words() -> None:
    space = fit_space(TEXTS, analyzer=Analyzer({}), vectors=word_vectors())
    found = examples(space)
    asked = space.vector("truck")

    assert found.alike(NAMES.index("driving"), asked) == pytest.approx(1.0)
    assert found.alike(NAMES.index("cost"), asked) == pytest.approx(0.0)


def test_without_word_vectors_nothing_is_alike() -> None:
    assert examples().alike(0, SPACE.vector("money")) == 0.0

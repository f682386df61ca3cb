"""A bank as features: row by row what the space makes of one text, and what scikit-learn makes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.analyzer import Analyzer
from bot.retrieval.corpus import fit_corpus, matrix, owners
from tests.small import fit_space, word_vectors

TEXTS = (
    "When can I drive my car again?",
    "how much does it cost, the cost",
    "banana banana",
    "",
    "жжж",
    "how long does it take",
)
WORDS = ["drive", "car", "cost", "money", "banana", "how", "is", "it", "truck", "naïve", "x"]
BANKS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join), min_size=1, max_size=70
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(BANKS, st.booleans())
def test_a_row_is_what_the_space_makes_of_the_text(bank: list[str], with_vectors: bool) -> None:
    vectors = word_vectors() if with_vectors else None
    corpus = fit_corpus(bank, analyzer=Analyzer({"car": ["truck"]}), vectors=vectors)

    slow = matrix([corpus.space.vector(text) for text in bank], corpus.space)

    assert corpus.features.toarray() == pytest.approx(slow.toarray(), abs=1e-6)


def test_rows_have_length_one_unless_nothing_is_known() -> None:
    corpus = fit_corpus(TEXTS, analyzer=Analyzer({}))

    lengths = np.sqrt(corpus.features.multiply(corpus.features).sum(axis=1)).A1

    assert lengths.tolist() == pytest.approx([1, 1, 1, 0, 1, 1])


def test_the_words_of_each_text_are_kept() -> None:
    corpus = fit_corpus(TEXTS, analyzer=Analyzer({}, {"pt": "patient"}))

    assert corpus.tokens[2] == ("banana", "banana")
    assert corpus.tokens[3] == ()


@pytest.mark.parametrize("bank", [[], [""], ["", "..."]])
def test_a_bank_without_words_has_no_features(bank: list[str]) -> None:
    corpus = fit_corpus(bank, analyzer=Analyzer({}))

    assert corpus.features.shape == (len(bank), 0)
    assert corpus.space.vector("drive").ids.tolist() == []


@pytest.mark.parametrize(
    ("examples", "length"), [(0, 2.0), (4, 1.867), (10, 1.667), (30, 1.0), (200, 1.0)]
)
def test_word_vectors_weigh_less_the_more_examples_there_are(examples: int, length: float) -> None:
    corpus = fit_corpus(
        ["car"], analyzer=Analyzer({}), vectors=word_vectors(), examples_a_label=examples
    )

    vector = corpus.space.vector("car")

    words = float(vector.values[0])  # the block of whole words has length 1 before all are joined
    assert float(np.linalg.norm(vector.dense)) / words == pytest.approx(length, abs=1e-3)


def test_idf_grows_with_rarity() -> None:
    space = fit_space(["drive car", "drive home", "drive off"], analyzer=Analyzer({}))

    assert space.idf[space.word_ids["car"]] > space.idf[space.word_ids["drive"]]


def test_rows_are_summed_by_label_in_the_order_of_the_names() -> None:
    corpus = fit_corpus(["drive", "cost", "drive"], analyzer=Analyzer({}))

    sums = (owners(["b", "a", "b"], ["a", "b", "c"]) @ corpus.features).toarray()

    rows = corpus.features.toarray()
    assert sums == pytest.approx(np.array([rows[1], rows[0] + rows[2], 0 * rows[0]]))

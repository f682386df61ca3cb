"""The feature space: the same numbers as scikit-learn's TF-IDF, known words, blended texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.analyzer import Analyzer, char_ngrams, ngram_keys
from bot.retrieval.features import (
    PAIR_WEIGHT,
    PAIR_WINDOW,
    FeatureSpace,
    find_keys,
    pair_keys,
)
from tests.small import fit_space, word_vectors

TEXTS = (
    "When can I drive my car again?",
    "can i drive after",
    "How much does it cost",
    "cost of the procedure, and who pays the cost?",
    "how long does it take",
    "is the cut big or small",
    "do I need somebody to drive me home",
)
ANALYZER = Analyzer({"car": ["car", "truck"]}, {"proc": "procedure"})
SPACE = fit_space(TEXTS, analyzer=ANALYZER)
WORDS = (
    "when",
    "can",
    "drive",
    "driving",
    "cost",
    "proc",
    "truck",
    "big",
    "home",
    "zebra",
    "takes",
    "i",
    "the",
    "?",
)
MESSAGES = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


def stems(text: str) -> list[str]:
    return ANALYZER.stems(ANALYZER.tokens(text))


def stem_pairs(text: str) -> list[str]:
    """Unordered pairs of different known stems within the window, as text."""
    distinct = [stem for stem in dict.fromkeys(stems(text)) if stem in SPACE.word_ids]
    return [
        " ".join(sorted((a, b)))
        for at, a in enumerate(distinct)
        for b in distinct[at + 1 : at + 1 + PAIR_WINDOW]
    ]


def pair_key(pair: str) -> int:
    return int(pair_keys([SPACE.word_ids[stem] for stem in pair.split(" ")])[0])


def letters_key(letters: str) -> int:
    return crc32(letters.encode())


def letters(text: str) -> list[str]:
    return [gram for token in ANALYZER.tokens(text) for gram in char_ngrams(token)]


def by_scikit_learn(
    text: str, analyze: Callable[[str], Sequence[str]], weight: float, key: Callable[[str], Any]
) -> np.ndarray[Any, Any]:
    """One block as `TfidfVectorizer` itself transforms it, columns in order of their keys."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=analyze, sublinear_tf=True).fit(TEXTS)
    columns = [vectorizer.vocabulary_[f] for f in sorted(vectorizer.vocabulary_, key=key)]
    return weight * vectorizer.transform([text]).toarray()[0][columns]


def dense_row(text: str, space: FeatureSpace) -> np.ndarray[Any, Any]:
    row = np.zeros(space.size)
    vector = space.vector(text)
    row[vector.ids] = vector.values
    return row


def twin(text: str) -> np.ndarray[Any, Any]:
    blocks = [
        by_scikit_learn(text, stems, 1.0, str),
        by_scikit_learn(text, stem_pairs, PAIR_WEIGHT, pair_key),
        by_scikit_learn(text, letters, 1.0, letters_key),
    ]
    joined = np.concatenate(blocks)
    return joined / (np.linalg.norm(joined) or 1.0)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(MESSAGES)
def test_a_vector_is_what_scikit_learn_makes_of_each_block(message: str) -> None:
    assert dense_row(message, SPACE) == pytest.approx(twin(message), abs=1e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_the_fit_is_what_scikit_learn_makes_of_it(text: str) -> None:
    assert dense_row(text, SPACE) == pytest.approx(twin(text), abs=1e-5)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(MESSAGES)
def test_ids_ascend_and_values_are_positive(message: str) -> None:
    vector = SPACE.vector(message)

    assert (np.diff(vector.ids) > 0).all()
    assert (vector.values > 0).all()


@settings(deadline=None, derandomize=True, max_examples=40)
@given(MESSAGES)
def test_the_known_share_lies_between_nothing_and_all(message: str) -> None:
    assert 0.0 <= SPACE.vector(message).known <= 1.0


def test_a_vector_has_length_one() -> None:
    vector = SPACE.vector("can I drive")

    assert math.hypot(*vector.values) == pytest.approx(1.0)


def test_a_text_of_unknown_letters_is_empty() -> None:
    vector = SPACE.vector("жжж")

    assert vector.ids.tolist() == []
    assert vector.known == 0.0


def test_an_empty_text_knows_nothing() -> None:
    assert SPACE.vector("").known == 0.0


def test_known_words_are_all_known() -> None:
    assert SPACE.vector("drive home").known == 1.0


def test_an_unknown_word_weighs_as_much_as_the_rarest() -> None:
    vector = SPACE.vector("somebody zebra")

    assert vector.known == pytest.approx(0.5, abs=0.1)


def test_known_is_counted_on_the_words_as_typed() -> None:
    vector = SPACE.vector_of(("drive", "home"), typed=("drvie", "hmoe"))

    assert vector.known == 0.0
    assert vector.tokens == ("drive", "home")


def test_the_memory_of_vectors_does_not_keep_an_earlier_known_share() -> None:
    SPACE.vector_of(("drive", "home"), typed=("drvie", "hmoe"))

    assert SPACE.vector("drive home").known == 1.0


def test_an_empty_block_is_no_error() -> None:
    space = fit_space(["pain", "cost"], analyzer=ANALYZER)

    assert len(space.pair_keys) == 0
    assert space.vector("pain").known == 1.0


def test_word_vectors_make_a_dense_block_of_their_own() -> None:
    space = fit_space(TEXTS, analyzer=ANALYZER, vectors=word_vectors())

    vector = space.vector("car money")

    assert space.dense_size == 3
    assert float(vector.values @ vector.values + vector.dense @ vector.dense) == pytest.approx(1.0)


def test_a_word_known_to_the_vectors_alone_has_a_dense_block() -> None:
    space = fit_space(TEXTS, analyzer=Analyzer({}), vectors=word_vectors())

    vector = space.vector("money")

    assert vector.dense[1] > 0


def test_a_blend_lies_between_both_texts() -> None:
    drive, cost = SPACE.vector("drive"), SPACE.vector("cost")

    blended = drive.blend(cost, 0.5)

    expected = dense_row("drive", SPACE) + 0.5 * dense_row("cost", SPACE)
    row = np.zeros(SPACE.size)
    row[blended.ids] = blended.values
    assert row == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)


def test_a_blend_keeps_words_and_known_share_of_the_first() -> None:
    blended = SPACE.vector("zebra").blend(SPACE.vector("drive home"), 1.0)

    assert blended.tokens == ("zebra",)
    assert blended.known == 0.0


def test_a_blend_with_weight_nothing_changes_no_direction() -> None:
    drive = SPACE.vector("drive")

    blended = drive.blend(SPACE.vector("drive"), 0.0)

    assert blended.values == pytest.approx(drive.values)


def test_a_blend_of_two_empty_texts_is_empty() -> None:
    blended = SPACE.vector("").blend(SPACE.vector(""), 1.0)

    assert blended.ids.tolist() == []


def test_a_pair_of_one_text_alone_is_left_out_of_a_larger_bank() -> None:
    bank = ["drive home"] * 30 + ["cost money"] * 30 + ["rare phrase"]

    space = fit_space(bank, analyzer=ANALYZER)

    assert len(known_pairs(space, "drive home")) == 1
    assert len(known_pairs(space, "rare phrase")) == 0
    assert "rare" in space.word_ids


def known_pairs(space: FeatureSpace, text: str) -> list[int]:
    keys = pair_keys([space.word_ids[stem] for stem in space.analyzer.stems(text.split())])
    return find_keys(space.pair_keys, keys).tolist()


# ---------------------------------------------------------------- keys
def test_a_pair_has_one_key_in_either_order() -> None:
    assert pair_keys([3, 8]).tolist() == pair_keys([8, 3]).tolist()


def test_different_pairs_have_different_keys() -> None:
    assert len(set(pair_keys([0, 1, 2, 3]).tolist())) == 6


def test_a_repeated_word_makes_no_pair_with_itself() -> None:
    assert pair_keys([5, 5]).tolist() == []


def test_each_pair_comes_once() -> None:
    assert len(pair_keys([1, 2, 1, 3])) == 3


def test_words_further_apart_than_the_window_make_no_pair() -> None:
    found = pair_keys(range(PAIR_WINDOW + 2)).tolist()

    assert pair_keys([0, PAIR_WINDOW + 1])[0] not in found
    assert pair_keys([1, PAIR_WINDOW + 1])[0] in found


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.integers(0, 40), max_size=30), st.lists(st.integers(0, 40), max_size=20))
def test_keys_are_found_where_they_stand(known: list[int], wanted: list[int]) -> None:
    keys = np.unique(np.array(known, dtype=np.int64))

    found = find_keys(keys, np.array(wanted, dtype=np.int64))

    assert [int(keys[place]) for place in found] == [key for key in wanted if key in known]


def test_the_same_letters_have_the_same_key_in_every_word() -> None:
    assert set(ngram_keys("drive")) & set(ngram_keys("driver")) >= {crc32(b" dr"), crc32(b"riv")}

"""Static word vectors: the direction of a text, and the file they come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.retrieval.distill import save
from bot.retrieval.vectors import load_vectors
from tests.small import word_vectors


def test_the_direction_of_a_text_has_length_one() -> None:
    found = word_vectors().mean(("car", "money"))

    assert float(np.linalg.norm(found)) == pytest.approx(1.0)


def test_words_of_one_direction_are_alike_whatever_their_weight() -> None:
    vectors = word_vectors()

    assert vectors.mean(("car",)) == pytest.approx(vectors.mean(("truck",)))


def test_unknown_words_change_nothing() -> None:
    vectors = word_vectors()

    assert vectors.mean(("car", "xyzzy")) == pytest.approx(vectors.mean(("car",)))


def test_a_text_of_unknown_words_has_no_direction() -> None:
    assert word_vectors().mean(("xyzzy",)).tolist() == [0.0, 0.0, 0.0]


def test_a_text_without_words_has_no_direction() -> None:
    assert word_vectors().mean(()).tolist() == [0.0, 0.0, 0.0]


def test_words_that_weigh_nothing_have_no_direction() -> None:
    assert word_vectors().mean(("zero",)).tolist() == [0.0, 0.0, 0.0]


def test_order_of_words_does_not_matter() -> None:
    vectors = word_vectors()

    assert vectors.mean(("car", "money")) == pytest.approx(vectors.mean(("money", "car")))


def test_without_a_file_there_are_no_vectors(tmp_path: Path) -> None:
    assert load_vectors(tmp_path / "vectors.npz") is None


def test_a_saved_table_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    table = np.array([[0.5, -0.25], [0.1, 0.2]], dtype=np.float32)

    save(path, ["pain", "señor"], table)
    found = load_vectors(path)

    assert found is not None
    assert "pain" in found
    assert "señor" in found
    assert "sea" not in found
    assert found.table * found.scales[:, None] == pytest.approx(table, abs=0.01)


def test_the_commonest_of_some_words_is_found() -> None:
    assert word_vectors().commonest(["money", "xyzzy", "truck"]) == "truck"


def test_of_words_that_nobody_lists_none_is_the_commonest() -> None:
    assert word_vectors().commonest(["xyzzy", "zyxxy"]) is None


def test_words_are_ranked_in_the_order_given() -> None:
    ranks = [word_vectors().rank(word) for word in ("car", "truck", "money", "zero")]

    assert ranks == [0, 1, 2, 3]


def test_a_word_that_is_not_listed_comes_after_all() -> None:
    assert word_vectors().rank("xyzzy") == 4

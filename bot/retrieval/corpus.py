"""Many texts at a time as features: the space is fitted here, by scikit-learn's TF-IDF.

A query goes through `FeatureSpace.vector`, whose numbers are the same (tests/retrieval hold the two
against each other). Counting a bank as sparse products is ten times faster than text by text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bot.retrieval.analyzer import Analyzer, ngram_keys
from bot.retrieval.features import PAIR_WEIGHT, VECTOR_WEIGHT, FeatureSpace, pair_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.arrays import Floats
    from bot.retrieval.features import Vector
    from bot.retrieval.vectors import WordVectors


class Corpus(Struct, frozen=True, kw_only=True):
    """Texts as features in the space that was fitted on them."""

    space: FeatureSpace
    tokens: list[tuple[str, ...]]  #: the words of each text
    features: Any  #: scipy CSR matrix (texts, sparse + dense features), rows as of `space.vector`


def fit_space(
    texts: Sequence[str],
    *,
    analyzer: Analyzer,
    vectors: WordVectors | None = None,
    vector_weight: float = VECTOR_WEIGHT,
) -> FeatureSpace:
    """The feature space of some texts."""
    return fit_corpus(texts, analyzer=analyzer, vectors=vectors, vector_weight=vector_weight).space


def fit_corpus(
    texts: Sequence[str],
    *,
    analyzer: Analyzer,
    vectors: WordVectors | None = None,
    vector_weight: float = VECTOR_WEIGHT,
) -> Corpus:
    """The feature space of some texts, and the texts in it."""
    tokens = [analyzer.tokens(text) for text in texts]
    stems = [analyzer.stems(row) for row in tokens]
    names = sorted(set(chain.from_iterable(stems)))
    number = dict(zip(names, range(len(names)), strict=True))
    ids = [[number[stem] for stem in row] for row in stems]
    least = _least_texts(len(texts))
    pair_rows = [pair_keys(row) for row in ids]
    _, words = _count(_flat(ids), _ends(ids))
    pairs, pair_counts = _known(*_count(_flat(pair_rows), _ends(pair_rows)), least)
    chars, char_counts = _known(*_count_ngrams(tokens), least)
    blocks = [_weigh(words), _weigh(pair_counts), _weigh(char_counts)]
    space = FeatureSpace(
        analyzer=analyzer,
        words=names,
        pair_keys=pairs,
        char_keys=chars.astype(np.uint32),
        idf=np.concatenate([idf for _, idf in blocks]).astype(np.float32),
        vectors=vectors,
        vector_weight=vector_weight,
    )
    sparse = [block for block, _ in blocks]
    return Corpus(space=space, tokens=tokens, features=_joined(sparse, tokens, space))


def _least_texts(texts: int) -> int:
    """In how many texts a pair or n-gram must stand.

    The rare ones are most of the memory and none of the accuracy.
    """
    return 1 if texts <= 50 else 2 if texts <= 5000 else 5


def _flat(rows: Sequence[Any]) -> NDArray[np.int64]:
    if rows and isinstance(rows[0], np.ndarray):
        return np.concatenate(rows)
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64)


def _ends(rows: Sequence[Any]) -> NDArray[np.int64]:
    return np.cumsum([0, *map(len, rows)])


def _count(keys: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], Any]:
    """Distinct keys, ascending, and how often each row holds them: CSR matrix (rows, keys).

    Args:
        keys: of all rows, one row after the other.
        ends: (rows + 1,) where each row begins and ends.
    """
    from scipy.sparse import csr_matrix

    distinct, columns = np.unique(keys, return_inverse=True)
    ones = np.ones(len(keys), dtype=np.float32)
    counts = csr_matrix((ones, columns, ends), shape=(len(ends) - 1, len(distinct)))
    counts.sum_duplicates()
    return distinct, counts


def _count_ngrams(tokens: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], Any]:
    """As `_count`, of the n-grams of words: how often a text holds a word x what the word holds."""
    number: dict[str, int] = {}
    places = [[number.setdefault(token, len(number)) for token in row] for row in tokens]
    keys = [ngram_keys(word) for word in number]
    _, texts = _count(_flat(places), _ends(places))
    distinct, words = _count(_flat(keys), _ends(keys))
    return distinct, texts @ words


def _known(keys: NDArray[np.int64], counts: Any, least: int) -> tuple[NDArray[np.int64], Any]:
    """Without what stands in fewer than `least` texts."""
    kept = counts.getnnz(axis=0) >= least
    return keys[kept], counts[:, kept]


def _weigh(counts: Any) -> tuple[Any, Floats]:
    """One block: sublinear tf times idf, each row of length 1; and the idf."""
    from sklearn.feature_extraction.text import TfidfTransformer

    if not counts.shape[1]:
        return counts, np.zeros(0)
    weigher = TfidfTransformer(sublinear_tf=True)
    return weigher.fit_transform(counts), weigher.idf_


def _joined(blocks: Sequence[Any], tokens: Sequence[Sequence[str]], space: FeatureSpace) -> Any:
    """The blocks side by side, each row of length 1."""
    from scipy.sparse import csr_matrix, hstack

    words, pairs, chars = blocks
    dense = [csr_matrix(np.array([space.dense(row) for row in tokens]))] if space.dense_size else []
    whole = hstack([words, pairs * PAIR_WEIGHT, chars, *dense], format="csr", dtype=np.float32)
    return of_length_one(whole)


def of_length_one(rows: Any) -> Any:
    """Each row divided by its length; rows of zeros stay."""
    from sklearn.preprocessing import normalize

    return normalize(rows) if all(rows.shape) else rows  # scikit-learn refuses an empty matrix


def matrix(vectors: Sequence[Vector], space: FeatureSpace) -> Any:
    """The same of some texts that are vectors already; they need not have fitted the space."""
    from scipy.sparse import csr_matrix

    size, ids, values = space.size, [v.ids for v in vectors], [v.values for v in vectors]
    if space.dense_size:
        places = np.arange(size, size + space.dense_size, dtype=np.int32)
        ids = [np.concatenate([row, places]) for row in ids]
        values = [np.concatenate([v.values, v.dense]) for v in vectors]
    starts = np.cumsum([0, *map(len, ids)])
    return csr_matrix(
        (
            np.concatenate([np.zeros(0, np.float32), *values]),
            np.concatenate([np.zeros(0, np.int32), *ids]),
            starts,
        ),
        shape=(len(vectors), size + space.dense_size),
    )


def sum_by_label(features: Any, labels: Sequence[str], names: Sequence[str]) -> Any:
    """CSR matrix (names, features): the sum of the rows of each label."""
    from scipy.sparse import csr_matrix

    number = {name: at for at, name in enumerate(names)}
    places = ([number[label] for label in labels], np.arange(len(labels)))
    ones = np.ones(len(labels), dtype=np.float32)
    return csr_matrix((ones, places), shape=(len(names), len(labels))) @ features

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
from bot.retrieval.features import PAIR_WEIGHT, FeatureSpace, pair_keys, vector_weight

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


def fit_corpus(
    texts: Sequence[str],
    *,
    analyzer: Analyzer,
    vectors: WordVectors | None = None,
    examples_a_label: float = 1.0,
) -> Corpus:
    """The feature space of some texts, and the texts in it.

    Args:
        examples_a_label: of them there are, in the mean.
    """
    from scipy.sparse import hstack

    tokens = [analyzer.tokens(text) for text in texts]
    least = _least_texts(len(texts))
    stems, stem_ids = _number([analyzer.stems(row) for row in tokens])
    typed, typed_ids = _number(tokens)
    _, holds = _count(typed_ids)  # which text holds which word as typed
    _, words, word_idf = _weighed(*_count(stem_ids))
    pairs, of_pairs, pair_idf = _weighed(
        *_known(*_count([pair_keys(row) for row in stem_ids]), least), PAIR_WEIGHT
    )
    ngrams, of_ngrams = _count([ngram_keys(word) for word in typed])
    chars, of_chars, char_idf = _weighed(*_known(ngrams, holds @ of_ngrams, least))
    space = FeatureSpace(
        analyzer=analyzer,
        words=stems,
        pair_keys=pairs,
        char_keys=chars.astype(np.uint32),
        idf=np.concatenate([word_idf, pair_idf, char_idf]).astype(np.float32),
        vectors=vectors,
        vector_weight=vector_weight(examples_a_label),
    )
    # By column, scipy joins without a detour over coordinates, which takes twice the memory.
    whole = hstack([words, of_pairs, of_chars, *_meanings(holds, typed, space)], format="csc")
    features = of_length_one(whole.tocsr())
    return Corpus(space=space, tokens=tokens, features=features)


def _least_texts(texts: int) -> int:
    """In how many texts a pair or n-gram must stand.

    The rare ones are most of the memory and none of the accuracy.
    """
    return 1 if texts <= 50 else 2 if texts <= 5000 else 5 if texts <= 20_000 else 10


def _number(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[int]]]:
    """The distinct words in alphabetical order, and the rows with numbers for words."""
    names = sorted(set(chain.from_iterable(rows)))
    number = dict(zip(names, range(len(names)), strict=True))
    return names, [[number[name] for name in row] for row in rows]


def _count(rows: Sequence[Any]) -> tuple[NDArray[np.int64], Any]:
    """Distinct keys, ascending, and how often each row holds them: CSR matrix (rows, keys)."""
    from scipy.sparse import csr_matrix

    if rows and isinstance(rows[0], np.ndarray):
        keys = np.concatenate(rows)
    else:
        keys = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    distinct, columns = np.unique(keys, return_inverse=True)
    ones, ends = np.ones(len(keys), dtype=np.float32), np.cumsum([0, *map(len, rows)])
    counts = csr_matrix((ones, columns, ends), shape=(len(rows), len(distinct)))
    counts.sum_duplicates()
    return distinct, counts


def _known(keys: NDArray[np.int64], counts: Any, least: int) -> tuple[NDArray[np.int64], Any]:
    """Without what stands in fewer than `least` texts."""
    kept = counts.getnnz(axis=0) >= least
    return keys[kept], counts[:, kept]


def _weighed(
    keys: NDArray[np.int64], counts: Any, weight: float = 1.0
) -> tuple[NDArray[np.int64], Any, Floats]:
    """One block: its keys, sublinear tf times idf as CSC with rows of length `weight`, the idf."""
    from sklearn.feature_extraction.text import TfidfTransformer

    if not counts.shape[1]:
        return keys, counts.tocsc(), np.zeros(0)
    weigher = TfidfTransformer(sublinear_tf=True).fit(counts)
    block = weigher.transform(counts, copy=False).tocsc()
    block.data *= np.float32(weight)
    return keys, block, weigher.idf_


def _meanings(holds: Any, words: Sequence[str], space: FeatureSpace) -> list[Any]:
    """The block of word vectors, of the length that the space gives it; none without vectors."""
    from scipy.sparse import csr_matrix

    if space.vectors is None:
        return []
    dense = of_length_one(holds @ space.vectors.rows(words)) * np.float32(space.vector_weight)
    texts, size = dense.shape
    places = np.tile(np.arange(size, dtype=np.int32), texts)
    ends = np.arange(texts + 1) * size
    return [csr_matrix((dense.ravel(), places, ends), shape=dense.shape).tocsc()]


def of_length_one(rows: Any) -> Any:
    """Each row divided by its length, in place; rows of zeros stay."""
    from sklearn.preprocessing import normalize

    # scikit-learn refuses an empty matrix
    return normalize(rows, copy=False) if all(rows.shape) else rows


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


def owners(labels: Sequence[str], names: Sequence[str]) -> Any:
    """CSR matrix (names, texts) of ones and zeros: times the features, it sums them by label."""
    from scipy.sparse import csr_matrix

    number = {name: at for at, name in enumerate(names)}
    places = ([number[label] for label in labels], np.arange(len(labels)))
    ones = np.ones(len(labels), dtype=np.float32)
    return csr_matrix((ones, places), shape=(len(names), len(labels)))

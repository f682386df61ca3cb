"""Nearest example: how like the query is to the examples of the label that the ranker guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bot.retrieval.corpus import of_length_one, owners
from bot.retrieval.features import FeatureSpace, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.arrays import Floats


class Examples(Struct, frozen=True, kw_only=True):
    """Word features of all examples, sorted by label: similarities stay within one label."""

    letters: NDArray[np.uint8]  #: the texts of all examples in UTF-8, one after the other
    ends: NDArray[np.int32]  #: (examples + 1,) where the letters of each example begin
    first: NDArray[np.int32]  #: (labels + 1,) where the examples of each label begin
    starts: NDArray[np.int32]  #: (examples + 1,) where the words of each example begin
    words: NDArray[np.int32]  #: word ids of all examples, one after the other
    values: Floats  #: of length 1 for each example
    centres: Floats  #: (labels, d) mean direction of meaning of each label's examples, length 1

    def alike(self, label: int, vector: Vector) -> float:
        """Cosine (-1..1) of a text's meaning to the middle of a label's; 0 without word vectors."""
        length = math.sqrt(float(vector.dense @ vector.dense))
        return float(vector.dense @ self.centres[label]) / length if length else 0.0

    def nearest(self, label: int, query: WordQuery) -> tuple[float, str]:
        """Cosine (0..1) and text of the example of a label that is most like the query."""
        begin, end = int(self.first[label]), int(self.first[label + 1])
        low, high = int(self.starts[begin]), int(self.starts[end])
        if low == high or not len(query.ids):
            return 0.0, ""
        weight_of = np.zeros(
            int(query.ids[-1]) + 2, dtype=np.float32
        )  # word -> weight, 0 at the end
        weight_of[query.ids] = query.values
        products = weight_of.take(self.words[low:high], mode="clip")
        products *= self.values[low:high]
        sums = np.add.reduceat(products, self.starts[begin:end] - low)
        best = int(sums.argmax())
        return float(sums[best]), self.text(begin + best)

    def text(self, example: int) -> str:
        letters = self.letters[self.ends[example] : self.ends[example + 1]].tobytes()
        return letters.decode("utf-8", "surrogatepass")


class WordQuery(Struct, frozen=True, kw_only=True):
    """The word features of a query: ids ascending, values of length 1."""

    ids: NDArray[np.int32]
    values: Floats


def word_query(vector: Vector, space: FeatureSpace) -> WordQuery:
    """The part of a vector that stands for whole words (the first block of the space)."""
    last = int(np.searchsorted(vector.ids, len(space.word_ids)))
    ids, values = vector.ids[:last], vector.values[:last]
    length = float(np.sqrt(values @ values)) or 1.0
    return WordQuery(ids=ids, values=values / np.float32(length))


def index_examples(
    features: Any,
    texts: Sequence[str],
    labels: Sequence[str],
    names: Sequence[str],
    space: FeatureSpace,
) -> Examples:
    """The examples of each label in the order of `names`.

    Args:
        features: of the texts, as in `Corpus`.
    """
    number = {name: at for at, name in enumerate(names)}
    owned_by = np.array([number[label] for label in labels], dtype=np.int64)
    words = of_length_one(features[:, : len(space.word_ids)])
    with_words = np.diff(words.indptr).nonzero()[0]  # an empty row has no cosine
    order = with_words[np.argsort(owned_by[with_words], kind="stable")]
    rows = words[order]
    counts = np.bincount(owned_by[order], minlength=len(names))
    encoded = [texts[i].encode("utf-8", "surrogatepass") for i in order.tolist()]
    return Examples(
        letters=np.frombuffer(b"".join(encoded), dtype=np.uint8),
        ends=np.cumsum([0, *map(len, encoded)]).astype(np.int32),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        starts=rows.indptr.astype(np.int32),
        words=rows.indices.astype(np.int32),
        values=rows.data.astype(np.float32),
        centres=_centres(features[:, space.size :], labels, names),
    )


def _centres(dense: Any, labels: Sequence[str], names: Sequence[str]) -> Floats:
    """Mean of the dense blocks of each label's examples, of length 1; zero where there is none."""
    centres = (owners(labels, names) @ dense).toarray()
    lengths = np.linalg.norm(centres, axis=1, keepdims=True)
    return np.asarray(centres / np.where(lengths > 0, lengths, 1), dtype=np.float32)

"""Nearest example: how like the query is to the examples of the label that the ranker guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bot.retrieval.corpus import owners
from bot.retrieval.features import FeatureSpace, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.arrays import Floats


class Examples(Struct, frozen=True, kw_only=True):
    """The words of all examples, sorted by label: similarities stay within one label."""

    letters: NDArray[np.uint8]  #: the texts of all examples in UTF-8, one after the other
    ends: NDArray[np.int32]  #: (examples + 1,) where the letters of each example begin
    first: NDArray[np.int32]  #: (labels + 1,) where the examples of each label begin
    starts: NDArray[np.int32]  #: (examples + 1,) where the words of each example begin
    words: NDArray[np.int32]  #: word ids of all examples, one after the other
    scales: Floats  #: (examples,) 1 / length of the row of its words' idf
    centres: Floats  #: (labels, d) mean direction of meaning of each label's examples, length 1

    def alike(self, label: int, vector: Vector) -> float:
        """Cosine (-1..1) of a text's meaning to the middle of a label's; 0 without word vectors."""
        length = math.sqrt(float(vector.dense @ vector.dense))
        return float(vector.dense @ self.centres[label]) / length if length else 0.0

    def nearest(self, label: int, query: Floats) -> tuple[float, str]:
        """Cosine (0..1) and text of the example of a label that is most like the query.

        Args:
            query: as of `weights_of_words`.
        """
        begin, end = int(self.first[label]), int(self.first[label + 1])
        low, high = int(self.starts[begin]), int(self.starts[end])
        if low == high or len(query) == 1:
            return 0.0, ""
        products = query.take(self.words[low:high], mode="clip")
        cosines = np.add.reduceat(products, self.starts[begin:end] - low)
        cosines *= self.scales[begin:end]
        best = int(cosines.argmax())
        return float(cosines[best]), self.text(begin + best)

    def text(self, example: int) -> str:
        letters = self.letters[self.ends[example] : self.ends[example + 1]].tobytes()
        return letters.decode("utf-8", "surrogatepass")


def weights_of_words(vector: Vector, space: FeatureSpace) -> Floats:
    """What each word adds to a cosine with a text: the words of a query times their idf, by id.

    Up to the last word of the query, and a 0 for all that come after it.
    """
    count = int(vector.ids.searchsorted(len(space.word_ids)))
    ids, values = vector.ids[:count], vector.values[:count]
    weights = np.zeros(int(ids[-1]) + 2 if count else 1, dtype=np.float32)
    length = math.sqrt(float(values @ values)) or 1.0
    weights[ids] = values * space.idf.take(ids) * np.float32(1.0 / length)
    return weights


def index_examples(
    features: Any,
    examples: Sequence[tuple[str, str]],
    names: Sequence[str],
    space: FeatureSpace,
) -> Examples:
    """The examples of each label in the order of `names`.

    Args:
        features: of the texts, as in `Corpus`.
    """
    texts, labels = [text for text, _ in examples], [label for _, label in examples]
    number = {name: at for at, name in enumerate(names)}
    owned_by = np.array([number[label] for label in labels], dtype=np.int64)
    words = features[:, : len(space.word_ids)]
    with_words = np.diff(words.indptr).nonzero()[0]  # an empty row has no cosine
    order = with_words[np.argsort(owned_by[with_words], kind="stable")]
    rows = words[order]
    squares = np.add.reduceat(np.square(space.idf[rows.indices]), rows.indptr[:-1])
    counts = np.bincount(owned_by[order], minlength=len(names))
    encoded = [texts[i].encode("utf-8", "surrogatepass") for i in order.tolist()]
    return Examples(
        letters=np.frombuffer(b"".join(encoded), dtype=np.uint8),
        ends=np.cumsum([0, *map(len, encoded)]).astype(np.int32),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        starts=rows.indptr.astype(np.int32),
        words=rows.indices.astype(np.int32),
        scales=(1.0 / np.sqrt(squares)).astype(np.float32),
        centres=_centres(features[:, space.size :], labels, names),
    )


def _centres(dense: Any, labels: Sequence[str], names: Sequence[str]) -> Floats:
    """Mean of the dense blocks of each label's examples, of length 1; zero where there is none."""
    centres = (owners(labels, names) @ dense).toarray()
    lengths = np.linalg.norm(centres, axis=1, keepdims=True)
    return np.asarray(centres / np.where(lengths > 0, lengths, 1), dtype=np.float32)

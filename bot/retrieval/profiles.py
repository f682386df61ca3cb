"""The ranker for thousands of labels: a label is the middle of its examples, kept sparse.

One SVC column for each label costs examples x labels in time and features x labels in memory; a
profile costs its own features. It is a point or two less accurate (90 beside 92 % at 500 labels),
so that `fit_model` takes it only where the other is out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bot.retrieval.corpus import owners
from bot.retrieval.linear import LinearModel, fit_linear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.arrays import Floats
    from bot.retrieval.features import FeatureSpace, Vector

_MOST_WEIGHTS = 60_000_000
"""Features times labels up to which an SVC is fitted: half a gigabyte of doubles.
"""
_MOST_WORK = 1_500_000_000
"""Stored feature values times labels up to which an SVC is fitted: two minutes on one core.
"""
_KEPT = 128  #: weightiest features of a profile; 512 measured no better at 3,000 labels
_LABELS_AT_A_TIME = 1000  #: the sums of all labels at once would need gigabytes
_SPREAD = 6.0  #: brings cosines to the scale of the linear model's decision values


class Profiles(Struct, frozen=True, kw_only=True):
    """decision = cosine to each label's profile, times `_SPREAD`."""

    labels: tuple[str, ...]
    starts: NDArray[np.int64]  #: (features + 1,) where the labels of each feature begin
    columns: NDArray[np.int32]  #: labels that have the feature, one feature after the other
    values: Floats  #: their weights
    dense: Floats  #: (labels, dense features)

    def decide(self, vector: Vector) -> Floats:
        """Decision values, one per label; 0..6, higher is likelier."""
        begins, ends = self.starts[vector.ids], self.starts[vector.ids + 1]
        held = begins < ends
        spans = zip(begins[held].tolist(), ends[held].tolist(), vector.values[held], strict=True)
        decisions = np.zeros(len(self.labels), dtype=np.float32)
        for begin, end, value in spans:
            # A feature has a label once only, so that nothing is added twice to one place.
            decisions[self.columns[begin:end]] += value * self.values[begin:end]
        if self.dense.size:
            decisions += self.dense @ vector.dense
        return decisions

    def weight(self, feature: int, label: int) -> float:
        begin, end = int(self.starts[feature]), int(self.starts[feature + 1])
        return float(self.values[begin:end][self.columns[begin:end] == label].sum())


Model = LinearModel | Profiles


def fit_model(features: Any, labels: Sequence[str], *, space: FeatureSpace) -> Model:
    """The linear model where it can be had, profiles where there are too many labels for it.

    Args:
        features: of the texts, as in `Corpus`.
    """
    count = len(set(labels))
    if space.size * count <= _MOST_WEIGHTS and features.nnz * count <= _MOST_WORK:
        return fit_linear(features, labels, space=space)
    return fit_profiles(features, labels, space=space)


def fit_profiles(features: Any, labels: Sequence[str], *, space: FeatureSpace) -> Profiles:
    """Sum of each label's rows, its weightiest sparse features, of length 1."""
    from scipy.sparse import vstack

    names = tuple(sorted(set(labels)))
    owned = owners(labels, names)
    parts = [
        _profiles(owned[at : at + _LABELS_AT_A_TIME] @ features, space)
        for at in range(0, len(names), _LABELS_AT_A_TIME)
    ]
    by_feature = vstack([sparse for sparse, _ in parts]).tocsc()
    return Profiles(
        labels=names,
        starts=by_feature.indptr.astype(np.int64),
        columns=by_feature.indices.astype(np.int32),
        values=by_feature.data.astype(np.float32),
        dense=np.concatenate([dense for _, dense in parts]).astype(np.float32),
    )


def _profiles(sums: Any, space: FeatureSpace) -> tuple[Any, Floats]:
    """Sparse and dense block of the profiles of some labels, from the sums of their rows."""
    dense = sums[:, space.size :].toarray()
    sparse = sums[:, : space.size]
    for begin, end in pairwise(sparse.indptr.tolist()):
        values = sparse.data[begin:end]
        if end - begin > _KEPT:
            values[np.argsort(-values, kind="stable")[_KEPT:]] = 0.0
    sparse.eliminate_zeros()
    lengths = np.sqrt(sparse.multiply(sparse).sum(axis=1).A1 + (dense * dense).sum(axis=1))
    scales = (_SPREAD / np.where(lengths > 0, lengths, 1.0))[:, None]
    return sparse.multiply(scales).tocsr(), dense * scales

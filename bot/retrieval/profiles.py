"""The ranker for thousands of labels: a label is the middle of its examples, kept sparse.

One SVC column for each label costs examples x labels in time and features x labels in memory; a
profile costs its own features. It is a point or two less accurate (90 beside 92 % at 500 labels),
so that `fit_model` takes it only where the other is out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

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


def fit_model(vectors: Sequence[Vector], labels: Sequence[str], *, space: FeatureSpace) -> Model:
    """The linear model where it can be had, profiles where there are too many labels for it."""
    count = len(set(labels))
    stored = sum(len(vector.ids) for vector in vectors)
    if space.size * count <= _MOST_WEIGHTS and stored * count <= _MOST_WORK:
        return fit_linear(vectors, labels, space=space)
    return fit_profiles(vectors, labels, space=space)


def fit_profiles(
    vectors: Sequence[Vector], labels: Sequence[str], *, space: FeatureSpace
) -> Profiles:
    """Mean of each label's vectors, its weightiest features, of length 1."""
    names = tuple(sorted(set(labels)))
    number = {name: at for at, name in enumerate(names)}
    members: list[list[Vector]] = [[] for _ in names]
    for vector, label in zip(vectors, labels, strict=True):
        members[number[label]].append(vector)
    profiles = [_profile(mine) for mine in members]
    features = np.concatenate([ids for ids, _, _ in profiles])
    columns = np.repeat(np.arange(len(names)), [len(ids) for ids, _, _ in profiles])
    order = np.argsort(features, kind="stable")
    counts = np.bincount(features, minlength=space.size)
    return Profiles(
        labels=names,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        columns=columns[order].astype(np.int32),
        values=np.concatenate([values for _, values, _ in profiles])[order],
        dense=np.array([dense for _, _, dense in profiles], dtype=np.float32),
    )


def _profile(members: Sequence[Vector]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Ids, weights and dense block of the middle of some vectors."""
    ids, places = np.unique(np.concatenate([v.ids for v in members]), return_inverse=True)
    values = np.bincount(places, weights=np.concatenate([v.values for v in members]))
    if len(ids) > _KEPT:
        kept = np.sort(np.argsort(-values, kind="stable")[:_KEPT])
        ids, values = ids[kept], values[kept]
    dense = np.sum([v.dense for v in members], axis=0)
    length = float(np.sqrt(values @ values + dense @ dense)) or 1.0
    scale = _SPREAD / length
    return (
        ids.astype(np.int64),
        (values * scale).astype(np.float32),
        (dense * scale).astype(np.float32),
    )

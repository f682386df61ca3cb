"""The ranker: a linear model over sparse features, int8 weights, a gather and a product a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.arrays import Floats
    from bot.retrieval.features import FeatureSpace, Vector

_SVC_C = 2.0  #: bench: 1 to 2 are within 0.3 points on six sets; 2 finds more red flags
_SVC_TOLERANCE = 0.01
_SVC_TOLERANCE_LARGE = 0.5  #: out of fold within 0.1 points of 0.1, in two thirds of the time
_LOGISTIC_C = 20.0  #: bench: SVC(1) + logistic(20), each divided by its spread, beat either alone
_LOGISTIC_WEIGHT = 3.0  #: beside 1 for the SVC; most with five examples a label, nothing with many
_LOGISTIC_STEPS = 60
_LOGISTIC_MOST_WORK = 60_000_000
"""Stored feature values times labels up to which the logistic regression is fitted too.

It wins up to a point with few examples and nothing with many, and one lbfgs step costs a second at
300 million. (It would also need some 25 x features x labels doubles, and scipy crashes past 80
million weights.)
"""


class LinearModel(Struct, frozen=True, kw_only=True):
    """decision = features @ weights + bias, one column per label."""

    labels: tuple[str, ...]
    table: NDArray[np.int8]  #: (features, labels), to be multiplied by `scales` row by row
    scales: Floats  #: (features,)
    dense: Floats  #: (dense features, labels)
    bias: Floats  #: (labels,)

    def decide(self, vector: Vector) -> Floats:
        """Decision values, one per label; about -2..6, higher is likelier."""
        rows = self.table.take(vector.ids, axis=0).astype(np.float32)
        decisions: Floats = (vector.values * self.scales.take(vector.ids)) @ rows
        decisions += self.bias
        if self.dense.size:
            decisions += vector.dense @ self.dense
        return decisions

    def weight(self, feature: int, label: int) -> float:
        return float(self.scales[feature]) * int(self.table[feature, label])


def fit_linear(features: Any, labels: Sequence[str], *, space: FeatureSpace) -> LinearModel:
    """A linear SVM, and with few examples logistic regression beside it: still one linear model.

    Args:
        features: of the texts, as in `Corpus`.
        labels: at least two different ones.
    """
    return pack(fit_weights(features, labels), space)


class Weights(Struct, frozen=True, kw_only=True):
    """A linear model before it is made small."""

    labels: tuple[str, ...]
    table: NDArray[np.float64]  #: (sparse + dense features, labels)
    bias: NDArray[np.float64]  #: (labels,)

    def plus(self, other: Weights, weight: float) -> Weights:
        """Both added up, the other one `weight` times; of the same labels."""
        return Weights(
            labels=self.labels,
            table=self.table + weight * other.table,
            bias=self.bias + weight * other.bias,
        )

    def evened(self, features: Any) -> Weights:
        """Divided by the spread of the decision values on some texts."""
        spread = float(np.std(features @ self.table + self.bias)) or 1.0
        return Weights(labels=self.labels, table=self.table / spread, bias=self.bias / spread)


def fit_weights(features: Any, labels: Sequence[str]) -> Weights:
    """The weights of `fit_linear`.

    One machine for all labels (Crammer & Singer 2001) reads the texts once a round; a machine for
    each label reads them once a label: it takes twice the time, and is no better.
    """
    from sklearn.svm import LinearSVC

    few = features.nnz * len(set(labels)) <= _LOGISTIC_MOST_WORK
    tolerance = _SVC_TOLERANCE if few else _SVC_TOLERANCE_LARGE
    svc = LinearSVC(multi_class="crammer_singer", C=_SVC_C, tol=tolerance, random_state=0)
    plain = _weights(svc.fit(features, labels)).evened(features)
    if not few:
        return plain
    logistic = _weights(_fit_logistic(features, labels)).evened(features)
    return plain.plus(logistic, _LOGISTIC_WEIGHT)


def pack(weights: Weights, space: FeatureSpace) -> LinearModel:
    """The model as it is kept: eight bits a weight."""
    sparse, dense = weights.table[: space.size], weights.table[space.size :]
    scales = np.maximum(np.abs(sparse).max(axis=1, initial=0.0), 1e-12) / 127.0
    return LinearModel(
        labels=weights.labels,
        table=np.rint(sparse / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        dense=dense.astype(np.float32),
        bias=weights.bias.astype(np.float32),
    )


def _fit_logistic(features: Any, labels: Sequence[str]) -> Any:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # Stopped early on purpose: the ranking stops changing long before the weights stand still.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(C=_LOGISTIC_C, max_iter=_LOGISTIC_STEPS, tol=1e-3).fit(
            features, labels
        )


def _weights(model: Any) -> Weights:
    table, bias = model.coef_.T, model.intercept_
    if table.shape[1] == 1:  # two labels: scikit-learn keeps one column
        table, bias = np.hstack([-table, table]), np.r_[-bias, bias]
    return Weights(labels=tuple(str(c) for c in model.classes_), table=table, bias=bias)

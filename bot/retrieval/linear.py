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

_SVC_C = 1.0
_SVC_TOLERANCE = 1e-4
_SVC_TOLERANCE_LARGE = 0.1  #: on our bank: a fifth less time, one training text in 5,000 differs
_LOGISTIC_C = 20.0  #: bench: SVC(1) + logistic(20), each divided by its spread, beat either alone
_LOGISTIC_WEIGHT = 2.0  #: beside 1 for the SVC; most with five examples a label, nothing with many
_LOGISTIC_STEPS = 60
_LOGISTIC_MOST_WORK = 30_000_000
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
        rows = self.table[vector.ids].astype(np.float32)
        decisions: Floats = (vector.values * self.scales[vector.ids]) @ rows + self.bias
        if self.dense.size:
            decisions += vector.dense @ self.dense
        return decisions


def fit_linear(
    vectors: Sequence[Vector], labels: Sequence[str], *, space: FeatureSpace
) -> LinearModel:
    """LinearSVC, and with few examples logistic regression too, added up: still one linear model.

    At least two different labels are needed.
    """
    from sklearn.svm import LinearSVC

    features = matrix(vectors, space)
    work = features.nnz * len(set(labels))
    tolerance = _SVC_TOLERANCE if work <= _LOGISTIC_MOST_WORK else _SVC_TOLERANCE_LARGE
    svc = LinearSVC(C=_SVC_C, tol=tolerance, random_state=0).fit(features, labels)
    weights, bias = _scaled(svc, features)
    if work <= _LOGISTIC_MOST_WORK:
        more_weights, more_bias = _scaled(_fit_logistic(features, labels), features)
        weights = weights + _LOGISTIC_WEIGHT * more_weights
        bias = bias + _LOGISTIC_WEIGHT * more_bias
    sparse, dense = weights[: space.size], weights[space.size :]
    scales = np.maximum(np.abs(sparse).max(axis=1, initial=0.0), 1e-12) / 127.0
    return LinearModel(
        labels=tuple(str(c) for c in svc.classes_),
        table=np.rint(sparse / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        dense=dense.astype(np.float32),
        bias=bias.astype(np.float32),
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


def _scaled(model: Any, features: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (features, labels) and bias, divided by the spread of the decision values."""
    decisions = model.decision_function(features)
    weights, bias = model.coef_.T, model.intercept_
    if weights.shape[1] == 1:  # two labels: scikit-learn keeps one column
        weights, bias = np.hstack([-weights, weights]), np.r_[-bias, bias]
    spread = float(np.std(decisions)) or 1.0
    return weights / spread, bias / spread


def matrix(vectors: Sequence[Vector], space: FeatureSpace) -> Any:
    """scipy CSR matrix (texts, sparse + dense features)."""
    from scipy.sparse import csr_matrix, hstack

    starts = np.cumsum([0] + [len(v.ids) for v in vectors])
    ids = np.concatenate([v.ids for v in vectors]) if vectors else np.zeros(0, dtype=np.int32)
    values = (
        np.concatenate([v.values for v in vectors]) if vectors else np.zeros(0, dtype=np.float32)
    )
    sparse = csr_matrix((values.astype(np.float64), ids, starts), shape=(len(vectors), space.size))
    if not space.dense_size:
        return sparse
    return hstack(
        [sparse, csr_matrix(np.array([v.dense for v in vectors], dtype=np.float64))]
    ).tocsr()

"""The ranker: a linear model over sparse features, int8 weights, a gather and a product a query."""

from __future__ import annotations

import math
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
_LABELS_AT_A_TIME = 24  #: liblinear copies all texts once each time
_MOST_PROCESSES = 4  #: each holds a copy of the weights
_IDLE_S = 5  #: until the processes that helped end
_COMMON_SHARE = 2  #: texts of a common label that are learnt from, for each of the others'
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
        rows = self.table[vector.ids].astype(np.float32)
        decisions: Floats = (vector.values * self.scales[vector.ids]) @ rows + self.bias
        if self.dense.size:
            decisions += vector.dense @ self.dense
        return decisions

    def weight(self, feature: int, label: int) -> float:
        return float(self.scales[feature]) * int(self.table[feature, label])


def fit_linear(features: Any, labels: Sequence[str], *, space: FeatureSpace) -> LinearModel:
    """LinearSVC, and with few examples logistic regression too, added up: still one linear model.

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
    """The weights of `fit_linear`."""
    work = features.nnz * len(set(labels))
    if work > _LOGISTIC_MOST_WORK:
        return _fit_large(features, labels).evened(features)
    from sklearn.svm import LinearSVC

    svc = LinearSVC(C=_SVC_C, tol=_SVC_TOLERANCE, random_state=0).fit(features, labels)
    plain = _weights(svc.classes_, svc.coef_, svc.intercept_).evened(features)
    return plain.plus(_fit_logistic(features, labels).evened(features), _LOGISTIC_WEIGHT)


def fit_against(features: Any, labels: Sequence[str], common: str) -> Weights:
    """As `fit_weights` where one label has most of the texts, and most of them are easy.

    A first model tells the common label from all others; of its texts only those that look most
    like the others are learnt from then. The others lie beyond the margin and would teach nothing:
    out of fold as many red flags are found either way, in a third of the time.
    """
    from sklearn.svm import LinearSVC

    is_common = np.array(labels) == common
    others = (~is_common).nonzero()[0]
    most = _COMMON_SHARE * len(others)
    if is_common.sum() <= most:
        return fit_weights(features, labels)
    first = LinearSVC(C=_SVC_C, tol=_SVC_TOLERANCE_LARGE, random_state=0).fit(features, ~is_common)
    easy_last = np.argsort(-first.decision_function(features), kind="stable")
    hard = easy_last[is_common[easy_last]][:most]
    rows = np.sort(np.concatenate([others, hard]))
    return fit_weights(features[rows], [labels[row] for row in rows.tolist()])


def _fit_large(features: Any, labels: Sequence[str]) -> Weights:
    """The SVC, some labels at a time in several processes."""
    from joblib import Parallel, cpu_count, delayed

    names, doubles = np.unique(np.array(labels)), features.astype(np.float64)
    parts = np.array_split(names, math.ceil(len(names) / _LABELS_AT_A_TIME))
    processes = min(_MOST_PROCESSES, cpu_count())
    fitted = Parallel(n_jobs=processes, idle_worker_timeout=_IDLE_S)(
        delayed(_fit_some)(doubles, np.array(labels), part) for part in parts
    )
    return _weights(
        names.tolist(), *(np.concatenate(arrays) for arrays in zip(*fitted, strict=True))
    )


def _fit_some(
    features: Any, labels: NDArray[Any], names: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights and bias of some labels, each against all the others."""
    from sklearn.svm import LinearSVC

    owned = np.where(np.isin(labels, names), labels, "")  # "", all others, comes first
    model = LinearSVC(C=_SVC_C, tol=_SVC_TOLERANCE_LARGE, random_state=0).fit(features, owned)
    return model.coef_[-len(names) :], model.intercept_[-len(names) :]


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


def _fit_logistic(features: Any, labels: Sequence[str]) -> Weights:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # Stopped early on purpose: the ranking stops changing long before the weights stand still.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=_LOGISTIC_C, max_iter=_LOGISTIC_STEPS, tol=1e-3).fit(
            features, labels
        )
    return _weights(model.classes_, model.coef_, model.intercept_)


def _weights(labels: Sequence[str], coefficients: Any, intercepts: Any) -> Weights:
    table, bias = coefficients.T, intercepts
    if table.shape[1] == 1:  # two labels: scikit-learn keeps one column
        table, bias = np.hstack([-table, table]), np.r_[-bias, bias]
    return Weights(labels=tuple(str(label) for label in labels), table=table, bias=bias)

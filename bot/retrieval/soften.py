"""Soft labels: what a teacher makes of our bank and of its variants, learnt by the linear model.

The bank is widened by exchanging words for near ones; the teacher, with a logistic regression on
the bank, says how likely each label is for each variant, and a second logistic regression over our
own features learns these probabilities (distillation: Hinton, Vinyals & Dean 2015). Exchanged words
with the old labels are worth nothing; it is the probabilities that carry meaning over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bot.retrieval.corpus import matrix
from bot.retrieval.linear import LinearModel, Weights, fit_weights, pack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.retrieval.features import FeatureSpace
    from bot.retrieval.teacher import Teacher

_MOST_VARIANTS = 10  #: of one text
_TEXTS = 30_000  #: about as many variants in all
_EXCHANGED = 0.3  #: share of a text's words
_SOFT_WEIGHT, _FEW_EXAMPLES = 4.0, 10
"""Weight of what the teacher knows, beside 1 for the model of the plain build, up to so many
examples a label; with more of them it falls as their number grows. Measured best: 4 with ten, a
quarter on our bank with two hundred, where 4 took three points.
"""
_TEACHER_C = 20.0
_SOFT_C = 20.0
_STEPS = 60

Neighbours = Mapping[str, Sequence[str]]  #: word -> words of near meaning, nearest first


class Lender(Struct, frozen=True):
    """Whom meaning is borrowed from while building."""

    teacher: Teacher
    words: Sequence[str]
    table: NDArray[Any]  #: (words, dimensions) their vectors


def fit_softened(
    texts: Sequence[tuple[str, ...]], labels: Sequence[str], *, space: FeatureSpace, lender: Lender
) -> LinearModel:
    """The linear model of the plain build, with what the teacher knows added.

    Args:
        texts: the words of each text.
    """
    features = matrix([space.vector_of(text) for text in texts], space)
    plain = fit_weights(features, labels)
    vocabulary = sorted({word for text in texts for word in text})
    neighbours = near_words(lender.words, lender.table, vocabulary)
    wider = list(dict.fromkeys([*texts, *widened(texts, neighbours)]))
    wanted = _probabilities(lender.teacher, texts, labels, wider)
    soft = fit_probabilities(matrix([space.vector_of(text) for text in wider], space), wanted)
    named = Weights(labels=plain.labels, table=soft[:-1], bias=soft[-1])
    both = plain.plus(named.evened(features), soft_weight(len(texts) / len(plain.labels)))
    return pack(both.evened(features), space)  # thresholds were set on the plain model's scale


def soft_weight(examples_a_label: float) -> float:
    return _SOFT_WEIGHT * min(1.0, _FEW_EXAMPLES / examples_a_label)


def widened(
    texts: Sequence[tuple[str, ...]], neighbours: Neighbours, *, seed: int = 0
) -> list[tuple[str, ...]]:
    """Variants of each text with some words exchanged for near ones, the same for the same seed."""
    chance = np.random.default_rng(seed)
    count = max(1, min(_MOST_VARIANTS, _TEXTS // max(1, len(texts))))

    def exchanged(word: str) -> str:
        near = neighbours.get(word, ())
        if not near or chance.random() >= _EXCHANGED:
            return word
        return near[int(chance.integers(len(near)))]

    return [tuple(exchanged(word) for word in text) for text in texts for _ in range(count)]


def near_words(
    words: Sequence[str], table: NDArray[Any], wanted: Sequence[str], *, most: int = 6
) -> dict[str, tuple[str, ...]]:
    """For each wanted word the listed words of the nearest vectors, cosine at least 0.5."""
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    unit = (table / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    row = {word: at for at, word in enumerate(words)}
    found = {}
    for word in wanted:
        if word in row:
            cosines = unit @ unit[row[word]]
            cosines[row[word]] = -1.0
            best = np.argsort(-cosines, kind="stable")[:most]
            found[word] = tuple(words[i] for i in best if cosines[i] >= 0.5)
    return found


def _probabilities(
    teacher: Teacher,
    texts: Sequence[tuple[str, ...]],
    labels: Sequence[str],
    wider: Sequence[tuple[str, ...]],
) -> NDArray[np.float64]:
    """(wider texts, labels): what the teacher, taught our bank, makes of each text."""
    from sklearn.linear_model import LogisticRegression

    vectors = teacher.encode([" ".join(text) for text in [*texts, *wider]])
    taught = LogisticRegression(C=_TEACHER_C, max_iter=200).fit(vectors[: len(texts)], labels)
    return np.asarray(taught.predict_proba(vectors[len(texts) :]))


def fit_probabilities(features: Any, wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """(features + 1, labels) multinomial logistic regression on probabilities; bias comes last."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    shape = (features.shape[1] + 1, wanted.shape[1])
    strength = _SOFT_C / max(1.0, features.shape[0] / 1000)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        logs = log_softmax(features @ weights[:-1] + weights[-1], axis=1)
        missed = np.exp(logs) - wanted
        slope = np.vstack([features.T @ missed, missed.sum(axis=0)]) * strength
        slope[:-1] += weights[:-1]
        value = -strength * float((wanted * logs).sum()) + 0.5 * float((weights[:-1] ** 2).sum())
        return value, slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    options = {"maxiter": _STEPS, "maxcor": 5}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x).reshape(shape)

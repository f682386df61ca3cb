"""Ranks the entries for a query and says how sure it is."""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bot.language.spelling import AnyOf, Speller
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.calibration import Calibration, Signals
from bot.retrieval.corpus import fit_corpus
from bot.retrieval.examples import Examples, index_examples, weights_of_words
from bot.retrieval.features import FeatureSpace, Vector
from bot.retrieval.profiles import Model, fit_model
from bot.retrieval.topic import Topic
from bot.retrieval.vectors import WordVectors

if TYPE_CHECKING:
    from bot.retrieval.arrays import Floats

OUTSIDE = "oos"  #: a label "oos" or "oos:near" is out of scope
_SHORTEST_WITH_MISSING = 3  #: "wht" and "tey" are repaired; other short words are left alone
ASIDE = ("oos:", "talk:")  #: labels that begin so, and "oos" itself, are never entries


class Ranked(Struct, frozen=True, kw_only=True):
    entry_id: str
    score: float  #: calibrated probability that the entry answers the query, 0..1


class Ranking(Struct, frozen=True, kw_only=True):
    """Entries for one query, best first, and what the ranker saw."""

    query: str  #: after repair
    repairs: tuple[tuple[str, str], ...]  #: (as typed, as read)
    ranked: tuple[Ranked, ...]
    signals: Signals
    vector: Vector
    nearest: str  #: the example of the first entry that is most like the query
    decisions: Mapping[str, float]  #: of labels that are not entries: out of scope, small talk


class ReadQuery(Struct, frozen=True, kw_only=True):
    text: str  #: after repair
    repairs: tuple[tuple[str, str], ...]  #: (as typed, as read)
    vector: Vector


class Ranker:
    """The fitted engine: feature space, linear model, examples, speller."""

    def __init__(
        self,
        *,
        space: FeatureSpace,
        model: Model,
        examples: Examples,
        speller: Speller,
        calibration: Calibration,
    ) -> None:
        self.space = space
        self.model = model
        self.examples = examples
        self.speller = speller
        self.calibration = calibration
        self.topic = Topic(speller.weights, space.vectors)
        self._entries = np.array(
            [i for i, label in enumerate(model.labels) if not _is_aside(label)],
            dtype=np.int32,
        )
        self._aside = [i for i, label in enumerate(model.labels) if _is_aside(label)]
        self._decided: tuple[Vector, Floats] | None = None
        self._columns_of: dict[str, list[int]] = {}
        self._outside = [i for i in self._aside if model.labels[i].startswith(OUTSIDE)]

    def with_model(self, model: Model) -> Ranker:
        """The same engine with another model of the same labels."""
        return Ranker(
            space=self.space,
            model=model,
            examples=self.examples,
            speller=self.speller,
            calibration=self.calibration,
        )

    def rank(self, query: str, *, most: int = 10) -> Ranking:
        """The best entries for a query, at the most `most`."""
        return self.rank_read(self.read(query), most=most)

    def read(self, query: str) -> ReadQuery:
        """A query with its spelling repaired, as features."""
        typed = self.space.analyzer.tokens(query)
        read = tuple(self.speller.repair(word) for word in typed)
        repairs = tuple((a, b) for a, b in zip(typed, read, strict=True) if a != b)
        vector = self.space.vector_of(read, typed=typed if repairs else None)
        return ReadQuery(text=" ".join(read), repairs=repairs, vector=vector)

    def rank_read(self, read: ReadQuery, *, most: int = 10) -> Ranking:
        """As `rank`, for a query that has been read, perhaps blended with another."""
        found = self._decide(read.vector)
        inside = found.take(self._entries)
        best = _best(inside, max(most, 2))
        columns, decisions = self._entries.take(best).tolist(), found.tolist()
        top = columns[0]
        nearest, example = self.examples.nearest(top, weights_of_words(read.vector, self.space))
        signals = Signals(
            decision=decisions[top],
            lead=decisions[top] - decisions[columns[1]] if len(columns) > 1 else 0.0,
            standing=_standing(inside, decisions[top]),
            nearest=nearest,
            alike=self.examples.alike(top, read.vector),
            known=read.vector.known,
            topic=self.topic.ratio(read.vector.tokens),
            outside=self._outside_lead(top, decisions),
        )
        return Ranking(
            query=read.text,
            repairs=read.repairs,
            ranked=self._scored(columns[:most], decisions, self.calibration.probability(signals)),
            signals=signals,
            vector=read.vector,
            nearest=example,
            decisions={self.model.labels[i]: decisions[i] for i in self._aside},
        )

    def _decide(self, vector: Vector) -> Floats:
        """Decision values; remembered for the last vector, which is asked about more than once."""
        last = self._decided  # read once: other threads write it
        if last is None or last[0] is not vector:
            last = self._decided = (vector, self.model.decide(vector))
        return last[1]

    def _outside_lead(self, top: int, decisions: Sequence[float]) -> float:
        """Lead of the likeliest label from outside over the guess; 0 without one."""
        likeliest = max((decisions[i] for i in self._outside), default=decisions[top])
        return likeliest - decisions[top]

    def leads_of(self, prefix: str, query: str) -> dict[str, float]:
        """By how much the labels that begin with `prefix` lead over all others, as decisions."""
        if prefix not in self._columns_of:
            self._columns_of[prefix] = [
                i for i, label in enumerate(self.model.labels) if label.startswith(prefix)
            ]
        columns = self._columns_of[prefix]
        decisions = self._decide(self.read(query).vector).tolist()
        mine = {self.model.labels[i]: decisions[i] for i in columns}
        for i in columns:
            decisions[i] = -math.inf
        best = max(decisions)
        return {label: value - best for label, value in mine.items()}

    def telling_words(self, ranking: Ranking, most: int = 6) -> tuple[str, ...]:
        """The words of the query that speak most for its first entry, most telling first."""
        if not ranking.ranked:
            return ()
        column = self.model.labels.index(ranking.ranked[0].entry_id)
        weight: dict[str, float] = {}
        values = dict(zip(ranking.vector.ids.tolist(), ranking.vector.values.tolist(), strict=True))
        for token in ranking.vector.tokens:
            rows = map(self.space.word_ids.get, self.space.analyzer.stems([token]))
            weight[token] = sum(
                values[row] * self.model.weight(row, column)
                for row in rows
                if row is not None and row in values
            )
        best = sorted((w for w in weight if weight[w] > 0), key=lambda w: (-weight[w], w))
        return tuple(best[:most])

    def _scored(
        self, columns: Sequence[int], decisions: Sequence[float], probability: float
    ) -> tuple[Ranked, ...]:
        """The first has the probability; the others less, the further they are behind."""
        labels, sharpness = self.model.labels, self.calibration.sharpness
        best = decisions[columns[0]]
        return tuple(
            [
                Ranked(
                    entry_id=labels[i],
                    score=probability * math.exp(sharpness * (decisions[i] - best)),
                )
                for i in columns
            ]
        )


_FEW = 1000  #: labels that are sorted whole


def _best(decisions: Floats, most: int) -> list[int]:
    """Places of the highest decisions, best first; of equal ones the first first."""
    if len(decisions) <= _FEW:
        best: list[int] = (-decisions).argsort(kind="stable")[:most].tolist()
        return best
    least = np.partition(decisions, -most)[-most]
    places = (decisions >= least).nonzero()[0]
    return places[(-decisions[places]).argsort(kind="stable")][:most].tolist()  # type: ignore[no-any-return]


def _standing(decisions: Floats, best: float) -> float:
    """Distance of the best from the mean of all, in standard deviations; 0 when all are alike."""
    mean = float(np.add.reduce(decisions)) / len(decisions)
    variance = float(decisions @ decisions) / len(decisions) - mean * mean
    return (best - mean) / math.sqrt(variance) if variance > 1e-9 else 0.0


def _is_aside(label: str) -> bool:
    return label == OUTSIDE or label.startswith(ASIDE)


def fit_ranker(
    examples: Sequence[tuple[str, str]],
    *,
    analyzer: Analyzer | None = None,
    correct: Collection[str] = (),
    vectors: WordVectors | None = None,
    calibration: Calibration | None = None,
) -> Ranker:
    """Fit the engine.

    Args:
        examples: (text, label).
        correct: words that are never repaired; those of `vectors` never are.
    """
    corpus = fit_corpus(
        [text for text, _ in examples],
        analyzer=analyzer or Analyzer({}),
        vectors=vectors,
        examples_a_label=len(examples) / len({label for _, label in examples}),
    )
    return ranker_on(
        corpus.features,
        examples,
        space=corpus.space,
        words=count_words(corpus.tokens),
        correct=correct,
        calibration=calibration or Calibration(),
    )


def ranker_on(
    features: Any,
    examples: Sequence[tuple[str, str]],
    *,
    space: FeatureSpace,
    words: Mapping[str, float],
    correct: Collection[str],
    calibration: Calibration,
) -> Ranker:
    """The engine on a feature space that may have been fitted on more than its examples.

    Args:
        features: of the examples, as in `Corpus`.
        words: word -> how many of the examples hold it.
    """
    model = fit_model(features, [label for _, label in examples], space=space)
    entries = [at for at, (_, label) in enumerate(examples) if not _is_aside(label)]
    return Ranker(
        space=space,
        model=model,
        examples=index_examples(
            features[entries], [examples[at] for at in entries], model.labels, space
        ),
        speller=query_speller(words, correct, space.vectors),
        calibration=calibration,
    )


def query_speller(
    weights: Mapping[str, float], correct: Collection[str], vectors: WordVectors | None
) -> Speller:
    """Repairs the words of a query: towards the examples' words, else towards English.

    Args:
        weights: word of the examples -> in how many of them it stands.
        correct: words that are never repaired; those of `vectors` never are.
    """
    return Speller(
        weights,
        correct=right_as_typed(correct, vectors),
        missing_from=_SHORTEST_WITH_MISSING,
        english=vectors,
    )


def right_as_typed(listed: Collection[str], vectors: WordVectors | None) -> Container[str]:
    """Words that are never repaired: those listed and those of the vectors."""
    return AnyOf(frozenset(listed), vectors or ())


def count_words(texts: Iterable[Sequence[str]]) -> dict[str, float]:
    """How many texts hold each word."""
    counts: dict[str, float] = {}
    for tokens in texts:
        for token in dict.fromkeys(tokens):  # a set has another order in each process
            counts[token] = counts.get(token, 0.0) + 1.0
    return counts

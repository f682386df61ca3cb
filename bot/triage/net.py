"""The second net: a linear model, red-flag bank against ordinary messages; only adds flags.

Many real emergencies hold no medical word ("there's no feeling when I wipe"); the phrases cannot
know them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.triage.assess import NetFinding
from bot.triage.flags import TIERS, Tier

if TYPE_CHECKING:
    from bot.retrieval.features import FeatureSpace, Vector
    from bot.retrieval.profiles import Model

ORDINARY = "ordinary"


class Thresholds(Struct, frozen=True, kw_only=True):
    """Least lead of a flag over "ordinary", in decision values, to raise a sentence to the tier."""

    emergency: float
    urgent: float
    spoken_of: float  #: added where the phrases of a sentence are all conditional ("no fever")


class SecondNet:
    """Concept labels against `ORDINARY`, on the feature space that the ranker uses."""

    def __init__(
        self,
        space: FeatureSpace,
        model: Model,
        tiers: Mapping[str, Tier],
        thresholds: Thresholds,
    ) -> None:
        self._space = space
        self._model = model
        self._thresholds = thresholds
        self._ordinary = model.labels.index(ORDINARY)
        self._of_tier = {
            tier: [i for i, label in enumerate(model.labels) if tiers.get(label) == tier]
            for tier in TIERS
        }

    def __call__(self, sentence: str, spoken_of: bool) -> NetFinding | None:
        """The concept a sentence looks like, when it is surer than the threshold of its tier."""
        leads = self.leads(self._space.vector(sentence))
        more = self._thresholds.spoken_of if spoken_of else 0.0
        thresholds: tuple[tuple[Tier, float], ...] = (
            ("emergency", self._thresholds.emergency),
            ("urgent", self._thresholds.urgent),
        )
        for tier, threshold in thresholds:
            lead, concept = leads[tier]
            if lead >= threshold + more:
                return NetFinding(concept=concept, tier=tier)
        return None

    def leads(self, vector: Vector) -> dict[Tier, tuple[float, str]]:
        """tier -> (lead of its likeliest concept over ordinary, that concept)."""
        decisions = self._model.decide(vector)
        ordinary = float(decisions[self._ordinary])
        found: dict[Tier, tuple[float, str]] = {}
        for tier, columns in self._of_tier.items():
            if columns:
                best = columns[int(decisions[columns].argmax())]
                found[tier] = (float(decisions[best]) - ordinary, self._model.labels[best])
            else:
                found[tier] = (float("-inf"), "")
        return found

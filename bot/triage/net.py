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
_CLEARLY_URGENT = 1.0
"""Lead of an urgent sign over every emergency from which it is not raised.

Without it 24 % of red flags by three hands got a reply above their tier ("my cut is red and warm"),
with it 8 %, and no emergency was lost.
"""


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
        (emergency, emergency_concept), (urgent, concept) = leads["emergency"], leads["urgent"]
        is_near = emergency >= urgent - _CLEARLY_URGENT
        if is_near and emergency >= self._thresholds.emergency + more:
            return NetFinding(concept=emergency_concept, tier="emergency")
        if urgent >= self._thresholds.urgent + more:
            return NetFinding(concept=concept, tier="urgent")
        return None

    def leads(self, vector: Vector) -> dict[Tier, tuple[float, str]]:
        """tier -> (lead of its likeliest concept over ordinary, that concept)."""
        decisions = self._model.decide(vector).tolist()
        ordinary = decisions[self._ordinary]
        found: dict[Tier, tuple[float, str]] = {}
        for tier, columns in self._of_tier.items():
            if columns:
                best = max(columns, key=decisions.__getitem__)
                found[tier] = (decisions[best] - ordinary, self._model.labels[best])
            else:
                found[tier] = (float("-inf"), "")
        return found

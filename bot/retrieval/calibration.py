"""From decision values to a probability that means what it says."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import fields


class Signals(Struct, frozen=True, kw_only=True):
    """What the confidence in the first guess is made of."""

    decision: float  #: decision value of the guess
    lead: float  #: over the next label that is in scope
    standing: float  #: how far the guess stands out of all entries, in their standard deviations
    nearest: float  #: cosine to the guess's nearest example, 0..1
    alike: float  #: cosine of meaning (word vectors) to the middle of the guess's examples, -1..1
    known: float  #: share of the query's idf that is known words, 0..1
    topic: float  #: log likelihood ratio of its words: from the examples, against English
    #: best decision value of an out-of-scope label, less that of the guess; 0 without such labels
    outside: float


class Calibration(Struct, frozen=True, kw_only=True):
    """Logistic regression (Platt) on the signals, fitted on out-of-fold guesses.

    The defaults serve an FAQ that has not been calibrated. They were fitted on the validation
    halves of CLINC150 with 5, 10 and 100 examples each
    (`python -m tests.bench.confidence`); `mildbot evaluate --tune` fits them to one's own bank.
    """

    bias: float = -8.9
    decision: float = 0.0
    lead: float = 0.14
    standing: float = 1.02
    nearest: float = 1.68
    alike: float = 3.25
    known: float = 1.56
    topic: float = 0.064
    outside: float = -0.8
    sharpness: float = 2.0  #: how fast the score falls with the distance behind the guess

    @classmethod
    def from_values(cls, values: Mapping[str, float]) -> Calibration:
        """The `calibration_*` values of tuning.yaml; the default where it has none yet."""
        default = cls()
        return cls(
            **{
                f.name: values.get(f"calibration_{f.name}", getattr(default, f.name))
                for f in fields(cls)
            }
        )

    def probability(self, signals: Signals) -> float:
        """Probability that the guess is right, 0..1."""
        z = (
            self.bias
            + self.decision * signals.decision
            + self.lead * signals.lead
            + self.standing * signals.standing
            + self.nearest * signals.nearest
            + self.alike * signals.alike
            + self.known * signals.known
            + self.topic * signals.topic
            + self.outside * signals.outside
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))

"""The second net on decision values given by hand: when a sentence is sure enough of a flag."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.triage.net import ORDINARY, SecondNet, Thresholds

TIERS = {"E01": "emergency", "E06": "emergency", "U01": "urgent", "O05": "office_hours"}


class Sentences:
    """A feature space in which a sentence is its own vector."""

    def vector(self, text: str) -> str:
        return text


@dataclass
class Decisions:
    """A linear model that decides as it was told."""

    labels: tuple[str, ...]
    values: tuple[float, ...]

    def decide(self, vector: Any) -> Any:
        return np.array(self.values)


def net(
    *, emergency: float = 1.0, urgent: float = 1.0, spoken_of: float = 0.5, **decisions: float
) -> SecondNet:
    """Decision values by label, `ordinary` among them."""
    model: Any = Decisions(tuple(decisions), tuple(decisions.values()))
    space: Any = Sentences()
    tiers: Any = {label: TIERS[label] for label in decisions if label in TIERS}
    limits = Thresholds(emergency=emergency, urgent=urgent, spoken_of=spoken_of)
    return SecondNet(space, model, tiers, limits)


def found_by(given: SecondNet, *, spoken_of: bool = False) -> tuple[str, str] | None:
    finding = given("whatever", spoken_of)
    return finding and (finding.concept, finding.tier)


def test_ordinary_is_a_label() -> None:
    assert ORDINARY == "ordinary"


def test_a_lead_over_the_threshold_is_a_finding() -> None:
    found = found_by(net(E06=2.5, U01=-1.0, ordinary=1.0))

    assert found == ("E06", "emergency")


def test_a_lead_of_just_the_threshold_is_a_finding() -> None:
    found = found_by(net(E06=2.0, ordinary=1.0))

    assert found == ("E06", "emergency")


def test_a_lead_under_the_threshold_is_none() -> None:
    found = found_by(net(E06=1.9, ordinary=1.0))

    assert found is None


def test_an_emergency_a_little_behind_an_urgent_sign_comes_first() -> None:
    found = found_by(net(E06=2.5, U01=3.5, ordinary=1.0))

    assert found == ("E06", "emergency")


def test_what_is_clearly_urgent_is_not_raised_to_an_emergency() -> None:
    found = found_by(net(E06=2.5, U01=3.6, ordinary=1.0))

    assert found == ("U01", "urgent")


def test_an_emergency_is_not_dropped_for_an_urgent_sign_that_is_not_sure() -> None:
    found = found_by(net(E06=2.5, U01=3.0, ordinary=1.0, urgent=9.0))

    assert found == ("E06", "emergency")


def test_a_sentence_only_spoken_of_needs_a_greater_lead() -> None:
    found = found_by(net(E06=2.4, ordinary=1.0, spoken_of=0.5), spoken_of=True)

    assert found is None


def test_a_great_lead_is_a_finding_even_where_only_spoken_of() -> None:
    found = found_by(net(E06=2.5, ordinary=1.0, spoken_of=0.5), spoken_of=True)

    assert found == ("E06", "emergency")


def test_each_tier_has_its_own_threshold() -> None:
    found = found_by(net(E06=1.5, U01=1.5, ordinary=1.0, emergency=1.0, urgent=0.5))

    assert found == ("U01", "urgent")


def test_the_likeliest_concept_of_a_tier_is_named() -> None:
    found = found_by(net(E01=3.0, E06=2.5, ordinary=0.0))

    assert found == ("E01", "emergency")


def test_an_office_hours_concept_is_never_raised() -> None:
    found = found_by(net(O05=9.0, U01=-5.0, E06=-5.0, ordinary=0.0))

    assert found is None


def test_leads_are_measured_from_ordinary() -> None:
    found = net(E06=2.5, U01=-1.0, ordinary=1.0).leads(Sentences().vector("whatever"))  # type: ignore[arg-type]

    assert found["emergency"] == (1.5, "E06")
    assert found["urgent"] == (-2.0, "U01")


def test_a_tier_without_concepts_has_no_lead() -> None:
    found = net(E06=2.5, ordinary=1.0).leads(Sentences().vector("whatever"))  # type: ignore[arg-type]

    assert found["urgent"] == (-math.inf, "")

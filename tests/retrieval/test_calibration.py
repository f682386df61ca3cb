"""A probability from signals: within bounds, and moved by each signal the right way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.retrieval.calibration import Calibration, Signals

NUMBERS = st.floats(min_value=-1e6, max_value=1e6)
SHARES = st.floats(min_value=0.0, max_value=1.0)
SIGNALS = st.builds(
    Signals,
    decision=NUMBERS,
    lead=NUMBERS,
    standing=NUMBERS,
    nearest=SHARES,
    alike=SHARES,
    known=SHARES,
    topic=NUMBERS,
    outside=NUMBERS,
)
NONE = Signals(**dict.fromkeys(Signals.__struct_fields__, 0.0))
FLAT = Calibration(**dict.fromkeys(Calibration.__struct_fields__, 0.0))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(SIGNALS)
def test_a_probability_stays_between_nothing_and_all(signals: Signals) -> None:
    assert 0.0 < Calibration().probability(signals) < 1.0


def test_without_weights_nothing_is_known() -> None:
    assert FLAT.probability(NONE) == 0.5


def test_the_bias_alone_is_a_logistic_function() -> None:
    assert replace(FLAT, bias=2.0).probability(NONE) == pytest.approx(0.880797)


@pytest.mark.parametrize("signal", ["lead", "standing", "nearest", "alike", "known", "topic"])
def test_these_signals_raise_the_probability(signal: str) -> None:
    more = replace(NONE, **{signal: 1.0})

    assert Calibration().probability(more) > Calibration().probability(NONE)


def test_a_lead_from_outside_lowers_the_probability() -> None:
    more = replace(NONE, outside=1.0)

    assert Calibration().probability(more) < Calibration().probability(NONE)


def test_values_of_the_tuning_are_taken() -> None:
    found = Calibration.from_values({"calibration_bias": -7.5, "calibration_known": 4.0})

    assert (found.bias, found.known) == (-7.5, 4.0)


def test_what_the_tuning_leaves_out_keeps_its_default() -> None:
    found = Calibration.from_values({"calibration_bias": -7.5})

    assert found.sharpness == Calibration().sharpness


def test_other_values_of_the_tuning_do_not_matter() -> None:
    found = Calibration.from_values({"answer": 0.5, "net_urgent": 1.0})

    assert found == Calibration()

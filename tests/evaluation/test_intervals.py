"""Wilson's interval against published values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluation.intervals import wilson


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_interval_is_that_of_newcombe_1998(right: int, total: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    found = wilson(right, total)

    assert found == pytest.approx((low, high), abs=5e-5)


def test_all_right_leaves_room_below() -> None:
    low, high = wilson(10, 10)

    assert low == pytest.approx(0.7225, abs=5e-5)
    assert high == pytest.approx(1.0)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(total=st.integers(1, 5000), data=st.data())
def test_interval_holds_the_share(total: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, total))

    low, high = wilson(right, total)

    assert 0.0 <= low <= right / total + 1e-12
    assert right / total - 1e-12 <= high <= 1.0


@settings(deadline=None, derandomize=True, max_examples=200)
@given(total=st.integers(1, 5000), data=st.data())
def test_interval_of_the_wrong_ones_is_the_mirror(total: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, total))

    low, high = wilson(right, total)

    assert wilson(total - right, total) == pytest.approx((1.0 - high, 1.0 - low), abs=1e-9)

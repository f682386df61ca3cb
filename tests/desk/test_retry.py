"""When a delivery is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.retry import PERMANENT, GiveUp, Later, card_retry_at, retry_at
from tests.desk.made import START


def wait(attempts: int, error: str = "http_500", **given: float) -> float:
    """Seconds until the next try."""
    decision = retry_at(attempts, error, START, created_at=START, **given)
    assert isinstance(decision, Later)
    return (decision.at - START).total_seconds()


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (1000, 60)]
)
def test_pause_doubles_up_to_a_minute(attempts: int, seconds: float) -> None:
    assert wait(attempts) == seconds


def test_chance_adds_up_to_half_a_pause() -> None:
    assert wait(3, jitter=1.0) == 6


@pytest.mark.parametrize("attempts", [1, 5])
def test_what_slack_asks_for_is_waited(attempts: int) -> None:
    assert wait(attempts, "ratelimited", retry_after_s=30) == 30
    assert wait(attempts, "ratelimited", retry_after_s=30, jitter=1.0) == 31


def test_no_more_than_ten_minutes_are_waited() -> None:
    assert wait(1, "ratelimited", retry_after_s=86_400) == 600


def test_nothing_asked_for_is_nothing_waited() -> None:
    assert wait(1, "ratelimited", retry_after_s=0) == 0


@pytest.mark.parametrize("error", sorted(PERMANENT))
def test_permanent_error_is_given_up_at_once(error: str) -> None:
    assert retry_at(1, error, START, created_at=START) == GiveUp(reason=error)


def test_row_is_given_up_after_a_day() -> None:
    born = START - timedelta(hours=24, seconds=1)

    decision = retry_at(9, "connection", START, created_at=born)

    assert decision == GiveUp(reason="too old: connection")


@pytest.mark.parametrize("error", ["not_in_channel", "invalid_auth", "channel_not_found"])
def test_card_waits_for_somebody_to_mend_the_channel(error: str) -> None:
    decision = card_retry_at(1, error, START, created_at=START)

    assert decision == Later(at=START + timedelta(seconds=60))


@pytest.mark.parametrize("error", ["msg_too_long", "no_text", "invalid_blocks"])
def test_card_that_can_never_pass_is_given_up(error: str) -> None:
    assert card_retry_at(1, error, START, created_at=START) == GiveUp(reason=error)


def test_card_is_given_up_after_a_day() -> None:
    born = START - timedelta(hours=25)

    decision = card_retry_at(1, "not_in_channel", START, created_at=born)

    assert decision == GiveUp(reason="not_in_channel")


def test_card_is_tried_again_like_everything_else() -> None:
    decision = card_retry_at(2, "http_500", START, created_at=START)

    assert decision == Later(at=START + timedelta(seconds=2))

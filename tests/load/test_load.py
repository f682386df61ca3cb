"""The measurements themselves: small runs with the real bot, and bots whose faults must show."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.api import Bot
from tests.conftest import ROOT
from tests.fake_slack import FakeSlack
from tests.fake_slack.__main__ import MANIFEST
from tests.load import kills, traffic
from tests.load.figures import Spans
from tests.load.process import BotProcess
from tests.load.questions import flags_of, questions_of

SMALL = ROOT / "tests" / "small_knowledge"
QUICK_RETRIES_S = (0.05, 0.4, 0.4, 0.4, 0.8, 0.8, 1.5, 3.0, 6.0)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Bot:
    """The bot on the small knowledge, here and in the processes that are started."""
    monkeypatch.setenv("MILDBOT_KNOWLEDGE", str(SMALL))
    return Bot.load()


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(manifest=MANIFEST, retries=QUICK_RETRIES_S) as fake:
        yield fake


def careless(slack: FakeSlack, folder: Path, *arguments: str) -> BotProcess:
    return BotProcess(
        slack.environment(),
        folder / "log",
        command=[sys.executable, "-m", "tests.load.careless"],
        arguments=arguments,
    )


def test_three_kills_lose_nothing_and_repeat_nothing(
    slack: FakeSlack, small: Bot, tmp_path: Path
) -> None:
    plan = kills.Plan(messages=40, kills=3, rate=25, settle_s=20)
    settings = {**slack.environment(), "MILDBOT_DATA": str(tmp_path)}
    result = kills.run(plan, slack, BotProcess(settings, tmp_path / "log"), small)

    assert sum(result.kills.values()) == 3
    assert result.is_good, kills.report(result)
    assert result.tally.answered == 40


def test_bot_that_forgets_is_noticed(slack: FakeSlack, small: Bot, tmp_path: Path) -> None:
    plan = kills.Plan(messages=30, kills=1, rate=60, at_post_share=1.0, settle_s=0.5)
    result = kills.run(plan, slack, careless(slack, tmp_path), small)

    assert result.tally.lost > 0
    assert not result.is_good


def test_bot_that_repeats_itself_is_noticed(slack: FakeSlack, small: Bot, tmp_path: Path) -> None:
    plan = kills.Plan(messages=10, kills=0, rate=60, settle_s=2)
    result = kills.run(plan, slack, careless(slack, tmp_path, "--twice"), small)

    assert (result.tally.lost, result.tally.twice) == (0, 10)
    assert not result.is_good


def test_steady_traffic_is_acknowledged_and_answered(small: Bot, tmp_path: Path) -> None:
    plan = traffic.Plan(rate=40, seconds=2, warm_up_s=0.5, people=30, flag_share=0.1)
    result = traffic.measure(plan, small, tmp_path)

    assert result.tally.is_good, traffic.report(result)
    assert result.tally.answered == plan.messages
    assert result.limited > 0
    assert result.flag_ms.count > 0


def test_every_question_has_its_answer_and_every_flag_its_tier(small: Bot) -> None:
    assert {q.is_flagged for q in questions_of(small)} == {False}
    assert {q.is_flagged for q in flags_of(small)} == {True}
    assert all(question.expected for question in [*questions_of(small), *flags_of(small)])


def test_percentiles_are_values_that_occurred() -> None:
    spans = Spans.of(n / 1000 for n in range(1, 101))

    assert (spans.p50, spans.p99, spans.longest) == pytest.approx((50, 99, 100))
    assert Spans.of([]).p99 == 0

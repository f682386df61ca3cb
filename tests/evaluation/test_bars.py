"""Bars: what a measure must reach or may not pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError
from bot.evaluation.bars import Bar, judge_bars, read_bars
from bot.evaluation.report import Row
from tests.conftest import ROOT


def bar(**limits: float) -> Bar:
    return Bar(file="set.jsonl", measure="right", aim=1.0, **limits)


def row(count: int, group: str = "all") -> Row:
    return Row(file="set.jsonl", group=group, measure="right", count=count, total=100)


def met(one: Bar, found: Row) -> bool:
    ((_, _, verdict),) = judge_bars([one], [found])
    return verdict


@pytest.mark.parametrize(("count", "verdict"), [(89, False), (90, True), (91, True)])
def test_share_must_reach_the_least(count: int, verdict: bool) -> None:
    assert met(bar(least=0.90), row(count)) is verdict


@pytest.mark.parametrize(("count", "verdict"), [(4, True), (5, True), (6, False)])
def test_share_may_not_pass_the_most(count: int, verdict: bool) -> None:
    assert met(bar(most=0.05), row(count)) is verdict


def test_bar_of_a_group_is_judged_by_the_row_of_that_group() -> None:
    one = Bar(file="set.jsonl", measure="right", group="tier E", least=0.9, aim=1.0)

    ((_, found, verdict),) = judge_bars([one], [row(10), row(95, "tier E")])

    assert (found.group, verdict) == ("tier E", True)


def test_bar_that_nothing_was_measured_for_is_missed() -> None:
    other = Bar(file="other.jsonl", measure="right", most=0.9, aim=0.0)

    assert judge_bars([other, bar(least=0.9)], [row(95)]) == [
        (other, None, False),
        (bar(least=0.9), row(95), True),
    ]


def test_bars_are_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "bars.yaml"
    path.write_text("- {file: set.jsonl, measure: right, least: 0.9, aim: 1.0}\n")

    assert read_bars(path) == (bar(least=0.9),)


BAR = "- {file: set.jsonl, measure: right, %s}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: the file is empty"),
        ("[]", "1: no bar stands here"),
        ("5", "1: a list is expected here"),
        ("file: set.jsonl", "1: a list is expected here"),
        ("- [a]", "1: a mapping is expected here"),
        ("- right", "1: a mapping is expected here"),
        ("- {file: [", "2: not valid YAML"),
        (BAR % "least: 0.9, aim: 1.0" + BAR % "least: 0.9", '2: the key "aim" is missing'),
        (BAR % "leats: 0.9, aim: 1.0", '1: unknown key "leats"'),
        (BAR % "aim: 1.0", "1: a bar has either least or most"),
        (BAR % "least: 0.9, most: 1.0, aim: 1.0", "1: a bar has either least or most"),
        (BAR % "least: 90%, aim: 1.0", '1: "90%" is not a number'),
        (BAR % "least: 90, aim: 1.0", "1: least is 90"),
        (BAR % "most: .nan, aim: 1.0", '1: ".nan" is not a number'),
        (BAR % "most: 0.1, aim: -1", "1: aim is -1"),
    ],
)
def test_bad_bar_is_named_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bars.yaml"
    path.write_text(text)

    with pytest.raises(BotError) as caught:
        read_bars(path)

    assert f"{path}:{told}" in str(caught.value)


def test_all_that_is_wrong_with_the_bars_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bars.yaml"
    path.write_text(BAR % "leats: 0.9, least: 9, aim: 1.0" + BAR % "aim: 0.5")

    with pytest.raises(BotError) as caught:
        read_bars(path)

    assert str(caught.value).count("\n    fix: ") == 3


def test_missing_file_of_bars_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"none\.yaml:1: the file is missing"):
        read_bars(tmp_path / "none.yaml")


def test_shipped_bars_each_have_one_limit_short_of_their_aim() -> None:
    bars = read_bars(ROOT / "tests" / "bars.yaml")

    one_limit = [(b.least is None) != (b.most is None) for b in bars]

    assert len(bars) == 13
    assert all(one_limit)

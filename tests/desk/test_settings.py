"""Settings of the desk: what is missing or wrong is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.settings import DeskSettings, desk_settings
from bot.errors import BotError

GIVEN = {"MILDBOT_HASH_KEY": "0123456789abcdef", "SLACK_STAFF_CHANNEL": "C9"}


def test_two_settings_are_enough() -> None:
    assert desk_settings(GIVEN) == DeskSettings(hash_key=b"0123456789abcdef", staff_channel="C9")


def test_every_setting_is_read() -> None:
    found = desk_settings(
        {
            **GIVEN,
            "MILDBOT_REALERT_EMERGENCY_S": "60",
            "MILDBOT_REALERT_URGENT_S": " 600 ",
            "MILDBOT_KEEP_QUESTIONS_DAYS": "7",
            "MILDBOT_PAUSED": "1",
        }
    )

    assert found.realert_emergency == timedelta(minutes=1)
    assert found.realert_urgent == timedelta(minutes=10)
    assert found.keep_questions == timedelta(days=7)
    assert found.paused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_STAFF_CHANNEL", ""),
        ("MILDBOT_HASH_KEY", ""),
        ("MILDBOT_HASH_KEY", "too short"),
        ("MILDBOT_REALERT_EMERGENCY_S", "soon"),
        ("MILDBOT_REALERT_URGENT_S", "0"),
        ("MILDBOT_KEEP_QUESTIONS_DAYS", "-1"),
        ("MILDBOT_KEEP_QUESTIONS_DAYS", "9" * 30),
        ("MILDBOT_PAUSED", "perhaps"),
    ],
)
def test_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BotError, match=name):
        desk_settings({**GIVEN, name: value})


def test_secret_is_not_repeated_in_the_error() -> None:
    with pytest.raises(BotError) as caught:
        desk_settings({**GIVEN, "MILDBOT_HASH_KEY": "hunter2"})

    assert "hunter2" not in str(caught.value)

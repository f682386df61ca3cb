"""Settings: what is missing or wrong is named."""

from __future__ import annotations

import re

import pytest

from bot.errors import BotError
from bot.slack.settings import SLACK_API, for_http, for_socket

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "secret",
    "SLACK_STAFF_CHANNEL": "C0123ABCD",
}


def test_defaults() -> None:
    found = for_socket(GOOD)

    assert (found.api_url, found.port, found.workers) == (SLACK_API, 8000, 2)
    assert (found.staff_group, found.staff_ids) == ("", frozenset())


def test_each_transport_has_its_own_secret() -> None:
    assert (for_socket(GOOD).app_token, for_socket(GOOD).signing_secret) == ("xapp-1", "")
    assert (for_http(GOOD).app_token, for_http(GOOD).signing_secret) == ("", "secret")


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_STAFF_CHANNEL"])
def test_missing_variable_is_named(name: str) -> None:
    with pytest.raises(BotError, match=rf"^{name} is not set; `slack` needs it"):
        for_socket({**GOOD, name: " "})


def test_http_needs_the_signing_secret() -> None:
    with pytest.raises(BotError, match=r"^SLACK_SIGNING_SECRET is not set; `serve` needs it"):
        for_http({**GOOD, "SLACK_SIGNING_SECRET": ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1"),
        ("SLACK_APP_TOKEN", "xoxb-1"),
        ("SLACK_STAFF_CHANNEL", "#front-desk"),
        ("MILDBOT_STAFF_GROUP", "@nurses"),
        ("MILDBOT_STAFF_IDS", "U1 ann"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("MILDBOT_WORKERS", "0"),
        ("SLACK_API_URL", "https://slack.com.evil.example/api/"),
        ("SLACK_API_URL", "http://slack.com/api/"),
        ("SLACK_API_URL", "https://evilslack.com/api/"),
        ("SLACK_API_URL", "ftp://127.0.0.1/"),
    ],
)
def test_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(BotError, match=f"^{re.escape(name)} "):
        for_socket({**GOOD, name: value})


def test_a_token_is_never_shown() -> None:
    with pytest.raises(BotError) as caught:
        for_socket({**GOOD, "SLACK_BOT_TOKEN": "xoxp-very-secret"})

    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8123/api", "http://localhost:1/api/", "http://[::1]:9/api/"],
)
def test_api_may_stand_on_this_machine(url: str) -> None:
    assert for_socket({**GOOD, "SLACK_API_URL": url}).api_url == url.rstrip("/") + "/"


def test_staff_ids_may_be_parted_by_commas_and_blanks() -> None:
    found = for_socket({**GOOD, "MILDBOT_STAFF_IDS": "U1, U2  W3"})

    assert found.staff_ids == {"U1", "U2", "W3"}


def test_oauth_settings_are_refused() -> None:
    """Bolt would drop the bot token without a word."""
    with pytest.raises(BotError, match="SLACK_CLIENT_ID"):
        for_socket({**GOOD, "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"})

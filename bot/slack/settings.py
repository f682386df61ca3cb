"""Settings of the Slack front ends, read from the environment; every error names the variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.errors import BotError

SLACK_API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """What both transports need, and the one secret that each needs for itself."""

    bot_token: str
    app_token: str  #: Socket Mode only, else empty
    signing_secret: str  #: HTTP only, else empty
    api_url: str
    staff_channel: str
    staff_group: str  #: user group id, or empty
    staff_ids: frozenset[str]
    port: int
    workers: int  #: processes of `mildbot serve`


def for_socket(environment: Mapping[str, str]) -> SlackSettings:
    """Raises `BotError` naming the variable that is missing or wrong."""
    token = _needed(environment, "SLACK_APP_TOKEN", "slack", starts="xapp-")
    return _read(environment, "slack", app_token=token)


def for_http(environment: Mapping[str, str]) -> SlackSettings:
    """Raises `BotError` naming the variable that is missing or wrong."""
    secret = _needed(environment, "SLACK_SIGNING_SECRET", "serve")
    return _read(environment, "serve", signing_secret=secret)


def _read(
    environment: Mapping[str, str],
    command: str,
    *,
    app_token: str = "",
    signing_secret: str = "",
) -> SlackSettings:
    _refuse_oauth(environment)
    return SlackSettings(
        bot_token=_needed(environment, "SLACK_BOT_TOKEN", command, starts="xoxb-"),
        app_token=app_token,
        signing_secret=signing_secret,
        api_url=_api_url(environment),
        staff_channel=_channel(environment, command),
        staff_group=_group(environment),
        staff_ids=_ids(environment),
        port=_number(environment, "PORT", default=8000, least=1, most=65535),
        workers=_number(environment, "MILDBOT_WORKERS", default=2, least=1, most=32),
    )


def _needed(environment: Mapping[str, str], name: str, command: str, *, starts: str = "") -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise BotError(f"{name} is not set; `{command}` needs it (README, Slack)")
    if not value.startswith(starts):
        raise BotError(f"{name} does not start with {starts}; copy the token again (README, Slack)")
    return value


def _refuse_oauth(environment: Mapping[str, str]) -> None:
    """With both set, bolt silently ignores the bot token and waits for an installation."""
    if environment.get("SLACK_CLIENT_ID") and environment.get("SLACK_CLIENT_SECRET"):
        raise BotError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set; this bot is installed with a token, "
            "unset them"
        )


def _api_url(environment: Mapping[str, str]) -> str:
    """Slack's, or one on this machine: a typo elsewhere would hand the token to a stranger."""
    url = environment.get("SLACK_API_URL", "").strip() or SLACK_API
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = parts.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
    if not ours and not (parts.scheme in ("http", "https") and _is_loopback(host)):
        raise BotError(
            f"SLACK_API_URL is {url}; only slack.com or an address of this machine is allowed"
        )
    return url if url.endswith("/") else url + "/"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _channel(environment: Mapping[str, str], command: str) -> str:
    channel = _needed(environment, "SLACK_STAFF_CHANNEL", command)
    if channel[0] not in "CG" or not channel.isalnum() or not channel.isupper():
        raise BotError(
            f"SLACK_STAFF_CHANNEL is {channel}; write the channel's id, such as C0123ABCD "
            "(channel details, at the bottom)"
        )
    return channel


def _group(environment: Mapping[str, str]) -> str:
    group = environment.get("MILDBOT_STAFF_GROUP", "").strip()
    if group and not group.startswith("S"):
        raise BotError(f"MILDBOT_STAFF_GROUP is {group}; write the group's id, such as S0123ABCD")
    return group


def _ids(environment: Mapping[str, str]) -> frozenset[str]:
    names = environment.get("MILDBOT_STAFF_IDS", "").replace(",", " ").split()
    if wrong := [name for name in names if name[0] not in "UW"]:
        raise BotError(f"MILDBOT_STAFF_IDS names {wrong[0]}; write user ids, such as U0123ABCD")
    return frozenset(names)


def _number(
    environment: Mapping[str, str], name: str, *, default: int, least: int, most: int
) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isdigit() or not least <= int(text) <= most:
        raise BotError(f"{name} is {text}; write a number from {least} to {most}")
    return int(text)

"""Settings of the desk, read from the environment; each error names its variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import BotError

HASH_KEY = "MILDBOT_HASH_KEY"
STAFF_CHANNEL = "SLACK_STAFF_CHANNEL"
PAUSED = "MILDBOT_PAUSED"
KEEP_QUESTIONS = "MILDBOT_KEEP_QUESTIONS_DAYS"
REALERT_EMERGENCY = "MILDBOT_REALERT_EMERGENCY_S"
REALERT_URGENT = "MILDBOT_REALERT_URGENT_S"
_SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    hash_key: bytes
    staff_channel: str  #: channel id of the cards
    realert_emergency: timedelta = timedelta(seconds=120)
    realert_urgent: timedelta = timedelta(seconds=900)
    keep_questions: timedelta = timedelta(days=30)
    paused: bool = False  #: by setting: the staff command cannot switch it off


def desk_settings(environment: Mapping[str, str]) -> DeskSettings:
    """Raises `BotError` naming the variable that is missing or wrong."""
    channel = environment.get(STAFF_CHANNEL, "").strip()
    if not channel:
        raise BotError(
            f"{STAFF_CHANNEL} is not set; name the id of the channel that gets the alerts (C...)"
        )
    return DeskSettings(
        hash_key=hash_key(environment),
        staff_channel=channel,
        realert_emergency=timedelta(seconds=_number(environment, REALERT_EMERGENCY, 120)),
        realert_urgent=timedelta(seconds=_number(environment, REALERT_URGENT, 900)),
        keep_questions=keep_questions(environment),
        paused=_switch(environment, PAUSED),
    )


def hash_key(environment: Mapping[str, str]) -> bytes:
    """The secret under which user ids are hashed."""
    key = environment.get(HASH_KEY, "")
    if len(key) < _SHORTEST_KEY:
        raise BotError(
            f"{HASH_KEY} is not set or too short; set a secret of at least {_SHORTEST_KEY} "
            "characters and keep it: with another one, people are not recognised again"
        )
    return key.encode()


def keep_questions(environment: Mapping[str, str]) -> timedelta:
    """How long the text of an unanswered question is kept."""
    return timedelta(days=_number(environment, KEEP_QUESTIONS, 30))


def _number(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return otherwise
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise BotError(f"{name} is {text!r}; write a whole number from 1 up")
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip().lower()
    if text in ("", "0", "no", "off", "false"):
        return False
    if text in ("1", "yes", "on", "true"):
        return True
    raise BotError(f"{name} is {text!r}; write 1 or 0")

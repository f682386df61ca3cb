"""The bot's own sentences for Slack: from replies.yaml, escaped around what is Slack's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.slack.text import date_token, escape


def marked(key: str, engine: Engine, **slots: str) -> str:
    """A sentence, escaped, with slots that are mrkdwn already (mentions, dates, links)."""
    text = escape(compose.say(key, engine))
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def mention(user_id: str | None) -> str:
    return f"<@{user_id}>" if user_id else "?"


def moment(when: datetime | None) -> str:
    return date_token(when) if when else "?"


def telephone_numbers(engine: Engine) -> Sequence[str]:
    """Every number of clinic.yaml, as the texts show it."""
    clinic = engine.knowledge.clinic
    return (
        clinic.phone,
        clinic.emergency_number,
        clinic.crisis_line,
        clinic.poison_help,
        clinic.danger_line,
    )

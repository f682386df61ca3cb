"""Loading the bot for a command: progress on stderr, and words for unreadable knowledge."""

from __future__ import annotations

import sys

from bot.api import Bot
from bot.errors import BotError, KnowledgeError

LAST_RESORT = (
    "The answers cannot be read. In an emergency call 911. "
    "For anything else call your clinic at the number on your papers."
)


def load_bot() -> Bot:
    """The bot, with a line on stderr for every step of a first build.

    Raises `BotError` whose message holds every problem and the last-resort card.
    """
    try:
        return Bot.load(progress=say_progress)
    except KnowledgeError as error:
        raise BotError(f"the knowledge cannot be used\n{error}\n\n{LAST_RESORT}") from error


def say_progress(step: str) -> None:
    print(f"mildbot: {step} ...", file=sys.stderr, flush=True)

"""Keeping the bot of a command at its knowledge as it changes."""

from __future__ import annotations

from collections.abc import Callable

from bot.api import Bot
from bot.bootstrap import reload_s
from bot.cli.loading import remember
from bot.dialogue.engine import Engine
from bot.dialogue.last_resort import contact_of
from bot.reload import News, Watch, anything, log


def watching(
    bot: Bot,
    *,
    tell: Callable[[News], None] = log,
    accept: Callable[[Engine], None] = anything,
) -> Watch:
    """The watch over the bot's knowledge, not started yet. Raises `BotError` for a wrong setting.

    Args:
        accept: raises `BotError` for knowledge that the command cannot use.
    """

    def accept_and_remember(engine: Engine) -> None:
        accept(engine)
        if bot.folder is not None:
            remember(contact_of(engine.knowledge.clinic), bot.folder)

    return Watch(bot, every_s=reload_s(), tell=tell, accept=accept_and_remember)

"""mildbot: answers patients' questions about MILD from curated knowledge, red flags first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.api import Bot
    from bot.dialogue.reply import Reply

__all__ = ["Bot", "Reply"]


def __getattr__(name: str) -> Any:
    """`Bot` and `Reply` are imported when asked for: a subcommand pays only for what it uses."""
    if name == "Bot":
        from bot.api import Bot

        return Bot
    if name == "Reply":
        from bot.dialogue.reply import Reply

        return Reply
    raise AttributeError(name)

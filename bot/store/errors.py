"""What can go wrong with the store."""

from __future__ import annotations

from bot.errors import BotError


class StoreError(BotError):
    """It is full, locked or gone. Nothing of the transaction was kept; try again later."""


class Conflict(StoreError):
    """Somebody else was faster: a row like this is there already."""

"""Errors that a user can mend: printed without a traceback, each with its exit code."""

from __future__ import annotations


class BotError(Exception):
    """Something outside the program is wrong; the message says what to do."""

    exit_code = 1


class UsageError(BotError):
    """The command was called in a way it does not know."""

    exit_code = 2


class KnowledgeError(BotError):
    """The knowledge cannot be used; the message holds everything that is wrong with it."""

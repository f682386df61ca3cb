"""The matcher: fit, rank, calibrated score, decide."""

from bot.retrieval.matcher import Matcher

__all__ = ["Matcher"]

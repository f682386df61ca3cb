"""What triage finds: flags, and the assessment of a whole message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Tier = Literal["emergency", "urgent", "office_hours"]
Context = Literal["present", "conditional"]
Finder = Literal["phrase", "net", "history"]

TIERS: tuple[Tier, ...] = ("emergency", "urgent", "office_hours")  #: most urgent first


class Flag(Struct, frozen=True, kw_only=True):
    """One red flag found in a message."""

    concept: str  #: id as in knowledge/triage/red_flags.yaml, E06
    tier: Tier
    words: str  #: the words it was found in, normalised
    context: Context
    by: Finder
    modifier: str = ""  #: the words that made it conditional, or that forced it to be present
    spanish: bool = False


class Assessment(Struct, frozen=True, kw_only=True):
    """Flags of one message; empty flags mean that nothing was found."""

    flags: tuple[Flag, ...]

    @property
    def context(self) -> Context:
        return "present" if any(f.context == "present" for f in self.flags) else "conditional"

    @property
    def tier(self) -> Tier | None:
        """Highest tier of the present flags, else of the conditional ones; None without flags."""
        return highest(f.tier for f in self.flags if f.context == self.context)

    @property
    def leading(self) -> tuple[Flag, ...]:
        """The flags that decided tier and context."""
        return tuple(f for f in self.flags if (f.tier, f.context) == (self.tier, self.context))

    @property
    def conditional_above(self) -> tuple[Flag, ...]:
        """Conditional flags more urgent than the present ones: they add their own "if" sentence."""
        if self.tier is None or self.context == "conditional":
            return ()
        rank = TIERS.index(self.tier)
        return tuple(
            f for f in self.flags if f.context == "conditional" and TIERS.index(f.tier) < rank
        )

    @property
    def spanish(self) -> bool:
        return any(f.spanish for f in self.flags)


def highest(tiers: Iterable[Tier]) -> Tier | None:
    """The most urgent of some tiers, None when there are none."""
    return min(tiers, key=TIERS.index, default=None)

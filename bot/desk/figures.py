"""Figures of a period, from the rows that were kept: volumes, shares, escalations, latency."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.store.alerts import Alert
from bot.store.interactions import Interaction

_QUESTIONS = frozenset(("answer", "clarify", "out_of_scope", "escalation"))
_MOST = 10  #: entries and themes that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    count: int
    of: int

    @property
    def percent(self) -> float:
        """0..100; nothing of nothing is 0."""
        return 100 * self.count / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.count} of {self.of} ({self.percent:.0f} %)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds from arrival to the answer written."""

    median: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    since: datetime
    until: datetime
    messages: int
    people: int  #: of those whose hash has not expired
    by_day: tuple[tuple[date, int], ...]  #: every day of the period, oldest first
    by_surface: Mapping[str, int]
    by_kind: Mapping[str, int]
    answered: Share  #: questions whose reply held an answer
    clarified: Share  #: questions that were asked back on
    abstained: Share  #: questions with no answer at all
    personal: int  #: asked for a decision about one person
    escalations: Mapping[str, int]  #: "emergency, present" -> messages
    helpful: Share  #: of the answers that were rated
    top_entries: tuple[tuple[str, int], ...]
    themes: tuple[tuple[str, int], ...]  #: closest entry of unanswered questions
    latency: Latency | None
    alerts: Mapping[str, int]  #: by kind and tier
    claimed: Share
    claim_s: Mapping[str, float]  #: tier or kind -> median seconds until somebody took the card
    patients_told: int  #: that staff could not be reached
    counters: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """As `mildbot stats --json` prints it."""
        found = asdict(self)
        found |= {"since": self.since.isoformat(), "until": self.until.isoformat()}
        found["by_day"] = [[day.isoformat(), count] for day, count in self.by_day]
        return found


def figures(
    rows: Sequence[Interaction],
    alerts: Sequence[Alert],
    counts: Iterable[tuple[str, date, int]],
    *,
    since: datetime,
    until: datetime,
) -> Figures:
    """The figures of a period. Rows outside it must have been left out."""
    asked = [row for row in rows if row.kind in _QUESTIONS and not row.small_talk]
    rated = [row.helpful for row in rows if row.helpful is not None]
    taken = [alert for alert in alerts if alert.claimed_at is not None]
    return Figures(
        since=since,
        until=until,
        messages=len(rows),
        people=len({row.user_hash for row in rows if row.user_hash}),
        by_day=_by_day(rows, since, until),
        by_surface=_counted(row.surface for row in rows),
        by_kind=_counted(row.kind for row in rows),
        answered=_share(asked, [row for row in asked if _ids(row.entries)]),
        clarified=_share(asked, [row for row in asked if row.kind == "clarify"]),
        abstained=_share(asked, [row for row in asked if _is_unanswered(row)]),
        personal=sum(row.personal for row in rows),
        escalations=_counted(f"{row.tier}, {row.context}" for row in rows if row.tier),
        helpful=Share(count=sum(rated), of=len(rated)),
        top_entries=_most(entry for row in rows for entry in _ids(row.entries)),
        themes=_most(row.nearest for row in asked if _is_unanswered(row) and row.nearest),
        latency=_latency([row.latency_ms for row in rows]),
        alerts=_counted(_name(alert) for alert in alerts),
        claimed=_share(alerts, taken),
        claim_s=_claim_times(taken),
        patients_told=sum(alert.told_patient_at is not None for alert in alerts),
        counters=_summed(counts),
    )


def _is_unanswered(row: Interaction) -> bool:
    return row.kind == "out_of_scope" and not row.personal


def _ids(text: str) -> list[str]:
    return [str(item) for item in json.loads(text)]


def _share(of: Sequence[object], those: Sequence[object]) -> Share:
    return Share(count=len(those), of=len(of))


def _counted(names: Iterable[str]) -> dict[str, int]:
    """Most frequent first; the same order for the same rows."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(_counted(names).items())[:_MOST]


def _by_day(
    rows: Sequence[Interaction], since: datetime, until: datetime
) -> tuple[tuple[date, int], ...]:
    counts = Counter(row.hour.astimezone(UTC).date() for row in rows)
    first, last = since.date(), until.date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple((day, counts[day]) for day in days)


def _latency(times: Sequence[int]) -> Latency | None:
    if not times:
        return None
    return Latency(
        median=statistics.median(times), p95=_percentile(times, 95), p99=_percentile(times, 99)
    )


def _percentile(values: Sequence[int], percent: int) -> float:
    """The smallest value that at least so many percent do not exceed."""
    ordered = sorted(values)
    return float(ordered[max(0, -(-len(ordered) * percent // 100) - 1)])


def _name(alert: Alert) -> str:
    return f"{alert.kind}, {alert.tier}" if alert.tier else alert.kind


def _claim_times(taken: Sequence[Alert]) -> dict[str, float]:
    times: dict[str, list[float]] = {}
    for alert in taken:
        if alert.claimed_at is not None:
            seconds = (alert.claimed_at - alert.created_at).total_seconds()
            times.setdefault(_name(alert), []).append(max(0.0, seconds))
    return {name: round(statistics.median(found), 1) for name, found in sorted(times.items())}


def _summed(counts: Iterable[tuple[str, date, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, _, count in counts:
        total[name] += count
    return dict(sorted(total.items()))

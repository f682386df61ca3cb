"""Figures as a plain table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.desk.figures import Figures


def as_table(figures: Figures) -> str:
    """One line for each figure; lists are indented below their heading."""
    return "\n".join(_lines(figures))


def _lines(f: Figures) -> Iterator[str]:
    yield f"{f.since:%Y-%m-%d} to {f.until:%Y-%m-%d} (UTC)"
    yield from _row("messages", str(f.messages))
    yield from _row("people", str(f.people))
    yield from _row("answered", str(f.answered))
    yield from _row("asked back", str(f.clarified))
    yield from _row("no answer", str(f.abstained))
    yield from _row("about one person", str(f.personal))
    yield from _row("found helpful", str(f.helpful))
    if f.latency is not None:
        latency = f.latency
        yield from _row(
            "latency",
            f"median {latency.median:.0f} ms, p95 {latency.p95:.0f} ms, p99 {latency.p99:.0f} ms",
        )
    yield from _row("alerts taken", str(f.claimed))
    yield from _row("staff not reached", str(f.patients_told))
    for heading, rows in sections(f):
        yield ""
        yield heading
        yield from (f"  {count:>7}  {name}" for name, count in rows)


def _row(name: str, value: str) -> Iterator[str]:
    yield f"  {name:<17} {value}"


def sections(f: Figures) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lists among the figures that are not empty, each with its heading."""
    seconds = [(name, f"{value:.0f} s") for name, value in f.claim_s.items()]
    found = [
        ("by place", _texts(f.by_surface.items())),
        ("by kind of reply", _texts(f.by_kind.items())),
        ("red flags", _texts(f.escalations.items())),
        ("alerts", _texts(f.alerts.items())),
        ("time until an alert is taken (median)", seconds),
        ("entries most often given", _texts(f.top_entries)),
        ("themes of unanswered questions (closest entry)", _texts(f.themes)),
        ("counted", _texts(f.counters.items())),
    ]
    return [(heading, rows) for heading, rows in found if rows]


def _texts(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in pairs]

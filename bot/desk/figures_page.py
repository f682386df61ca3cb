"""Figures as one HTML page that a manager can open: nothing in it is fetched from anywhere.

Every chart is a drawing beside a table with the same numbers, so that it can be read aloud; text
and bars keep a contrast of 4.5:1 and more on their background, by day and by night.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from bot.desk.figures import Figures
from bot.desk.figures_text import sections

_STYLE = """
:root { --paper: #ffffff; --ink: #1b1f24; --soft: #4d5560; --bar: #1f5fa8; --line: #d5dae1; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171b; --ink: #f0f2f5; --soft: #b4bcc6; --bar: #7fb2f0; --line: #3a424c; }
}
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0 auto; max-width: 60rem; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { color: var(--soft); margin: .25rem 0 1rem; }
dl { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
dt { color: var(--soft); } dd { font-size: 1.4rem; margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; }
td.number { text-align: right; width: 6rem; } td.bar { width: 45%; }
svg { display: block; height: auto; width: 100%; } rect { fill: var(--bar); }
text { fill: var(--soft); font-size: 11px; }
.days { max-height: 15rem; overflow: auto; }
"""


def as_page(figures: Figures) -> str:
    """The whole page."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_title(figures)}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{_title(figures)}</h1>",
            "<p>Counted by the bot. No message and no name is kept for these figures.</p>",
            *_tiles(figures),
            *_days(figures.by_day),
            *(line for heading, rows in sections(figures) for line in _table(heading, rows)),
            "</main></body></html>",
            "",
        ]
    )


def _title(figures: Figures) -> str:
    return f"MILD questions, {figures.since:%Y-%m-%d} to {figures.until:%Y-%m-%d}"


def _tiles(f: Figures) -> Iterator[str]:
    tiles = [
        ("Messages", str(f.messages)),
        ("People", str(f.people)),
        ("Answered", f"{f.answered.percent:.0f} %"),
        ("No answer", f"{f.abstained.percent:.0f} %"),
        ("Found helpful", f"{f.helpful.percent:.0f} %" if f.helpful.of else "not rated"),
        ("Red flags", str(sum(f.escalations.values()))),
        ("Alerts taken", f"{f.claimed.count} of {f.claimed.of}"),
        ("Median latency", f"{f.latency.median:.0f} ms" if f.latency else "none"),
    ]
    yield "<h2>At a glance</h2><dl>"
    for name, value in tiles:
        yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl>"


# ---------------------------------------------------------------- charts
_WIDTH, _HEIGHT, _FOOT = 720, 160, 18


def _days(by_day: Sequence[tuple[date, int]]) -> Iterator[str]:
    """Messages a day as columns, and the same as a table."""
    yield "<h2>Messages a day</h2>"
    most = max((count for _, count in by_day), default=0)
    label = f"Column chart of messages a day; the most on one day are {most}."
    yield f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _FOOT}" role="img" aria-label="{label}">'
    step = _WIDTH / max(1, len(by_day))
    for number, (day, count) in enumerate(by_day):
        height = _HEIGHT * count / most if most else 0
        yield (
            f'<rect x="{number * step + step * 0.1:.1f}" y="{_HEIGHT - height:.1f}" '
            f'width="{step * 0.8:.1f}" height="{height:.1f}">'
            f"<title>{day}: {count}</title></rect>"
        )
    if by_day:
        y = _HEIGHT + _FOOT - 4
        yield f'<text x="0" y="{y}">{by_day[0][0]}</text>'
        yield f'<text x="{_WIDTH}" y="{y}" text-anchor="end">{by_day[-1][0]}</text>'
    yield "</svg>"
    rows = [(day.isoformat(), str(count)) for day, count in by_day]
    yield '<details><summary>The same as a table</summary><div class="days" tabindex="0">'
    yield from _rows(rows, "day", "messages")
    yield "</div></details>"


def _table(heading: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f"<h2>{escape(heading.capitalize())}</h2>"
    yield from _rows(rows, "what", "number")


def _rows(rows: Sequence[tuple[str, str]], what: str, number: str) -> Iterator[str]:
    most = max((_size(value) for _, value in rows), default=0.0)
    yield f'<table><thead><tr><th scope="col">{what}</th><th scope="col">{number}</th>'
    yield '<td aria-hidden="true"></td></tr></thead><tbody>'
    for name, value in rows:
        share = 100 * _size(value) / most if most else 0
        yield (
            f'<tr><th scope="row">{escape(name)}</th><td class="number">{escape(value)}</td>'
            f'<td class="bar" aria-hidden="true"><svg viewBox="0 0 100 6" '
            f'preserveAspectRatio="none"><rect width="{share:.1f}" height="6"></rect></svg>'
            "</td></tr>"
        )
    yield "</tbody></table>"


def _size(value: str) -> float:
    return float(value.split()[0])

"""Reliability diagrams as one SVG picture that holds all of itself, read by day and by night.

Nothing is said by colour alone; every number in it can be pointed at or read from its description.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bot.evaluation.reliability import BINS, COLUMNS, Bin, Reliability
from bot.retrieval.decide import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    title: str
    of: str  #: which messages
    reliability: Reliability
    limits: Limits  #: drawn as lines


# Colours stand in classes and not in variables: programs other than browsers draw it too.
_STYLE = """
text { font-family: "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
font-size: 12px; }
.paper { fill: #ffffff; } .ink { fill: #1b1f24; } .soft { fill: #4d5560; }
.title { font-size: 17px; font-weight: 600; } .small { font-size: 11px; }
.frame { fill: none; stroke: #8a94a1; } .grid { stroke: #e3e7ec; }
.diagonal { stroke: #6b7480; stroke-dasharray: 7 5; }
.limit { stroke: #1b1f24; stroke-width: 1.5; stroke-dasharray: 2 3; }
.right { fill: #1f5fa8; } .wrong { fill: #f0a03c; }
.curve { fill: none; stroke: #1f5fa8; stroke-width: 2; } .whisker { stroke: #1f5fa8; }
@media (prefers-color-scheme: dark) {
.paper { fill: #14171b; } .ink { fill: #f0f2f5; } .soft { fill: #b4bcc6; }
.frame { stroke: #6b7480; } .grid { stroke: #2a3038; }
.diagonal { stroke: #98a2ae; } .limit { stroke: #f0f2f5; }
.right { fill: #7fb2f0; } .wrong { fill: #c9741a; }
.curve { stroke: #7fb2f0; } .whisker { stroke: #7fb2f0; }
}
"""

_SIDE = 360  #: of the square that holds the curve
_LEFT, _RIGHT, _TOP = 64, 26, 124
_GAP, _COLUMN_HEIGHT = 54, 90
_FOOT = 100
_WIDTH = _LEFT + _SIDE + _RIGHT
_BASE = _TOP + _SIDE + _GAP + _COLUMN_HEIGHT  #: where the histogram stands
_HEIGHT = _BASE + _FOOT
_NARROWEST = 76  #: room for the words over a zone
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def draw(panels: Sequence[Panel]) -> str:
    """The whole picture, panels side by side."""
    width = _WIDTH * len(panels)
    caption = (
        f"Each point: a tenth of the messages, with its 95 % interval ({BINS} bins of equal mass).",
        "On the dashed line a score means what it says; below it the bot is too sure.",
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" '
            f'width="{width}" height="{_HEIGHT}" role="img" aria-labelledby="title description">',
            f'<title id="title">Reliability of the score: {_titles(panels)}</title>',
            f'<desc id="description">{escape(" ".join(map(_told, panels)))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{_HEIGHT}"/>',
            *(line for n, panel in enumerate(panels) for line in _panel(panel, n * _WIDTH)),
            *(_text(_LEFT, _HEIGHT - 32 + 16 * n, line, "soft") for n, line in enumerate(caption)),
            "</svg>",
            "",
        ]
    )


def _titles(panels: Sequence[Panel]) -> str:
    return escape(", ".join(panel.title for panel in panels))


def _told(panel: Panel) -> str:
    """The numbers of a panel as text."""
    r, limits = panel.reliability, panel.limits
    bins = "; ".join(_bin_told(b) for b in r.bins)
    return (
        f"{panel.title}, {panel.of}: expected calibration error {r.as_text()}. "
        f"Choices from a score of {limits.clarify:g}, an answer from {limits.answer:g}. "
        f"Bins: {bins}."
    )


def _bin_told(b: Bin) -> str:
    return f"score {b.score:.3f}, right {b.right:.1%} ({b.low:.1%} to {b.high:.1%}), {b.count}"


# ---------------------------------------------------------------- one panel
def _panel(panel: Panel, left: float) -> Iterator[str]:
    r = panel.reliability
    yield f'<g transform="translate({left:g} 0)">'
    yield _text(_LEFT, 30, panel.title, "ink title")
    lines = (
        f"{r.total:,} messages: {panel.of}",
        f"expected calibration error {r.error:.3f} in {BINS} bins of equal mass",
        f"({r.by_chance:.3f} by chance alone; {r.error_by_width:.3f} in {BINS} of equal width)",
    )
    for number, (line, kind) in enumerate(zip(lines, ("soft", "ink", "soft"), strict=True)):
        yield _text(_LEFT, 52 + 18 * number, line, kind)
    yield from _axes()
    yield from _columns(r.columns)
    yield from _zones(panel.limits)
    yield from _curve(r.bins)
    yield "</g>"


def _axes() -> Iterator[str]:
    for tick in _TICKS:
        x, y = _x(tick), _y(tick)
        yield _line(x, _TOP, x, _TOP + _SIDE, "grid")
        yield _line(_LEFT, y, _LEFT + _SIDE, y, "grid")
        yield _text(_LEFT - 8, y + 4, f"{tick:.0%}", "soft small", "end")
        yield _text(x, _TOP + _SIDE + 16, f"{tick:g}", "soft small", "middle")
        yield _text(x, _BASE + 16, f"{tick:g}", "soft small", "middle")
    yield _line(_x(0), _y(0), _x(1), _y(1), "diagonal")
    yield f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>'
    yield _turned(16, _TOP + _SIDE / 2, "first guess is right")
    yield _turned(16, _BASE - _COLUMN_HEIGHT / 2, "messages")
    yield _text(_x(0.5), _BASE + 34, "score of the first guess", "ink", "middle")


def _columns(columns: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Messages by score: wrong ones stand on the right ones."""
    most = max(right + wrong for right, wrong in columns)
    step, unit = _SIDE / COLUMNS, _COLUMN_HEIGHT / most
    for number, (right, wrong) in enumerate(columns):
        x, low = _LEFT + number * step, number / COLUMNS
        told = f"score {low:.2f} to {low + 1 / COLUMNS:.2f}: {right} right, {wrong} wrong"
        yield f"<g><title>{told}</title>"
        for name, height, base in (("right", right, 0), ("wrong", wrong, right)):
            y = _BASE - (base + height) * unit
            yield (
                f'<rect class="{name}" x="{x + 1:.1f}" y="{y:.1f}" width="{step - 2:.1f}" '
                f'height="{height * unit:.1f}"/>'
            )
        yield "</g>"
    yield _line(_LEFT, _BASE, _LEFT + _SIDE, _BASE, "frame")
    top = _BASE - _COLUMN_HEIGHT
    yield _text(_LEFT - 8, top + 4, f"{most:,}", "soft small", "end")
    yield _text(_LEFT - 8, _BASE + 4, "0", "soft small", "end")
    yield from _key(top - 10)


def _key(y: float) -> Iterator[str]:
    for name, x, words in (
        ("right", _LEFT, "right (below)"),
        ("wrong", _LEFT + 104, "wrong (on top)"),
    ):
        yield f'<rect class="{name}" x="{x}" y="{y - 9}" width="10" height="10"/>'
        yield _text(x + 15, y, words, "soft small")


def _zones(limits: Limits) -> Iterator[str]:
    """The two thresholds as lines through both drawings, and over them what the bot does."""
    for limit in (limits.clarify, limits.answer):
        yield _line(_x(limit), _TOP, _x(limit), _TOP + _SIDE, "limit")
        yield _line(_x(limit), _BASE - _COLUMN_HEIGHT, _x(limit), _BASE, "limit")
    zones = (
        (0.0, limits.clarify, "no answer", ""),
        (limits.clarify, limits.answer, "offers choices", f"from {limits.clarify:g}"),
        (limits.answer, 1.0, "answers", f"from {limits.answer:g}"),
    )
    for low, high, does, since in zones:
        wide = (high - low) * _SIDE >= _NARROWEST
        middle = (_x(low) + _x(high)) / 2
        words = (f"{does} {since}".strip(),) if wide else tuple(f"{does} {since}".split())
        for number, word in enumerate(reversed(words)):
            yield _text(middle, _TOP - 6 - 12 * number, word, "ink small", "middle")


def _curve(bins: Sequence[Bin]) -> Iterator[str]:
    points = " ".join(f"{_x(b.score):.1f},{_y(b.right):.1f}" for b in bins)
    yield f'<polyline class="curve" points="{points}"/>'
    for b in bins:
        x = _x(b.score)
        yield f"<g><title>{_bin_told(b)} messages</title>"
        yield _line(x, _y(b.low), x, _y(b.high), "whisker")
        for end in (b.low, b.high):
            yield _line(x - 4, _y(end), x + 4, _y(end), "whisker")
        yield f'<circle class="right" cx="{x:.1f}" cy="{_y(b.right):.1f}" r="4"/></g>'


# ---------------------------------------------------------------- marks
def _x(score: float) -> float:
    return _LEFT + score * _SIDE


def _y(share: float) -> float:
    return _TOP + (1.0 - share) * _SIDE


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _turned(x: float, y: float, words: str) -> str:
    return (
        f'<text class="ink" transform="translate({x:g} {y:g}) rotate(-90)" '
        f'text-anchor="middle">{escape(words)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'

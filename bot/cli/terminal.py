"""How text looks in a terminal: as wide as the window, coloured where it may be."""

from __future__ import annotations

import sys
from collections.abc import Mapping

_WIDEST = 88


def wants_colour(environment: Mapping[str, str], terminal: bool) -> bool:
    """Colour only on a terminal that can, and never with NO_COLOR (no-color.org)."""
    return (
        terminal and not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"
    )


def is_terminal() -> bool:
    """Whether somebody watches stdout; it is None when the caller has closed it."""
    return sys.stdout is not None and sys.stdout.isatty()


def fitted(text: str) -> str:
    """For a terminal `wrapped`, for a pipe or a file as it is."""
    return wrapped(text) if is_terminal() else text


def wrapped(text: str) -> str:
    """The text in lines as wide as the window, on a wide one as wide as is easy to read."""
    import shutil  # with its archives it takes 3 ms, which a pipe need not wait for

    width = max(20, min(_WIDEST, shutil.get_terminal_size().columns) - 1)
    return "\n".join(_wrap(line, width) for line in text.split("\n"))


def _wrap(line: str, width: int) -> str:
    """Further lines stand in from the first, as far as it does or under the text of an item."""
    import textwrap

    inside = len(line) - len(line.lstrip(" "))
    indent = " " * (inside + 2 if inside or line.startswith("- ") else 0)
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )

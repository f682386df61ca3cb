"""Where in the knowledge something stands, and what is wrong there.

Needs no YAML: a warm start reads none.
"""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True, order=True):
    file: str  #: relative to the folder that holds knowledge/
    line: int  #: 1-based

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """One thing that is wrong in the knowledge, and how to put it right."""

    place: Place
    what: str
    fix: str
    warning: bool = False
    whole_file: bool = False  #: nothing of the file could be read

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.place}: {kind}{self.what}\n    fix: {self.fix}"

"""Tables: one YAML row is one test, a failure names its file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Row:
    place: str  #: file:line
    values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"{self.place} has no {name}") from None

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


def rows(name: str) -> list[Row]:
    """The rows of a file in tests/cases."""
    text = (CASES / name).read_text(encoding="utf-8")
    nodes = yaml.compose(text).value
    values = yaml.safe_load(text)
    return [
        Row(place=f"{name}:{node.start_mark.line + 1}", values=value)
        for node, value in zip(nodes, values, strict=True)
    ]


def said(row: Row) -> str:
    """The id of a row's test: what is said in it."""
    return str(row.get("say", row.place))[:80]

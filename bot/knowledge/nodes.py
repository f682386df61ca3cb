"""Reading YAML with line marks: every value knows its place, every problem is a value.

`yaml.safe_load` forgets lines and lets a key stand twice, so the composed tree is read here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import yaml

from bot.knowledge.places import Place, Problem

T = TypeVar("T")


@dataclass(slots=True)
class Reader:
    """Collects the problems of one reading; reading goes on after each of them."""

    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, what: str, fix: str) -> None:
        self.problems.append(Problem(place=place, what=what, fix=fix))


# Each opens the one before: libyaml's composer goes down with the stack on very many of them.
_DEEP = re.compile(r"(?:[\[{]\s*){200}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML node with its place; the readers below turn it into a value or a problem."""

    raw: yaml.Node
    file: str
    reader: Reader

    @property
    def place(self) -> Place:
        return Place(file=self.file, line=self.raw.start_mark.line + 1)

    def problem(self, what: str, fix: str) -> None:
        self.reader.problem(self.place, what, fix)

    # ---- scalars
    @property
    def is_null(self) -> bool:
        return isinstance(self.raw, yaml.ScalarNode) and self.raw.tag == "tag:yaml.org,2002:null"

    def text(self) -> str:
        return self._scalar() or ""

    def _scalar(self) -> str | None:
        """The text of a scalar; None, and a problem, for anything else."""
        if isinstance(self.raw, yaml.ScalarNode) and not self.is_null:
            return str(self.raw.value)
        self.problem("a text is expected here", "write a text, in quotes if it begins with a sign")
        return None

    def optional_text(self) -> str | None:
        return None if self.is_null else self.text()

    def number(self) -> float:
        """A finite number: a threshold of `nan` would switch off what it guards."""
        value = self._scalar()
        if value is None:
            return 0.0
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.problem(f'"{value}" is not a number', "write a number such as 0.5")
            return 0.0
        return number

    def count(self) -> int:
        """A whole number, 0 or more."""
        value = self._scalar()
        if value is not None and not (value.isascii() and value.isdigit() and len(value) < 10):
            self.problem(f'"{value[:40]}" is not a whole number', "write one such as 6")
            return 0
        return int(value or 0)

    def flag(self) -> bool:
        value = self._scalar()
        if value is not None and value not in ("true", "false"):
            self.problem(f'"{value}" is neither true nor false', "write true or false")
        return value == "true"

    def choice(self, allowed: tuple[str, ...]) -> str:
        value = self._scalar()
        if value is None:
            return allowed[0]
        if value not in allowed:
            self.problem(f'"{value}" is not known here', f"write one of: {', '.join(allowed)}")
            return allowed[0]
        return value

    # ---- collections
    def items(self) -> list[Node]:
        if self.is_null:
            return []
        if not isinstance(self.raw, yaml.SequenceNode):
            self.problem("a list is expected here", 'begin each item with "- "')
            return []
        return [Node(child, self.file, self.reader) for child in self.raw.value]

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def pairs(self) -> dict[str, Node]:
        """Keys of a mapping in order; a key that stands twice is a problem."""
        return {name: value for name, (_, value) in self._pairs().items()}

    def _pairs(self) -> dict[str, tuple[Node, Node]]:
        """As `pairs`, the node of the key with it."""
        if self.is_null:
            return {}
        if not isinstance(self.raw, yaml.MappingNode):
            self.problem("a mapping is expected here", 'write "key: value" lines')
            return {}
        found: dict[str, tuple[Node, Node]] = {}
        for key_node, value_node in self.raw.value:
            key = Node(key_node, self.file, self.reader)
            name = key.text()
            if name in found:
                key.problem(f'"{name}" stands here twice', "keep one of the two")
            found[name] = key, Node(value_node, self.file, self.reader)
        return found

    def text_by_key(self) -> dict[str, str]:
        return {key: value.text() for key, value in self.pairs().items()}

    def record(
        self, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Node]:
        """A mapping whose keys are known; unknown and missing keys are problems."""
        pairs = self._pairs()
        known = required + optional
        for name, (key, _) in pairs.items():
            if name not in known:
                key.problem(f'unknown key "{name}"', _suggestion(name, known))
        if isinstance(self.raw, yaml.MappingNode):
            for name in required:
                if name not in pairs:
                    self.problem(f'the key "{name}" is missing', f'add "{name}: ..."')
        elif self.is_null and required:
            self.problem("nothing stands here", f"write the keys {', '.join(required)}")
        return {name: value for name, (_, value) in pairs.items() if name in known}


def _suggestion(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known, n=1)
    return f'write "{close[0]}"' if close else f"known keys: {', '.join(known)}"


def nearest(name: str, known: Iterator[str] | Mapping[str, object] | list[str]) -> str:
    """The known name most like a misspelled one, or all of them when none is like it."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    return close[0] if close else ", ".join(names[:12])


def parse_file(path: Path, *, shown_as: str, reader: Reader) -> Node | None:
    """The root node of a file, None (and a problem) when it is missing, empty or not YAML."""

    def unread(what: str, fix: str, line: int = 1) -> None:
        place = Place(file=shown_as, line=line)
        reader.problems.append(Problem(place=place, what=what, fix=fix, whole_file=True))

    try:
        text = path.read_text(encoding="utf-8-sig")
        if _DEEP.search(text):
            raise yaml.YAMLError("brackets nested too deep")
        root = yaml.compose(text, Loader=_LOADER)
    except FileNotFoundError:
        unread("the file is missing", "put it back, or restore it from git")
    except (OSError, UnicodeDecodeError) as error:
        unread(f"the file cannot be read: {error}", "save it as UTF-8 text")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or error).splitlines()[0]
        unread(
            f"not valid YAML: {what}",
            "check the indentation and the quotes here",
            mark.line + 1 if mark else 1,
        )
    else:
        if root is not None:
            return Node(root, shown_as, reader)
        unread("the file is empty", "restore it from git")
    return None


def each(node: Node | None, read: Callable[[Node], T]) -> tuple[T, ...]:
    """`read` over the items of a list node; nothing for a missing node."""
    return tuple(read(item) for item in node.items()) if node is not None else ()


def text_at(got: Mapping[str, Node], key: str) -> str:
    """The text under a key; empty when the key is missing, which `record` has told."""
    return got[key].text() if key in got else ""


def texts_at(got: Mapping[str, Node], key: str) -> tuple[str, ...]:
    return got[key].texts() if key in got else ()

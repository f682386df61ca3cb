"""Phrases with gaps over words: the little language in which red flags and modifiers are written.

A pattern is a row of elements separated by spaces:

    numb           the word itself (as `bot.language.words` gives it: can't -> cant)
    numb*          any word that begins so
    {leg}          any member of the class `leg`; members may be several words
    the?           may be missing
    <num> <year>   any number; a number from 1900 to 2099
    ...            up to four words between; `...2` up to two

So `{numb} ... {saddle}` finds "numb all down my private parts".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEFAULT_GAP = 4
NUMBER = "<num>"
Rows = tuple[tuple[str, ...], ...]  # ways to say one element, each a row of words
_Row = tuple[int, tuple[str, ...]]  # number of an element, and the words after its first
YEAR = "<year>"


@dataclass(frozen=True, slots=True)
class Element:
    name: str  #: as written: a word or {class}
    alternatives: Rows  #: each a row of words; a last `*` means "begins with"
    gap: int = 0  #: words that may stand before it
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    pattern: int  #: index of the pattern in the matcher
    start: int  #: span [start, end) over the words
    end: int


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong with it."""


def split_members(classes: Mapping[str, Sequence[str]]) -> dict[str, Rows]:
    """Classes as `parse` wants them: the members of each cut into words."""
    return {name: tuple(tuple(member.split()) for member in members) for name, members in classes.items()}


def parse(pattern: str, classes: Mapping[str, Rows]) -> tuple[Element, ...]:
    """Elements of one pattern. Raises `PatternError` for an unknown class or an empty pattern."""
    elements: list[Element] = []
    gap = 0
    for part in pattern.split():
        if part.startswith("..."):
            gap = _gap(part, pattern)
            continue
        optional = part.endswith("?")
        name = part.rstrip("?")
        elements.append(Element(name=name, alternatives=_alternatives(name, classes), gap=gap, optional=optional))
        gap = 0
    if gap or all(e.optional for e in elements):
        raise PatternError(f'"{pattern}" needs a word that must be there, at its end too')
    return tuple(elements)


def _gap(part: str, pattern: str) -> int:
    count = part[3:]
    if count and not count.isdigit():
        raise PatternError(f'"{part}" in "{pattern}" is not a gap; write "..." or "...3"')
    return int(count) if count else DEFAULT_GAP


def _alternatives(part: str, classes: Mapping[str, Rows]) -> Rows:
    if not part.startswith("{"):
        return ((part,),)
    name = part[1:-1]
    if not part.endswith("}") or name not in classes:
        raise PatternError(f'"{part}" is not a known class; known: {", ".join(sorted(classes))}')
    return classes[name]


class PatternMatcher:
    """All patterns of one kind, indexed so that a sentence touches only those it could match."""

    def __init__(self, patterns: Sequence[tuple[Element, ...]]) -> None:
        self._numbers: dict[str, int] = {}  # name of an element -> its number
        self._single: dict[str, list[int]] = defaultdict(list)  # word -> elements it is
        self._rows_of: dict[tuple[str, str], list[_Row]] = defaultdict(list)  # first two words -> elements
        self._rows_open: dict[str, list[_Row]] = defaultdict(list)  # first word, the second being a prefix or number
        self._rows_of_prefix: dict[str, list[_Row]] = defaultdict(list)
        self._words: set[str] = set()
        self._patterns = [tuple((self._intern(e), e.gap, e.optional) for e in p) for p in patterns]
        self._by_anchor = self._anchors(self._patterns)
        self._prefix_lengths = tuple(sorted({len(prefix) for prefix in self._rows_of_prefix}))

    def _intern(self, element: Element) -> int:
        number = self._numbers.get(element.name)
        if number is None:
            number = self._numbers[element.name] = len(self._numbers)
            for row in element.alternatives:
                first, rest = row[0], row[1:]
                self._words.update(row)
                if first.endswith("*"):
                    self._rows_of_prefix[first[:-1]].append((number, rest))
                elif not rest:
                    self._single[first].append(number)
                elif rest[0].endswith("*") or rest[0] == NUMBER:
                    self._rows_open[first].append((number, rest))
                else:
                    self._rows_of[first, rest[0]].append((number, rest))
        return number

    @staticmethod
    def _anchors(rows: Sequence[tuple[tuple[int, int, bool], ...]]) -> dict[int, list[int]]:
        """Each pattern under the rarest of the elements that it must have."""
        uses: dict[int, int] = defaultdict(int)
        for row in rows:
            for number, _, _ in row:
                uses[number] += 1
        by_anchor: dict[int, list[int]] = defaultdict(list)
        for index, row in enumerate(rows):
            must = [number for number, _, optional in row if not optional]
            by_anchor[min(must, key=uses.__getitem__)].append(index)
        return by_anchor

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word that stands in a pattern, prefixes left out."""
        return frozenset(word for word in self._words if not word.endswith("*"))

    def begins(self, word: str) -> bool:
        """Whether a pattern asks for words that begin as this one does."""
        return any(word[:length] in self._rows_of_prefix for length in self._prefix_lengths)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Matches in order of pattern, each pattern at each start once (its shortest reading)."""
        hits = self._hits(words)
        found: list[Match] = []
        for number in hits:
            for index in self._by_anchor.get(number, ()):
                found.extend(self._match(index, hits))
        return sorted(set(found), key=lambda m: (m.pattern, m.start, m.end))

    def _hits(self, words: Sequence[str]) -> dict[int, dict[int, list[int]]]:
        """element -> start -> ends."""
        hits: dict[int, dict[int, list[int]]] = {}
        for start, word in enumerate(words):
            if not word:
                continue
            for name in _names(word):
                for number in self._single.get(name, ()):
                    hits.setdefault(number, {}).setdefault(start, []).append(start + 1)
            for number, rest in self._longer(word, words[start + 1] if start + 1 < len(words) else ""):
                if _follow(words, start + 1, rest):
                    hits.setdefault(number, {}).setdefault(start, []).append(start + 1 + len(rest))
        return hits

    def _longer(self, word: str, after: str) -> list[_Row]:
        """Elements of several words that may begin here, and those that want only the beginning of a word."""
        rows: list[_Row] = []
        for name in _names(word):
            rows += self._rows_of.get((name, after), ())
            rows += self._rows_open.get(name, ())
        for length in self._prefix_lengths:
            if length > len(word):
                break
            rows += self._rows_of_prefix.get(word[:length], ())
        return rows

    def _match(self, index: int, hits: Mapping[int, Mapping[int, Sequence[int]]]) -> list[Match]:
        row = self._patterns[index]
        if any(not optional and number not in hits for number, _, optional in row):
            return []
        states: set[tuple[int, int, int]] = {(-1, -1, 0)}  # (start, end so far, gap carried over an optional)
        for number, gap, optional in row:
            nexts: set[tuple[int, int, int]] = set()
            places = hits.get(number, {})
            for start, end, carried in states:
                if optional:
                    nexts.add((start, end, carried + gap))
                for at, ends in places.items():
                    if end < 0 or end <= at <= end + gap + carried:
                        nexts.update((at if start < 0 else start, e, 0) for e in ends)
            states = nexts
        shortest: dict[int, int] = {}
        for start, end, _ in states:
            if start >= 0:
                shortest[start] = min(end, shortest.get(start, end))
        return [Match(pattern=index, start=s, end=e) for s, e in shortest.items()]


def _names(word: str) -> tuple[str, ...]:
    """How a word may be called in a pattern."""
    if not word.isdigit():
        return (word,)
    return (word, NUMBER, YEAR) if len(word) == 4 and word[:2] in ("19", "20") else (word, NUMBER)


def _follow(words: Sequence[str], start: int, wanted: tuple[str, ...]) -> bool:
    return not wanted or (
        start + len(wanted) <= len(words) and all(map(_is, words[start : start + len(wanted)], wanted))
    )


def _is(word: str, wanted: str) -> bool:
    return (
        word == wanted
        or (wanted[-1] == "*" and bool(word) and word.startswith(wanted[:-1]))
        or (wanted == NUMBER and word.isdigit())
    )

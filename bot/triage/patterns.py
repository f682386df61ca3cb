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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DEFAULT_GAP = 4
NUMBER = "<num>"
YEAR = "<year>"


@dataclass(frozen=True, slots=True)
class Element:
    alternatives: tuple[tuple[str, ...], ...]  #: each a row of words; a last `*` means "begins with"
    gap: int = 0  #: words that may stand before it
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    pattern: int  #: index of the pattern in the matcher
    start: int  #: span [start, end) over the words
    end: int


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong with it."""


def parse(pattern: str, classes: Mapping[str, Sequence[str]]) -> tuple[Element, ...]:
    """Elements of one pattern. Raises `PatternError` for an unknown class or an empty pattern."""
    elements: list[Element] = []
    gap = 0
    for part in pattern.split():
        if part.startswith("..."):
            gap = _gap(part, pattern)
            continue
        optional = part.endswith("?")
        elements.append(
            Element(alternatives=_alternatives(part.rstrip("?"), classes), gap=gap, optional=optional)
        )
        gap = 0
    if gap or all(e.optional for e in elements):
        raise PatternError(f'"{pattern}" needs a word that must be there, at its end too')
    return tuple(elements)


def _gap(part: str, pattern: str) -> int:
    count = part[3:]
    if count and not count.isdigit():
        raise PatternError(f'"{part}" in "{pattern}" is not a gap; write "..." or "...3"')
    return int(count) if count else DEFAULT_GAP


def _alternatives(part: str, classes: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    if not part.startswith("{"):
        return ((part,),)
    name = part[1:-1]
    if not part.endswith("}") or name not in classes:
        raise PatternError(f'"{part}" is not a known class; known: {", ".join(sorted(classes))}')
    return tuple(tuple(member.split()) for member in classes[name])


class PatternMatcher:
    """All patterns of one kind, indexed so that a sentence touches only those it could match."""

    def __init__(self, patterns: Sequence[tuple[Element, ...]]) -> None:
        self._patterns = patterns
        self._element_ids: dict[tuple[tuple[str, ...], ...], int] = {}
        self._alternatives: list[tuple[tuple[str, ...], ...]] = []
        self._by_word: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        self._by_prefix: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        rows = [tuple((self._intern(e.alternatives), e.gap, e.optional) for e in p) for p in patterns]
        self._rows = rows
        self._by_anchor = self._anchors(rows)
        lengths = {len(prefix) for prefix in self._by_prefix}
        self._prefix_lengths = tuple(sorted(lengths))

    def _intern(self, alternatives: tuple[tuple[str, ...], ...]) -> int:
        if alternatives not in self._element_ids:
            number = len(self._alternatives)
            self._element_ids[alternatives] = number
            self._alternatives.append(alternatives)
            for row in alternatives:
                first = row[0]
                if first.endswith("*"):
                    self._by_prefix[first[:-1]].append((number, row))
                else:
                    self._by_word[first].append((number, row))
        return self._element_ids[alternatives]

    @staticmethod
    def _anchors(rows: Sequence[tuple[tuple[int, int, bool], ...]]) -> dict[int, list[int]]:
        """Each pattern under the rarest element that it must have."""
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
        return frozenset(w for rows in self._alternatives for row in rows for w in row if not w.endswith("*"))

    def begins(self, word: str) -> bool:
        """Whether a pattern asks for words that begin as this one does."""
        return any(word[:length] in self._by_prefix for length in self._prefix_lengths)

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
            rows: Iterable[tuple[int, tuple[str, ...]]] = self._by_word.get(word, ())
            if word.isdigit():
                year = len(word) == 4 and word[:2] in ("19", "20")
                rows = [*rows, *self._by_word.get(NUMBER, ()), *(self._by_word.get(YEAR, ()) if year else ())]
            for length in self._prefix_lengths:
                if length > len(word):
                    break
                if word[:length] in self._by_prefix:
                    rows = [*rows, *self._by_prefix[word[:length]]]
            for number, row in rows:
                if len(row) == 1 or _follows(words, start, row):
                    hits.setdefault(number, {}).setdefault(start, []).append(start + len(row))
        return hits

    def _match(self, index: int, hits: Mapping[int, Mapping[int, Sequence[int]]]) -> list[Match]:
        row = self._rows[index]
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


def _follows(words: Sequence[str], start: int, row: tuple[str, ...]) -> bool:
    return start + len(row) <= len(words) and all(map(_is, words[start : start + len(row)], row))


def _is(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word == wanted or (wanted == NUMBER and word.isdigit())

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

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

DEFAULT_GAP = 4
NUMBER = "<num>"
Rows = tuple[tuple[str, ...], ...]  # ways to say one element, each a row of words
_Row = tuple[int, list[str]]  # number of an element, and the words after its first
_Slot = tuple[int, int, bool]  # element, gap before it, optional
_NOTHING: Mapping[str, list[_Row]] = {}
YEAR = "<year>"


class Element(Struct, frozen=True):
    name: str  #: as written: a word or {class}
    alternatives: Rows  #: each a row of words; a last `*` means "begins with"
    gap: int = 0  #: words that may stand before it
    optional: bool = False


class Match(Struct, frozen=True):
    pattern: int  #: index of the pattern in the matcher
    start: int  #: span [start, end) over the words
    end: int


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong with it."""


def split_members(classes: Mapping[str, Sequence[str]]) -> dict[str, Rows]:
    """Classes as `parse` wants them: the members of each cut into words."""
    return {
        name: tuple(tuple(member.split()) for member in members)
        for name, members in classes.items()
    }


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
        elements.append(
            Element(
                name=name, alternatives=_alternatives(name, classes), gap=gap, optional=optional
            )
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


def _alternatives(part: str, classes: Mapping[str, Rows]) -> Rows:
    if not part.startswith("{"):
        return ((part,),)
    name = part[1:-1]
    if not part.endswith("}") or name not in classes:
        raise PatternError(f'"{part}" is not a known class; known: {", ".join(sorted(classes))}')
    return classes[name]


class PatternIndex(Struct, frozen=True):
    """Patterns of one kind, indexed so that a sentence touches only those it could match."""

    patterns: list[list[_Slot]]
    by_anchor: dict[
        int, list[int]
    ]  #: element -> patterns of which it is the rarest that must be there
    single: dict[str, list[int]]  #: word -> elements it is
    longer: dict[str, dict[str, list[_Row]]]  #: first word -> second word -> elements
    open_second: dict[str, list[_Row]]  #: first word -> elements whose second is a prefix or number
    prefixes: dict[str, list[_Row]]  #: beginning of the first word -> elements
    vocabulary: list[str]  #: every whole word that stands in a pattern, prefixes left out


def index_patterns(patterns: Sequence[tuple[Element, ...]]) -> PatternIndex:
    """The index of some patterns; equal elements share one number."""
    numbers: dict[str, int] = {}
    index = PatternIndex([], {}, {}, {}, {}, {}, [])
    for pattern in patterns:
        for element in pattern:
            if element.name not in numbers:
                numbers[element.name] = len(numbers)
                _add_element(numbers[element.name], element.alternatives, index)
        index.patterns.append([(numbers[e.name], e.gap, e.optional) for e in pattern])
    index.by_anchor.update(_anchors(index.patterns))
    words = {w for p in patterns for e in p for row in e.alternatives for w in row}
    index.vocabulary.extend(sorted(w for w in words if not w.endswith("*")))
    return index


def _add_element(number: int, alternatives: Rows, index: PatternIndex) -> None:
    for first, *rest in alternatives:
        row: _Row = (number, rest)
        if first.endswith("*"):
            index.prefixes.setdefault(first[:-1], []).append(row)
        elif not rest:
            index.single.setdefault(first, []).append(number)
        elif rest[0].endswith("*") or rest[0] == NUMBER:
            index.open_second.setdefault(first, []).append(row)
        else:
            index.longer.setdefault(first, {}).setdefault(rest[0], []).append(row)


def _anchors(patterns: Sequence[Sequence[_Slot]]) -> dict[int, list[int]]:
    """Each pattern under the rarest of the elements that it must have."""
    uses = Counter(number for pattern in patterns for number, _, _ in pattern)
    by_anchor: dict[int, list[int]] = defaultdict(list)
    for at, pattern in enumerate(patterns):
        must = [number for number, _, optional in pattern if not optional]
        by_anchor[min(must, key=uses.__getitem__)].append(at)
    return by_anchor


class PatternMatcher:
    """Finds the patterns of an index in rows of words."""

    def __init__(self, index: PatternIndex) -> None:
        self.index = index
        self._prefix_lengths = tuple(sorted({len(prefix) for prefix in index.prefixes}))

    def begins(self, word: str) -> bool:
        """Whether a pattern asks for words that begin as this one does."""
        return any(word[:length] in self.index.prefixes for length in self._prefix_lengths)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Matches in order of pattern, each pattern at each start once (its shortest reading)."""
        hits = self._hits(words)
        found: list[Match] = []
        for number in hits:
            for index in self.index.by_anchor.get(number, ()):
                found.extend(self._match(index, hits))
        return sorted(set(found), key=lambda m: (m.pattern, m.start, m.end))

    def _hits(self, words: Sequence[str]) -> dict[int, dict[int, list[int]]]:
        """element -> start -> ends."""
        hits: dict[int, dict[int, list[int]]] = {}
        for start, word in enumerate(words):
            if not word:
                continue
            for name in _names(word):
                for number in self.index.single.get(name, ()):
                    hits.setdefault(number, {}).setdefault(start, []).append(start + 1)
            for number, rest in self._longer(
                word, words[start + 1] if start + 1 < len(words) else ""
            ):
                if _follow(words, start + 1, rest):
                    hits.setdefault(number, {}).setdefault(start, []).append(start + 1 + len(rest))
        return hits

    def _longer(self, word: str, after: str) -> list[_Row]:
        """Elements of several words that may begin here, and those that want a word's beginning."""
        rows: list[_Row] = []
        for name in _names(word):
            rows += self.index.longer.get(name, _NOTHING).get(after, ())
            rows += self.index.open_second.get(name, ())
        for length in self._prefix_lengths:
            if length > len(word):
                break
            rows += self.index.prefixes.get(word[:length], ())
        return rows

    def _match(self, index: int, hits: Mapping[int, Mapping[int, Sequence[int]]]) -> list[Match]:
        row = self.index.patterns[index]
        if any(not optional and number not in hits for number, _, optional in row):
            return []
        # (start, end so far, gap carried over an optional)
        states: set[tuple[int, int, int]] = {(-1, -1, 0)}
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


def _follow(words: Sequence[str], start: int, wanted: Sequence[str]) -> bool:
    return not wanted or (
        start + len(wanted) <= len(words)
        and all(map(_is, words[start : start + len(wanted)], wanted))
    )


def _is(word: str, wanted: str) -> bool:
    return (
        word == wanted
        or (wanted[-1] == "*" and bool(word) and word.startswith(wanted[:-1]))
        or (wanted == NUMBER and word.isdigit())
    )

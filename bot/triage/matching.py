"""Finds patterns in rows of words, by an index that touches only what a sentence could match.

The index is read in pieces: those of a word when the word first comes, those of an element when it
is first found. A start reads a few of its 12,000 rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Raw, Struct, json

from bot.triage.patterns import NUMBER, YEAR, Element

_Row = tuple[int, list[str]]  # number of an element, and the words after its first
_Slot = tuple[int, int, bool]  # element, gap before it, optional
_Span = tuple[int, int]
_REMEMBERED = 50_000


class Match(Struct, frozen=True, order=True):
    pattern: int  #: index of the pattern in the matcher
    start: int  #: span [start, end) over the words
    end: int


class WordRows(Struct, array_like=True):
    """The elements that may begin with a word."""

    single: list[int]  #: elements it is by itself
    longer: dict[str, list[_Row]]  #: second word -> elements
    open: list[_Row]  #: elements whose second is a prefix or a number


class Anchored(Struct, frozen=True, array_like=True):
    """A pattern, kept under the rarest of the elements that it must have."""

    number: int
    must: list[int]  #: the other elements that it must have
    slots: list[_Slot]


class PatternIndex(Struct, frozen=True):
    """Patterns of one kind."""

    by_word: dict[str, Raw]  #: a word, `NUMBER` or `YEAR` -> WordRows
    by_prefix: dict[str, list[_Row]]  #: beginning of a first word -> elements
    by_anchor: dict[int, Raw]  #: element -> list of Anchored
    vocabulary: list[str]  #: every whole word that stands in a pattern, prefixes left out


_ROWS = json.Decoder(WordRows)
_PATTERNS = json.Decoder(list[Anchored])


def index_patterns(patterns: Sequence[tuple[Element, ...]]) -> PatternIndex:
    """The index of some patterns; equal elements share one number."""
    numbers: dict[str, int] = {}
    by_word: dict[str, WordRows] = defaultdict(lambda: WordRows([], {}, []))
    by_prefix: dict[str, list[_Row]] = defaultdict(list)
    rows: list[list[_Slot]] = []
    for pattern in patterns:
        for element in pattern:
            if element.name not in numbers:
                numbers[element.name] = len(numbers)
                _add_element(numbers[element.name], element, by_word, by_prefix)
        rows.append([(numbers[e.name], e.gap, e.optional) for e in pattern])
    words = {w for p in patterns for e in p for row in e.alternatives for w in row}
    return PatternIndex(
        by_word={word: Raw(json.encode(found)) for word, found in by_word.items()},
        by_prefix=dict(by_prefix),
        by_anchor={number: Raw(json.encode(found)) for number, found in _anchors(rows).items()},
        vocabulary=sorted(w for w in words if not w.endswith("*")),
    )


def _add_element(
    number: int,
    element: Element,
    by_word: Mapping[str, WordRows],
    by_prefix: Mapping[str, list[_Row]],
) -> None:
    for first, *rest in element.alternatives:
        row: _Row = (number, rest)
        if first.endswith("*"):
            by_prefix[first[:-1]].append(row)
        elif not rest:
            by_word[first].single.append(number)
        elif rest[0].endswith("*") or rest[0] == NUMBER:
            by_word[first].open.append(row)
        else:
            by_word[first].longer.setdefault(rest[0], []).append(row)


def _anchors(patterns: Sequence[list[_Slot]]) -> dict[int, list[Anchored]]:
    """Each pattern under the rarest of the elements that it must have."""
    uses = Counter(number for pattern in patterns for number, _, _ in pattern)
    by_anchor: dict[int, list[Anchored]] = defaultdict(list)
    for at, pattern in enumerate(patterns):
        must = sorted({number for number, _, optional in pattern if not optional})
        anchor = min(must, key=uses.__getitem__)
        others = [number for number in must if number != anchor]
        by_anchor[anchor].append(Anchored(at, others, pattern))
    return by_anchor


class PatternMatcher:
    """Finds the patterns of an index in rows of words. Remembers what it read of the index."""

    def __init__(self, index: PatternIndex) -> None:
        self.index = index
        self._prefix_lengths = tuple(sorted({len(prefix) for prefix in index.by_prefix}))
        self._rows_of: dict[str, WordRows] = {}
        self._patterns_of: dict[int, list[Anchored]] = {}

    def begins(self, word: str) -> bool:
        """Whether a pattern asks for words that begin as this one does."""
        return any(word[:length] in self.index.by_prefix for length in self._prefix_lengths)

    def find(self, words: Sequence[str]) -> list[Match]:
        """Matches in order of pattern, each pattern at each start once (its shortest reading)."""
        hits = self._hits(words)
        found: set[Match] = set()
        for number in hits:
            for pattern in self._patterns(number):
                for other in pattern.must:
                    if other not in hits:
                        break
                else:
                    found.update(_match(pattern, hits))
        return sorted(found)

    def _hits(self, words: Sequence[str]) -> dict[int, list[_Span]]:
        """element -> spans, in order of their starts."""
        hits: dict[int, list[_Span]] = {}
        for start, word in enumerate(words):
            if not word:
                continue
            rows = self._rows_of.get(word) or self._rows(word)
            for number in rows.single:
                hits.setdefault(number, []).append((start, start + 1))
            longer = rows.open
            if rows.longer and start + 1 < len(words) and words[start + 1] in rows.longer:
                longer = longer + rows.longer[words[start + 1]]
            for number, rest in longer:
                if _follow(words, start + 1, rest):
                    hits.setdefault(number, []).append((start, start + 1 + len(rest)))
        return hits

    def _rows(self, word: str) -> WordRows:
        """The elements that may begin with a word, by any of its names or its beginning."""
        rows = WordRows([], {}, [])
        for name in _names(word):
            if name in self.index.by_word:
                found = _ROWS.decode(self.index.by_word[name])
                rows.single += found.single
                rows.open += found.open
                for second, more in found.longer.items():
                    rows.longer.setdefault(second, []).extend(more)
        for length in self._prefix_lengths:
            if length > len(word):
                break
            for number, rest in self.index.by_prefix.get(word[:length], ()):
                if rest:
                    rows.open.append((number, rest))
                else:
                    rows.single.append(number)
        if len(self._rows_of) < _REMEMBERED:
            self._rows_of[word] = rows
        return rows

    def _patterns(self, anchor: int) -> list[Anchored]:
        found = self._patterns_of.get(anchor)
        if found is None:
            raw = self.index.by_anchor.get(anchor)
            found = self._patterns_of[anchor] = _PATTERNS.decode(raw) if raw is not None else []
        return found


def _match(pattern: Anchored, hits: Mapping[int, Sequence[_Span]]) -> list[Match]:
    # (start, end so far, gap carried over an optional)
    states: set[tuple[int, int, int]] = {(-1, -1, 0)}
    for number, gap, optional in pattern.slots:
        nexts: set[tuple[int, int, int]] = set()
        places = hits.get(number, ())
        for start, end, carried in states:
            if optional:
                nexts.add((start, end, carried + gap))
            for at, to in places:
                if end < 0 or end <= at <= end + gap + carried:
                    nexts.add((at if start < 0 else start, to, 0))
        if not nexts:
            return []
        states = nexts
    shortest: dict[int, int] = {}
    for start, end, _ in states:
        if start >= 0:
            shortest[start] = min(end, shortest.get(start, end))
    return [Match(pattern.number, s, e) for s, e in shortest.items()]


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

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

from collections.abc import Mapping, Sequence

from msgspec import Struct

DEFAULT_GAP = 4
NUMBER = "<num>"
Rows = tuple[tuple[str, ...], ...]  # ways to say one element, each a row of words
YEAR = "<year>"


class Element(Struct, frozen=True):
    name: str  #: as written: a word or {class}
    alternatives: Rows  #: each a row of words; a last `*` means "begins with"
    gap: int = 0  #: words that may stand before it
    optional: bool = False


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

"""Holds the answers against the documents: hashes, headings, and every figure of a sentence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.knowledge.model import Entry, Knowledge, Sentence, Source
from bot.knowledge.places import Problem

# Figures that say the same: canonical form -> ways to write it. Compared after `_plain`.
EQUIVALENTS: Mapping[str, tuple[str, ...]] = {
    "24 hour": ("a day", "one day", "1 day", "first day", "24 hour"),
    "6 hour": ("six hour", "6 hour"),
    "1 hour": ("an hour", "one hour", "1 hour"),
    "1 week": ("a week", "one week", "first week", "1 week"),
    "6 week": ("six week", "6 week"),
    "1 month": ("a month", "one month", "first month", "1 month"),
    "2 week": ("couple of week", "two week", "2 week"),
    "2 year": ("two year", "2 year"),
    "5 year": ("five year", "5 year"),
    "12 month": ("12 month", "twelve month", "a year", "one year", "1 year"),
}
_NUMBER_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
                 "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12"}  # fmt: skip
_UNITS = r"hours?|minutes?|days?|weeks?|months?|years?|feet|foot|percent|%"
_FIGURE = re.compile(
    rf"\b(\d[\d,.]*\d|\d|{'|'.join(_NUMBER_WORDS)}|an?|first)\s*({_UNITS})(?![a-z])"
)
_BARE = re.compile(r"\b\d[\d,.]*\b")


def check_documents(knowledge: Knowledge, folder: Path) -> Iterator[Problem]:
    """Each document is there and unchanged, with its headings and figures.

    The headings stand where sources.yaml says, and each figure is in the document.
    """
    texts: dict[str, list[str]] = {}
    for source in knowledge.sources.values():
        if source.kind == "document":
            lines, problems = _read(source, folder)
            yield from problems
            yield from _reopened(source, knowledge, bool(problems))
            if lines:
                texts[source.id] = lines
                yield from _check_headings(source, lines)
    for entry in knowledge.entries:
        for sentence in entry.sentences:
            yield from _check_figures(entry, sentence, knowledge, texts)


def _read(source: Source, folder: Path) -> tuple[list[str], list[Problem]]:
    path = folder / source.file
    try:
        content = path.read_bytes()
    except OSError:
        return [], [
            Problem(
                place=source.place,
                what=f"{path} cannot be read",
                fix="name the folder of the documents with --sources",
            )
        ]
    found = hashlib.sha256(content).hexdigest()
    problems = []
    if found != source.sha256:
        problems.append(
            Problem(
                place=source.place,
                what=f'the document "{source.id}" has changed (sha256 {found})',
                fix="review the entries that cite it, then write the new sha256",
            )
        )
    return content.decode("utf-8", errors="replace").split("\n"), problems


def _reopened(source: Source, knowledge: Knowledge, changed: bool) -> Iterator[Problem]:
    """A changed document reopens the entries citing it."""
    if changed:
        for entry in knowledge.entries:
            if any(c.source == source.id for s in entry.sentences for c in s.citations):
                yield Problem(
                    place=entry.place,
                    what=f'"{entry.id}" cites the changed document "{source.id}"',
                    fix="compare it with the new text and review it again",
                )


def _check_headings(source: Source, lines: list[str]) -> Iterator[Problem]:
    for heading, (first, last) in source.headings.items():
        inside = 1 <= first <= last <= len(lines)
        if not inside or not (
            heading == "opening paragraph" or lines[first - 1].strip().startswith(heading)
        ):
            yield Problem(
                place=source.place,
                what=f'"{heading}" does not stand at line {first} of {source.file}',
                fix="correct the lines in sources.yaml",
            )


def _check_figures(
    entry: Entry, sentence: Sentence, knowledge: Knowledge, texts: Mapping[str, list[str]]
) -> Iterator[Problem]:
    sections = _cited_text(sentence, knowledge, texts)
    if sections is None:
        return
    there = figures(sections)
    numbers = {
        figure.split(" ")[0] for figure in there
    }  # "from 8 to 56 minutes": the unit stands once
    for figure in sorted(figures(sentence.text) - there - numbers):
        yield Problem(
            place=sentence.place,
            what=f'"{entry.id}" says {figure}, which no cited section says',
            fix="correct the figure, or cite the section that holds it",
        )


def _cited_text(
    sentence: Sentence, knowledge: Knowledge, texts: Mapping[str, list[str]]
) -> str | None:
    """Text of all cited sections; None when a cited source is no document (no text here)."""
    parts = []
    for cite in sentence.citations:
        source = knowledge.sources.get(cite.source)
        if source is None or source.kind != "document" or cite.source not in texts:
            return None
        first, last = source.headings.get(cite.heading, (1, 0))
        parts += texts[cite.source][first - 1 : last]
    return "\n".join(parts)


def figures(text: str) -> set[str]:
    """Numbers with their units in one canonical form, and numbers without one."""
    plain = _plain(text)
    found = set()
    for number, unit in _FIGURE.findall(plain):
        value = {"a": "1", "an": "1", "first": "1"}.get(
            number, _NUMBER_WORDS.get(number, number.replace(",", ""))
        )
        found.add(_canonical(f"{value} {'%' if unit == 'percent' else unit.removesuffix('s')}"))
    for phrase, ways in EQUIVALENTS.items():
        if any(re.search(rf"\b{way}s?\b", plain) for way in ways):
            found.add(phrase)
    with_unit = {figure.split(" ")[0] for figure in found}
    found |= {n.replace(",", "").rstrip(".") for n in _BARE.findall(plain)} - with_unit
    return found


def _canonical(figure: str) -> str:
    return next(
        (phrase for phrase, ways in EQUIVALENTS.items() if figure in ways or figure == phrase),
        figure,
    )


def _plain(text: str) -> str:
    return re.sub(r"\{[^}]*\}", "", text.lower()).replace("-", " ").replace("\u2019", "'")

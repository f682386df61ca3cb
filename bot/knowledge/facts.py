"""Holds the answers against the documents: hashes, headings, and every figure of a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.knowledge.figures import figures
from bot.knowledge.model import Entry, Knowledge, Sentence, Source
from bot.knowledge.places import Problem


def check_documents(knowledge: Knowledge, folder: Path) -> Iterator[Problem]:
    """Each document is there and unchanged, with its headings and figures.

    The headings stand where sources.yaml says, and each figure is in the document.
    """
    texts: dict[str, list[str]] = {}
    for source in knowledge.sources.values():
        if source.kind != "document":
            continue
        try:
            content = (folder / source.file).read_bytes()
        except OSError as error:
            yield Problem(
                place=source.place,
                what=f"{folder / source.file} cannot be read: {error.strerror}",
                fix="name the folder of the documents with --sources",
            )
            continue
        yield from _check_unchanged(source, content, knowledge)
        texts[source.id] = content.decode("utf-8", errors="replace").split("\n")
        yield from _check_headings(source, texts[source.id])
    for entry in knowledge.entries:
        for sentence in entry.sentences:
            yield from _check_figures(entry, sentence, knowledge, texts)


def _check_unchanged(source: Source, content: bytes, knowledge: Knowledge) -> Iterator[Problem]:
    """A changed document is a problem, and reopens the entries that cite it."""
    found = hashlib.sha256(content).hexdigest()
    if found == source.sha256:
        return
    yield Problem(
        place=source.place,
        what=f'the document "{source.id}" has changed (sha256 {found})',
        fix="review the entries that cite it, then write the new sha256",
    )
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
    numbers = {figure.split(" ")[0] for figure in there}  # "8 minutes" may be said as "8"
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

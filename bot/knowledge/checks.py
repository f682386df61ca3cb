"""What the knowledge must fulfil beyond its shape. Each check is one function.

A check yields its problems, and its docstring is its manual page. Those of answers and of red
flags stand in modules of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from bot.knowledge import check_answers, check_triage
from bot.knowledge.model import Example, Knowledge
from bot.knowledge.nodes import nearest
from bot.knowledge.places import Place, Problem
from bot.language.normalise import normalise
from bot.language.tokens import words

_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

Check = Callable[[Knowledge], Iterator[Problem]]


def check(knowledge: Knowledge, *, unread: Collection[str] = ()) -> list[Problem]:
    """All problems of a knowledge that was read, warnings too, sorted by place.

    Args:
        unread: names of files that could not be read. What compares with one of them would only
            tell that again, once for each thing missing, so it waits.
    """
    ready = [one for one, needs in CHECKS if not any(name.startswith(needs) for name in unread)]
    return sorted({problem for one in ready for problem in one(knowledge)})


# ---------------------------------------------------------------- ids
def check_ids(knowledge: Knowledge) -> Iterator[Problem]:
    """An entry id stands once, and so does its question and each concept id."""
    yield from _twice([(e.id, e.place) for e in knowledge.entries], "entry id")
    yield from _twice([(e.question, e.place) for e in knowledge.entries], "question")
    yield from _twice([(c.id, c.place) for c in knowledge.triage.concepts], "concept id")


def _twice(named: Sequence[tuple[str, Place]], what: str) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for name, place in named:
        if name in first:
            yield Problem(
                place=place,
                what=f'{what} "{name}" stands at {first[name]} too',
                fix="rename or remove one of the two",
            )
        first.setdefault(name, place)


def check_labels(knowledge: Knowledge) -> Iterator[Problem]:
    """Phrasings belong to an entry, red-flag messages to a concept."""
    entries = [e.id for e in knowledge.entries]
    concepts = [c.id for c in knowledge.triage.concepts]
    for examples, known, what in (
        (knowledge.phrasings, entries, "entry"),
        (knowledge.flag_bank, concepts, "concept"),
    ):
        seen: set[str] = set()
        for example in examples:
            if example.label not in known and example.label not in seen:
                seen.add(example.label)
                yield Problem(
                    place=example.place,
                    what=f'"{example.label}" is no {what}',
                    fix=f'write "{nearest(example.label, known)}", or add the {what}',
                )


def check_reviews(knowledge: Knowledge) -> Iterator[Problem]:
    """An approved entry says who approved it and when; dates are written year-month-day."""
    for entry in knowledge.entries:
        review = entry.review
        for key, value in (("by", review.by), ("on", review.on)):
            if review.status == "approved" and not (value or "").strip():
                yield Problem(
                    place=entry.place,
                    what=f'"{entry.id}" is approved without "{key}"',
                    fix="write who approved it and when, or status: pending",
                )
        for key, value in (("on", review.on), ("due", review.due)):
            if value and not _DATE.fullmatch(value):
                yield Problem(
                    place=entry.place,
                    what=f'"{key}" of the review of "{entry.id}" is "{value}"',
                    fix="write a date such as 2026-01-31",
                )


# ---------------------------------------------------------------- banks
def check_duplicates(knowledge: Knowledge) -> Iterator[Problem]:
    """A phrasing stands once, in one entry: the same words cannot mean two entries."""
    first: dict[str, Example] = {}
    for example in knowledge.phrasings:
        text = normalise(example.text)
        key = " ".join(words(text)) or text  # "???" and a smile have no words, and are not the same
        other = first.setdefault(key, example)
        if other is not example:
            where = "the same entry" if other.label == example.label else f'"{other.label}"'
            yield Problem(
                place=example.place,
                what=f'"{example.text}" stands in {where} at {other.place} too',
                fix="keep it where it fits best",
            )


def check_near_duplicates(knowledge: Knowledge) -> Iterator[Problem]:
    """Warns of phrasings of different entries that hold the same words.

    Another order or other small words make no difference.
    """
    small = frozenset(
        (
            "a",
            "an",
            "the",
            "is",
            "are",
            "was",
            "do",
            "does",
            "did",
            "i",
            "my",
            "me",
            "it",
            "to",
            "of",
            "for",
            "in",
            "on",
            "and",
            "or",
            "please",
            "can",
            "will",
            "you",
        )
    )
    by_words: dict[frozenset[str], Example] = {}
    for example in knowledge.phrasings:
        key = frozenset(words(normalise(example.text))) - small
        if len(key) < 3:
            continue
        other = by_words.setdefault(key, example)
        if other.label != example.label:
            yield Problem(
                place=example.place,
                what=f'"{example.text}" ({example.label}) is nearly '
                f'"{other.text}" ({other.label}, {other.place})',
                fix="make the difference between the two entries heard",
                warning=True,
            )


def check_enough_phrasings(knowledge: Knowledge) -> Iterator[Problem]:
    """Every entry has at least 20 phrasings, tests that it must find and one that it must not."""
    counts: dict[str, int] = defaultdict(int)
    for example in knowledge.phrasings:
        counts[example.label] += 1
    for entry in knowledge.entries:
        if counts[entry.id] < 20:
            yield Problem(
                place=entry.place,
                what=f'"{entry.id}" has {counts[entry.id]} phrasings',
                fix="write at least 20 in knowledge/phrasings",
            )
        if not entry.must_find or not entry.must_not_find:
            yield Problem(
                place=entry.place,
                what=f'"{entry.id}" lacks a test',
                fix="add a question to tests: find and to tests: not_find",
            )


def check_promises(knowledge: Knowledge) -> Iterator[Problem]:
    """What was measured of a promised rate in tuning.yaml is no more than is promised."""
    for name, promise in knowledge.tuning.promises.items():
        if promise.count > promise.most * promise.of:
            yield Problem(
                place=Place(file="knowledge/tuning.yaml", line=1),
                what=f'"{name}": {promise.measured} is more than the {promise.most:.2%} promised',
                fix="raise `most`, or run `mildbot evaluate --tune`",
            )


_RED_FLAGS = ("knowledge/triage/red_flags.yaml",)
_PATTERNS = (*_RED_FLAGS, "knowledge/triage/context.yaml", "knowledge/sources.yaml")
#: each check with the files that it compares with, by how their names begin
CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (check_ids, ()),
    (check_reviews, ()),
    (check_labels, ("knowledge/entries/", *_RED_FLAGS)),
    (check_answers.check_citations, ("knowledge/sources.yaml",)),
    (check_answers.check_reading_level, ()),
    (check_answers.check_banned_wording, ()),
    (check_answers.check_slots, ()),
    (check_answers.check_replies, ("knowledge/replies.yaml", *_RED_FLAGS)),
    (check_answers.check_clinic, ("knowledge/clinic.yaml",)),
    (check_duplicates, ()),
    (check_near_duplicates, ()),
    (check_enough_phrasings, ("knowledge/phrasings/",)),
    (check_promises, ()),
    (check_triage.check_patterns, _PATTERNS),
    (check_triage.check_classes, _PATTERNS),
)

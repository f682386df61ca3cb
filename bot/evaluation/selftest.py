"""Runs the tests that entries and red flags bring with them, on the fitted engine."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.engine import Engine
from bot.knowledge.model import Concept, Entry, Knowledge
from bot.knowledge.places import Problem
from bot.triage.assess import assess, matched_phrases


def check_own_tests(knowledge: Knowledge, engine: Engine) -> Iterator[Problem]:
    """Each entry answers the questions it must find, no others; each flag is where it must be."""
    for entry in knowledge.entries:
        yield from _entry(entry, engine)
    for concept in knowledge.triage.concepts:
        yield from _concept(concept, engine)
    yield from _untested(knowledge, engine)


def _entry(entry: Entry, engine: Engine) -> Iterator[Problem]:
    for question in entry.must_find:
        first = engine.ranker.rank(question).ranked[0].entry_id
        if first != entry.id:
            yield Problem(
                place=entry.place,
                what=f'"{question}" finds "{first}" instead of "{entry.id}"',
                fix="write more phrasings of this kind, or correct the test",
            )
    for question in entry.must_not_find:
        first = engine.ranker.rank(question).ranked[0].entry_id
        if first == entry.id:
            yield Problem(
                place=entry.place,
                what=f'"{question}" must not find "{entry.id}"',
                fix="write contrasting phrasings in both entries, or correct the test",
            )


def _concept(concept: Concept, engine: Engine) -> Iterator[Problem]:
    cases = (
        ("present", concept.must_be_present),
        ("conditional", concept.must_be_conditional),
        ("silent", concept.must_be_silent),
    )
    for wanted, messages in cases:
        for message in messages:
            found = assess(message, engine.rules).flags
            got = next((f.context for f in found if f.concept == concept.id), "silent")
            if got != wanted:
                yield Problem(
                    place=concept.place,
                    what=f'{concept.id}: "{message}" is {got} instead of {wanted}',
                    fix="mend the pattern or the context rule, or correct the test",
                )


def _untested(knowledge: Knowledge, engine: Engine) -> Iterator[Problem]:
    """Every pattern is matched by a test of its concept: an untested one may be misspelled."""
    rules = engine.rules
    tried: set[int] = set()
    for concept in knowledge.triage.concepts:
        for message in (*concept.must_be_present, *concept.must_be_conditional):
            tried.update(
                i for i in matched_phrases(message, rules) if rules.phrases[i].concept == concept.id
            )
    patterns = [(c, p) for c in knowledge.triage.concepts for p in (*c.patterns, *c.patterns_es)]
    for number, (concept, pattern) in enumerate(patterns):
        if number not in tried:
            yield Problem(
                place=concept.place,
                what=f'{concept.id}: the pattern "{pattern}" is in no test',
                fix="add a message that it finds to tests: present",
            )

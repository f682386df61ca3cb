"""Checks of the red flags: every pattern can be read, is tested and is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.knowledge.model import Concept, Knowledge
from bot.knowledge.places import Place, Problem
from bot.triage.patterns import PatternError, Rows, parse, split_members


def check_patterns(knowledge: Knowledge) -> Iterator[Problem]:
    """Every pattern can be read, and every concept has tests of all three kinds."""
    classes = split_members(knowledge.triage.classes)
    for concept in knowledge.triage.concepts:
        for pattern in (*concept.patterns, *concept.patterns_es):
            yield from _check_pattern(pattern, concept.place, classes)
        for kind, tests in _tests(concept).items():
            if not tests:
                yield Problem(
                    place=concept.place,
                    what=f"{concept.id} has no test that is {kind}",
                    fix=f"add one to tests: {kind}",
                )
        if concept.source not in knowledge.sources:
            yield Problem(
                place=concept.place,
                what=f'unknown source "{concept.source}"',
                fix=f"write one of: {', '.join(knowledge.sources)}",
            )
    for group in knowledge.triage.modifiers:
        for pattern in group.patterns:
            yield from _check_pattern(pattern, group.place, classes)
    place = Place(file="knowledge/triage/context.yaml", line=1)
    for pattern in (
        *knowledge.triage.onset,
        *knowledge.triage.figurative,
        *knowledge.triage.continuations,
    ):
        yield from _check_pattern(pattern, place, classes)


def _check_pattern(pattern: str, place: Place, classes: Mapping[str, Rows]) -> Iterator[Problem]:
    try:
        parse(pattern, classes)
    except PatternError as error:
        yield Problem(
            place=place,
            what=str(error)[:200],
            fix="see the head of red_flags.yaml for how patterns are written",
        )


def _tests(concept: Concept) -> Mapping[str, tuple[str, ...]]:
    return {
        "present": concept.must_be_present,
        "conditional": concept.must_be_conditional,
        "silent": concept.must_be_silent,
    }


def check_classes(knowledge: Knowledge) -> Iterator[Problem]:
    """Warns of word classes that no pattern uses."""
    triage = knowledge.triage
    used = " ".join(
        [*(p for c in triage.concepts for p in (*c.patterns, *c.patterns_es)),
         *(p for g in triage.modifiers for p in g.patterns),
         *triage.onset, *triage.figurative, *triage.continuations]
    )  # fmt: skip
    for name in triage.classes:
        if f"{{{name}}}" not in used:
            yield Problem(
                place=Place(file="knowledge/triage/red_flags.yaml", line=1),
                what=f'the class "{name}" is used nowhere',
                fix="remove it",
                warning=True,
            )

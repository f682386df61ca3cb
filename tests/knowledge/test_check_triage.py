"""What the red flags must fulfil: each check has a knowledge that fails it and one that passes."""

from __future__ import annotations

import pytest

from bot.knowledge import check_triage as checks
from tests.knowledge.small import (
    concept,
    found,
    knowledge,
    modifiers,
    source,
    triage,
)


def test_patterns_that_can_be_read_pass() -> None:
    made = knowledge(
        triage=triage(
            classes={"leg": ("leg", "both legs")},
            concepts=(concept(patterns=("numb* ...2 {leg}", "no the? feeling")),),
            modifiers=(modifiers(patterns=("no",)),),
        )
    )

    assert found(checks.check_patterns, made) == []


def test_unknown_class_in_a_pattern_is_a_problem_of_its_concept() -> None:
    made = knowledge(triage=triage(concepts=(concept(patterns=("numb {leg}",)),)))

    problems = found(checks.check_patterns, made)

    assert problems == ['7: "{leg}" is not a known class; known: ']


def test_spanish_patterns_are_read_too() -> None:
    made = knowledge(triage=triage(concepts=(concept(patterns_es=("{pierna} dormida",)),)))

    assert len(found(checks.check_patterns, made)) == 1


def test_pattern_that_ends_in_a_gap_is_a_problem() -> None:
    made = knowledge(triage=triage(modifiers=(modifiers(patterns=("no ...",)),)))

    assert found(checks.check_patterns, made) == [
        '9: "no ..." needs a word that must be there, at its end too'
    ]


@pytest.mark.parametrize("field", ["onset", "figurative", "continuations"])
def test_patterns_of_the_context_are_read_too(field: str) -> None:
    made = knowledge(triage=triage(**{field: ("{nothing}",)}))

    assert [p.place.file for p in checks.check_patterns(made)] == ["knowledge/triage/context.yaml"]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("must_be_present", "present"),
        ("must_be_conditional", "conditional"),
        ("must_be_silent", "silent"),
    ],
)
def test_concept_without_one_kind_of_test_is_a_problem(field: str, kind: str) -> None:
    made = knowledge(triage=triage(concepts=(concept(**{field: ()}),)))

    assert found(checks.check_patterns, made) == [f"7: E01 has no test that is {kind}"]


def test_concept_of_an_unknown_source_is_a_problem() -> None:
    made = knowledge(
        sources={"leaflet": source()}, triage=triage(concepts=(concept(source="nhs"),))
    )

    assert [(p.what, p.fix) for p in checks.check_patterns(made)] == [
        ('unknown source "nhs"', "write one of: leaflet")
    ]


def test_class_that_a_pattern_uses_passes() -> None:
    made = knowledge(
        triage=triage(classes={"leg": ("leg",)}, concepts=(concept(patterns=("numb {leg}",)),))
    )

    assert found(checks.check_classes, made) == []


def test_class_that_no_pattern_uses_is_a_warning() -> None:
    made = knowledge(triage=triage(classes={"leg": ("leg",)}))

    assert [(p.what, p.warning) for p in checks.check_classes(made)] == [
        ('the class "leg" is used nowhere', True)
    ]

"""Reads the red flags and the rules of their context."""

from __future__ import annotations

from typing import cast

from bot.knowledge.model import Concept, ModifierGroup, TriageKnowledge
from bot.knowledge.nodes import Node, each, text_at, texts_at
from bot.triage.context import Direction, Kind
from bot.triage.flags import TIERS, Tier

KINDS: tuple[Kind, ...] = (
    "negated",
    "hypothetical",
    "historical",
    "prior",
    "general",
    "chronic",
    "claudication",
    "pseudo",
)


def read_triage(red_flags: Node, context: Node) -> TriageKnowledge:
    flags = red_flags.record(required=("classes", "concepts", "never_repaired"))
    rules = context.record(
        required=(
            "classes",
            "terminators",
            "clause_words",
            "onset",
            "modifiers",
            "figurative",
            "continuations",
            "not_continuations",
            "not_continuation_starts",
        )
    )
    classes: dict[str, tuple[str, ...]] = {}
    for got in (flags, rules):
        for name, members in got["classes"].pairs().items() if "classes" in got else ():
            if name in classes:
                members.problem(f'the class "{name}" stands in both files', "rename one of the two")
            classes[name] = members.texts()
    return TriageKnowledge(
        classes=classes,
        concepts=each(flags.get("concepts"), _concept),
        terminators=texts_at(rules, "terminators"),
        clause_words=texts_at(rules, "clause_words"),
        onset=texts_at(rules, "onset"),
        modifiers=each(rules.get("modifiers"), _modifier_group),
        figurative=texts_at(rules, "figurative"),
        continuations=texts_at(rules, "continuations"),
        not_continuations=texts_at(rules, "not_continuations"),
        not_continuation_starts=texts_at(rules, "not_continuation_starts"),
        never_repaired=texts_at(flags, "never_repaired"),
    )


def _concept(node: Node) -> Concept:
    got = node.record(
        required=("id", "tier", "name", "say", "say_es", "source", "patterns", "tests"),
        optional=("patterns_es", "misspellings", "reply", "ignores"),
    )
    tests = (
        got["tests"].record(required=("present", "conditional", "silent")) if "tests" in got else {}
    )
    misspellings = got["misspellings"].pairs() if "misspellings" in got else {}
    return Concept(
        id=text_at(got, "id"),
        tier=cast(Tier, got["tier"].choice(TIERS) if "tier" in got else "urgent"),
        name=text_at(got, "name"),
        say=text_at(got, "say"),
        say_es=text_at(got, "say_es"),
        source=text_at(got, "source"),
        reply=text_at(got, "reply"),
        ignores=tuple(n.choice(KINDS) for n in got["ignores"].items()) if "ignores" in got else (),
        patterns=texts_at(got, "patterns"),
        patterns_es=texts_at(got, "patterns_es"),
        misspellings={
            wrong: right for right, node in misspellings.items() for wrong in node.texts()
        },
        must_be_present=texts_at(tests, "present"),
        must_be_conditional=texts_at(tests, "conditional"),
        must_be_silent=texts_at(tests, "silent"),
        place=node.place,
    )


def _modifier_group(node: Node) -> ModifierGroup:
    got = node.record(
        required=("kind", "direction", "max_scope", "patterns"),
        optional=("next_sentence", "ended_by"),
    )
    return ModifierGroup(
        kind=cast(Kind, got["kind"].choice(KINDS) if "kind" in got else "pseudo"),
        direction=cast(
            Direction,
            got["direction"].choice(("forward", "backward", "both"))
            if "direction" in got
            else "forward",
        ),
        max_scope=got["max_scope"].count() if "max_scope" in got else 0,
        ended_by=texts_at(got, "ended_by"),
        next_sentence=got["next_sentence"].flag() if "next_sentence" in got else False,
        patterns=texts_at(got, "patterns"),
        place=node.place,
    )

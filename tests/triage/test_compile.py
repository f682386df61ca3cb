"""From the knowledge to rules that run: patterns, repair, misspellings, context."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest
from msgspec.structs import replace

from bot.knowledge.model import Concept, ModifierGroup, Tier, TriageKnowledge
from bot.triage.assess import Rules, assess
from bot.triage.compile import compile_rules
from bot.triage.patterns import PatternError


def concept(
    *patterns: str,
    id: str = "E06",
    tier: Tier = "emergency",
    spanish: tuple[str, ...] = (),
    misspellings: Mapping[str, str] | None = None,
    ignores: tuple[str, ...] = (),
) -> Concept:
    return Concept(
        id=id,
        tier=tier,
        name="numb leg",
        say="a numb leg",
        say_es="una pierna dormida",
        source="safety",
        reply="",
        ignores=ignores,
        patterns=patterns,
        patterns_es=spanish,
        misspellings=misspellings or {},
        must_be_present=(),
        must_be_conditional=(),
        must_be_silent=(),
    )


NEGATED = ModifierGroup(
    kind="negated",
    direction="forward",
    max_scope=6,
    ended_by=("then",),
    next_sentence=False,
    patterns=("no", "never"),
)
KNOWLEDGE = TriageKnowledge(
    classes={"leg": ("leg", "left foot")},
    concepts=(concept("{leg} ... numb"),),
    terminators=("but",),
    clause_words=("my",),
    onset=("yesterday",),
    modifiers=(NEGATED,),
    figurative=("leg of the trip",),
    continuations=("still",),
    never_repaired=("number",),
    not_continuations=(),
    not_continuation_starts=(),
)


def rules(
    knowledge: TriageKnowledge = KNOWLEDGE,
    *,
    abbreviations: Mapping[str, str] | None = None,
    correct: Collection[str] = (),
) -> Rules:
    return compile_rules(knowledge, abbreviations=abbreviations or {}, correct=correct)


def of(*concepts: Concept) -> TriageKnowledge:
    return replace(KNOWLEDGE, concepts=concepts)


def test_a_pattern_finds_its_concept() -> None:
    found = assess("my left foot is numb", rules())

    assert [(f.concept, f.tier) for f in found.flags] == [("E06", "emergency")]


def test_every_pattern_of_every_concept_has_a_rule() -> None:
    found = rules(of(concept("a", "b", id="E01"), concept("c", id="U01", tier="urgent")))

    assert [rule.concept for rule in found.phrases] == ["E01", "E01", "U01"]


def test_spanish_patterns_are_marked() -> None:
    found = rules(of(concept("numb leg", spanish=("pierna dormida",))))

    assert [rule.spanish for rule in found.phrases] == [False, True]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("cant feel", True),
        ("{leg} ... without feeling", True),
        ("numb leg", False),
        ("{leg}", False),
    ],
)
def test_a_pattern_with_a_no_of_its_own_is_negative(pattern: str, expected: bool) -> None:
    found = rules(of(concept(pattern)))

    assert [rule.negative for rule in found.phrases] == [expected]


def test_a_no_inside_a_class_makes_the_pattern_negative() -> None:
    knowledge = replace(KNOWLEDGE, classes={"dead": ("numb", "no feeling")})

    found = rules(replace(knowledge, concepts=(concept("{dead}"),)))

    assert [rule.negative for rule in found.phrases] == [True]


def test_what_a_concept_ignores_reaches_its_rules() -> None:
    found = rules(of(concept("numb leg", ignores=("chronic", "prior"))))

    assert [rule.ignores for rule in found.phrases] == [("chronic", "prior")]


def test_a_modifier_works_as_written() -> None:
    found = assess("no leg is numb", rules())

    assert (found.context, found.flags[0].modifier) == ("conditional", "no")


def test_what_ends_a_modifier_reaches_the_rules() -> None:
    found = assess("no then leg numb", rules())

    assert found.context == "present"


def test_a_terminator_reaches_the_rules() -> None:
    found = assess("never but leg numb", rules())

    assert found.context == "present"


def test_an_onset_reaches_the_rules() -> None:
    found = assess("no, leg numb yesterday", rules())

    assert found.context == "present"


def test_a_figurative_sense_reaches_the_rules() -> None:
    found = assess("a leg of the trip numb", rules())

    assert found.flags == ()


# ---------------------------------------------------------------- repair
def test_a_misspelled_word_of_a_pattern_is_repaired() -> None:
    assert rules().repair("nubm") == "numb"


def test_a_word_of_the_list_is_never_repaired() -> None:
    assert rules(correct=["dumb"]).repair("dumb") == "dumb"


def test_a_word_that_the_knowledge_protects_is_never_repaired() -> None:
    given = of(concept("numbed leg"))

    assert rules(given).repair("number") == "number"
    assert rules(replace(given, never_repaired=())).repair("number") == "numbed"


def test_a_word_that_begins_as_a_pattern_asks_is_never_repaired() -> None:
    given = rules(of(concept("numb*"), concept("number plate")))

    assert given.repair("numbet") == "numbet"


def test_a_short_word_of_a_pattern_does_not_attract_others() -> None:
    assert rules().repair("leh") == "leh"


def test_a_listed_misspelling_is_replaced() -> None:
    found = assess("leg nm", rules(of(concept("leg numb", misspellings={"nm": "numb"}))))

    assert [f.words for f in found.flags] == ["leg numb"]


def test_a_misspelling_beats_an_abbreviation() -> None:
    given = rules(
        of(concept("leg numb", misspellings={"nm": "numb"})), abbreviations={"nm": "nautical mile"}
    )

    assert given.replacements["nm"] == "numb"


def test_an_abbreviation_stands_for_its_words() -> None:
    found = assess("lle", rules(of(concept("left leg")), abbreviations={"lle": "left leg"}))

    assert [f.words for f in found.flags] == ["left leg"]


# ---------------------------------------------------------------- mistakes
@pytest.mark.parametrize(
    "knowledge",
    [
        of(concept("{arm} numb")),
        of(concept("leg ...")),
        of(concept("leg", spanish=("{pierna}",))),
        replace(KNOWLEDGE, figurative=("{nowhere}",)),
        replace(KNOWLEDGE, onset=("now?",)),
        replace(KNOWLEDGE, continuations=("",)),
        replace(KNOWLEDGE, modifiers=(replace(NEGATED, patterns=("{no}",)),)),
    ],
    ids=["class", "gap", "spanish", "figurative", "onset", "continuation", "modifier"],
)
def test_a_pattern_that_cannot_be_read_is_refused(knowledge: TriageKnowledge) -> None:
    with pytest.raises(PatternError):
        rules(knowledge)

"""The steps of an assessment on a few rules: figurative words, repair, the net, history."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.triage.assess import NetFinding, PhraseRule, Rules, assess
from bot.triage.context import ContextRules, Modifier
from bot.triage.flags import Flag, Tier
from bot.triage.matching import PatternMatcher, index_patterns
from bot.triage.patterns import parse

FEVER = PhraseRule(concept="U01", tier="urgent")
NUMB = PhraseRule(concept="E06", tier="emergency")
CANT_PEE = PhraseRule(concept="E02", tier="emergency", negative=True)
PHRASES = {"fever": FEVER, "leg ... numb": NUMB, "cant pee": CANT_PEE}
CHRONIC = Modifier(kind="chronic", direction="both", max_scope=30, next_sentence=True)
NEGATED = Modifier(kind="negated", direction="forward", max_scope=8)


def matcher(*patterns: str) -> PatternMatcher:
    return PatternMatcher(index_patterns([parse(pattern, {}) for pattern in patterns]))


def rules(
    phrases: dict[str, PhraseRule] = PHRASES,
    *,
    figurative: tuple[str, ...] = (),
    replacements: dict[str, str] | None = None,
    repair: Callable[[str], str] = str,
) -> Rules:
    return Rules(
        phrases=list(phrases.values()),
        phrase_matcher=matcher(*phrases),
        figurative=matcher(*figurative),
        continuations=matcher("yes", "still", "worse"),
        context=ContextRules(
            modifiers=[NEGATED, CHRONIC],
            modifier_matcher=matcher("no", "for years"),
            onset_matcher=matcher("yesterday", "worse"),
            terminators=frozenset({"but"}),
            clause_words=frozenset({"my", "i"}),
        ),
        repair=repair,
        replacements=replacements or {},
    )


def flag(concept: str = "E06", *, tier: Tier = "emergency") -> Flag:
    return Flag(concept=concept, tier=tier, words="leg is numb", context="conditional", by="phrase")


def found_concepts(message: str, given: Rules) -> list[tuple[str, str]]:
    return [(f.concept, f.context) for f in assess(message, given).flags]


# ---------------------------------------------------------------- phrases
def test_a_flag_carries_the_words_it_was_found_in() -> None:
    found = assess("Help, my LEG is so numb!", rules())

    assert [f.words for f in found.flags] == ["leg is so numb"]


def test_a_phrase_does_not_reach_into_the_next_sentence() -> None:
    found = found_concepts("I broke my leg. My mind is numb.", rules())

    assert found == []


def test_every_sentence_is_read() -> None:
    found = found_concepts("Hello. How much is it? Also, fever.", rules())

    assert found == [("U01", "present")]


def test_a_concept_is_found_once_and_present_wins() -> None:
    found = found_concepts("No fever yet. Now there is fever.", rules())

    assert found == [("U01", "present")]


def test_a_listed_misspelling_stands_for_its_words() -> None:
    found = found_concepts("a feaver", rules(replacements={"feaver": "fever"}))

    assert found == [("U01", "present")]


def test_shorthand_may_stand_for_several_words() -> None:
    found = found_concepts("pt ln", rules(replacements={"ln": "leg numb"}))

    assert found == [("E06", "present")]


def test_a_repaired_word_is_found() -> None:
    found = found_concepts("a fevre", rules(repair={"a": "a", "fevre": "fever"}.__getitem__))

    assert found == [("U01", "present")]


def test_a_spanish_phrase_marks_its_flag() -> None:
    spanish = PhraseRule(concept="U01", tier="urgent", spanish=True)

    found = assess("fiebre", rules({"fiebre": spanish}))

    assert found.spanish


# ---------------------------------------------------------------- figurative senses
def test_a_figurative_sense_hides_its_own_words() -> None:
    found = found_concepts("cabin fever", rules(figurative=("cabin fever",)))

    assert found == []


def test_a_figurative_sense_hides_no_other_word() -> None:
    found = found_concepts("cabin fever and a real fever", rules(figurative=("cabin fever",)))

    assert found == [("U01", "present")]


# ---------------------------------------------------------------- context
def test_a_negated_flag_is_conditional_and_names_its_modifier() -> None:
    found = assess("no fever", rules())

    assert [(f.context, f.modifier) for f in found.flags] == [("conditional", "no")]


def test_a_no_of_the_phrase_itself_is_no_modifier() -> None:
    found = found_concepts("cant pee", rules())

    assert found == [("E02", "present")]


def test_an_onset_beats_the_modifier() -> None:
    found = assess("leg numb for years, more so yesterday", rules())

    said = [(f.context, f.modifier) for f in found.flags]
    assert said == [("present", "present although: for years")]


def test_a_sentence_of_its_own_speaks_of_the_one_before() -> None:
    found = found_concepts("My leg is numb. Been so for years.", rules())

    assert found == [("E06", "conditional")]


def test_a_sentence_with_a_flag_speaks_of_itself() -> None:
    found = found_concepts("My leg is numb. I had fever for years.", rules())

    assert found == [("E06", "present"), ("U01", "conditional")]


def test_an_onset_in_the_sentence_after_beats_the_modifier() -> None:
    found = found_concepts("My leg was numb for years. It is worse.", rules())

    assert found == [("E06", "present")]


def test_a_modifier_does_not_reach_a_concept_that_ignores_it() -> None:
    ignoring = PhraseRule(concept="E06", tier="emergency", ignores=("chronic",))

    found = found_concepts("leg numb for years", rules({"leg ... numb": ignoring}))

    assert found == [("E06", "present")]


# ---------------------------------------------------------------- the second net
def test_the_net_adds_a_present_flag() -> None:
    found = assess("it burns", rules(), net=lambda *_: NetFinding(concept="U02", tier="urgent"))

    assert [(f.concept, f.context, f.by) for f in found.flags] == [("U02", "present", "net")]


def test_the_net_raises_what_the_phrases_call_conditional() -> None:
    found = assess("no fever", rules(), net=lambda *_: NetFinding(concept="U01", tier="urgent"))

    assert [(f.concept, f.context, f.by) for f in found.flags] == [("U01", "present", "net")]


def test_the_net_removes_nothing() -> None:
    found = assess("leg numb", rules(), net=lambda *_: None)

    assert [f.concept for f in found.flags] == ["E06"]


def test_the_net_is_asked_about_every_sentence_and_the_whole() -> None:
    asked: list[str] = []

    assess("One. Two!", rules(), net=lambda text, _: asked.append(text))

    assert asked == ["one.", "two!", "one. two!"]


def test_the_net_is_asked_once_about_a_single_sentence() -> None:
    asked: list[str] = []

    assess("One", rules(), net=lambda text, _: asked.append(text))

    assert asked == ["one"]


@pytest.mark.parametrize(
    ("message", "expected"), [("no fever", True), ("fever", False), ("hello", False)]
)
def test_the_net_is_told_when_the_phrases_are_only_spoken_of(message: str, expected: bool) -> None:
    told: list[bool] = []

    assess(message, rules(), net=lambda _, spoken_of: told.append(spoken_of))

    assert told == [expected]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("no fever but like wood all day", [("no fever but like wood all day", True),
                                            ("but like wood all day", False)]),
        ("like wood all day but no fever", [("like wood all day but no fever", True),
                                            ("like wood all day", False)]),
        ("no fever but thanks", [("no fever but thanks", True)]),
        ("no fever but leg is numb", [("no fever but leg is numb", False)]),
        ("like wood but still fine", [("like wood but still fine", False)]),
    ],
)  # fmt: skip
def test_the_net_is_asked_again_about_a_clause_without_phrases(
    message: str, expected: list[tuple[str, bool]]
) -> None:
    asked: list[tuple[str, bool]] = []

    assess(message, rules(), net=lambda *question: asked.append(question))

    assert asked == expected


# ---------------------------------------------------------------- the sentence after
@pytest.mark.parametrize(
    ("after", "context"),
    [
        ("Since yesterday.", "present"),
        ("Is it worse?", "present"),
        ("Is parking worse downtown?", "conditional"),
        ("Can I shower if I came yesterday?", "conditional"),
    ],
)
def test_an_onset_in_a_question_about_something_else_is_none(after: str, context: str) -> None:
    found = assess(f"Leg numb for years. {after}", rules())

    assert found.context == context


# ---------------------------------------------------------------- history
@pytest.mark.parametrize(
    "message", ["yes", "Yes.", "still", "it's worse", "It is still so", "YES!!!"]
)
def test_going_on_raises_the_earlier_flag_as_present(message: str) -> None:
    found = assess(message, rules(), earlier=[flag("E06")])

    assert [(f.concept, f.context, f.by) for f in found.flags] == [("E06", "present", "history")]


def test_going_on_raises_every_earlier_flag() -> None:
    found = assess("yes", rules(), earlier=[flag("E06"), flag("U01", tier="urgent")])

    assert [f.concept for f in found.flags] == ["E06", "U01"]


def test_another_message_does_not_raise_the_earlier_flag() -> None:
    found = assess("thank you", rules(), earlier=[flag()])

    assert found.flags == ()


def test_a_long_message_stands_by_itself() -> None:
    found = assess("yes and how long do I stay at the place after", rules(), earlier=[flag()])

    assert found.flags == ()


def test_going_on_with_nothing_is_nothing() -> None:
    found = assess("yes", rules())

    assert found.flags == ()


def test_an_earlier_flag_stands_beside_a_new_one() -> None:
    found = assess("yes and fever", rules(), earlier=[flag("E06")])

    assert found.tier == "emergency"
    assert {f.concept for f in found.flags} == {"E06", "U01"}


@pytest.mark.parametrize("message", ["", "   ", "\u200b", "🩸", "...", "\n\n"])
def test_an_empty_message_has_no_flag(message: str) -> None:
    found = assess(message, rules(), net=lambda *_: None, earlier=[flag()])

    assert found.flags == ()
    assert found.tier is None

"""Modifiers and their scopes on a few rules: the steps of ConText one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from bot.triage.context import (
    Clues,
    ContextRules,
    Direction,
    Kind,
    Modifier,
    Scope,
    beaten,
    find_clues,
    find_onsets,
    limit_scope,
    modifier_of,
    set_scope,
    without_shorter,
)
from bot.triage.matching import Match, PatternMatcher, index_patterns
from bot.triage.patterns import parse

NOTHING_IGNORED: frozenset[str] = frozenset()


def modifier(
    kind: Kind = "negated",
    *,
    direction: Direction = "forward",
    max_scope: int = 5,
    ended_by: Sequence[str] = (),
) -> Modifier:
    return Modifier(kind=kind, direction=direction, max_scope=max_scope, ended_by=tuple(ended_by))


def matcher(*patterns: str) -> PatternMatcher:
    return PatternMatcher(index_patterns([parse(pattern, {}) for pattern in patterns]))


def rules(
    modifiers: dict[str, Modifier], *, onset: Sequence[str] = ("yesterday", "worse")
) -> ContextRules:
    return ContextRules(
        modifiers=list(modifiers.values()),
        modifier_matcher=matcher(*modifiers),
        onset_matcher=matcher(*onset),
        terminators=frozenset({"but"}),
        clause_words=frozenset({"i", "my", "is"}),
    )


NO = rules({"no": modifier("negated")})
IF = rules({"if": modifier("hypothetical", max_scope=9)})
IN_YEAR = rules({"in <year>": modifier("historical", direction="both", ended_by=["and", "now"])})
GONE = rules({"went away": modifier("negated", direction="backward")})


def read(text: str) -> tuple[list[str], frozenset[int]]:
    """Words of a text, and the positions of those after a comma."""
    words, commas = [], set()
    for part in text.split(","):
        commas.add(len(words))
        words += part.split()
    return words, frozenset(commas - {0})


def reached(text: str, given: ContextRules) -> list[str]:
    """The words that the first modifier of a text holds in its scope, itself left out."""
    words, commas = read(text)
    scope = find_clues(words, commas, given).scopes[0]
    inside = set(range(scope.start, scope.end)) - set(range(scope.match.start, scope.match.end))
    return [words[i] for i in sorted(inside)]


def clues(*scopes: Scope) -> Clues:
    return Clues(scopes=scopes, onsets=())


def scope(start: int, end: int, *, at: int, kind: Kind = "negated", words: int = 1) -> Scope:
    """A scope of a modifier of some words."""
    return Scope(
        modifier=modifier(kind),
        match=Match(pattern=0, start=at, end=at + words),
        start=start,
        end=end,
    )


# ---------------------------------------------------------------- set_scope
@pytest.mark.parametrize(
    ("direction", "expected"), [("forward", (4, 8)), ("backward", (1, 5)), ("both", (1, 8))]
)
def test_a_scope_lies_in_its_direction(direction: Direction, expected: tuple[int, int]) -> None:
    match = Match(pattern=0, start=4, end=5)

    found = set_scope(match, modifier(direction=direction, max_scope=3), length=20)

    assert (found.start, found.end) == expected


def test_a_scope_does_not_leave_the_sentence() -> None:
    match = Match(pattern=0, start=1, end=2)

    found = set_scope(match, modifier(direction="both", max_scope=30), length=4)

    assert (found.start, found.end) == (0, 4)


# ---------------------------------------------------------------- limit_scope
def test_negation_does_not_reach_past_but() -> None:
    assert reached("no fever but chills", NO) == ["fever"]


def test_a_backward_scope_stops_at_but() -> None:
    assert reached("chills but fever went away", GONE) == ["fever"]


def test_a_negation_goes_on_with_a_list() -> None:
    assert reached("no fever, chills, pus", NO) == ["fever", "chills", "pus"]


def test_a_negation_ends_at_a_comma_before_a_clause() -> None:
    assert reached("no fever, leg is numb", NO) == ["fever"]


def test_a_negation_ends_at_a_comma_before_many_words() -> None:
    assert reached("no fever, both feet numb all day", NO) == ["fever"]


def test_a_new_subject_ends_a_negation() -> None:
    assert reached("no fever my leg hurts", NO) == ["fever"]


def test_a_subject_right_after_the_negation_does_not_end_it() -> None:
    assert reached("no my leg hurts", NO) == ["my", "leg", "hurts"]


def test_a_supposition_reaches_past_a_subject() -> None:
    assert reached("if my leg is numb", IF) == ["my", "leg", "is", "numb"]


def test_a_supposition_ends_at_a_comma_before_a_clause() -> None:
    assert reached("if it rains, my leg hurts", IF) == ["it", "rains"]


def test_a_supposition_goes_on_after_a_comma_in_a_list() -> None:
    assert reached("if fever, chills", IF) == ["fever", "chills"]


def test_a_date_reaches_both_ways() -> None:
    assert reached("a stroke in 2015 or so", IN_YEAR) == ["a", "stroke", "or", "so"]


def test_a_word_of_its_own_ends_a_scope() -> None:
    assert reached("a stroke in 2015 now fever", IN_YEAR) == ["a", "stroke"]


def test_and_ends_a_scope_before_a_new_clause() -> None:
    assert reached("a stroke in 2015 and my leg hurts", IN_YEAR) == ["a", "stroke"]


def test_and_between_two_things_does_not_end_a_scope() -> None:
    assert reached("in 2015 stroke and clot", IN_YEAR) == ["stroke", "and", "clot"]


def test_a_scope_ends_after_its_most_words() -> None:
    assert reached("no a b c d e f g", NO) == ["a", "b", "c", "d", "e"]


def test_limiting_keeps_what_no_word_ends() -> None:
    words = ["no", "fever", "today"]
    widest = set_scope(Match(pattern=0, start=0, end=1), modifier(), len(words))

    found = limit_scope(widest, words, frozenset(), NO)

    assert found == widest


# ---------------------------------------------------------------- without_shorter
def test_a_modifier_inside_a_longer_one_is_dropped() -> None:
    given = rules({"no": modifier(), "no longer": modifier("historical")})
    found = given.modifier_matcher.find(["no", "longer"])

    kept = without_shorter(found, given)

    assert [given.modifiers[m.pattern].kind for m in kept] == ["historical"]


def test_a_pseudo_modifier_takes_the_shorter_one_with_it() -> None:
    given = rules({"not": modifier(), "not only": modifier("pseudo")})
    found = given.modifier_matcher.find(["not", "only", "fever"])

    kept = without_shorter(found, given)

    assert kept == []


def test_two_modifiers_apart_are_both_kept() -> None:
    given = rules({"no": modifier(), "if": modifier("hypothetical")})
    found = given.modifier_matcher.find(["no", "fever", "if"])

    kept = without_shorter(found, given)

    assert [given.modifiers[m.pattern].kind for m in kept] == ["negated", "hypothetical"]


# ---------------------------------------------------------------- find_onsets
def test_a_word_of_change_is_an_onset() -> None:
    words = ["it", "is", "worse"]

    found = find_onsets(words, [], NO)

    assert found == (Match(pattern=1, start=2, end=3),)


@pytest.mark.parametrize("kind", ["pseudo", "chronic", "negated"])
def test_a_longer_phrase_takes_an_onset_away(kind: Kind) -> None:
    given = rules({"no worse": modifier(kind)})
    words = ["it", "is", "no", "worse"]

    found = find_onsets(words, given.modifier_matcher.find(words), given)

    assert found == ()


@pytest.mark.parametrize("kind", ["historical", "prior"])
def test_a_dated_phrase_takes_no_onset_away(kind: Kind) -> None:
    given = rules({"before it got worse": modifier(kind)})
    words = ["before", "it", "got", "worse"]

    found = find_onsets(words, given.modifier_matcher.find(words), given)

    assert found == (Match(pattern=1, start=3, end=4),)


# ---------------------------------------------------------------- modifier_of
def test_a_flag_that_begins_in_the_scope_is_modified() -> None:
    held = scope(1, 4, at=0)

    found = modifier_of(Match(0, 3, 6), clues(held), ignored=NOTHING_IGNORED, negative=False)

    assert found == held


@pytest.mark.parametrize("start", [4, 5])
def test_a_flag_that_begins_after_the_scope_is_not_modified(start: int) -> None:
    held = scope(1, 4, at=0)

    found = modifier_of(
        Match(0, start, start + 1), clues(held), ignored=NOTHING_IGNORED, negative=False
    )

    assert found is None


def test_a_no_inside_the_flag_modifies_it() -> None:
    held = scope(2, 9, at=2)

    found = modifier_of(Match(0, 1, 4), clues(held), ignored=NOTHING_IGNORED, negative=False)

    assert found == held


def test_a_no_inside_a_flag_that_has_one_of_its_own_does_not_modify_it() -> None:
    held = scope(2, 9, at=2)

    found = modifier_of(Match(0, 1, 4), clues(held), ignored=NOTHING_IGNORED, negative=True)

    assert found is None


def test_a_modifier_that_begins_the_flag_is_part_of_it() -> None:
    held = scope(1, 9, at=1)

    found = modifier_of(Match(0, 1, 4), clues(held), ignored=NOTHING_IGNORED, negative=False)

    assert found is None


def test_an_ignored_kind_does_not_modify() -> None:
    held = scope(0, 9, at=8, kind="chronic")

    found = modifier_of(Match(0, 1, 4), clues(held), ignored=frozenset({"chronic"}), negative=False)

    assert found is None


def test_the_first_modifier_that_holds_the_flag_is_given() -> None:
    ignored, first, second = (
        scope(0, 9, at=5, kind="chronic"),
        scope(0, 9, at=6, kind="historical"),
        scope(0, 9, at=7),
    )

    found = modifier_of(
        Match(0, 1, 2),
        clues(ignored, first, second),
        ignored=frozenset({"chronic"}),
        negative=False,
    )

    assert found == first


def test_a_flag_in_the_gap_of_a_modifier_is_modified() -> None:
    frame = scope(0, 5, at=0, kind="general", words=5)

    found = modifier_of(Match(0, 1, 3), clues(frame), ignored=NOTHING_IGNORED, negative=False)

    assert found == frame


def test_a_broken_frame_does_not_modify_what_it_holds() -> None:
    frame = replace(scope(0, 5, at=0, kind="general", words=5), broken=True)

    found = modifier_of(Match(0, 1, 3), clues(frame), ignored=NOTHING_IGNORED, negative=False)

    assert found is None


def test_a_word_of_another_case_breaks_a_frame() -> None:
    given = modifier("general", ended_by=["my"])
    widest = set_scope(Match(pattern=0, start=0, end=5), given, 5)

    found = limit_scope(widest, ["are", "my", "toes", "a", "symptom"], frozenset(), NO)

    assert found.broken


@pytest.mark.parametrize(
    ("kind", "flag", "shares"),
    [
        ("negated", Match(0, 3, 5), True),
        ("chronic", Match(0, 3, 5), True),
        ("hypothetical", Match(0, 3, 5), False),
        ("negated", Match(0, 1, 3), False),
        ("chronic", Match(0, 1, 3), True),
    ],
)
def test_a_modifier_may_share_words_with_a_flag(kind: Kind, flag: Match, shares: bool) -> None:
    held = scope(0, 9, at=2, kind=kind, words=2)

    found = modifier_of(flag, clues(held), ignored=NOTHING_IGNORED, negative=False)

    assert (found == held) is shares


def test_a_flag_with_a_no_of_its_own_shares_none() -> None:
    held = scope(0, 9, at=2, words=2)

    found = modifier_of(Match(0, 3, 5), clues(held), ignored=NOTHING_IGNORED, negative=True)

    assert found is None


# ---------------------------------------------------------------- beaten
def onset(at: int) -> Match:
    return Match(pattern=0, start=at, end=at + 1)


@pytest.mark.parametrize(
    ("kind", "onsets", "expected"),
    [
        ("chronic", [onset(6)], True),
        ("chronic", [], False),
        ("negated", [onset(6)], True),
        ("negated", [], False),
    ],
)
def test_an_onset_beats_a_modifier(kind: Kind, onsets: list[Match], expected: bool) -> None:
    given = Clues(scopes=(), onsets=tuple(onsets))

    found = beaten(scope(0, 5, at=0, kind=kind), Match(0, 3, 4), given)

    assert found is expected


@pytest.mark.parametrize(
    ("start", "onsets", "expected"),
    [
        (1, [onset(6)], False),
        (2, [onset(6)], True),
        (2, [onset(1), onset(6)], False),
        (3, [onset(1)], True),
    ],
)
def test_a_no_right_before_a_flag_is_not_beaten(
    start: int, onsets: list[Match], expected: bool
) -> None:
    given = Clues(scopes=(), onsets=tuple(onsets))

    found = beaten(scope(0, 5, at=0), Match(0, start, start + 1), given)

    assert found is expected


def test_no_with_a_comma_after_it_is_an_answer() -> None:
    paused = replace(scope(0, 5, at=0), paused=True)

    found = beaten(paused, Match(0, 1, 2), Clues(scopes=(), onsets=(onset(6),)))

    assert found


@pytest.mark.parametrize(("kind", "expected"), [("negated", False), ("chronic", True)])
def test_an_onset_beyond_but_beats_no_denial(kind: Kind, expected: bool) -> None:
    given = Clues(scopes=(), onsets=(onset(6),), breaks=(5,))

    found = beaten(scope(0, 5, at=0, kind=kind), Match(0, 3, 4), given)

    assert found is expected


def test_without_modifiers_nothing_modifies() -> None:
    found = modifier_of(Match(0, 1, 2), clues(), ignored=NOTHING_IGNORED, negative=False)

    assert found is None

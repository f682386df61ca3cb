"""Phrases with gaps: the little language, and the fast matcher against a slow obvious one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.matching import Match, PatternMatcher, index_patterns
from bot.triage.patterns import Element, PatternError, parse, split_members

CLASSES = split_members({"leg": ["leg", "legs", "left foot"], "numb": ["numb*", "no feeling"]})


def matcher(*patterns: str) -> PatternMatcher:
    return PatternMatcher(index_patterns([parse(pattern, CLASSES) for pattern in patterns]))


def spans(pattern: str, text: str) -> list[tuple[int, int]]:
    """Spans of one pattern over words separated by spaces; "_" is a hidden word."""
    words = [word.replace("_", "") for word in text.split()]
    return [(m.start, m.end) for m in matcher(pattern).find(words)]


# ---------------------------------------------------------------- elements
def test_a_word_matches_itself_only() -> None:
    assert spans("numb", "number numb numbs") == [(1, 2)]


def test_a_prefix_matches_every_word_that_begins_so() -> None:
    assert spans("numb*", "number numb dumb") == [(0, 1), (1, 2)]


def test_words_in_a_row_must_stand_in_a_row() -> None:
    assert spans("chest pain", "chest pain chest my pain") == [(0, 2)]


def test_a_class_matches_any_member() -> None:
    assert spans("{leg}", "leg arm legs") == [(0, 1), (2, 3)]


def test_a_member_may_be_several_words() -> None:
    assert spans("{leg} hurts", "my left foot hurts") == [(1, 4)]


def test_a_member_may_be_a_prefix() -> None:
    assert spans("{numb}", "numbness no feeling") == [(0, 1), (1, 3)]


def test_an_optional_word_may_be_missing() -> None:
    assert spans("cut the? leg", "cut leg cut the leg cut a leg") == [(0, 2), (2, 5)]


def test_an_optional_first_word_gives_both_beginnings() -> None:
    assert spans("my? leg", "my leg") == [(0, 2), (1, 2)]


@pytest.mark.parametrize("word", ["7", "101", "2015"])
def test_num_is_any_number(word: str) -> None:
    assert spans("<num> days", f"{word} days") == [(0, 2)]


@pytest.mark.parametrize(
    ("word", "expected"), [("1900", [(0, 1)]), ("2099", [(0, 1)]), ("1812", []), ("20", [])]
)
def test_year_is_a_number_from_1900_to_2099(word: str, expected: list[tuple[int, int]]) -> None:
    assert spans("<year>", word) == expected


# ---------------------------------------------------------------- gaps
@pytest.mark.parametrize("between", ["", "a", "a b c d"], ids=["none", "one", "four"])
def test_a_gap_holds_up_to_four_words(between: str) -> None:
    assert spans("numb ... leg", f"numb {between} leg") != []


def test_a_gap_does_not_hold_five_words() -> None:
    assert spans("numb ... leg", "numb a b c d e leg") == []


def test_a_numbered_gap_holds_as_many() -> None:
    assert spans("numb ...1 leg", "numb a leg numb a b leg") == [(0, 3)]


def test_a_gap_may_reach_over_a_missing_word() -> None:
    assert spans("numb ...1 the? leg", "numb a leg") == [(0, 3)]


def test_a_hidden_word_matches_nothing_but_counts_in_a_gap() -> None:
    assert spans("numb ...1 leg", "numb _ leg _") == [(0, 3)]
    assert spans("numb* leg", "_ leg") == []


def test_the_order_counts() -> None:
    assert spans("numb ... leg", "leg is numb") == []


# ---------------------------------------------------------------- matches
def test_each_start_gives_its_shortest_reading() -> None:
    assert spans("numb ... leg", "numb leg leg") == [(0, 2)]


def test_every_start_is_found() -> None:
    assert spans("numb ... leg", "numb numb leg") == [(0, 3), (1, 3)]


def test_matches_come_in_order_of_pattern() -> None:
    found = matcher("leg", "numb").find(["numb", "leg"])

    assert found == [Match(pattern=0, start=1, end=2), Match(pattern=1, start=0, end=1)]


def test_no_words_no_match() -> None:
    assert matcher("leg").find([]) == []


def test_no_patterns_no_match() -> None:
    assert matcher().find(["leg"]) == []


# ---------------------------------------------------------------- what a pattern knows
def test_the_vocabulary_holds_whole_words_only() -> None:
    found = index_patterns([parse("{numb} ... {leg} hurt*", CLASSES)]).vocabulary

    assert found == ["feeling", "foot", "left", "leg", "legs", "no"]


def test_a_word_that_begins_as_a_prefix_is_known() -> None:
    found = matcher("numb*")

    assert found.begins("numbness")
    assert not found.begins("num")


# ---------------------------------------------------------------- mistakes
@pytest.mark.parametrize("pattern", ["", "leg ...", "leg ...2", "my?", "my? the?", "..."])
def test_a_pattern_needs_a_word_at_its_end(pattern: str) -> None:
    with pytest.raises(PatternError, match="needs a word"):
        parse(pattern, {})


@pytest.mark.parametrize("pattern", ["{arm}", "numb {arm", "{arm}?"])
def test_an_unknown_class_names_the_known_ones(pattern: str) -> None:
    with pytest.raises(PatternError, match="known: leg, numb"):
        parse(pattern, CLASSES)


def test_a_gap_must_be_a_number() -> None:
    with pytest.raises(PatternError, match=r'"\.\.\.x" in "leg \.\.\.x numb" is not a gap'):
        parse("leg ...x numb", {})


# ---------------------------------------------------------------- the slow, obvious twin
def is_word(word: str, wanted: str) -> bool:
    if wanted == "<num>":
        return word.isdigit()
    if wanted == "<year>":
        return word.isdigit() and 1900 <= int(word) <= 2099
    if wanted.endswith("*"):
        return word != "" and word.startswith(wanted[:-1])
    return word != "" and word == wanted


def ends_of(element: Element, start: int, words: Sequence[str]) -> list[int]:
    """Where the element may end when it begins at `start`."""
    return [
        start + len(row)
        for row in element.alternatives
        if start + len(row) <= len(words)
        and all(is_word(words[start + i], wanted) for i, wanted in enumerate(row))
    ]


def readings(pattern: Sequence[Element]) -> Iterator[list[tuple[Element, int]]]:
    """Every choice of the optional elements: those kept, each with the gap allowed before it."""
    for kept in product(*([True, False] if e.optional else [True] for e in pattern)):
        reading, gap = [], 0
        for element, keep in zip(pattern, kept, strict=True):
            gap += element.gap
            if keep:
                reading.append((element, gap))
                gap = 0
        yield reading


def placements(
    reading: list[tuple[Element, int]], words: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Every span over which the elements can be laid, tried at all places."""
    for starts in product(range(len(words)), repeat=len(reading)):
        ends = [
            ends_of(element, at, words) for (element, _), at in zip(reading, starts, strict=True)
        ]
        for chosen in product(*ends):
            gaps = [after - before for before, after in zip(chosen, starts[1:], strict=False)]
            if all(0 <= g <= most for g, (_, most) in zip(gaps, reading[1:], strict=True)):
                yield starts[0], chosen[-1]


def brute_force(patterns: Sequence[tuple[Element, ...]], words: Sequence[str]) -> list[Match]:
    shortest: dict[tuple[int, int], int] = {}
    for index, pattern in enumerate(patterns):
        for reading in readings(pattern):
            for start, end in placements(reading, words):
                shortest[index, start] = min(end, shortest.get((index, start), end))
    return [Match(pattern=p, start=s, end=e) for (p, s), e in sorted(shortest.items())]


TWIN_CLASSES = split_members(
    {
        "x": ["a", "b c"],
        "y": ["b*", "a a", "c 7"],
        "z": ["a b*", "c a b", "<num>"],
        "v": ["7 a", "d* a", "c <num>"],
    }
)
ELEMENTS = st.sampled_from(
    ["a", "b", "c", "b*", "bb", "{x}", "{y}", "{z}", "{v}", "<num>", "<year>"]
)
GAPS = st.sampled_from(["", "", "...1 ", "...2 ", "... "])
MARKS = st.sampled_from(["", "", "?"])
MIDDLE = st.lists(st.tuples(GAPS, ELEMENTS, MARKS).map("".join), max_size=3)
PATTERN = st.tuples(MIDDLE, GAPS, ELEMENTS).map(lambda p: " ".join([*p[0], p[1] + p[2]]))
WORDS = st.lists(st.sampled_from(["a", "a", "b", "bb", "c", "d", "7", "2015", ""]), max_size=7)


@given(st.lists(PATTERN, min_size=1, max_size=3), WORDS)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_the_matcher_finds_what_trying_every_placement_finds(
    written: list[str], words: list[str]
) -> None:
    patterns = [parse(pattern, TWIN_CLASSES) for pattern in written]

    found = PatternMatcher(index_patterns(patterns)).find(words)

    assert found == brute_force(patterns, words)

"""Is a red flag there now, or only spoken of? ConText (Harkema et al. 2009), on patients' words.

A modifier ("no", "what if", "for years") reaches over a scope in its direction, up to a terminator
("but"). Flags inside it become conditional - which changes the wording of the reply and never
silences it - unless the sentence has a word of onset or change ("since yesterday", "is it normal"),
which beats every modifier.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from bot.triage.matching import Match, PatternMatcher

Kind = Literal[
    "negated", "hypothetical", "historical", "prior", "general", "chronic", "claudication", "pseudo"
]
_DATED = ("historical", "prior")
_MAY_SHARE_WORDS = ("chronic", "general")
_LEAST_FRAME = 3  #: words after a flag that begins with the first word of its modifier
_LONGEST_QUESTION = 4  #: words after a general modifier; a later "I" or "my" begins something new
Direction = Literal["forward", "backward", "both"]


class Modifier(Struct, frozen=True, kw_only=True):
    """A phrase that may make the flags in its scope conditional."""

    kind: Kind  #: `pseudo` looks like a modifier and is none: "not only"
    direction: Direction
    max_scope: int  #: words it reaches at the most
    ended_by: tuple[str, ...] = ()  #: words that end its scope besides the terminators
    next_sentence: bool = False  #: said alone in a sentence, it speaks of the sentence before


class Scope(Struct, frozen=True, kw_only=True):
    """Where a modifier of the sentence reaches: word spans [start, end)."""

    modifier: Modifier
    match: Match
    start: int
    end: int
    broken: bool = False  #: a word between its own ends it: "are [my toes] a symptom of"
    paused: bool = False  #: a comma follows its own words: "no, my leg"


class ContextRules:
    """Compiled modifiers: costly to build, so built once."""

    def __init__(
        self,
        *,
        modifiers: Sequence[Modifier],
        modifier_matcher: PatternMatcher,
        onset_matcher: PatternMatcher,
        terminators: frozenset[str],
        clause_words: frozenset[str],
    ) -> None:
        self.modifiers = modifiers  #: one per pattern of `modifier_matcher`
        self.modifier_matcher = modifier_matcher
        self.onset_matcher = onset_matcher
        self.terminators = terminators
        self.clause_words = clause_words


class Clues(Struct, frozen=True, kw_only=True):
    """What a sentence says about the standing of the flags in it."""

    scopes: tuple[Scope, ...]
    onsets: tuple[Match, ...]
    breaks: tuple[int, ...] = ()  #: where the terminators stand


def find_clues(words: Sequence[str], commas: frozenset[int], rules: ContextRules) -> Clues:
    """Scopes of the modifiers and words of onset in one sentence.

    Args:
        words: of one sentence.
        commas: positions of the words that a comma, dash or colon stands before.
    """
    found = rules.modifier_matcher.find(words)
    scopes = [
        limit_scope(
            set_scope(match, rules.modifiers[match.pattern], len(words)), words, commas, rules
        )
        for match in without_shorter(found, rules)
    ]
    return Clues(
        scopes=tuple(scopes),
        onsets=find_onsets(words, found, rules),
        breaks=tuple(i for i, word in enumerate(words) if word in rules.terminators),
    )


def without_shorter(found: Sequence[Match], rules: ContextRules) -> list[Match]:
    """Modifiers of a sentence, without any inside a longer one and, in the end, pseudo ones."""
    kept = [m for m in found if not any(_inside(m, other) for other in found)]
    return [m for m in kept if rules.modifiers[m.pattern].kind != "pseudo"]


def find_onsets(
    words: Sequence[str], modifiers: Sequence[Match], rules: ContextRules
) -> tuple[Match, ...]:
    """Words of onset or change.

    A modifier that holds one in its own words takes it away ("no worse", "since 2014", "no new",
    "what should I do if").
    """
    covers = [m for m in modifiers if rules.modifiers[m.pattern].kind not in _DATED]
    return tuple(
        m
        for m in rules.onset_matcher.find(words)
        if not any(p.start <= m.start and m.end <= p.end for p in covers)
    )


def _inside(match: Match, other: Match) -> bool:
    longer = other.end - other.start > match.end - match.start
    return longer and other.start <= match.start and match.end <= other.end


def set_scope(match: Match, modifier: Modifier, length: int) -> Scope:
    """The widest scope the modifier may have."""
    start = (
        match.start if modifier.direction == "forward" else max(0, match.start - modifier.max_scope)
    )
    end = (
        match.end
        if modifier.direction == "backward"
        else min(length, match.end + modifier.max_scope)
    )
    return Scope(modifier=modifier, match=match, start=start, end=end)


def limit_scope(
    scope: Scope, words: Sequence[str], commas: frozenset[int], rules: ContextRules
) -> Scope:
    """The scope cut at the nearest terminator on each side."""
    end = next(
        (
            i
            for i in range(scope.match.end, scope.end)
            if _ends_scope(i, scope, words, commas, rules)
        ),
        scope.end,
    )
    start = next(
        (
            i + 1
            for i in range(scope.match.start - 1, scope.start - 1, -1)
            if _terminates(i, scope, words, rules)
            or _begins_clause(i + 1, scope, words, commas, rules)
        ),
        scope.start,
    )
    inside = range(scope.match.start + 1, scope.match.end - 1)
    return Scope(
        modifier=scope.modifier,
        match=scope.match,
        start=start,
        end=end,
        broken=any(_terminates(i, scope, words, rules) for i in inside),
        paused=scope.match.end in commas,
    )


def _ends_scope(
    at: int, scope: Scope, words: Sequence[str], commas: frozenset[int], rules: ContextRules
) -> bool:
    if _terminates(at, scope, words, rules):
        return True
    new_clause = at in commas and words[at] in rules.clause_words
    if scope.modifier.kind in _DATED:
        return new_clause  # "I had it in 2024, I can't pee"
    if scope.modifier.direction != "forward":
        return False  # "for years" speaks of the whole sentence
    if scope.modifier.kind == "general" and _runs_on(at, scope, words, rules):
        return True
    if scope.modifier.kind != "negated":
        return new_clause  # "sorry if I type slow, my chest hurts"
    if words[at] in rules.clause_words and at > scope.match.end:
        return True  # "no fever my leg is numb": a new subject ends the "no"
    return at in commas and not _is_list_item(at, words, commas, rules)


def _runs_on(at: int, scope: Scope, words: Sequence[str], rules: ContextRules) -> bool:
    """Nobody wrote the comma: "what is the number to call I can't feel my legs"."""
    after_and = words[at - 1] == "and" and words[at] in rules.clause_words
    return after_and or (words[at] in ("i", "my") and at - scope.match.end >= _LONGEST_QUESTION)


def _begins_clause(
    at: int, scope: Scope, words: Sequence[str], commas: frozenset[int], rules: ContextRules
) -> bool:
    """Backwards, a dated past ends where its clause begins: "can't pee, my MILD was in 2024"."""
    return scope.modifier.kind in _DATED and at in commas and words[at] in rules.clause_words


def _terminates(at: int, scope: Scope, words: Sequence[str], rules: ContextRules) -> bool:
    """A terminator, or a word that ends this modifier; "and" only before a new clause."""
    if words[at] in rules.terminators:
        return True
    if words[at] not in scope.modifier.ended_by:
        return False
    return words[at] != "and" or (at + 1 < len(words) and words[at + 1] in rules.clause_words)


def _is_list_item(
    at: int, words: Sequence[str], commas: frozenset[int], rules: ContextRules
) -> bool:
    """Whether the list goes on after a comma.

    "No fever, chills" goes on with it, "no fever, leg is numb" starts a new clause.
    """
    end = min((c for c in commas if c > at), default=len(words))
    return end - at <= 4 and not any(w in rules.clause_words for w in words[at:end])


def _frames(scope: Scope, flag: Match) -> bool:
    """The flag stands in the gap of the modifier or ends it: "are [numb toes] a symptom of"."""
    if scope.match.start == flag.start:  # "[are numb] toes a symptom of"
        return scope.match.end - flag.end >= _LEAST_FRAME
    return scope.match.start < flag.start and flag.end <= scope.match.end


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def _share(scope: Scope, flag: Match, negative: bool) -> bool:
    """A few words belong to both, none holds the other: "no sudden" and "sudden pain".

    Where the flag comes first ("numb since" and "since the war") a "no" is no modifier: "feeling
    went" and "went away".
    """
    if scope.match.start < flag.start and scope.match.end < flag.end:
        kind = scope.modifier.kind
        return kind in _MAY_SHARE_WORDS or (kind == "negated" and not negative)
    if flag.start < scope.match.start and flag.end < scope.match.end:
        return scope.modifier.kind in _MAY_SHARE_WORDS
    return False


def beaten(scope: Scope, flag: Match, clues: Clues, *, later: bool = False) -> bool:
    """Whether a word of onset in the sentence, or in a `later` one, beats the modifier.

    A "no" is not beaten right before the flag ("no fever tonight", "no sudden weakness"), where
    the time is when it is not there, nor from beyond a "but" ("no fever, but worse pain").
    """
    if (scope.modifier.kind, scope.modifier.direction) != ("negated", "forward"):
        return later or bool(clues.onsets)
    starts = (flag.start, *(m.start for m in clues.onsets if m.end == flag.start))
    if scope.match.end in starts and not scope.paused:
        return False
    return later or any(
        not any(min(m.start, flag.start) < at < max(m.start, flag.start) for at in clues.breaks)
        for m in clues.onsets
    )


def modifier_of(
    flag: Match, clues: Clues, *, ignored: Collection[str], negative: bool
) -> Scope | None:
    """The modifier with the flag in its scope, around it, or "not" inside it; else None.

    Args:
        ignored: kinds of modifiers that do not reach this flag.
        negative: the flag's own words hold a "no" ("no feeling in"): one inside it is no modifier.
    """
    for scope in clues.scopes:
        if scope.modifier.kind in ignored:
            continue
        inside = flag.start < scope.match.start and scope.match.end <= flag.end
        overlaps = _overlap(scope.match, flag) and not _share(scope, flag, negative)
        if inside and scope.modifier.kind == "negated" and not negative:
            return scope
        if not scope.broken and _frames(scope, flag):
            return scope
        if not overlaps and scope.start <= flag.start < scope.end:
            return scope
    return None

"""The safety step: message in, red flags, tier and context out. Pure, deterministic, no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from bot.language.emoji import spell_out
from bot.language.normalise import normalise
from bot.language.tokens import sentences, words
from bot.triage.context import Clues, ContextRules, beaten, find_clues, modifier_of
from bot.triage.flags import Assessment, Flag, Tier
from bot.triage.matching import Match, PatternMatcher

Repair = Callable[[str], str]
Net = Callable[[str, bool], "NetFinding | None"]
"""(sentence, whether its phrases are only spoken of) -> what the second net finds in it"""

_LONGEST_CONTINUATION = 6  #: words
_SHORTEST_CLAUSE = 3  #: words
_SUBJECTS = frozenset(("i", "we", "he", "she", "my", "our", "his", "her", "you"))
_REFERRING = frozenset(("it", "this", "that", "these", "those", "them", "they", "same"))
_ASKING = frozenset(("is", "are", "can", "could", "may", "will", "would", "do", "does"))
_ASKING |= frozenset(("what", "when", "where", "which", "how"))
_WRAPPED = re.compile(r"(?<![.!?;:\n])\n(?=[^\n\s*\u2022\d-])")
_BREAK_BEFORE = re.compile(r"[,;:()]|\s-\s")


class NetFinding(Struct, frozen=True, kw_only=True):
    """What the linear model says of one sentence."""

    concept: str
    tier: Tier


class PhraseRule(Struct, frozen=True, kw_only=True):
    """The concept that a pattern stands for."""

    concept: str
    tier: Tier
    spanish: bool = False
    negative: bool = (
        False  #: holds a "no" or "can't" of its own: one inside the match is part of the flag
    )
    ignores: tuple[str, ...] = ()  #: kinds of modifiers that do not reach it


class Rules(Struct, frozen=True, kw_only=True):
    """Everything triage knows, compiled once."""

    phrases: Sequence[PhraseRule]  #: one per pattern of `phrase_matcher`
    phrase_matcher: PatternMatcher
    figurative: PatternMatcher  #: senses that only look like a flag; they hide their own words
    #: "yes", "still", "it's worse": the flag of the message before goes on
    continuations: PatternMatcher
    context: ContextRules
    repair: Repair  #: a misspelled word -> the word of a pattern, or itself
    #: listed misspellings and shorthand -> the words they stand for
    replacements: Mapping[str, str]
    #: a sign -> the words it stands for
    emoji: Mapping[str, str] = field(default_factory=dict)
    #: words that make a short message no continuation, anywhere in it and as its first
    not_continuations: frozenset[str] = frozenset()
    not_continuation_starts: frozenset[str] = frozenset()


class _Sentence(Struct, frozen=True, dict=True):
    text: str
    words: tuple[str, ...]
    commas: frozenset[int]
    matches: tuple[Match, ...]
    rules: Rules

    @cached_property
    def clues(self) -> Clues:
        """Found only where a flag asks for them: most sentences hold none."""
        return find_clues(self.words, self.commas, self.rules.context)


def assess(
    message: str, rules: Rules, *, net: Net | None = None, earlier: Sequence[Flag] = ()
) -> Assessment:
    """Every red flag of a message.

    Args:
        message: as typed, of any length.
        net: the second net, asked about every sentence; it only adds flags.
        earlier: flags of the message before; "yes" or "it's worse" raises them again as present.
    """
    read = [_read(text, rules) for text in sentences(_prepared(normalise(message), rules))]
    flags: list[Flag] = []
    for number, sentence in enumerate(read):
        after = read[number + 1] if number + 1 < len(read) else None
        found = [_flag(match, sentence, after, rules) for match in sentence.matches]
        flags += found + _by_net(sentence.text, found, net, words=sentence.text)
        if _spoken_of(found):
            for clause in _clauses_without(sentence, rules.context.terminators):
                flags += _by_net(clause, (), net, words=clause)
    if len(read) > 1:
        flags += _by_net(" ".join(s.text for s in read), flags, net, words="")
    flags.extend(_continued(read, earlier, rules))
    return Assessment(flags=_strongest(flags))


def matched_phrases(message: str, rules: Rules) -> set[int]:
    """Numbers of the phrase patterns that match anywhere in a message, whatever their context."""
    read = (_read(text, rules) for text in sentences(_prepared(normalise(message), rules)))
    return {match.pattern for sentence in read for match in sentence.matches}


def _by_net(text: str, found: Sequence[Flag], net: Net | None, *, words: str) -> list[Flag]:
    """The second net's flag, none or one.

    It must be surer where the flags found are only spoken of.
    """
    finding = net(text, _spoken_of(found)) if net else None
    if finding is None:
        return []
    flag = Flag(
        concept=finding.concept, tier=finding.tier, words=words, context="present", by="net"
    )
    return [flag]


def _spoken_of(found: Sequence[Flag]) -> bool:
    """Whether phrases matched and none of them says that something urgent is there."""
    return bool(found) and not any(
        f.context == "present" and f.tier != "office_hours" for f in found
    )


def _clauses_without(sentence: _Sentence, terminators: frozenset[str]) -> list[str]:
    """The clauses in which no phrase matched: "no fever or chills, but [the legs are like wood]".

    The denial before the "but" must not make the net doubt what comes after it.
    """
    ends = [i for i, word in enumerate(sentence.words) if word in terminators]
    bounds = [0, *ends, len(sentence.words)]
    return [
        " ".join(sentence.words[start:end])
        for start, end in pairwise(bounds)
        if ends
        and end - start > _SHORTEST_CLAUSE
        and not any(start <= m.start < end for m in sentence.matches)
    ]


def _prepared(text: str, rules: Rules) -> str:
    """Wrapped lines joined, signs written out: "my left leg is\\nnumb" is one sentence."""
    return spell_out(_WRAPPED.sub(" ", text), rules.emoji)


def _read(text: str, rules: Rules) -> _Sentence:
    tokens, commas = _tokens(text, rules)
    matches = rules.phrase_matcher.find(tokens)
    if matches:  # else there is nothing that a figure of speech could hide
        hidden = {i for m in rules.figurative.find(tokens) for i in range(m.start, m.end)}
        shown = ["" if i in hidden else token for i, token in enumerate(tokens)]
        matches = rules.phrase_matcher.find(shown) if hidden else matches
    return _Sentence(text=text, words=tokens, commas=commas, matches=tuple(matches), rules=rules)


def _tokens(text: str, rules: Rules) -> tuple[tuple[str, ...], frozenset[int]]:
    """Repaired words of a sentence, and the positions of those after a comma or dash."""
    tokens: list[str] = []
    commas: set[int] = set()
    for part in _BREAK_BEFORE.split(text):
        commas.add(len(tokens))
        for word in words(part):
            known = rules.replacements.get(word)
            tokens.extend(known.split() if known else (rules.repair(word),))
    return tuple(tokens), frozenset(commas - {0})


def _flag(match: Match, sentence: _Sentence, after: _Sentence | None, rules: Rules) -> Flag:
    rule = rules.phrases[match.pattern]
    flag = Flag(
        concept=rule.concept,
        tier=rule.tier,
        words=" ".join(sentence.words[match.start : match.end]),
        context="present",
        by="phrase",
        spanish=rule.spanish,
    )
    later = after is not None and _tells_of_onset(after)
    scope = modifier_of(match, sentence.clues, ignored=rule.ignores, negative=rule.negative)
    if scope is not None:
        modifier = " ".join(sentence.words[scope.match.start : scope.match.end])
        onset = beaten(scope, match, sentence.clues, later=later)
    elif after is not None and not after.matches and (told := _told_after(after, rule.ignores)):
        modifier = told
        onset = later or bool(sentence.clues.onsets)
    else:
        return flag
    if onset:
        return replace(flag, modifier=f"present although: {modifier}")
    return replace(flag, context="conditional", modifier=modifier)


def _tells_of_onset(after: _Sentence) -> bool:
    """ "It started yesterday." speaks of the sentence before, "Can I shower tonight?" does not."""
    asks = after.words[:1] and after.words[0] in _ASKING and _REFERRING.isdisjoint(after.words)
    return bool(after.clues.onsets) and not after.matches and not asks


def _told_after(after: _Sentence, ignored: Collection[str]) -> str:
    """ "My legs go numb. Been like that for ten years.": the second sentence is on the first."""
    if after.words[:1] and after.words[0] in _SUBJECTS and _REFERRING.isdisjoint(after.words):
        return ""  # "We have been married for fifty years." speaks of something else
    for scope in after.clues.scopes:
        if scope.modifier.next_sentence and scope.modifier.kind not in ignored:
            return " ".join(after.words[scope.match.start : scope.match.end])
    return ""


def _continued(read: Sequence[_Sentence], earlier: Sequence[Flag], rules: Rules) -> list[Flag]:
    tokens = [w for s in read for w in s.words]
    if not earlier or len(tokens) > _LONGEST_CONTINUATION:
        return []
    if not tokens or tokens[0] in rules.not_continuation_starts:
        return []
    if not rules.continuations.find(tokens) or not rules.not_continuations.isdisjoint(tokens):
        return []
    return [replace(f, context="present", by="history", modifier="") for f in earlier]


def _strongest(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """One flag per concept, the present one before the conditional one, in the order found."""
    kept: dict[str, Flag] = {}
    for flag in flags:
        old = kept.get(flag.concept)
        if old is None or (old.context == "conditional" and flag.context == "present"):
            kept[flag.concept] = flag
    return tuple(kept.values())

"""Triage rules from the knowledge: patterns parsed, indexed and ready to run."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct

from bot.knowledge.model import ModifierGroup, TriageKnowledge
from bot.language.spelling import AnyOf, Speller
from bot.triage.assess import PhraseRule, Rules
from bot.triage.context import ContextRules, Modifier
from bot.triage.matching import PatternIndex, PatternMatcher, index_patterns
from bot.triage.patterns import Element, Rows, parse, split_members

_REMEMBERED = 50_000  #: words
_REPAIR_FROM = 4  #: letters; safe so low because no word of the English list is ever repaired
_TWO_EDITS_FROM = 8
_NEGATORS = frozenset(
    (
        "no",
        "not",
        "none",
        "never",
        "without",
        "cant",
        "couldnt",
        "wont",
        "wouldnt",
        "dont",
        "doesnt",
        "didnt",
        "isnt",
        "arent",
        "wasnt",
        "aint",
        "sin",
    )
)


class CompiledTriage(Struct, frozen=True):
    """The triage knowledge with its patterns parsed and indexed: plain data, kept in the index."""

    phrase_rules: list[PhraseRule]  #: each once
    rule_of: list[int]  #: number of its rule for each phrase pattern
    phrase_index: PatternIndex
    figurative: PatternIndex
    continuations: PatternIndex
    modifiers: list[Modifier]  #: one per modifier pattern
    modifier_index: PatternIndex
    onset: PatternIndex
    terminators: tuple[str, ...]
    clause_words: tuple[str, ...]
    misspellings: dict[str, str]
    never_repaired: tuple[str, ...]
    not_continuations: tuple[str, ...]
    not_continuation_starts: tuple[str, ...]


def compile_triage(knowledge: TriageKnowledge) -> CompiledTriage:
    """Parse and index every pattern. Raises `PatternError` for one that cannot be read."""
    classes = split_members(knowledge.classes)
    phrases = list(_phrases(knowledge, classes))
    rules = list(dict.fromkeys(rule for rule, _ in phrases))
    number = {rule: at for at, rule in enumerate(rules)}
    modifiers = [(_modifier(g), p) for g in knowledge.modifiers for p in g.patterns]
    return CompiledTriage(
        phrase_rules=rules,
        rule_of=[number[rule] for rule, _ in phrases],
        phrase_index=index_patterns([elements for _, elements in phrases]),
        figurative=_indexed(knowledge.figurative, classes),
        continuations=_indexed(knowledge.continuations, classes),
        modifiers=[modifier for modifier, _ in modifiers],
        modifier_index=_indexed([pattern for _, pattern in modifiers], classes),
        onset=_indexed(knowledge.onset, classes),
        terminators=knowledge.terminators,
        clause_words=knowledge.clause_words,
        misspellings={w: right for c in knowledge.concepts for w, right in c.misspellings.items()},
        never_repaired=knowledge.never_repaired,
        not_continuations=knowledge.not_continuations,
        not_continuation_starts=knowledge.not_continuation_starts,
    )


def rules_of(
    compiled: CompiledTriage,
    *,
    abbreviations: Mapping[str, str],
    correct: Container[str],
    emoji: Mapping[str, str] = MappingProxyType({}),
) -> Rules:
    """Rules of triage.

    Args:
        emoji: a sign -> the words it stands for.
        abbreviations: read as the words they stand for ("sob" -> "short of breath").
        correct: words that are right as typed and so are never repaired.
    """
    matcher = PatternMatcher(compiled.phrase_index)
    vocabulary = (w for w in compiled.phrase_index.vocabulary if len(w) >= _REPAIR_FROM)
    speller = Speller(
        dict.fromkeys((w for w in vocabulary if w.isalpha()), 1.0),
        correct=AnyOf(frozenset(compiled.never_repaired), _own_words(compiled), correct),
        from_length=_REPAIR_FROM,
        two_edits_from=_TWO_EDITS_FROM,
    )

    @lru_cache(maxsize=_REMEMBERED)
    def repair(word: str) -> str:
        return word if matcher.begins(word) else speller.repair(word)

    return Rules(
        phrases=[compiled.phrase_rules[number] for number in compiled.rule_of],
        phrase_matcher=matcher,
        figurative=PatternMatcher(compiled.figurative),
        emoji=emoji,
        not_continuations=frozenset(compiled.not_continuations),
        not_continuation_starts=frozenset(compiled.not_continuation_starts),
        continuations=PatternMatcher(compiled.continuations),
        context=ContextRules(
            modifiers=compiled.modifiers,
            modifier_matcher=PatternMatcher(compiled.modifier_index),
            onset_matcher=PatternMatcher(compiled.onset),
            terminators=frozenset(compiled.terminators),
            clause_words=frozenset(compiled.clause_words),
        ),
        repair=repair,
        replacements={**abbreviations, **compiled.misspellings},
    )


def _own_words(compiled: CompiledTriage) -> frozenset[str]:
    """Words that patterns, modifiers and terminators are made of: right as they are."""
    indexes = (
        compiled.phrase_index,
        compiled.figurative,
        compiled.continuations,
        compiled.modifier_index,
        compiled.onset,
    )
    words = frozenset(word for index in indexes for word in index.vocabulary)
    return words.union(compiled.terminators, compiled.clause_words)


def compile_rules(
    knowledge: TriageKnowledge,
    *,
    abbreviations: Mapping[str, str],
    correct: Container[str],
    emoji: Mapping[str, str] = MappingProxyType({}),
) -> Rules:
    """`compile_triage` and `rules_of` in one."""
    compiled = compile_triage(knowledge)
    return rules_of(compiled, abbreviations=abbreviations, correct=correct, emoji=emoji)


def _phrases(
    knowledge: TriageKnowledge, classes: Mapping[str, Rows]
) -> Iterator[tuple[PhraseRule, tuple[Element, ...]]]:
    for concept in knowledge.concepts:
        for patterns, spanish in ((concept.patterns, False), (concept.patterns_es, True)):
            for pattern in patterns:
                elements = parse(pattern, classes)
                rule = PhraseRule(
                    concept=concept.id,
                    tier=concept.tier,
                    spanish=spanish,
                    negative=_is_negative(elements),
                    ignores=concept.ignores,
                )
                yield rule, elements


def _is_negative(elements: Sequence[Element]) -> bool:
    return any(word in _NEGATORS for e in elements for row in e.alternatives for word in row)


def _indexed(patterns: Sequence[str], classes: Mapping[str, Rows]) -> PatternIndex:
    return index_patterns([parse(pattern, classes) for pattern in patterns])


def _modifier(group: ModifierGroup) -> Modifier:
    return Modifier(
        kind=group.kind,
        direction=group.direction,
        max_scope=group.max_scope,
        ended_by=group.ended_by,
        next_sentence=group.next_sentence,
    )

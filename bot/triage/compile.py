"""Triage rules from the knowledge: patterns parsed, indexed and ready to run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.knowledge.model import TriageKnowledge
from bot.language.spelling import Speller
from bot.triage.assess import PhraseRule, Rules
from bot.triage.context import ContextRules, Modifier
from bot.triage.patterns import Element, PatternMatcher, Rows, parse, split_members

_REPAIR_FROM = 4  #: letters; safe so low because no word of the English list is ever repaired
_TWO_EDITS_FROM = 8
_NEGATORS = frozenset("no not none never without cant couldnt wont wouldnt dont doesnt didnt isnt arent wasnt sin no".split())


def compile_rules(
    knowledge: TriageKnowledge, *, abbreviations: Mapping[str, str], correct: Collection[str]
) -> Rules:
    """Rules of triage.

    Args:
        abbreviations: read as the words they stand for ("sob" -> "short of breath").
        correct: words that are right as typed and so are never repaired.

    Raises `PatternError` for a pattern that cannot be read.
    """
    classes = split_members(knowledge.classes)
    rows = list(_phrases(knowledge, classes))
    phrase_matcher = PatternMatcher([elements for _, elements in rows])
    listed = {wrong: right for c in knowledge.concepts for wrong, right in c.misspellings.items()}
    vocabulary = {w for w in phrase_matcher.vocabulary if len(w) >= _REPAIR_FROM and w.isalpha()}
    speller = Speller(
        dict.fromkeys(vocabulary, 1.0),
        correct=frozenset(correct) | frozenset(knowledge.never_repaired),
        from_length=_REPAIR_FROM,
        two_edits_from=_TWO_EDITS_FROM,
    )
    return Rules(
        phrases=[rule for rule, _ in rows],
        phrase_matcher=phrase_matcher,
        figurative=_matcher(knowledge.figurative, classes),
        continuations=_matcher(knowledge.continuations, classes),
        context=_context(knowledge, classes),
        repair=lambda word: word if phrase_matcher.begins(word) else speller.repair(word),
        replacements={**abbreviations, **listed},
    )


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
                    ignores=frozenset(concept.ignores),
                )
                yield rule, elements


def _is_negative(elements: Sequence[Element]) -> bool:
    return any(word in _NEGATORS for e in elements for row in e.alternatives for word in row)


def _matcher(patterns: Sequence[str], classes: Mapping[str, Rows]) -> PatternMatcher:
    return PatternMatcher([parse(pattern, classes) for pattern in patterns])


def _context(knowledge: TriageKnowledge, classes: Mapping[str, Rows]) -> ContextRules:
    modifiers: list[Modifier] = []
    patterns: list[str] = []
    for group in knowledge.modifiers:
        for pattern in group.patterns:
            patterns.append(pattern)
            modifiers.append(
                Modifier(
                    kind=group.kind,
                    direction=group.direction,
                    max_scope=group.max_scope,
                    ended_by=frozenset(group.ended_by),
                    next_sentence=group.next_sentence,
                )
            )
    return ContextRules(
        modifiers=modifiers,
        modifier_matcher=_matcher(patterns, classes),
        onset_matcher=_matcher(knowledge.onset, classes),
        terminators=frozenset(knowledge.terminators),
        clause_words=frozenset(knowledge.clause_words),
    )

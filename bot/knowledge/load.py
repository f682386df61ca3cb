"""The one reader of knowledge/: YAML files in, `Knowledge` and every problem out.

Shape errors (unknown keys, missing files, duplicate keys) are found here; what the content must
fulfil stands in `bot.knowledge.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import yaml

from bot.errors import KnowledgeError
from bot.knowledge.model import (
    Audience,
    Citation,
    Clinic,
    Concept,
    Entry,
    Example,
    Knowledge,
    LanguageKnowledge,
    ModifierGroup,
    Review,
    Risk,
    Sentence,
    Source,
    SourceKind,
    Status,
    TriageKnowledge,
    Tuning,
)
from bot.knowledge.nodes import Node, Reader, each, parse_file
from bot.knowledge.places import Problem
from bot.knowledge.version import digest
from bot.triage.context import Direction, Kind
from bot.triage.flags import TIERS, Tier

GROUPS = (
    "basics",
    "candidacy",
    "preparing",
    "procedure-day",
    "recovery",
    "risks",
    "results",
    "choosing",
)
STYLES = ("plain", "keywords", "phone", "caregiver", "esl", "indirect", "story", "desk", "fragment")
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
AUDIENCES: tuple[Audience, ...] = ("everyone", "staff")
RISKS: tuple[Risk, ...] = ("plain", "instruction", "safety")


def load(folder: Path) -> Knowledge:
    """The knowledge in a folder. Raises `KnowledgeError` with every problem of shape at once."""
    knowledge, problems = read(folder)
    if problems:
        raise KnowledgeError("\n".join(str(p) for p in problems))
    return knowledge


def read(folder: Path) -> tuple[Knowledge, tuple[Problem, ...]]:
    """The knowledge as far as it can be read, and its problems of shape, sorted by place."""
    reader = Reader()

    def root(name: str) -> Node:
        node = parse_file(folder / name, shown_as=f"knowledge/{name}", reader=reader)
        return node or _nothing(name, reader)

    red_flags = root("triage/red_flags.yaml")
    context = root("triage/context.yaml")
    knowledge = Knowledge(
        clinic=_clinic(root("clinic.yaml")),
        sources=_sources(root("sources.yaml")),
        entries=tuple(
            _entry(item, g) for g in GROUPS for item in root(f"entries/{g}.yaml").items()
        ),
        phrasings=tuple(x for g in GROUPS for x in _phrasings(root(f"phrasings/{g}.yaml"))),
        out_of_scope=_examples(root("language/out_of_scope.yaml")),
        small_talk=_examples(root("language/small_talk.yaml")),
        flag_bank=_examples(root("triage/bank.yaml")),
        ordinary_bank=_examples(root("triage/ordinary.yaml")),
        triage=_triage(red_flags, context),
        language=_language(root("language/words.yaml"), root("language/dialogue.yaml")),
        replies=_texts(root("replies.yaml")),
        tuning=_tuning(root("tuning.yaml")),
        digest=digest(folder),
    )
    return knowledge, tuple(sorted(set(reader.problems)))


def _nothing(name: str, reader: Reader) -> Node:
    mark = yaml.Mark(name, 0, 0, 0, None, 0)
    return Node(
        yaml.ScalarNode("tag:yaml.org,2002:null", "", mark, mark), f"knowledge/{name}", reader
    )


# ---------------------------------------------------------------- clinic, sources
def _clinic(node: Node) -> Clinic:
    keys = (
        "name",
        "phone",
        "hours",
        "after_hours",
        "emergency_number",
        "crisis_line",
        "poison_help",
        "danger_line",
        "portal",
    )
    got = node.record(required=(*keys, "demo"), optional=("report", "slack_audience"))
    audience = got["slack_audience"].choice(AUDIENCES) if "slack_audience" in got else "everyone"
    return Clinic(
        **{key: _text(got, key) for key in keys},
        demo=got["demo"].flag() if "demo" in got else True,
        report=_text(got, "report"),
        slack_audience=cast(Audience, audience),
    )


def _sources(node: Node) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for item in node.items():
        source = _source(item)
        if source.id in found:
            item.problem(f'the source "{source.id}" stands here twice', "keep one of the two")
        found[source.id] = source
    return found


def _source(node: Node) -> Source:
    got = node.record(
        required=("id", "kind", "title", "publisher", "headings"),
        optional=("file", "sha256", "approved_by"),
    )
    headings = got["headings"].pairs() if "headings" in got else {}
    return Source(
        id=_text(got, "id"),
        kind=cast(
            SourceKind,
            got["kind"].choice(("document", "clinic", "safety")) if "kind" in got else "document",
        ),
        title=_text(got, "title"),
        publisher=_text(got, "publisher"),
        file=_text(got, "file"),
        sha256=_text(got, "sha256"),
        headings={name: _lines(value) for name, value in headings.items()},
        place=node.place,
    )


def _lines(node: Node) -> tuple[int, int]:
    if node.is_null:
        return (0, 0)
    numbers = [int(item.number()) for item in node.items()]
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        node.problem("the lines of a section are not given", "write [first line, last line]")
        return (0, 0)
    return (numbers[0], numbers[1])


# ---------------------------------------------------------------- entries, phrasings, banks
def _entry(node: Node, group: str) -> Entry:
    got = node.record(
        required=("id", "question", "answer", "risk", "audience", "review", "tests"),
        optional=("disagreement",),
    )
    tests = got["tests"].record(required=("find", "not_find")) if "tests" in got else {}
    return Entry(
        id=_text(got, "id"),
        group=group,
        question=_text(got, "question"),
        answer=each(got.get("answer"), _sentence),
        disagreement=each(got.get("disagreement"), _sentence),
        risk=cast(Risk, got["risk"].choice(RISKS) if "risk" in got else "plain"),
        audience=_text(got, "audience"),
        review=_review(got.get("review")),
        must_find=_list(tests, "find"),
        must_not_find=_list(tests, "not_find"),
        place=node.place,
    )


def _sentence(node: Node) -> Sentence:
    got = node.record(required=("say", "cite"))
    cites = got["cite"].pairs() if "cite" in got else {}
    return Sentence(
        text=_text(got, "say"),
        citations=tuple(
            Citation(source=s, heading=h) for s, value in cites.items() for h in value.texts()
        ),
        place=node.place,
    )


def _review(node: Node | None) -> Review:
    if node is None:
        return Review(status="pending", by=None, on=None, due=None)
    got = node.record(required=("status", "by", "on", "due"))

    def optional(key: str) -> str | None:
        return got[key].optional_text() if key in got else None

    status = cast(
        Status, got["status"].choice(("pending", "approved")) if "status" in got else "pending"
    )
    return Review(status=status, by=optional("by"), on=optional("on"), due=optional("due"))


def _phrasings(node: Node) -> list[Example]:
    return [
        Example(text=item.text(), label=entry_id, style=style, place=item.place)
        for entry_id, styles in node.pairs().items()
        for style, items in styles.record(required=(), optional=STYLES).items()
        for item in items.items()
    ]


def _examples(node: Node) -> tuple[Example, ...]:
    return tuple(
        Example(text=item.text(), label=label, place=item.place)
        for label, items in node.pairs().items()
        for item in items.items()
    )


# ---------------------------------------------------------------- triage
def _triage(red_flags: Node, context: Node) -> TriageKnowledge:
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
        terminators=_list(rules, "terminators"),
        clause_words=_list(rules, "clause_words"),
        onset=_list(rules, "onset"),
        modifiers=each(rules.get("modifiers"), _modifier_group),
        figurative=_list(rules, "figurative"),
        continuations=_list(rules, "continuations"),
        not_continuations=_list(rules, "not_continuations"),
        not_continuation_starts=_list(rules, "not_continuation_starts"),
        never_repaired=_list(flags, "never_repaired"),
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
        id=_text(got, "id"),
        tier=cast(Tier, got["tier"].choice(TIERS) if "tier" in got else "urgent"),
        name=_text(got, "name"),
        say=_text(got, "say"),
        say_es=_text(got, "say_es"),
        source=_text(got, "source"),
        reply=_text(got, "reply"),
        ignores=tuple(n.choice(KINDS) for n in got["ignores"].items()) if "ignores" in got else (),
        patterns=_list(got, "patterns"),
        patterns_es=_list(got, "patterns_es"),
        misspellings={
            wrong: right for right, node in misspellings.items() for wrong in node.texts()
        },
        must_be_present=_list(tests, "present"),
        must_be_conditional=_list(tests, "conditional"),
        must_be_silent=_list(tests, "silent"),
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
        max_scope=int(got["max_scope"].number()) if "max_scope" in got else 0,
        ended_by=_list(got, "ended_by"),
        next_sentence=got["next_sentence"].flag() if "next_sentence" in got else False,
        patterns=_list(got, "patterns"),
        place=node.place,
    )


# ---------------------------------------------------------------- language, replies, tuning
def _language(words: Node, dialogue: Node) -> LanguageKnowledge:
    got = words.record(required=("synonyms", "abbreviations", "protected", "emoji", "spanish"))
    talk = dialogue.record(required=("question_words", "question_starts", "follow_up", "personal"))
    return LanguageKnowledge(
        synonyms={k: v.texts() for k, v in got["synonyms"].pairs().items()}
        if "synonyms" in got
        else {},
        abbreviations=_texts(got["abbreviations"]) if "abbreviations" in got else {},
        protected=_list(got, "protected"),
        emoji=_texts(got["emoji"]) if "emoji" in got else {},
        spanish_words=_list(got, "spanish"),
        question_words=_list(talk, "question_words"),
        question_starts=_list(talk, "question_starts"),
        follow_up=_list(talk, "follow_up"),
        personal=_list(talk, "personal"),
    )


def _tuning(node: Node) -> Tuning:
    got = node.record(required=("measured", "values"))
    values = got["values"].pairs() if "values" in got else {}
    return Tuning(
        values={k: v.number() for k, v in values.items()}, measured=_text(got, "measured")
    )


# ---------------------------------------------------------------- small readers
def _text(got: Mapping[str, Node], key: str) -> str:
    return got[key].text() if key in got else ""


def _list(got: Mapping[str, Node], key: str) -> tuple[str, ...]:
    return got[key].texts() if key in got else ()


def _texts(node: Node) -> dict[str, str]:
    return {key: value.text() for key, value in node.pairs().items()}

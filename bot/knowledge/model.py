"""The knowledge as frozen values: what the YAML under knowledge/ says, checked in shape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from bot.knowledge.places import Place
from bot.triage.context import Direction, Kind
from bot.triage.flags import Tier

Risk = Literal["plain", "instruction", "safety"]
Audience = Literal["everyone", "staff"]
SourceKind = Literal["document", "clinic", "safety"]
Status = Literal["pending", "approved"]

NOWHERE = Place(file="", line=0)


class Clinic(Struct, frozen=True, kw_only=True):
    """How to reach the clinic; the only place that telephone numbers come from."""

    name: str
    phone: str
    hours: str
    after_hours: str
    emergency_number: str
    crisis_line: str
    poison_help: str
    danger_line: str
    portal: str
    demo: bool  #: true while this is the placeholder that ships
    report: str = ""  #: address for reporting a wrong answer
    slack_audience: Audience = "everyone"  #: whom the bot answers in Slack

    def slots(self) -> dict[str, str]:
        """What `{clinic.phone}` and its like stand for."""
        names = (
            "name",
            "phone",
            "hours",
            "after_hours",
            "emergency_number",
            "crisis_line",
            "poison_help",
            "danger_line",
            "portal",
            "report",
        )
        return {f"{{clinic.{name}}}": str(getattr(self, name)) for name in names}


class Source(Struct, frozen=True, kw_only=True):
    id: str
    kind: SourceKind
    title: str
    publisher: str
    file: str  #: name of the text file, empty for kinds other than document
    sha256: str
    headings: Mapping[
        str, tuple[int, int]
    ]  #: heading -> first and last line, 1-based, both included
    place: Place = NOWHERE


class Citation(Struct, frozen=True, kw_only=True):
    source: str
    heading: str


class Sentence(Struct, frozen=True, kw_only=True):
    text: str
    citations: tuple[Citation, ...]
    place: Place = NOWHERE


class Review(Struct, frozen=True, kw_only=True):
    status: Status
    by: str | None
    on: str | None
    due: str | None


class Entry(Struct, frozen=True, kw_only=True):
    """One curated question with its answer."""

    id: str
    group: str
    question: str
    answer: tuple[Sentence, ...]
    disagreement: tuple[Sentence, ...]
    risk: Risk
    audience: str
    review: Review
    must_find: tuple[str, ...]  #: questions this entry must answer
    must_not_find: tuple[str, ...]  #: questions it must leave to another entry
    place: Place = NOWHERE

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.answer + self.disagreement


class Example(Struct, frozen=True, kw_only=True):
    """One way to ask, or one message of a bank."""

    text: str
    label: str  #: entry id, concept id, kind or intent
    style: str = ""
    place: Place = NOWHERE


class Concept(Struct, frozen=True, kw_only=True):
    """One red flag."""

    id: str
    tier: Tier
    name: str
    say: str  #: in the reader's words, after "if you have ..."
    say_es: str
    source: str
    reply: str  #: ending of a wording of its own in replies.yaml ("crisis"), or empty
    ignores: tuple[
        str, ...
    ]  #: kinds of modifiers that do not reach it ("chronic": a headache on standing is new)
    patterns: tuple[str, ...]
    patterns_es: tuple[str, ...]
    misspellings: Mapping[str, str]
    must_be_present: tuple[str, ...]
    must_be_conditional: tuple[str, ...]
    must_be_silent: tuple[str, ...]
    place: Place = NOWHERE


class ModifierGroup(Struct, frozen=True, kw_only=True):
    kind: Kind
    direction: Direction
    max_scope: int
    ended_by: tuple[str, ...]
    next_sentence: bool
    patterns: tuple[str, ...]
    place: Place = NOWHERE


class TriageKnowledge(Struct, frozen=True, kw_only=True):
    classes: Mapping[str, tuple[str, ...]]
    concepts: tuple[Concept, ...]
    terminators: tuple[str, ...]
    clause_words: tuple[str, ...]
    onset: tuple[str, ...]
    modifiers: tuple[ModifierGroup, ...]
    figurative: tuple[str, ...]
    continuations: tuple[str, ...]
    not_continuations: tuple[str, ...]
    not_continuation_starts: tuple[str, ...]
    never_repaired: tuple[str, ...]


class LanguageKnowledge(Struct, frozen=True, kw_only=True):
    synonyms: Mapping[str, tuple[str, ...]]  #: name of a meaning -> words and phrases that have it
    abbreviations: Mapping[str, str]
    protected: tuple[str, ...]  #: words that are never repaired
    emoji: Mapping[str, str]
    spanish_words: tuple[str, ...]
    other_languages: tuple[str, ...]  #: words of languages that nobody here reads
    question_words: tuple[str, ...]  #: near the beginning of a part they make it a question
    question_starts: tuple[str, ...]  #: only as the first word they do
    follow_up: tuple[str, ...]  #: patterns that show a message leans on the one before
    personal: tuple[str, ...]  #: patterns of a request for a decision about one person
    complaints: tuple[str, ...]  #: words of a message that only tells of trouble


class Promise(Struct, frozen=True, kw_only=True):
    """A rate of harm that a threshold keeps at `most`, with 95 % confidence."""

    most: float  #: set by hand, 0..1
    count: int = 0  #: how often the harm came in cross-validation over the bank
    of: int = 0  #: messages that it could come in; 0 as long as nothing was measured

    @property
    def measured(self) -> str:
        return f"{self.count / self.of:.2%} of {self.of}" if self.of else "not measured"


class Tuning(Struct, frozen=True, kw_only=True):
    """Thresholds and calibration, as `mildbot evaluate --tune` writes them."""

    values: Mapping[str, float]
    measured: str
    promises: Mapping[str, Promise] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values[name]


class Knowledge(Struct, frozen=True, kw_only=True):
    """Everything under knowledge/, immutable."""

    clinic: Clinic
    sources: Mapping[str, Source]
    entries: tuple[Entry, ...]
    phrasings: tuple[Example, ...]
    out_of_scope: tuple[Example, ...]
    small_talk: tuple[Example, ...]
    flag_bank: tuple[Example, ...]
    ordinary_bank: tuple[Example, ...]
    triage: TriageKnowledge
    language: LanguageKnowledge
    replies: Mapping[str, str]
    tuning: Tuning
    digest: str = ""  #: sha256 of the files, hexadecimal
    extra: Mapping[str, str] = field(default_factory=dict)

    def entry(self, entry_id: str) -> Entry:
        """Raises `KeyError` for an unknown id."""
        return {e.id: e for e in self.entries}[entry_id]

"""All that a reply is made of, fitted and compiled: built once, shared, never changed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.knowledge.model import Entry, Knowledge
from bot.language.split import QuestionWords
from bot.retrieval.decide import Limits
from bot.retrieval.ranker import Ranker
from bot.triage.assess import Rules
from bot.triage.matching import PatternMatcher
from bot.triage.net import SecondNet


class Engine(Struct, frozen=True, kw_only=True):
    source: str  #: digest of the knowledge folder that it was built from
    knowledge: Knowledge
    entries: dict[str, Entry]
    ranker: Ranker
    rules: Rules
    net: SecondNet
    question_words: QuestionWords
    follow_up: PatternMatcher
    personal: PatternMatcher
    limits: Limits
    part_limits: Limits  #: for one part of a message that may ask two things
    talk_lead: float  #: least lead of small talk over everything else, in decision values
    #: least lead of "a decision about one person" over the best entry, in decision values
    personal_lead: float
    focus: float  #: weight of the asking sentences beside the whole message
    readable: float  #: least share of known words of a message that can be searched, 0..1
    carry: float  #: weight of the query before in a follow-up

    slots: Mapping[str, str]  #: "{clinic.phone}" -> what it stands for
    spanish: frozenset[str]  #: words by which a language shows
    other_languages: frozenset[str]
    complaints: frozenset[str]  #: words that only tell of trouble

    @property
    def version(self) -> str:
        return self.knowledge.digest[:12]

"""Fits everything for one knowledge version: feature space, ranker, second net, triage rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.index import Index, Progress, right_words
from bot.knowledge.model import Knowledge
from bot.language.normalise import normalise
from bot.language.tokens import sentences, words
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.corpus import fit_corpus
from bot.retrieval.features import FeatureSpace
from bot.retrieval.linear import Weights, fit_weights, pack
from bot.retrieval.ranker import count_words, ranker_on
from bot.retrieval.soften import Lender, fit_softened
from bot.retrieval.vectors import WordVectors
from bot.triage.assess import Rules, assess
from bot.triage.compile import compile_rules, compile_triage
from bot.triage.net import ORDINARY


def ranker_examples(knowledge: Knowledge) -> list[tuple[str, str]]:
    """What the ranker learns from: phrasings, questions by entry id, "oos:kind", "talk:intent"."""
    return [
        *((e.question, e.id) for e in knowledge.entries),
        *((x.text, x.label) for x in knowledge.phrasings),
        *((x.text, f"oos:{x.label}") for x in knowledge.out_of_scope),
        *((x.text, f"talk:{x.label}") for x in knowledge.small_talk),
    ]


_SHORTEST_SENTENCE = 3  #: words
_WORTH_A_PROCESS = 60_000_000  #: stored feature values times labels: a second's work
_IDLE_S = 5  #: until the process that helped to build ends
_MOST_ORDINARY = 40_000  #: messages; of more every second, third ... one, to bound the memory
_MAY_TELL_OF_SIGNS = frozenset(
    {"when-emergency", "when-to-call", "infection-signs", "personal", "other-medical"}
)


def net_examples(knowledge: Knowledge, vectors: WordVectors | None) -> list[tuple[str, str]]:
    """What the second net learns from: red flags by concept id, everything else as ordinary.

    People who ask when to call often tell what they have: such examples are ordinary only where
    the phrases find nothing present in them.
    """
    rules = compile_rules(
        knowledge.triage,
        abbreviations=knowledge.language.abbreviations,
        correct=right_words(knowledge, vectors),
    )
    banks = (
        knowledge.ordinary_bank,
        knowledge.phrasings,
        knowledge.out_of_scope,
        knowledge.small_talk,
    )
    every = [x for bank in banks for x in bank]
    some = every[:: 1 + len(every) // _MOST_ORDINARY]
    ordinary = [
        x for x in some if x.label not in _MAY_TELL_OF_SIGNS or _nothing_present(x.text, rules)
    ]
    texts = dict.fromkeys(part for x in ordinary for part in (x.text, *_sentences_of(x.text)))
    return [
        *((x.text, x.label) for x in knowledge.flag_bank),
        *((text, ORDINARY) for text in texts),
    ]


def _sentences_of(text: str) -> list[str]:
    """The sentences of a story.

    The net is asked about each by itself, so each has to be known as ordinary.
    """
    found = sentences(normalise(text))
    return [s for s in found if len(words(s)) >= _SHORTEST_SENTENCE] if len(found) > 1 else []


def _nothing_present(text: str, rules: Rules) -> bool:
    found = assess(text, rules)
    return found.context != "present" or found.tier not in ("emergency", "urgent")


def build(
    knowledge: Knowledge,
    vectors: WordVectors | None,
    progress: Progress = lambda step: None,
    *,
    lender: Lender | None = None,
) -> Index:
    """Fit everything. Needs scikit-learn; takes some 12 seconds on two cores.

    With a lender the entries are learnt from its soft labels too (many minutes), and the digest
    that replies name is another one: they are other replies.
    """
    asked, flagged = ranker_examples(knowledge), net_examples(knowledge, vectors)
    index = fit(asked, flagged, knowledge, vectors, progress)
    if lender is None:
        return index
    progress("asking the teacher")
    space = index.ranker.space
    model = fit_softened(
        [space.analyzer.tokens(text) for text, _ in asked],
        [label for _, label in asked],
        space=space,
        lender=lender,
    )
    variant = sha256(f"{knowledge.digest} teacher".encode()).hexdigest()
    return replace(
        index,
        knowledge=replace(index.knowledge, digest=variant),
        ranker=index.ranker.with_model(model),
    )


def fit(
    asked: Sequence[tuple[str, str]],
    flagged: Sequence[tuple[str, str]],
    knowledge: Knowledge,
    vectors: WordVectors | None,
    progress: Progress = lambda step: None,
) -> Index:
    """As `build`, on given examples: cross-validation leaves some out."""
    progress("reading the bank")
    bank = _read(asked, flagged, knowledge, vectors)
    progress("learning the entries and the red flags")
    learn_net = _learn_aside(bank.flagged, [label for _, label in flagged])
    ranker = ranker_on(
        bank.asked,
        asked,
        space=bank.space,
        words=bank.words,
        correct=knowledge.language.protected,
        calibration=Calibration.from_values(knowledge.tuning.values),
    )
    return Index(
        source=knowledge.digest,
        knowledge=for_replies(knowledge),
        triage=compile_triage(knowledge.triage),
        ranker=ranker,
        net=pack(learn_net(), bank.space),
    )


def _learn_aside(features: Any, labels: Sequence[str]) -> Callable[[], Weights]:
    """Begin to fit a linear model; call what comes back to have it.

    A large one is fitted in a process of its own. Two fits at a time in one process would make an
    index that differs from build to build: liblinear has one generator for all of it.
    """
    if features.nnz * len(set(labels)) < _WORTH_A_PROCESS:
        return lambda: fit_weights(features, labels)
    from joblib import Parallel, delayed

    aside = Parallel(n_jobs=2, return_as="generator", idle_worker_timeout=_IDLE_S)
    fitted = aside([delayed(fit_weights)(features, labels)])
    return lambda: next(fitted)


class _Bank(Struct, frozen=True, kw_only=True):
    """All examples in one feature space."""

    space: FeatureSpace
    words: Mapping[str, float]  #: word -> how many of the examples asked hold it
    asked: Any  #: features of the ranker's examples
    flagged: Any  #: features of the net's


def _read(
    asked: Sequence[tuple[str, str]],
    flagged: Sequence[tuple[str, str]],
    knowledge: Knowledge,
    vectors: WordVectors | None,
) -> _Bank:
    analyzer = Analyzer(knowledge.language.synonyms, knowledge.language.abbreviations)
    distinct = list(dict.fromkeys(text for text, _ in [*asked, *flagged]))
    corpus = fit_corpus(
        distinct,
        analyzer=analyzer,
        vectors=vectors,
        examples_a_label=len(asked) / len({label for _, label in asked}),
    )
    row = {text: at for at, text in enumerate(distinct)}
    rows = [row[text] for text, _ in asked]
    return _Bank(
        space=corpus.space,
        words=count_words(corpus.tokens[at] for at in rows),
        asked=corpus.features[rows],
        flagged=corpus.features[[row[text] for text, _ in flagged]],
    )


def for_replies(knowledge: Knowledge) -> Knowledge:
    """The knowledge without what is only needed for fitting and checking."""
    concepts = tuple(
        replace(
            c,
            patterns=(),
            patterns_es=(),
            misspellings={},
            must_be_present=(),
            must_be_conditional=(),
            must_be_silent=(),
        )
        for c in knowledge.triage.concepts
    )
    triage = replace(
        knowledge.triage, classes={}, concepts=concepts, modifiers=(), figurative=(), onset=()
    )
    return replace(
        knowledge,
        triage=triage,
        phrasings=(),
        out_of_scope=(),
        small_talk=(),
        flag_bank=(),
        ordinary_bank=(),
    )

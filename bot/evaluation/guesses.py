"""What the engine makes of messages of the bank that it never saw, fold by fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.bootstrap import assemble
from bot.dialogue.engine import Engine
from bot.dialogue.queries import understand
from bot.dialogue.reply import Memory
from bot.fitting import fit, net_examples, ranker_examples
from bot.knowledge.model import Knowledge
from bot.language.normalise import normalise
from bot.language.tokens import sentences
from bot.retrieval.calibration import Signals
from bot.retrieval.vectors import WordVectors
from bot.triage.assess import assess
from bot.triage.net import ORDINARY

FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One message of the bank, judged by an engine that never saw it."""

    label: str
    best: str
    offered: tuple[str, ...]
    signals: Signals
    personal_lead: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetGuess:
    label: str
    emergency: float  #: highest lead of an emergency over ordinary in any sentence or the whole
    urgent: float
    #: a phrase finds the concept (of a red flag) or an emergency now (of an ordinary message)
    by_phrase: bool


def guess_all(
    knowledge: Knowledge, vectors: WordVectors | None, progress: Callable[[str], None]
) -> tuple[list[Guess], list[NetGuess]]:
    """Guesses on every message of the bank, fold by fold: a minute or a few."""
    guesses: list[Guess] = []
    nets: list[NetGuess] = []
    for number in range(FOLDS):
        progress(f"fold {number + 1} of {FOLDS}")
        more, more_nets = guess_fold(number, knowledge, vectors)
        guesses += more
        nets += more_nets
    return guesses, nets


def guess_fold(
    number: int, knowledge: Knowledge, vectors: WordVectors | None
) -> tuple[list[Guess], list[NetGuess]]:
    """Guesses on every so-many-th message by an engine fitted without them."""
    asked, flagged = ranker_examples(knowledge), net_examples(knowledge, vectors)
    held = set(sorted({text for text, _ in [*asked, *flagged]})[number::FOLDS])
    index = fit(
        [x for x in asked if x[0] not in held],
        [x for x in flagged if x[0] not in held],
        knowledge,
        vectors,
    )
    engine = assemble(index)
    guesses = [
        _guess(t, label, engine)
        for t, label in asked
        if t in held and not label.startswith("talk:")
    ]
    nets = [_net_guess(t, label, engine) for t, label in flagged if t in held]
    return guesses, nets


def _guess(text: str, label: str, engine: Engine) -> Guess:
    ranking = understand(normalise(text), Memory(), engine, alone=True).rankings[0]
    return Guess(
        label=label,
        best=ranking.ranked[0].entry_id,
        offered=tuple(r.entry_id for r in ranking.ranked[:3]),
        signals=ranking.signals,
        personal_lead=ranking.decisions.get("oos:personal", 0.0) - ranking.signals.decision,
    )


def _net_guess(text: str, label: str, engine: Engine) -> NetGuess:
    clean = normalise(text)
    read = [engine.net.leads(engine.ranker.space.vector(s)) for s in {clean, *sentences(clean)}]
    return NetGuess(
        label=label,
        emergency=max(leads["emergency"][0] for leads in read),
        urgent=max(leads["urgent"][0] for leads in read),
        by_phrase=any(
            f.concept == label or label == ORDINARY
            for f in assess(text, engine.rules).flags
            if f.context == "present"
        ),
    )

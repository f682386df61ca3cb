"""The whole pure path: message and memory in, reply and new memory out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import assert_never, cast

from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.dialogue.last_resort import Contact, bare, contact_of, last_resort
from bot.dialogue.queries import Asked, understand
from bot.dialogue.reply import Escalation, Intent, Memory, Named, Reply, ReplyKind
from bot.dialogue.talk import Talk, listen
from bot.language.emoji import spell_out
from bot.language.normalise import normalise
from bot.language.split import asking_sentences
from bot.language.tokens import words
from bot.retrieval.decide import Abstain, Answer, Clarify, Limits, decide
from bot.retrieval.ranker import Ranking
from bot.triage.assess import assess
from bot.triage.flags import Assessment

_SHORTEST_DECISION = 3  #: words by which a wish for a decision can be known: not "yes"
NOTHING = Assessment(flags=())
NO_TALK = Talk()
NO_MEMORY = Memory()


class Found(Struct, frozen=True, kw_only=True):
    """What retrieval makes of a message."""

    asked: Asked | None = None  #: None when nothing was searched
    answered: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    unanswered: bool = False  #: a part of the message got neither
    talk: Talk = NO_TALK
    personal: bool = False
    complains: bool = False  #: of trouble, and asks nothing
    unreadable: bool = False

    @property
    def in_parts(self) -> bool:
        """Short queries that lean on each other or the message before: less sure by themselves."""
        return self.asked is not None and (self.asked.follow_up or len(self.asked.rankings) > 1)

    @property
    def rankings(self) -> tuple[Ranking, ...]:
        return self.asked.rankings if self.asked else ()


def respond(message: str, engine: Engine, memory: Memory = NO_MEMORY) -> tuple[Reply, Memory]:
    """One reply to one message, of any length or content, whatever breaks on the way."""
    try:
        assessment = _assess(message, engine, memory)
    except Exception:  # noqa: BLE001 - design.md: if triage raises, the reply is the urgent one
        return _triage_failed(engine), memory
    try:
        found = find(message, assessment, memory, engine)
        return _reply(found, assessment, engine), _remember(found, assessment, memory)
    except Exception:  # noqa: BLE001 - style.md: whatever fails after triage, its result is still sent
        found = Found(unreadable=True)
        return _unanswered(found, assessment, engine), _remember(found, assessment, memory)


def _assess(message: str, engine: Engine, memory: Memory) -> Assessment:
    """Triage; should the second net fail, an emergency that the phrases find is still sent."""
    try:
        return assess(message, engine.rules, net=engine.net, earlier=memory.flags)
    except Exception:
        by_phrases = assess(message, engine.rules, earlier=memory.flags)
        if (by_phrases.tier, by_phrases.context) == ("emergency", "present"):
            return by_phrases
        raise


# ---------------------------------------------------------------- what to answer
def find(message: str, assessment: Assessment, memory: Memory, engine: Engine) -> Found:
    """Small talk, rankings and decisions for a message."""
    text = spell_out(normalise(message), engine.knowledge.language.emoji)
    if not words(text):
        return Found(unreadable=True)
    talk = listen(text, engine)
    if not talk.rest:
        return Found(talk=talk, asked=understand(text, Memory(), engine))
    asked = understand(talk.rest, memory, engine)
    first = asked.rankings[0]
    personal = is_personal(first, talk.rest, engine)
    if talk.foreign or talk.spanish or (first.signals.known < engine.readable and not talk.intent):
        return Found(asked=asked, talk=talk, unreadable=True)
    complains = is_complaint(talk.rest, engine)
    found = Found(asked=asked, talk=talk, personal=personal, complains=complains)
    return _decide_all(found, assessment, engine)


def is_complaint(text: str, engine: Engine) -> bool:
    """Whether a text only tells of trouble: "my back hurts", and not "is it painful"."""
    tells = engine.complaints.issuperset(words(text))
    return tells and not asking_sentences(text, engine.question_words)


def is_personal(ranking: Ranking, text: str, engine: Engine) -> bool:
    """Whether a decision about one person is asked for: by phrase, or by likeness to examples."""
    if engine.personal.find(words(text)):
        return True
    if len(words(text)) < _SHORTEST_DECISION:
        return False
    lead = ranking.decisions.get("oos:personal", float("-inf")) - ranking.signals.decision
    return lead >= engine.personal_lead


def _decide_all(found: Found, assessment: Assessment, engine: Engine) -> Found:
    if (assessment.tier, assessment.context) == ("emergency", "present"):
        return found  # nothing may stand beside the instruction
    answered: list[str] = []
    suggested: list[str] = []
    unanswered = False
    limits = _limits(found, assessment, engine)
    for ranking in found.rankings:
        match decide(ranking.ranked, limits):
            case Answer(entry_id=entry_id):
                answered += [entry_id] if entry_id not in answered else []
            case Clarify(entry_ids=entry_ids):
                suggested += [i for i in entry_ids if i not in suggested]
            case Abstain():
                unanswered = True
            case never:
                assert_never(never)
    if found.personal:
        suggested = []  # a list of topics is no help to somebody who asks what to do
    return replace(
        found,
        answered=tuple(answered),
        suggested=tuple(i for i in suggested if i not in answered)[:3],
        unanswered=unanswered and bool(answered),
    )


def _limits(found: Found, assessment: Assessment, engine: Engine) -> Limits:
    """How sure an answer must be.

    Asked to decide about a listed concern ("should I stop my Eliquis"), with the instruction to
    call in front, what is known in general is worth showing at less certainty. Beside any other
    wish for a decision an answer must fit as well as a whole question's. "It hurts" by itself asks
    nothing: no answer is sure to be about it.
    """
    if found.complains:
        return Limits(answer=math.inf, clarify=engine.part_limits.clarify)
    if found.personal:
        listed = assessment.tier == "office_hours"
        return engine.part_limits if listed else engine.limits
    return engine.part_limits if found.in_parts else engine.limits


# ---------------------------------------------------------------- the reply
def _reply(found: Found, assessment: Assessment, engine: Engine) -> Reply:
    first = found.rankings[0] if found.rankings else None
    ranked = [r for ranking in found.rankings for r in ranking.ranked]
    scores = {r.entry_id: r.score for r in sorted(ranked, key=lambda r: r.score)}

    def named(ids: Sequence[str]) -> tuple[Named, ...]:
        return tuple(
            Named(id=i, question=engine.entries[i].question, score=scores.get(i, 0.0)) for i in ids
        )

    return Reply(
        kind=_kind(found, assessment),
        escalation=_escalation(assessment),
        entries=named(found.answered),
        suggestions=named(found.suggested),
        ranking=first.ranked[:5] if first else (),
        small_talk=cast("Intent | None", found.talk.intent),
        personal=found.personal,
        queries=tuple(r.query for r in found.rankings),
        repairs=tuple(pair for r in found.rankings for pair in r.repairs),
        text="\n\n".join(_paragraphs(found, assessment, engine)),
        knowledge=engine.version,
        rankings=found.rankings,
    )


def _kind(found: Found, assessment: Assessment) -> ReplyKind:
    if assessment.flags:
        return "escalation"
    if found.answered:
        return "answer"
    if found.suggested:
        return "clarify"
    if found.talk.intent and (not found.talk.rest or found.talk.intent == "human"):
        return "small_talk"
    return "out_of_scope"


def _escalation(assessment: Assessment) -> Escalation | None:
    if assessment.tier is None:
        return None
    return Escalation(tier=assessment.tier, context=assessment.context, flags=assessment.flags)


def _paragraphs(found: Found, assessment: Assessment, engine: Engine) -> list[str]:
    """Instruction first, then answers, then choices."""
    paragraphs = compose.escalation(assessment, engine, spanish=found.talk.spanish)
    emergency = (assessment.tier, assessment.context) == ("emergency", "present")
    if not emergency:
        paragraphs += _answers(found, assessment, engine)
    return paragraphs + _demo(engine)


def _demo(engine: Engine) -> list[str]:
    return [compose.say("demo", engine)] if engine.knowledge.clinic.demo else []


def _answers(found: Found, assessment: Assessment, engine: Engine) -> list[str]:
    paragraphs: list[str] = []
    kind = _kind(found, NOTHING)
    if found.personal:
        paragraphs.append(compose.say("personal_answer" if found.answered else "personal", engine))
    titled = len(found.answered) > 1
    paragraphs += [compose.answer(engine.entries[i], engine, titled=titled) for i in found.answered]
    if found.suggested:
        paragraphs.append(
            compose.choices(
                "clarify_part" if found.answered else "clarify", found.suggested, engine
            )
        )
    elif found.unanswered:
        paragraphs.append(compose.say("unanswered_part", engine))
    elif found.answered and not found.personal and not assessment.flags:
        paragraphs.append(compose.say("contact", engine))
    if kind == "small_talk" and found.talk.intent and not assessment.flags:
        paragraphs.append(compose.small_talk(found.talk.intent, engine))
    elif kind == "out_of_scope" and not assessment.flags and not found.personal:
        if found.talk.spanish:
            paragraphs += [
                compose.say("unreadable", engine),
                compose.say("contact_card_es", engine),
            ]
        else:
            paragraphs.append(
                compose.say("unreadable" if found.unreadable else "out_of_scope", engine)
            )
    elif found.talk.intent == "human" and not assessment.flags:
        paragraphs.append(compose.small_talk("human", engine))
    return paragraphs


# ---------------------------------------------------------------- when something fails
def _unanswered(found: Found, assessment: Assessment, engine: Engine) -> Reply:
    """What triage found, by replies.yaml; should that fail too, by the card in the code."""
    try:
        return _reply(found, assessment, engine)
    except Exception:  # noqa: BLE001 - there is nothing else left to say it with
        return _last_resort(_escalation(assessment), engine)


def _triage_failed(engine: Engine) -> Reply:
    urgent = Escalation(tier="urgent", context="present", flags=())
    try:
        text = "\n\n".join([compose.say("triage_failed", engine), *_demo(engine)])
        return bare(urgent, text, knowledge=engine.version)
    except Exception:  # noqa: BLE001 - there is nothing else left to say it with
        return _last_resort(urgent, engine)


def _last_resort(escalation: Escalation | None, engine: Engine) -> Reply:
    try:
        contact, version = contact_of(engine.knowledge.clinic), engine.version
    except Exception:  # noqa: BLE001 - an engine without a clinic still has an emergency number
        contact, version = Contact(), ""
    return last_resort(escalation, contact, knowledge=version)


# ---------------------------------------------------------------- memory
def _remember(found: Found, assessment: Assessment, memory: Memory) -> Memory:
    """Small talk and chatter leave the memory as it is; a new question or flag replaces it."""
    flags = assessment.flags or (memory.flags if not found.answered else ())
    if not found.rankings or (found.talk.intent and not found.talk.rest):
        return replace(memory, flags=flags)
    query = " ".join(r.query for r in found.rankings)
    if found.asked and found.asked.follow_up:
        entry = found.answered[:1]
        query = f"{memory.query} {query}"
        return Memory(entry_ids=found.answered or entry, flags=flags, query=query[-400:])
    return Memory(entry_ids=found.answered, flags=flags, query=query[:400])

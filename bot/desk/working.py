"""The worker's two steps: hold the oldest row of a conversation, and write what follows from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk import cards, codec, keys, saying, sending
from bot.desk.alerts import Wanted
from bot.desk.outcome import Outcome
from bot.desk.parts import Parts
from bot.desk.row import Row, Surroundings
from bot.desk.saying import Say
from bot.desk.thinking import make_safe, think
from bot.desk.values import ORDINARY, Answered, Delivery, Incoming
from bot.store import (
    alerts,
    inbox,
    interactions,
    outbox,
    purge,
    questions,
    surroundings,
)
from bot.store.errors import Conflict
from bot.store.interactions import Interaction
from bot.store.open import Connection
from bot.store.questions import Question
from bot.store.surroundings import Around

MEMORY = timedelta(minutes=30)


# ---------------------------------------------------------------- hold
def claim(conversation: str, parts: Parts, now: datetime) -> Row | None:
    """The oldest waiting row of a conversation, with what is known around it."""
    try:
        with parts.store.writing(durable=False) as tx:
            row = inbox.claim(tx, conversation, parts.lease(now))
            if row is None:
                return None
            incoming = codec.incoming_of(row.payload)
            around = _look(tx, conversation, incoming, parts, now)
    except Conflict:  # another process was faster by less than a statement
        return None
    return Row(
        id=row.id,
        conversation=conversation,
        incoming=incoming,
        attempts=row.attempts,
        around=_known(around),
    )


def _look(
    tx: Connection, conversation: str, incoming: Incoming, parts: Parts, now: datetime
) -> Around:
    return surroundings.look(
        tx,
        conversation,
        person=keys.person_hash(incoming.person.user_id, parts.key),
        channel=keys.channel_hash(incoming.place, parts.key),
        since=now - MEMORY,
        until=now + MEMORY,  # made before the clock was set back
    )


def _known(around: Around) -> Surroundings:
    return Surroundings(
        memory=codec.memory_of(around.memory),
        introduced=around.introduced,
        offered=around.offered,
        paused=around.paused,
        asker=around.asker,
        person_answers=around.person_answers,
        unsent=around.unsent,
    )


# ---------------------------------------------------------------- write
def answer(row: Row, parts: Parts, now: datetime) -> Answered:
    """Think, then write everything in one transaction; what can be sent at once."""
    outcome = _think(row, parts, now)
    with parts.store.writing() as tx:
        is_ours = inbox.finish(tx, row.id, by=parts.process, attempts=row.attempts, now=now)
        if not is_ours:  # it took too long, and another process answers
            return Answered()
        deliveries = _write(tx, row, outcome, parts, now)
    return Answered(
        deliveries=tuple(deliveries),
        reply=outcome.reply,
        interaction_id=outcome.interaction.id if outcome.interaction else None,
    )


def _think(row: Row, parts: Parts, now: datetime) -> Outcome:
    before = _before(row, parts)
    try:
        return think(row, parts, now, before=before)
    except Exception:  # noqa: BLE001 - whatever is wrong, the person is told whom to call
        return make_safe(row, parts, now)


def _before(row: Row, parts: Parts) -> list[str]:
    """Of an edit: the flags that were answered already."""
    message = keys.message_hash(row.incoming, parts.key)
    if row.incoming.kind != "edit" or message is None:
        return []
    with parts.store.reading() as tx:
        return interactions.concepts_of(tx, message)


def _write(
    tx: Connection, row: Row, outcome: Outcome, parts: Parts, now: datetime
) -> list[Delivery]:
    person = keys.person_hash(row.incoming.person.user_id, parts.key)
    if outcome.interaction is not None:
        interactions.add(tx, outcome.interaction)
    if outcome.memory is not None:
        memory = codec.memory_text(outcome.memory)
        surroundings.remember(tx, row.conversation, person=person, memory=memory, now=now)
    if outcome.thread and row.around.asker is None:
        human_at = now if outcome.only_flags else None
        surroundings.open_thread(tx, row.conversation, asker=person, now=now, human_at=human_at)
    _tidy(tx, row, outcome, person)
    said = _to_person(tx, row, outcome, parts, now)
    return [*said, *_to_staff(tx, row, outcome, person, parts, now)]


def _tidy(tx: Connection, row: Row, outcome: Outcome, person: str) -> None:
    """Feedback, "forget what I asked", and a message that was deleted."""
    if outcome.rated is not None:
        interactions.rate(tx, row.incoming.text, helpful=outcome.rated)
    if outcome.forgets:
        purge.forget_person(tx, person)
    if outcome.deletes is not None:
        gone = interactions.remove_message(tx, outcome.deletes)
        questions.remove_of(tx, gone)
        surroundings.forget_conversation(tx, row.conversation)
        alerts.forget_words(tx, row.conversation)


def _to_person(
    tx: Connection, row: Row, outcome: Outcome, parts: Parts, now: datetime
) -> list[Delivery]:
    said = [
        say
        for say in outcome.says
        if say.introduces is None or surroundings.introduce(tx, say.introduces, now=now)
    ]
    around = row.around
    aside = [_row(say, row.conversation + ":aside", outcome) for say in said if say.aside]
    rows = [_row(say, row.conversation, outcome) for say in said if not say.aside]
    return [
        *sending.enqueue(tx, rows, parts, now, idle=not around.unsent),
        *sending.enqueue(tx, aside, parts, now, idle=False),
    ]


def _row(say: Say, conversation: str, outcome: Outcome) -> outbox.New:
    return outbox.New(
        purpose=say.purpose,
        conversation=conversation,
        payload=codec.text_of(say.outgoing),
        priority=say.outgoing.priority,
        interaction_id=outcome.interaction.id if outcome.interaction else None,
    )


def _to_staff(
    tx: Connection, row: Row, outcome: Outcome, person: str, parts: Parts, now: datetime
) -> list[Delivery]:
    wanted = outcome.alert
    if outcome.question is not None and outcome.interaction is not None:
        wanted = _keep_question(tx, outcome.question, outcome.interaction, parts, now)
    if wanted is None:
        return []
    about = outcome.alert_user
    is_writer = about == row.incoming.person.user_id
    back = saying.addressed(row.incoming, priority=ORDINARY, private=False) if is_writer else None
    alert_id = cards.raise_alert(
        tx,
        wanted,
        row.incoming,
        parts,
        now,
        conversation=outcome.alert_conversation,
        user_id=about,
        user_hash=person if is_writer else keys.person_hash(about, parts.key),
        back=back,
    )
    return sending.next_of(tx, cards.staff_conversation(alert_id), parts, now)


def _keep_question(
    tx: Connection, text: str, interaction: Interaction, parts: Parts, now: datetime
) -> Wanted:
    question = Question(
        id=parts.new_id(),
        interaction_id=interaction.id,
        question=text,
        nearest=interaction.nearest,
        created_at=now,
        expires_at=now + parts.settings.keep_questions,
    )
    questions.add(tx, question)
    return Wanted(kind="unanswered", question_id=question.id)

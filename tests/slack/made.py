"""Small values for the Slack room: replies, cards, questions, with defaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.desk.values import AlertCard, Frame, QueueItem
from bot.dialogue.reply import Escalation, Named, Reply
from bot.triage.flags import Context, Tier

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)


def reply(**changes: Any) -> Reply:
    plain = Reply(
        kind="answer",
        escalation=None,
        entries=(Named(id="cost", question="What is MILD?", score=0.97),),
        suggestions=(),
        ranking=(),
        small_talk=None,
        personal=False,
        queries=("what is mild",),
        repairs=(),
        text="It treats a narrow spine.\nSources: Leaflet House\n\nCall Small Clinic at 555-0199.",
        knowledge="0123456789ab",
    )
    return replace(plain, **changes)


def escalation(tier: Tier = "emergency", context: Context = "present") -> Reply:
    return reply(
        kind="escalation",
        escalation=Escalation(tier=tier, context=context, flags=()),
        entries=(),
        text="EMERGENCY: Call 911 now.\nThen call Small Clinic at 555-0199.",
    )


def named(*ids: str) -> tuple[Named, ...]:
    return tuple(Named(id=i, question=f"What about {i} & more?", score=0.4) for i in ids)


def frame(**changes: Any) -> Frame:
    plain = Frame(interaction_id="i1", surface="dm", report="Wrong? Tell faq@clinic.example.")
    return replace(plain, **changes)


def card(**changes: Any) -> AlertCard:
    plain = AlertCard(
        id="a1",
        kind="flag",
        state="open",
        tier="emergency",
        signs=("new leg weakness",),
        words=("my leg went numb",),
        team_id="T1",
        user_id="U1",
        channel_id=None,
        message_ts=None,
        created_at=NOW,
        times=1,
    )
    return replace(plain, **changes)


def question(**changes: Any) -> QueueItem:
    plain = QueueItem(
        id="q1",
        question="does it work <for> cats & dogs?",
        state="open",
        created_at=NOW,
        expires_at=datetime(2026, 4, 3, 15, 30, tzinfo=UTC),
        staff_id=None,
        changed_at=None,
        nearest="What is MILD?",
    )
    return replace(plain, **changes)

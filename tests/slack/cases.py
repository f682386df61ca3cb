"""What the views must draw, by name; `python -m tests.slack.cases` writes the golden files anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.dialogue.lookup import LookedUp
from bot.slack.renderer import SlackRenderer
from bot.slack.views.home import home_view
from bot.slack.views.lookup import lookup_blocks
from tests.slack.made import NOW, card, escalation, frame, named, question, reply
from tests.small import small_engine

GOLDEN = Path(__file__).parent / "golden"
STAFF = "U9"
FOUND = LookedUp(
    id="cost",
    score=0.91,
    question="What is MILD?",
    answer="It treats a narrow spine. Call 555-0199.",
    disagreement="The documents differ.",
    sources=["Leaflet House: Going home", "Other: R&D <page>"],
    review="Not yet reviewed by a clinician.",
)


def renderer() -> SlackRenderer:
    return SlackRenderer(small_engine(), workspace_url="https://small.slack.com/")


def _reply(**changes: Any) -> Any:
    return asdict(renderer().reply(reply(**changes), frame()))


def _escalation(tier: Any, context: Any) -> Any:
    return asdict(renderer().reply(escalation(tier, context), frame()))


def _card(**changes: Any) -> Any:
    return asdict(renderer().card(card(**changes)))


CLAIMED = {"state": "claimed", "claimed_by": STAFF, "claimed_at": NOW}
UNANSWERED = {
    "kind": "unanswered",
    "tier": None,
    "signs": (),
    "words": (),
    "question_id": "q1",
    "question_state": "open",
    "nearest": "What is MILD?",
}

CASES: dict[str, Callable[[], Any]] = {
    "answer": _reply,
    "answer_for_staff": lambda: asdict(renderer().reply(reply(), frame(staff=True))),
    "clarify": lambda: _reply(
        kind="clarify", entries=(), suggestions=named("cost", "length"), text="WHICH"
    ),
    "out_of_scope": lambda: _reply(kind="out_of_scope", entries=(), text="NO ANSWER 555-0199"),
    "small_talk": lambda: _reply(
        kind="small_talk", entries=(), small_talk="greeting", text="HELLO"
    ),
    "emergency": lambda: _escalation("emergency", "present"),
    "urgent": lambda: _escalation("urgent", "present"),
    "conditional": lambda: _escalation("emergency", "conditional"),
    "sentence": lambda: asdict(renderer().sentence("Call <us> at 555-0199 & ask.", None)),
    "contact_card": lambda: asdict(renderer().sentence("Call us at 555-0199.", frame())),
    "card_open": _card,
    "card_in_channel": lambda: _card(channel_id="C1", message_ts="1700000000.000100", times=3),
    "card_claimed": lambda: _card(**CLAIMED),
    "card_closed": lambda: _card(
        **{**CLAIMED, "state": "closed"}, closed_by=STAFF, closed_at=NOW, user_id=None
    ),
    "card_told": lambda: _card(patient_told=True),
    "card_person": lambda: _card(kind="person", tier=None, signs=(), words=()),
    "card_unanswered": lambda: _card(**UNANSWERED),
    "again": lambda: asdict(renderer().again(card(), "Nobody has this yet.")),
    "lookup": lambda: lookup_blocks([FOUND, FOUND], small_engine()),
    "lookup_nothing": lambda: lookup_blocks([], small_engine()),
    "queue": lambda: asdict(
        renderer().queue(
            (question(), question(id="q2", state="claimed", staff_id=STAFF, changed_at=NOW))
        )
    ),
    "queue_empty": lambda: asdict(renderer().queue(())),
    "home": lambda: home_view(small_engine()),
    "home_group": lambda: home_view(small_engine(), group="basics"),
    "home_staff": lambda: home_view(small_engine(), queue=[question()]),
}


def as_text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    for path in GOLDEN.glob("*.json"):
        path.unlink()
    for name, make in CASES.items():
        (GOLDEN / f"{name}.json").write_text(as_text(make()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Unanswered questions: kept, claimed, answered, dismissed, drafted as entries."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.desk import Desk
from bot.desk.drafts import draft, entry_id
from bot.desk.values import Acted, QueueItem
from bot.knowledge.checks import check
from bot.knowledge.load import read
from tests.desk.made import (
    NURSE,
    PATIENT,
    SECOND_NURSE,
    START,
    UNKNOWN,
    Sent,
    later,
    message,
    talk,
)
from tests.knowledge.small import FILES, write_knowledge


def asked(desk: Desk, text: str = UNKNOWN) -> QueueItem:
    talk(desk, message(text))
    return desk.open_questions(START)[-1]


def act(desk: Desk, deed: str, item: QueueItem, staff: object = NURSE) -> Acted:
    """As if a button was pressed, and all that follows delivered."""
    acted: Acted = getattr(desk, f"{deed}_question")(item.id, staff, START)
    Sent(desk).take(acted.deliveries, START)
    return acted


def test_question_is_kept_redacted(desk: Desk) -> None:
    item = asked(desk, f"{UNKNOWN}? my name is Novak")

    assert item.question == f"{UNKNOWN}? my name is [name]"
    assert (item.state, item.created_at) == ("open", START)
    assert (item.expires_at - START).days == 30


@pytest.mark.parametrize(
    ("deed", "state", "card"),
    [
        ("claim", "claimed", "claimed"),
        ("answered", "answered", "closed"),
        ("dismiss", "dismissed", "closed"),
    ],
)
def test_question_and_its_card_move_together(deed: str, state: str, card: str, desk: Desk) -> None:
    item = asked(desk)

    acted = act(desk, deed, item)

    assert acted.item is not None
    assert acted.card is not None
    assert (acted.item.state, acted.item.staff_id) == (state, "UNURSE")
    assert (acted.card.state, acted.card.question_state) == (card, state)
    assert [d.outgoing.kind for d in acted.deliveries] == ["update"]


def test_only_one_claims_a_question(desk: Desk) -> None:
    item = asked(desk)
    act(desk, "claim", item)

    acted = act(desk, "claim", item, SECOND_NURSE)

    assert acted.problem == "taken"
    assert acted.item is not None
    assert acted.item.staff_id == "UNURSE"


def test_claimed_question_may_be_finished_by_a_colleague(desk: Desk) -> None:
    item = asked(desk)
    act(desk, "claim", item)

    assert act(desk, "answered", item, SECOND_NURSE).problem is None
    assert desk.open_questions(START) == ()


def test_finished_question_is_not_finished_again(desk: Desk) -> None:
    item = asked(desk)
    act(desk, "answered", item)

    assert act(desk, "dismiss", item).problem == "taken"
    assert act(desk, "answered", item).problem is None  # pressed twice


@pytest.mark.parametrize("deed", ["claim", "answered", "dismiss", "draft"])
def test_only_staff_work_on_questions(deed: str, desk: Desk) -> None:
    item = asked(desk)

    assert act(desk, deed, item, PATIENT).problem == "staff_only"
    assert [q.state for q in desk.open_questions(START)] == ["open"]


@pytest.mark.parametrize("deed", ["claim", "answered", "dismiss", "draft"])
def test_expired_question_is_gone(deed: str, desk: Desk) -> None:
    item = asked(desk)

    acted = getattr(desk, f"{deed}_question")(item.id, NURSE, later(31 * 86_400))

    assert acted.problem == "gone"


def test_patient_is_told_nothing_about_the_queue(desk: Desk) -> None:
    item = asked(desk)

    acted = desk.claim_question(item.id, NURSE, START)

    assert [d.purpose for d in acted.deliveries] == ["card_update"]


def test_open_questions_are_listed_oldest_first(desk: Desk) -> None:
    for number, text in enumerate((UNKNOWN, "what is the weather")):
        talk(desk, message(text), later(number))

    found = [item.question for item in desk.open_questions(later(5))]

    assert found == [UNKNOWN, "what is the weather"]


# ---------------------------------------------------------------- drafts
def test_drafted_entry_is_given_to_staff(desk: Desk) -> None:
    acted = act(desk, "draft", asked(desk))

    assert acted.draft.startswith("# Drafted from a question")
    assert desk.open_questions(START)[0].state == "open"


def filled(text: str) -> str:
    """A draft as somebody fills it in."""
    return text.replace("WRITE THE ANSWER HERE.", "Ask us. We will tell you.").replace(
        "WRITE A QUESTION THAT ANOTHER ENTRY ANSWERS", "What does it cost?"
    )


def test_filled_draft_is_an_entry_that_the_loader_takes(tmp_path: Path) -> None:
    entry = filled(draft("Can I swim in the sea?"))
    sources = FILES["sources.yaml"] + (
        "- id: clinic\n  kind: clinic\n  title: Clinic\n  publisher: the clinic\n"
        "  headings:\n    answers by staff: null\n"
    )
    files = {"entries/choosing.yaml": entry, "sources.yaml": sources}

    knowledge, problems = read(write_knowledge(tmp_path, files))

    added = knowledge.entry("swim-sea")
    assert problems == ()
    assert (added.question, added.review.status) == ("Can I swim in the sea?", "pending")
    assert [c.source for c in added.answer[0].citations] == ["clinic"]
    told = [p.what for p in check(knowledge) if "swim-sea" in p.what]
    assert told == ['"swim-sea" has 0 phrasings']


def test_draft_may_cite_what_the_shipped_sources_hold() -> None:
    root = Path(__file__).parents[2]
    sources = yaml.safe_load((root / "knowledge/sources.yaml").read_text(encoding="utf-8"))
    headings = next(source["headings"] for source in sources if source["id"] == "clinic")

    (entry,) = yaml.safe_load(draft("Can I swim?"))

    assert entry["answer"][0]["cite"] == {"clinic": ["answers by staff"]}
    assert "answers by staff" in headings


@settings(derandomize=True, max_examples=200, deadline=None)
@given(text=st.text(max_size=80))
def test_any_question_makes_readable_yaml(text: str) -> None:
    (entry,) = yaml.safe_load(draft(text))

    assert entry["review"]["status"] == "pending"
    assert isinstance(entry["question"], str)
    assert entry["tests"]["find"] == [entry["question"]]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When can I swim in the sea?", "swim-sea"),
        ("my name is [name], can I dance", "name-dance"),
        ("???", "new-question"),
        ("is it", "is-it"),
        ("one two three four five six seven", "one-two-three-four-five"),
    ],
)
def test_id_says_what_it_is_about(question: str, expected: str) -> None:
    assert entry_id(question) == expected

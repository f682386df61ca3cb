"""The knowledge that ships: passes every check and its own tests, and holds what it must hold."""

from __future__ import annotations

import re
from collections import Counter
from operator import attrgetter
from pathlib import Path

import pytest

from bot.api import Bot
from bot.evaluation.selftest import check_own_tests
from bot.knowledge.checks import check
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from tests.conftest import KNOWLEDGE
from tests.rows import Row, rows

FILES = sorted(path.relative_to(KNOWLEDGE).as_posix() for path in KNOWLEDGE.rglob("*.yaml"))
# The number printed in one of the documents belongs to another practice and must never be shown.
FOREIGN = re.compile(r"480\W{0,3}573\W{0,3}0130|573\W{0,3}0130")
TEN_DIGITS = re.compile(
    r"(?<!\d)\(?\d{3}\)?[\s./\u2010-\u2014-]{0,3}\d{3}[\s./\u2010-\u2014-]{0,3}\d{4}(?!\d)"
)
INTENTS = {"greeting", "thanks", "goodbye", "identity", "help", "human"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(KNOWLEDGE)


# ---------------------------------------------------------------- checks
def test_no_check_finds_a_problem(knowledge: Knowledge) -> None:
    problems = [str(p) for p in check(knowledge) if not p.warning]

    assert problems == []


def test_every_entry_and_red_flag_passes_its_own_tests(bot: Bot) -> None:
    problems = [str(p) for p in check_own_tests(bot.engine.knowledge, bot.engine)]

    assert problems == []


# ---------------------------------------------------------------- entries
@pytest.mark.parametrize("row", rows("topics.yaml"), ids=attrgetter("group"))
def test_group_holds_its_entries(row: Row, knowledge: Knowledge) -> None:
    ids = {e.id for e in knowledge.entries if e.group == row.group}

    assert set(row.ids) <= ids, row.place


def test_at_least_79_entries_ship(knowledge: Knowledge) -> None:
    wanted = [entry_id for row in rows("topics.yaml") for entry_id in row.ids]

    assert len(set(wanted)) == 79
    assert len(knowledge.entries) >= 79


def test_every_entry_has_at_least_20_phrasings(knowledge: Knowledge) -> None:
    counts = Counter(x.label for x in knowledge.phrasings)

    assert [e.id for e in knowledge.entries if counts[e.id] < 20] == []


def test_every_answer_has_a_sentence(knowledge: Knowledge) -> None:
    assert [e.id for e in knowledge.entries if not e.answer] == []


def test_entries_that_nobody_reviewed_say_so(knowledge: Knowledge) -> None:
    unsigned = [e for e in knowledge.entries if not (e.review.by and e.review.on)]

    assert {e.review.status for e in unsigned} <= {"pending"}


# ---------------------------------------------------------------- banks
def test_at_least_500_messages_are_out_of_scope(knowledge: Knowledge) -> None:
    assert len({x.text for x in knowledge.out_of_scope}) >= 500


def test_small_talk_has_its_six_intents(knowledge: Knowledge) -> None:
    assert {x.label for x in knowledge.small_talk} == INTENTS


@pytest.mark.parametrize(("tier", "least"), [("emergency", 40), ("urgent", 25)])
def test_every_red_flag_has_its_messages(tier: str, least: int, knowledge: Knowledge) -> None:
    counts = Counter(x.label for x in knowledge.flag_bank)

    concepts = [c.id for c in knowledge.triage.concepts if c.tier == tier]

    assert concepts
    assert [c for c in concepts if counts[c] < least] == []


def test_no_message_of_a_bank_is_empty(knowledge: Knowledge) -> None:
    banks = (
        *knowledge.phrasings,
        *knowledge.out_of_scope,
        *knowledge.small_talk,
        *knowledge.flag_bank,
        *knowledge.ordinary_bank,
    )

    assert [str(x.place) for x in banks if not x.text.strip()] == []


# ---------------------------------------------------------------- telephone numbers
@pytest.mark.parametrize("name", FILES)
def test_number_of_another_practice_is_nowhere(name: str) -> None:
    text = Path(KNOWLEDGE / name).read_text(encoding="utf-8")

    assert FOREIGN.findall(text) == []


def test_no_text_a_patient_reads_holds_a_telephone_number(knowledge: Knowledge) -> None:
    texts = [
        *(e.question for e in knowledge.entries),
        *(s.text for e in knowledge.entries for s in e.sentences),
        *(c.say for c in knowledge.triage.concepts),
        *(c.say_es for c in knowledge.triage.concepts),
        *knowledge.replies.values(),
    ]

    assert [text for text in texts if TEN_DIGITS.search(text)] == []


def test_clinic_that_ships_is_marked_as_a_placeholder(knowledge: Knowledge) -> None:
    assert knowledge.clinic.demo is True
    assert knowledge.clinic.phone.startswith("555-01")

"""The shipped rules, row by row, and the laws that hold for every row and any text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.assess import Rules, assess
from bot.triage.flags import TIERS, Assessment
from tests.rows import Row, rows, said

ROWS = rows("triage.yaml")
PRESENT = [row.say for row in ROWS if row.context == "present"]
FLAGGED = [row.say for row in ROWS if row.context]
EMERGENCIES = [f"E{number:02}" for number in range(1, 23)]

BEFORE = [
    "Hello.",
    "Good morning!",
    "Hi there,",
    "Hola,",
    "Perdón,",
    "Thank you for all you do.",
    "Sorry to bother you.",
    "I hate to ask.",
    "No rush.",
    "No hurry, but",
    "Not urgent.",
    "This is not an emergency.",
    "It's probably nothing.",
    "It's probably nothing but",
    "I don't want to make a fuss.",
    "I don't think it matters, but",
    "My husband says it's fine.",
    "I am sure it's normal.",
    "Maybe I'm imagining things,",
    "I never complain.",
    "Quick question,",
    "I have a question about my bill.",
    "How much does it cost?",
    "Does Medicare pay for it?",
    "Is there parking?",
    "I had my procedure on Tuesday.",
]
AFTER = [
    "Thank you!",
    "Gracias.",
    "God bless.",
    "Have a nice day.",
    "lol",
    "No rush.",
    "It can wait.",
    "No worries.",
    "Not a big deal.",
    "It's probably nothing.",
    "I'm sure it's nothing.",
    "I don't want to make a fuss.",
    "My wife says it's fine.",
    "Sorry to bother you.",
    "Please advise.",
    "I live alone.",
    "I do not have a car.",
    "How much does it cost?",
    "Do you take Medicare?",
    "When can I drive?",
    "What is the phone number?",
]
LONG = {
    "one symptom": "my leg is numb ",
    "one symptom a sentence": "My leg is numb. ",
    "negations": "no fever ",
    "suppositions": "if ",
    "pain": "chest pain, ",
    "one letter": "a",
    "emoji": "😭",
    "invisible": "\u200b",
    "apostrophes": "'",
    "tags": "<b>",
    "Spanish": "no puedo ",
    "numbers": "2015 ",
}
PIECES = st.sampled_from(
    [
        *[
            "I",
            "can't",
            "feel",
            "my",
            "leg",
            "groin",
            "numb",
            "chest",
            "pain",
            "fever",
            "pus",
            "blood",
        ],
        *[
            "no",
            "not",
            "if",
            "but",
            "since",
            "for",
            "years",
            "2015",
            "ten",
            "worse",
            "normal",
            "sin",
        ],
        *[",", ".", "?", "!", "-", "\n", "'", "\u200b", "<", ">", "&", "😭"],
    ]
)


def urgency(found: Assessment) -> tuple[int, bool]:
    """The pair that decides, higher is more urgent: tier, then present before conditional."""
    return (-TIERS.index(found.tier) if found.tier else -len(TIERS), found.context == "present")


def sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


@pytest.fixture(scope="session")
def alone(rules: Rules) -> dict[str, tuple[int, bool]]:
    """How urgent every flagged row is by itself."""
    return {say: urgency(assess(say, rules)) for say in FLAGGED}


# ---------------------------------------------------------------- the table
@pytest.mark.parametrize("row", ROWS, ids=said)
def test_triage(row: Row, rules: Rules) -> None:
    found = assess(row.say, rules)

    context = found.context if found.flags else None
    assert (found.tier, context) == (row.tier, row.context), row.place
    assert {flag.concept for flag in found.leading} >= set(row.flags), row.place


@pytest.mark.parametrize("row", [row for row in ROWS if row.get("conditional")], ids=said)
def test_what_is_only_spoken_of_stays_conditional_beside_what_is_there(
    row: Row, rules: Rules
) -> None:
    found = assess(row.say, rules)

    spoken_of = {flag.concept for flag in found.flags if flag.context == "conditional"}
    assert spoken_of >= set(row.conditional), row.place


@pytest.mark.parametrize("row", [row for row in ROWS if row.tier is None], ids=said)
def test_an_ordinary_message_has_no_flag(row: Row, rules: Rules) -> None:
    found = assess(row.say, rules)

    assert found.flags == (), row.place


@pytest.mark.parametrize("concept", EMERGENCIES)
def test_the_table_has_every_emergency_there_now(concept: str) -> None:
    of_concept = [row.say for row in ROWS if row.context == "present" and concept in row.flags]

    assert of_concept


# ---------------------------------------------------------------- laws over the table
@pytest.mark.parametrize("said_before", BEFORE)
def test_nothing_polite_or_small_said_before_lowers(
    said_before: str, rules: Rules, alone: dict[str, tuple[int, bool]]
) -> None:
    lowered = [
        say for say in FLAGGED if urgency(assess(f"{said_before} {say}", rules)) < alone[say]
    ]

    assert lowered == []


@pytest.mark.parametrize("said_after", AFTER)
def test_nothing_polite_or_small_said_after_lowers(
    said_after: str, rules: Rules, alone: dict[str, tuple[int, bool]]
) -> None:
    lowered = [
        say
        for say in FLAGGED
        if urgency(assess(f"{sentence(say)} {said_after}", rules)) < alone[say]
    ]

    assert lowered == []


@pytest.mark.parametrize("first", PRESENT)
def test_two_messages_as_two_sentences_are_never_less_urgent_than_either(
    first: str, rules: Rules, alone: dict[str, tuple[int, bool]]
) -> None:
    lowered = [
        second
        for second in PRESENT
        if urgency(assess(f"{sentence(first)} {second}", rules)) < max(alone[first], alone[second])
    ]

    assert lowered == []


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase], ids=lambda f: f.__name__)
def test_capitals_change_nothing(change: Callable[[str], str], rules: Rules) -> None:
    changed = [
        say
        for say in FLAGGED
        if "&" not in say and assess(change(say), rules) != assess(say, rules)
    ]

    assert changed == []


def test_the_same_message_has_the_same_assessment(rules: Rules) -> None:
    first = [assess(say, rules) for say in FLAGGED]
    second = [assess(say, rules) for say in reversed(FLAGGED)]

    assert first == second[::-1]


# ---------------------------------------------------------------- any text
@given(text=st.text(st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_text_raises(text: str, rules: Rules) -> None:
    found = assess(text, rules)

    assert found.tier is None or found.flags


@given(pieces=st.lists(PIECES, max_size=60))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_jumble_of_red_flag_words_raises(pieces: list[str], rules: Rules) -> None:
    found = assess(" ".join(pieces), rules)

    assert len({flag.concept for flag in found.flags}) == len(found.flags)


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_forty_thousand_characters_are_assessed(piece: str, rules: Rules) -> None:
    text = (piece * 40_000)[:40_000]

    found = assess(text, rules)

    assert len({flag.concept for flag in found.flags}) == len(found.flags)


def test_a_flag_at_the_end_of_a_very_long_message_is_found(rules: Rules) -> None:
    story = "We drove to the lake and had lunch there. " * 950

    found = assess(story + "Also my throat is closing up.", rules)

    assert (found.tier, found.context) == ("emergency", "present")

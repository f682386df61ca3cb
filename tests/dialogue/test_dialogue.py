"""Dialogues through the shipped bot: each row of cases/dialogue.yaml, and laws over them all."""

from __future__ import annotations

import json
import re

import pytest

from bot.api import Bot
from bot.dialogue.reply import Reply
from tests.rows import Row, rows, said

ROWS = rows("dialogue.yaml")
NOT_OURS = "4805730130"  #: the number of a clinic in one of the documents: nobody may be sent there


def ask(row: Row, bot: Bot) -> Reply:
    return bot.reply(row.say, history=row.get("history", ()))


def urgency(reply: Reply) -> list[str] | None:
    return [reply.escalation.tier, reply.escalation.context] if reply.escalation else None


every_row = pytest.mark.parametrize("row", ROWS, ids=said)


@every_row
def test_dialogue(row: Row, bot: Bot) -> None:
    reply = ask(row, bot)

    found = (reply.kind, [e.id for e in reply.entries], reply.small_talk, reply.personal)
    expected = (row.kind, row.get("entries", []), row.get("small_talk"), row.get("personal", False))
    assert (found, urgency(reply)) == (expected, row.get("escalation")), row.place


@every_row
def test_a_reply_says_something_and_says_where_to_turn(row: Row, bot: Bot) -> None:
    reply = ask(row, bot)

    assert reply.text.strip(), row.place
    assert "{" not in reply.text, row.place


@every_row
def test_the_telephone_number_of_another_clinic_is_never_said(row: Row, bot: Bot) -> None:
    reply = ask(row, bot)

    assert NOT_OURS not in re.sub(r"\D", "", reply.text), row.place


@every_row
def test_a_reply_is_plain_json(row: Row, bot: Bot) -> None:
    reply = ask(row, bot)

    assert json.loads(json.dumps(reply.as_json()))["text"] == reply.text, row.place


@every_row
def test_a_ranking_falls_and_holds_five_at_the_most(row: Row, bot: Bot) -> None:
    scores = [r.score for r in ask(row, bot).ranking]

    assert scores == sorted(scores, reverse=True), row.place
    assert len(scores) <= 5, row.place


@every_row
def test_the_same_message_gets_the_same_reply(row: Row, bot: Bot) -> None:
    assert ask(row, bot).as_json() == ask(row, bot).as_json(), row.place


@pytest.mark.parametrize("row", [r for r in ROWS if r.get("entries")], ids=said)
def test_an_answer_names_its_sources_and_the_telephone(row: Row, bot: Bot) -> None:
    text = ask(row, bot).text

    assert text.count("\nSources: ") == len(row.entries), row.place
    assert bot.engine.knowledge.clinic.phone in text, row.place


@pytest.mark.parametrize("row", [r for r in ROWS if r.kind == "clarify"], ids=said)
def test_two_or_three_choices_are_offered_by_name(row: Row, bot: Bot) -> None:
    reply = ask(row, bot)

    questions = [choice.question for choice in reply.suggestions]
    assert 2 <= len(questions) <= 3, row.place
    assert all(f"- {question}" in reply.text for question in questions), row.place


@pytest.mark.parametrize("row", [r for r in ROWS if r.get("escalation")], ids=said)
def test_an_escalation_names_the_telephone_of_the_clinic(row: Row, bot: Bot) -> None:
    assert bot.engine.knowledge.clinic.phone in ask(row, bot).text, row.place


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.get("escalation") == ["emergency", "present"]], ids=said
)
def test_an_emergency_says_the_emergency_number_first_and_answers_nothing(
    row: Row, bot: Bot
) -> None:
    reply = ask(row, bot)

    assert reply.text.startswith("EMERGENCY: "), row.place
    assert reply.text.index("911") < reply.text.index(bot.engine.knowledge.clinic.phone), row.place
    assert "Sources: " not in reply.text, row.place
    assert reply.suggestions == (), row.place


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if r.get("escalation") and r.escalation[1] == "present" and r.get("entries")],
    ids=said,
)
def test_the_instruction_comes_before_the_answer(row: Row, bot: Bot) -> None:
    text = ask(row, bot).text

    assert text.startswith(("CALL US NOW: ", "PLEASE CALL US: ")), row.place
    assert text.index("CALL US") < text.index("Sources: "), row.place


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.get("escalation") and r.escalation[1] == "conditional"], ids=said
)
def test_a_conditional_reply_begins_with_if(row: Row, bot: Bot) -> None:
    text = ask(row, bot).text

    assert text.startswith("If "), row.place
    assert text.index("If ") < text.index("Sources: "), row.place


@pytest.mark.parametrize("row", [r for r in ROWS if r.get("personal")], ids=said)
def test_a_personal_decision_is_left_to_the_clinic(row: Row, bot: Bot) -> None:
    assert "I cannot decide that for you." in ask(row, bot).text, row.place


# ---------------------------------------------------------------- Spanish
@pytest.mark.parametrize("say", ["No puedo respirar", "no siento las piernas"])
def test_a_spanish_emergency_is_answered_in_both_languages(say: str, bot: Bot) -> None:
    text = bot.reply(say).text

    assert text.startswith("EMERGENCY: Call 911")
    assert text.index("EMERGENCY: ") < text.index("EMERGENCIA: Llame al 911")


@pytest.mark.parametrize(
    "say", ["¿Cuánto cuesta el procedimiento?", "¿Cuándo puedo manejar mi coche?"]
)
def test_a_spanish_question_gets_the_contact_card(say: str, bot: Bot) -> None:
    text = bot.reply(say).text

    assert "No entiendo español todavía." in text
    assert text.count(bot.engine.knowledge.clinic.phone) == 2


def test_an_english_emergency_is_not_answered_in_spanish(bot: Bot) -> None:
    assert "EMERGENCIA" not in bot.reply("I can't breathe").text


# ---------------------------------------------------------------- long and strange messages
LONG = {
    "one word": "x" * 40_000,
    "many words": "word " * 8_000,
    "many sentences": "Hi. " * 10_000,
    "many lines": "pain\n" * 8_000,
    "many questions": "When can I drive? " * 2_300,
    "many parts": "a and b? " * 4_400,
    "only emoji": "🙂" * 40_000,
    "only marks": "?" * 40_000,
    "open tags": "<a " * 13_000,
    "escapes": "&amp;" * 8_000,
    "right to left": "מתי אפשר לנהוג " * 2_600,
    "control characters": "\x00\x07\x1b" * 13_000,
    "half a surrogate": "\ud800" * 40_000,
}


@pytest.mark.parametrize("name", LONG)
def test_forty_thousand_characters_get_one_reply(name: str, bot: Bot) -> None:
    reply = bot.reply(LONG[name])

    assert isinstance(reply, Reply)
    assert reply.text


def test_an_emergency_at_the_beginning_of_a_long_message_is_found(bot: Bot) -> None:
    reply = bot.reply("I can't feel my legs. " + "The garden was nice today. " * 1_500)

    assert urgency(reply) == ["emergency", "present"]


def test_an_emergency_in_the_middle_of_a_long_message_is_found(bot: Bot) -> None:
    story = "The garden was nice today. " * 700

    reply = bot.reply(f"{story} I can't feel my legs. {story}")

    assert urgency(reply) == ["emergency", "present"]


def test_a_question_at_the_end_of_a_long_message_is_answered(bot: Bot) -> None:
    reply = bot.reply("The garden was nice today. " * 1_400 + "When can I drive again?")

    assert [e.id for e in reply.entries] == ["driving-after"]


# ---------------------------------------------------------------- every entry
def test_no_answer_names_the_number_of_another_clinic(bot: Bot) -> None:
    texts = [s.text for e in bot.engine.knowledge.entries for s in e.sentences]

    digits = [re.sub(r"\D", "", text) for text in [*texts, *bot.engine.knowledge.replies.values()]]

    assert [d for d in digits if NOT_OURS in d or "5730130" in d] == []


@pytest.mark.parametrize(
    "say",
    ["Wann darf ich wieder Auto fahren?", "Quand puis-je conduire ?", "Когда я могу ехать?"],
)
def test_a_message_in_another_language_gets_the_contact_card(say: str, bot: Bot) -> None:
    reply = bot.reply(say)

    assert reply.kind == "out_of_scope"
    assert "I could not read that." in reply.text
    assert bot.engine.knowledge.clinic.phone in reply.text

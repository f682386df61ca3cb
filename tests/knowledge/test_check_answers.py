"""What a reader sees: each check has a knowledge that fails it and one that passes."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from bot.knowledge import check_answers as checks
from tests.knowledge.small import (
    at,
    concept,
    entry,
    found,
    knowledge,
    sentence,
    source,
    triage,
)


# ---------------------------------------------------------------- citations
def test_sentence_that_cites_a_section_passes() -> None:
    assert found(checks.check_citations, knowledge()) == []


def test_sentence_that_cites_nothing_is_a_problem() -> None:
    made = knowledge(entries=(entry(answer=(sentence(cites=()),)),))

    assert found(checks.check_citations, made) == ['4: a sentence of "going-home" cites nothing']


def test_disagreement_must_cite_too() -> None:
    made = knowledge(entries=(entry(disagreement=(sentence(cites=(), line=9),)),))

    assert found(checks.check_citations, made) == ['9: a sentence of "going-home" cites nothing']


def test_unknown_source_suggests_the_nearest() -> None:
    made = knowledge(entries=(entry(answer=(sentence(cites=(("leaflt", "Going home"),)),)),))

    problems = list(checks.check_citations(made))

    assert [(p.what, p.fix) for p in problems] == [
        (
            'entry "going-home" cites "leaflt", which is not a known source',
            'write "leaflet", or list it in sources.yaml',
        )
    ]


def test_unknown_heading_suggests_the_nearest() -> None:
    made = knowledge(entries=(entry(answer=(sentence(cites=(("leaflet", "Go home"),)),)),))

    problems = list(checks.check_citations(made))

    assert [(p.what, p.fix) for p in problems] == [
        ('"leaflet" has no heading "Go home"', 'write "Going home"')
    ]


def test_recovery_entry_may_cite_the_red_flag_list() -> None:
    made = knowledge(
        entries=(entry("right-after", answer=(sentence(cites=(("guidance", "Going home"),)),)),)
    )

    assert found(checks.check_citations, made) == []


def test_other_entry_may_not_cite_the_red_flag_list() -> None:
    made = knowledge(
        entries=(entry("cost", answer=(sentence(cites=(("guidance", "Going home"),)),)),)
    )

    assert found(checks.check_citations, made) == ['4: entry "cost" cites the red-flag list']


# ---------------------------------------------------------------- reading level
HARD = "Subsequent rehabilitation necessitates individualized multidisciplinary evaluation."


def test_plain_answer_passes() -> None:
    assert found(checks.check_reading_level, knowledge()) == []


def test_answer_above_grade_eight_is_a_problem_of_its_entry() -> None:
    made = knowledge(entries=(entry(answer=(sentence(HARD),), place=at(30)),))

    problems = list(checks.check_reading_level(made))

    assert [(p.place.line, p.warning) for p in problems] == [(30, False)]
    assert problems[0].what.startswith('the answer of "going-home" reads at grade ')


def test_disagreement_counts_for_the_reading_level() -> None:
    made = knowledge(entries=(entry(disagreement=(sentence(HARD),)),))

    assert len(found(checks.check_reading_level, made)) == 1


def test_words_of_the_glossary_do_not_count_as_hard() -> None:
    text = "The procedure is for lumbar stenosis. The incision is small. The anesthetic is local."
    made = knowledge(entries=(entry(answer=(sentence(text),)),))

    assert found(checks.check_reading_level, made) == []


LONG = (
    "You go home and you rest and you walk a bit and then you eat and you sleep and you get up"
    " and you go for a walk again"
)


def test_sentence_of_more_than_25_words_is_a_warning() -> None:
    made = knowledge(entries=(entry(answer=(sentence(LONG + "."),)),))

    warnings = [(p.what, p.warning) for p in checks.check_reading_level(made) if p.warning]

    assert warnings == [("a sentence of 29 words", True)]


def test_sentence_of_25_words_passes() -> None:
    text = (
        "You go home and you rest and you walk a bit and then you eat and you sleep and you get"
        " up and you go."
    )
    made = knowledge(entries=(entry(answer=(sentence(text),)),))

    assert found(checks.check_reading_level, made) == []


def test_long_answer_of_short_sentences_is_no_warning() -> None:
    made = knowledge(entries=(entry(answer=(sentence("You go home. You rest. " * 10),)),))

    assert found(checks.check_reading_level, made) == []


# ---------------------------------------------------------------- wording
@pytest.mark.parametrize(
    "text",
    [
        "You will be fine.",
        "You'll be okay.",
        "Do not worry about it.",
        "Don't worry.",
        "This is normal.",
        "It's completely normal.",
        "Some numbness is normal.",
        "It can be normal to be numb.",
        "Wait and see.",
        "Wait a few days.",
        "We guarantee it.",
        "It will cure you.",
        "Take 400 mg of it.",
        "Take 20 milligrams.",
        "You probably have an infection.",
        "You have stenosis.",
        "Call (480) 555-0130.",
        "Call 480-555-0130.",
        "Call 480.555.0130.",
        "Call (480)555-0130.",
        "Call 4805550130.",
        "Call 1-480-555-0130.",
        "Call 480/555/0130.",
        "Call 480\u2011555\u20110130.",
        "Call 555-0130.",
        "Call 555.0130.",
        "You\u2019ll be fine.",
        "Don\u2019t worry.",
        "Don\u02bct worry.",
        "Don\u2032t worry.",
        "Dont worry.",
        "It\u2019s normal.",
        "You will\nbe fine.",
        "You will\u00a0be fine.",
    ],
)
def test_banned_wording_is_a_problem(text: str) -> None:
    made = knowledge(entries=(entry(answer=(sentence(text),)),))

    assert [p.place.line for p in checks.check_banned_wording(made)] == [4]


@pytest.mark.parametrize(
    "text",
    [
        "Call the clinic if you worry.",
        "One document calls soreness common.",
        "Numbness is a sign to call about.",
        "Rest for a few days.",
        "Your doctor tells you the dose.",
        "Call {clinic.phone}.",
        "It went from 8 to 56 minutes.",
        "It rose from 246 to 4,000 feet in 2021.",
        "If you have signs of an infection, call at once.",
    ],
)
def test_plain_wording_passes(text: str) -> None:
    made = knowledge(entries=(entry(answer=(sentence(text),)),))

    assert found(checks.check_banned_wording, made) == []


def test_replies_are_held_to_the_same_wording() -> None:
    made = knowledge(replies={"thanks": "You will be fine."})

    assert [p.place.file for p in checks.check_banned_wording(made)] == ["knowledge/replies.yaml"]


@pytest.mark.parametrize("text", ["You will be fine", "Call 480-555-0130"])
def test_questions_signs_and_sources_are_held_to_it_too(text: str) -> None:
    made = knowledge(
        sources={"leaflet": source(publisher=text), "guidance": source(title=text)},
        entries=(entry(question=text),),
        triage=triage(concepts=(concept(say=text), concept(say_es=text))),
    )

    assert len(found(checks.check_banned_wording, made)) == 5


# ---------------------------------------------------------------- slots
def test_slots_of_the_clinic_and_of_a_reply_pass() -> None:
    made = knowledge(replies={"sources": "From {sources}. Call {clinic.name} at {clinic.phone}."})

    assert found(checks.check_slots, made) == []


def test_unknown_slot_lists_the_known_ones() -> None:
    made = knowledge(entries=(entry(answer=(sentence("Call {clinic.fax}."),)),))

    problems = list(checks.check_slots(made))

    assert [p.what for p in problems] == ["unknown slot {clinic.fax}"]
    assert "{clinic.phone}" in problems[0].fix


@pytest.mark.parametrize(
    "changed",
    [
        {"entries": (entry(question="Where is {clinic.name}?"),)},
        {"triage": triage(concepts=(concept(say="pain near {clinic.name}"),))},
    ],
    ids=["question", "sign"],
)
def test_slot_where_none_is_filled_is_a_problem(changed: dict[str, Any]) -> None:
    problems = [p.what for p in checks.check_slots(knowledge(**changed))]

    assert problems == ["the slot {clinic.name} is not filled here"]


# ---------------------------------------------------------------- replies and clinic
def test_a_missing_reply_is_a_problem() -> None:
    given = knowledge(replies={key: "Call us." for key in checks.REPLIES if key != "triage_failed"})

    assert [p.what for p in checks.check_replies(given)] == ['"triage_failed" is missing or empty']


def test_a_reply_that_nothing_says_is_a_problem() -> None:
    given = knowledge(replies={**dict.fromkeys(checks.REPLIES, "Call us."), "greating": "Hi."})

    assert [p.what for p in checks.check_replies(given)] == ['nothing says "greating"']


def test_an_empty_telephone_number_of_the_clinic_is_a_problem() -> None:
    given = knowledge(clinic=replace(knowledge().clinic, phone=" "))

    assert [p.what for p in checks.check_clinic(given)] == ["{clinic.phone} is empty"]

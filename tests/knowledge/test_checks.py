"""What the knowledge must fulfil: each check has a knowledge that fails it and one that passes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.knowledge import checks
from bot.knowledge.model import Knowledge
from bot.knowledge.places import Problem
from tests.knowledge.small import (
    at,
    concept,
    entry,
    knowledge,
    modifiers,
    phrasing,
    sentence,
    source,
    triage,
)

TWENTY = tuple(phrasing(f"way {number} of asking", line=number) for number in range(1, 21))


def found(check: checks.Check, made: Knowledge) -> list[str]:
    return [f"{p.place.line}: {p.what}" for p in check(made)]


# ---------------------------------------------------------------- ids
def test_different_ids_pass() -> None:
    made = knowledge(entries=(entry("cost"), entry("ride-home")))

    assert found(checks.check_ids, made) == []


def test_entry_id_that_stands_twice_names_the_first_place() -> None:
    first = entry("cost", question="What does it cost?", place=at(3))
    second = entry("cost", question="How much is it?", place=at(40))

    problems = found(checks.check_ids, knowledge(entries=(first, second)))

    assert problems == ['40: entry id "cost" stands at knowledge/entries/basics.yaml:3 too']


def test_question_that_stands_twice_is_a_problem() -> None:
    first = entry("cost", question="How much?", place=at(3))
    second = entry("price", question="How much?", place=at(40))

    problems = found(checks.check_ids, knowledge(entries=(first, second)))

    assert problems == ['40: question "How much?" stands at knowledge/entries/basics.yaml:3 too']


def test_concept_id_that_stands_twice_is_a_problem() -> None:
    made = knowledge(triage=triage(concepts=(concept(place=at(5)), concept(place=at(9)))))

    problems = found(checks.check_ids, made)

    assert problems == ['9: concept id "E01" stands at knowledge/entries/basics.yaml:5 too']


# ---------------------------------------------------------------- labels
def test_phrasing_and_bank_message_of_known_labels_pass() -> None:
    made = knowledge(
        phrasings=(phrasing("can I sleep at home"),),
        flag_bank=(phrasing("no feeling down there", "E01"),),
    )

    assert found(checks.check_labels, made) == []


def test_phrasing_of_no_entry_suggests_the_nearest() -> None:
    made = knowledge(phrasings=(phrasing("can I sleep at home", "goin-home", line=8),))

    problems = list(checks.check_labels(made))

    assert [(p.place.line, p.what, p.fix) for p in problems] == [
        (8, '"goin-home" is no entry', 'write "going-home", or add the entry')
    ]


def test_label_of_many_phrasings_is_one_problem() -> None:
    made = knowledge(phrasings=(phrasing("one", "nowhere"), phrasing("two", "nowhere")))

    assert len(found(checks.check_labels, made)) == 1


def test_bank_message_of_no_concept_is_a_problem() -> None:
    made = knowledge(flag_bank=(phrasing("no feeling down there", "E99"),))

    assert found(checks.check_labels, made) == ['1: "E99" is no concept']


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
        "If you have signs of an infection, call at once.",
    ],
)
def test_plain_wording_passes(text: str) -> None:
    made = knowledge(entries=(entry(answer=(sentence(text),)),))

    assert found(checks.check_banned_wording, made) == []


def test_replies_are_held_to_the_same_wording() -> None:
    made = knowledge(replies={"thanks": "You will be fine."})

    assert [p.place.file for p in checks.check_banned_wording(made)] == ["knowledge/replies.yaml"]


# ---------------------------------------------------------------- slots
def test_slots_of_the_clinic_and_of_a_reply_pass() -> None:
    made = knowledge(replies={"sources": "From {sources}. Call {clinic.name} at {clinic.phone}."})

    assert found(checks.check_slots, made) == []


def test_unknown_slot_lists_the_known_ones() -> None:
    made = knowledge(entries=(entry(answer=(sentence("Call {clinic.fax}."),)),))

    problems = list(checks.check_slots(made))

    assert [p.what for p in problems] == ["unknown slot {clinic.fax}"]
    assert "{clinic.phone}" in problems[0].fix


# ---------------------------------------------------------------- phrasings
def test_different_phrasings_pass() -> None:
    made = knowledge(phrasings=(phrasing("can I sleep at home"), phrasing("do I stay overnight")))

    assert found(checks.check_duplicates, made) == []


def test_same_phrasing_in_two_entries_is_a_problem() -> None:
    first = phrasing("Do I stay overnight?", "going-home", line=3)
    second = phrasing("do i stay overnight", "cost", line=9)

    problems = found(checks.check_duplicates, knowledge(phrasings=(first, second)))

    assert problems == [
        '9: "do i stay overnight" stands in "going-home" at knowledge/phrasings/basics.yaml:3 too'
    ]


def test_same_phrasing_in_one_entry_is_a_problem() -> None:
    made = knowledge(
        phrasings=(phrasing("stay overnight", line=3), phrasing("Stay overnight!", line=4))
    )

    problems = found(checks.check_duplicates, made)

    assert problems == [
        '4: "Stay overnight!" stands in the same entry at knowledge/phrasings/basics.yaml:3 too'
    ]


def test_same_words_in_another_order_in_two_entries_are_a_warning() -> None:
    first = phrasing("Is the hospital stay overnight?", "going-home")
    second = phrasing("overnight stay in hospital", "cost")

    problems = list(checks.check_near_duplicates(knowledge(phrasings=(first, second))))

    assert [p.warning for p in problems] == [True]
    assert problems[0].fix == "make the difference between the two entries heard"


def test_same_words_in_another_order_in_one_entry_pass() -> None:
    first = phrasing("Is the hospital stay overnight?")
    second = phrasing("overnight stay in hospital")

    assert found(checks.check_near_duplicates, knowledge(phrasings=(first, second))) == []


def test_two_words_in_common_are_no_near_duplicate() -> None:
    first = phrasing("the overnight stay", "going-home")
    second = phrasing("stay overnight", "cost")

    assert found(checks.check_near_duplicates, knowledge(phrasings=(first, second))) == []


def test_twenty_phrasings_and_both_tests_pass() -> None:
    assert found(checks.check_enough_phrasings, knowledge(phrasings=TWENTY)) == []


def test_nineteen_phrasings_are_too_few() -> None:
    made = knowledge(phrasings=TWENTY[:19])

    assert found(checks.check_enough_phrasings, made) == ['1: "going-home" has 19 phrasings']


@pytest.mark.parametrize("kind", ["must_find", "must_not_find"])
def test_entry_without_one_kind_of_test_is_a_problem(kind: str) -> None:
    made = knowledge(entries=(entry(**{kind: ()}),), phrasings=TWENTY)

    assert found(checks.check_enough_phrasings, made) == ['1: "going-home" lacks a test']


# ---------------------------------------------------------------- triage
def test_patterns_that_can_be_read_pass() -> None:
    made = knowledge(
        triage=triage(
            classes={"leg": ("leg", "both legs")},
            concepts=(concept(patterns=("numb* ...2 {leg}", "no the? feeling")),),
            modifiers=(modifiers(patterns=("no",)),),
        )
    )

    assert found(checks.check_patterns, made) == []


def test_unknown_class_in_a_pattern_is_a_problem_of_its_concept() -> None:
    made = knowledge(triage=triage(concepts=(concept(patterns=("numb {leg}",)),)))

    problems = found(checks.check_patterns, made)

    assert problems == ['7: "{leg}" is not a known class; known: ']


def test_spanish_patterns_are_read_too() -> None:
    made = knowledge(triage=triage(concepts=(concept(patterns_es=("{pierna} dormida",)),)))

    assert len(found(checks.check_patterns, made)) == 1


def test_pattern_that_ends_in_a_gap_is_a_problem() -> None:
    made = knowledge(triage=triage(modifiers=(modifiers(patterns=("no ...",)),)))

    assert found(checks.check_patterns, made) == [
        '9: "no ..." needs a word that must be there, at its end too'
    ]


@pytest.mark.parametrize("field", ["onset", "figurative", "continuations"])
def test_patterns_of_the_context_are_read_too(field: str) -> None:
    made = knowledge(triage=triage(**{field: ("{nothing}",)}))

    assert [p.place.file for p in checks.check_patterns(made)] == ["knowledge/triage/context.yaml"]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("must_be_present", "present"),
        ("must_be_conditional", "conditional"),
        ("must_be_silent", "silent"),
    ],
)
def test_concept_without_one_kind_of_test_is_a_problem(field: str, kind: str) -> None:
    made = knowledge(triage=triage(concepts=(concept(**{field: ()}),)))

    assert found(checks.check_patterns, made) == [f"7: E01 has no test that is {kind}"]


def test_concept_of_an_unknown_source_is_a_problem() -> None:
    made = knowledge(
        sources={"leaflet": source()}, triage=triage(concepts=(concept(source="nhs"),))
    )

    assert [(p.what, p.fix) for p in checks.check_patterns(made)] == [
        ('unknown source "nhs"', "write one of: leaflet")
    ]


def test_class_that_a_pattern_uses_passes() -> None:
    made = knowledge(
        triage=triage(classes={"leg": ("leg",)}, concepts=(concept(patterns=("numb {leg}",)),))
    )

    assert found(checks.check_classes, made) == []


def test_class_that_no_pattern_uses_is_a_warning() -> None:
    made = knowledge(triage=triage(classes={"leg": ("leg",)}))

    assert [(p.what, p.warning) for p in checks.check_classes(made)] == [
        ('the class "leg" is used nowhere', True)
    ]


# ---------------------------------------------------------------- all of them
def test_knowledge_in_order_has_no_problem() -> None:
    assert checks.check(knowledge(phrasings=TWENTY)) == []


def test_problems_of_all_checks_come_sorted_by_place() -> None:
    made = knowledge(
        entries=(
            entry("cost", answer=(sentence("You will be fine.", line=41),), place=at(40)),
            entry("ride", answer=(sentence(cites=(), line=3),), place=at(2)),
        )
    )

    places = [str(p.place) for p in checks.check(made)]

    assert places == [
        "knowledge/entries/basics.yaml:2",
        "knowledge/entries/basics.yaml:3",
        "knowledge/entries/basics.yaml:40",
        "knowledge/entries/basics.yaml:41",
    ]


def test_problem_prints_place_what_and_fix() -> None:
    problem = Problem(place=at(42), what="cites nothing", fix="add cite")

    assert str(problem) == "knowledge/entries/basics.yaml:42: cites nothing\n    fix: add cite"


def test_warning_says_that_it_is_one() -> None:
    problem = Problem(place=at(42), what="a long sentence", fix="split it", warning=True)

    assert (
        str(problem)
        == "knowledge/entries/basics.yaml:42: warning: a long sentence\n    fix: split it"
    )


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

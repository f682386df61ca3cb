"""What the knowledge must fulfil: each check has a knowledge that fails it and one that passes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.knowledge import checks
from bot.knowledge.model import Knowledge, Promise, Review, Tuning
from bot.knowledge.places import Problem
from tests.knowledge.small import (
    at,
    concept,
    entry,
    found,
    knowledge,
    phrasing,
    sentence,
    triage,
)

TWENTY = tuple(phrasing(f"way {number} of asking", line=number) for number in range(1, 21))


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


# ---------------------------------------------------------------- reviews
def reviewed(**changes: str | None) -> Knowledge:
    signed = Review(status="approved", by="Dr. Hill", on="2026-01-31", due="2027-01-31")
    return knowledge(entries=(entry(review=replace(signed, **changes)),))


def test_entry_approved_by_somebody_on_a_day_passes() -> None:
    assert found(checks.check_reviews, reviewed()) == []


def test_pending_entry_needs_no_name() -> None:
    made = reviewed(status="pending", by=None, on=None, due=None)

    assert found(checks.check_reviews, made) == []


@pytest.mark.parametrize("key", ["by", "on"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_approved_entry_without_name_or_day_is_a_problem(key: str, value: str | None) -> None:
    problems = [p.what for p in checks.check_reviews(reviewed(**{key: value}))]

    assert f'"going-home" is approved without "{key}"' in problems


@pytest.mark.parametrize("key", ["on", "due"])
@pytest.mark.parametrize("value", ["soon", "31.1.2026", "2026-13-01", "2026-1-1"])
def test_day_of_a_review_that_is_no_date_is_a_problem(key: str, value: str) -> None:
    problems = [p.what for p in checks.check_reviews(reviewed(**{key: value}))]

    assert problems == [f'"{key}" of the review of "going-home" is "{value}"']


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


def test_different_phrasings_without_words_pass() -> None:
    made = knowledge(phrasings=(phrasing("???"), phrasing("\U0001f642")))

    assert found(checks.check_duplicates, made) == []


def test_same_phrasing_without_words_is_a_problem() -> None:
    made = knowledge(phrasings=(phrasing("???", line=3), phrasing("???", "cost", line=9)))

    assert found(checks.check_duplicates, made) == [
        '9: "???" stands in "going-home" at knowledge/phrasings/basics.yaml:3 too'
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


# ---------------------------------------------------------------- promises
@pytest.mark.parametrize(
    ("promise", "problems"),
    [
        (Promise(most=0.05), []),
        (Promise(most=0.05, count=5, of=100), []),
        (
            Promise(most=0.05, count=6, of=100),
            ['1: "net_urgent": 6.00% of 100 is more than the 5.00% promised'],
        ),
    ],
)
def test_measured_rate_above_the_promise_is_a_problem(
    promise: Promise, problems: list[str]
) -> None:
    made = knowledge(tuning=Tuning(values={}, measured="", promises={"net_urgent": promise}))

    assert found(checks.check_promises, made) == problems


def test_problem_prints_place_what_and_fix() -> None:
    problem = Problem(place=at(42), what="cites nothing", fix="add cite")

    assert str(problem) == "knowledge/entries/basics.yaml:42: cites nothing\n    fix: add cite"


def test_warning_says_that_it_is_one() -> None:
    problem = Problem(place=at(42), what="a long sentence", fix="split it", warning=True)

    assert (
        str(problem)
        == "knowledge/entries/basics.yaml:42: warning: a long sentence\n    fix: split it"
    )

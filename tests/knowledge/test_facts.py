"""The answers against tiny documents: hashes, headings, and every figure of a sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.knowledge.facts import check_documents
from bot.knowledge.model import Knowledge
from tests.knowledge.small import at, entry, knowledge, sentence, source

DOCUMENT = """\
A leaflet
Going home
You go home after 2 hours. Do not drive for 24 hours.
Results
Standing time went from 8 to 56 minutes; 95 percent were satisfied.
"""
HEADINGS = {"opening paragraph": (1, 1), "Going home": (2, 3), "Results": (4, 5)}


def told(text: str, *cites: tuple[str, str]) -> Knowledge:
    """A knowledge whose one entry says `text`, citing the tiny document, which is unchanged."""
    sha = hashlib.sha256(DOCUMENT.encode()).hexdigest()
    said = sentence(text, cites=cites or (("leaflet", "Going home"),))
    return knowledge(
        sources={
            "leaflet": source(sha256=sha, headings=HEADINGS),
            "desk": source(id="desk", kind="clinic", file=""),
        },
        entries=(entry(answer=(said,)),),
    )


def documents(tmp_path: Path, text: str = DOCUMENT) -> Path:
    (tmp_path / "leaflet.txt").write_text(text, encoding="utf-8")
    return tmp_path


def found(made: Knowledge, folder: Path) -> list[str]:
    return [f"{p.place}: {p.what}" for p in check_documents(made, folder)]


# ---------------------------------------------------------------- documents
def test_answer_that_says_what_the_document_says_passes(tmp_path: Path) -> None:
    made = told("Do not drive for 24 hours.")

    assert found(made, documents(tmp_path)) == []


def test_changed_document_is_a_problem_with_its_new_hash(tmp_path: Path) -> None:
    changed = DOCUMENT.replace("satisfied", "pleased")

    problems = found(told("You go home."), documents(tmp_path, changed))

    sha = hashlib.sha256(changed.encode()).hexdigest()
    assert problems[0] == (
        f'knowledge/sources.yaml:1: the document "leaflet" has changed (sha256 {sha})'
    )


def test_changed_document_reopens_the_entry_that_cites_it(tmp_path: Path) -> None:
    changed = DOCUMENT.replace("satisfied", "pleased")

    problems = found(told("You go home."), documents(tmp_path, changed))

    assert problems[1:] == [
        'knowledge/entries/basics.yaml:1: "going-home" cites the changed document "leaflet"'
    ]


def test_changed_document_leaves_other_entries_closed(tmp_path: Path) -> None:
    changed = DOCUMENT.replace("satisfied", "pleased")
    made = told("Call us.", ("desk", "Going home"))

    problems = found(made, documents(tmp_path, changed))

    assert len(problems) == 1


def test_document_cited_in_the_disagreement_reopens_the_entry(tmp_path: Path) -> None:
    changed = DOCUMENT.replace("satisfied", "pleased")
    plain = told("Call us.", ("desk", "Going home"))
    other = entry("ride", disagreement=(sentence("One says so."),), answer=(), place=at(50))
    made = knowledge(sources=plain.sources, entries=(*plain.entries, other))

    problems = found(made, documents(tmp_path, changed))

    assert problems[1:] == [
        'knowledge/entries/basics.yaml:50: "ride" cites the changed document "leaflet"'
    ]


def test_missing_document_is_a_problem_of_its_own(tmp_path: Path) -> None:
    problems = list(check_documents(told("You go home."), tmp_path))

    assert [(p.what, p.fix) for p in problems] == [
        (
            f"{tmp_path / 'leaflet.txt'} cannot be read: No such file or directory",
            "name the folder of the documents with --sources",
        )
    ]


def test_document_that_is_a_folder_is_a_problem_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "leaflet.txt").mkdir()

    problems = [p.what for p in check_documents(told("You go home."), tmp_path)]

    assert problems == [f"{tmp_path / 'leaflet.txt'} cannot be read: Is a directory"]


def test_sources_that_are_no_document_need_no_file(tmp_path: Path) -> None:
    made = knowledge(sources={"desk": source(id="desk", kind="clinic", file="")})

    assert found(made, tmp_path) == []


# ---------------------------------------------------------------- headings
def test_heading_at_another_line_is_a_problem(tmp_path: Path) -> None:
    made = told("You go home.")
    moved = source(
        sha256=made.sources["leaflet"].sha256, headings={"Going home": (3, 4)}, place=at(7)
    )

    problems = found(knowledge(sources={"leaflet": moved}), documents(tmp_path))

    assert problems == [
        'knowledge/entries/basics.yaml:7: "Going home" does not stand at line 3 of leaflet.txt'
    ]


def test_section_past_the_end_of_the_document_is_a_problem(tmp_path: Path) -> None:
    made = told("You go home.")
    long = source(sha256=made.sources["leaflet"].sha256, headings={"Going home": (2, 99)})

    problems = found(knowledge(sources={"leaflet": long}), documents(tmp_path))

    assert problems == [
        'knowledge/sources.yaml:1: "Going home" does not stand at line 2 of leaflet.txt'
    ]


# ---------------------------------------------------------------- figures
def test_figure_that_no_cited_section_says_is_a_problem(tmp_path: Path) -> None:
    made = told("Do not drive for 48 hours.")

    assert found(made, documents(tmp_path)) == [
        'knowledge/entries/basics.yaml:4: "going-home" says 48 hour, which no cited section says'
    ]


def test_figure_of_another_section_is_a_problem(tmp_path: Path) -> None:
    made = told("Do not drive for 24 hours.", ("leaflet", "Results"))

    assert len(found(made, documents(tmp_path))) == 1


def test_figure_of_the_second_cited_section_passes(tmp_path: Path) -> None:
    made = told(
        "Do not drive for 24 hours; 95 percent were satisfied.",
        ("leaflet", "Results"),
        ("leaflet", "Going home"),
    )

    assert found(made, documents(tmp_path)) == []


def test_same_number_of_another_unit_is_a_problem(tmp_path: Path) -> None:
    made = told("You go home after 2 weeks.")

    assert len(found(made, documents(tmp_path))) == 1


def test_first_number_of_a_span_needs_no_unit(tmp_path: Path) -> None:
    made = told("It went from 8 to 56 minutes.", ("leaflet", "Results"))

    assert found(made, documents(tmp_path)) == []


@pytest.mark.parametrize(
    "text", ["You go home after half an hour.", "Do it twice a day.", "Rest for forty-eight hours."]
)
def test_figure_in_words_that_no_cited_section_says_is_a_problem(tmp_path: Path, text: str) -> None:
    assert len(found(told(text), documents(tmp_path))) == 1


def test_rate_does_not_stand_for_the_time(tmp_path: Path) -> None:
    changed = DOCUMENT.replace("after 2 hours", "and walk twice a day").replace("24 hours", "now")
    sha = hashlib.sha256(changed.encode()).hexdigest()
    made = told("Do not drive for 24 hours.")
    rate = replace(made, sources={"leaflet": source(sha256=sha, headings=HEADINGS)})

    assert len(found(rate, documents(tmp_path, changed))) == 1


@pytest.mark.parametrize("text", ["Do not drive for a day.", "Do not drive the first day."])
def test_a_day_is_24_hours(tmp_path: Path, text: str) -> None:
    assert found(told(text), documents(tmp_path)) == []


def test_number_of_the_clinic_is_not_held_against_the_documents(tmp_path: Path) -> None:
    made = told("We answer in 3 hours.", ("desk", "Going home"))

    assert found(made, documents(tmp_path)) == []

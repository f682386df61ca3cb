"""Reading a knowledge folder: what a good one gives, and every problem of a broken one at once."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import fields

from bot.bootstrap import Tuned
from bot.dialogue.reply import Intent
from bot.errors import KnowledgeError
from bot.knowledge import load as load_module
from bot.knowledge.load import load, read, unread_files
from bot.knowledge.model import Citation, Promise
from bot.knowledge.places import Place
from bot.retrieval.calibration import Calibration
from tests.knowledge.small import ENTRY_YAML, FILES, write_knowledge


def problems(folder: Path) -> list[str]:
    return [f"{p.place}: {p.what}" for p in read(folder)[1]]


def test_small_knowledge_has_no_problem(tmp_path: Path) -> None:
    found = problems(write_knowledge(tmp_path))

    assert found == []


def test_sentence_keeps_its_citations_and_line(tmp_path: Path) -> None:
    knowledge = load(write_knowledge(tmp_path))

    sentence = knowledge.entry("going-home").answer[0]

    assert sentence.text == "You go home the same day."
    assert sentence.citations == (Citation(source="leaflet", heading="Going home"),)
    assert sentence.place == Place(file="knowledge/entries/basics.yaml", line=4)


def test_entry_belongs_to_the_group_of_its_file(tmp_path: Path) -> None:
    folder = write_knowledge(
        tmp_path, {"entries/basics.yaml": "[]\n", "entries/risks.yaml": ENTRY_YAML}
    )

    knowledge = load(folder)

    assert knowledge.entry("going-home").group == "risks"


def test_phrasing_knows_entry_style_and_line(tmp_path: Path) -> None:
    knowledge = load(write_knowledge(tmp_path))

    last = knowledge.phrasings[-1]

    assert (last.text, last.label, last.style, last.place.line) == (
        "pt asks re d/c same day",
        "going-home",
        "desk",
        3,
    )


def test_misspellings_are_read_from_wrong_to_right(tmp_path: Path) -> None:
    knowledge = load(write_knowledge(tmp_path))

    concept = knowledge.triage.concepts[0]

    assert concept.misspellings == {"nubm": "numb", "nmub": "numb"}


def test_bank_message_is_labelled_with_its_concept(tmp_path: Path) -> None:
    knowledge = load(write_knowledge(tmp_path))

    message = knowledge.flag_bank[0]

    assert (message.text, message.label) == ("no feeling between my legs", "E01")


def test_unknown_entry_is_a_key_error(tmp_path: Path) -> None:
    knowledge = load(write_knowledge(tmp_path))

    with pytest.raises(KeyError, match="no-such-entry"):
        knowledge.entry("no-such-entry")


def test_entry_is_found_by_its_id(tmp_path: Path) -> None:
    knowledge = load(write_knowledge(tmp_path))

    found = knowledge.entry("going-home")

    assert found.question == "Do I go home the same day?"


def test_the_small_knowledge_is_all_the_files_there_are() -> None:
    assert sorted(FILES) == sorted(load_module.FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_missing_file_is_one_problem(tmp_path: Path, name: str) -> None:
    folder = write_knowledge(tmp_path, {name: None})

    found = problems(folder)

    assert found == [f"knowledge/{name}:1: the file is missing"]


@pytest.mark.parametrize(
    "name", ["entries/basics-2.yaml", "phrasings/basics.yml", "notes.yaml", "more/cost.yaml"]
)
def test_file_that_nothing_reads_is_a_problem(tmp_path: Path, name: str) -> None:
    folder = write_knowledge(tmp_path, {name: "[]\n"})

    found = [f"{p.place}: {p.what}" for p in unread_files(folder)]

    assert found == [f"knowledge/{name}:1: nothing reads this file"]


def test_file_that_nothing_reads_names_the_one_meant(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path, {"entries/basics-2.yaml": "[]\n"})

    (problem,) = unread_files(folder)

    assert problem.fix == 'move its lines to "entries/basics.yaml", or take it out'


def test_hidden_files_of_an_editor_are_no_problem(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path, {"entries/._basics.yaml": "[]\n", "notes.txt": "hello"})

    assert list(unread_files(folder)) == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_invalid_yaml_is_one_problem_with_its_line(tmp_path: Path, name: str) -> None:
    folder = write_knowledge(tmp_path, {name: "a: b\n  c: d\n"})

    found = problems(folder)

    assert found == [
        f"knowledge/{name}:2: not valid YAML: mapping values are not allowed in this context"
    ]


def test_unknown_key_of_an_entry_is_a_problem_of_its_line(tmp_path: Path) -> None:
    text = ENTRY_YAML.replace("  risk: plain\n", "  risk: plain\n  riks: plain\n")
    folder = write_knowledge(tmp_path, {"entries/basics.yaml": text})

    found = read(folder)[1]

    assert [str(p) for p in found] == [
        'knowledge/entries/basics.yaml:7: unknown key "riks"\n    fix: write "risk"'
    ]


def test_entry_without_review_is_a_problem(tmp_path: Path) -> None:
    text = ENTRY_YAML.replace("  review: {status: pending, by: null, on: null, due: null}\n", "")
    folder = write_knowledge(tmp_path, {"entries/basics.yaml": text})

    found = problems(folder)

    assert found == ['knowledge/entries/basics.yaml:1: the key "review" is missing']


def test_unknown_review_status_is_a_problem(tmp_path: Path) -> None:
    text = ENTRY_YAML.replace("status: pending", "status: fine")
    folder = write_knowledge(tmp_path, {"entries/basics.yaml": text})

    found = problems(folder)

    assert found == ['knowledge/entries/basics.yaml:8: "fine" is not known here']


def test_everyone_is_answered_in_slack_unless_the_clinic_says_otherwise(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path, {})

    assert load(folder).clinic.slack_audience == "everyone"


def test_clinic_may_answer_its_staff_only(tmp_path: Path) -> None:
    text = FILES["clinic.yaml"] + "slack_audience: staff\n"
    folder = write_knowledge(tmp_path, {"clinic.yaml": text})

    clinic = load(folder).clinic

    assert (clinic.slack_audience, clinic.report) == ("staff", "wrong@example.com")


def test_unknown_audience_is_a_problem(tmp_path: Path) -> None:
    text = FILES["clinic.yaml"] + "slack_audience: nobody\n"
    folder = write_knowledge(tmp_path, {"clinic.yaml": text})

    _, problems = read(folder)

    assert ["nobody" in p.what for p in problems] == [True]


def test_duplicate_key_of_the_clinic_is_a_problem(tmp_path: Path) -> None:
    text = FILES["clinic.yaml"] + 'phone: "555-0199"\n'
    folder = write_knowledge(tmp_path, {"clinic.yaml": text})

    found = problems(folder)

    assert found == ['knowledge/clinic.yaml:12: "phone" stands here twice']


def test_source_id_that_stands_twice_is_a_problem(tmp_path: Path) -> None:
    text = FILES["sources.yaml"].replace("id: guidance", "id: leaflet")
    folder = write_knowledge(tmp_path, {"sources.yaml": text})

    found = problems(folder)

    assert found == ['knowledge/sources.yaml:9: the source "leaflet" stands here twice']


@pytest.mark.parametrize("line", ["  file: leaflet.txt\n", '  sha256: "0"\n'])
def test_document_without_file_or_hash_is_a_problem(tmp_path: Path, line: str) -> None:
    text = FILES["sources.yaml"].replace(line, "")
    folder = write_knowledge(tmp_path, {"sources.yaml": text})

    found = problems(folder)

    assert found == ["knowledge/sources.yaml:1: a document needs a file and its sha256"]


@pytest.mark.parametrize("lines", ["[3, 1]", "[1]", "[1, 2, 3]"])
def test_section_needs_its_first_and_last_line(tmp_path: Path, lines: str) -> None:
    text = FILES["sources.yaml"].replace("[1, 3]", lines)
    folder = write_knowledge(tmp_path, {"sources.yaml": text})

    found = problems(folder)

    assert found == ["knowledge/sources.yaml:8: the lines of a section are not given"]


def test_unknown_style_of_phrasing_is_a_problem(tmp_path: Path) -> None:
    text = 'going-home:\n  fone: ["can i go home"]\n'
    folder = write_knowledge(tmp_path, {"phrasings/basics.yaml": text})

    found = read(folder)[1]

    assert [(p.what, p.fix) for p in found] == [('unknown key "fone"', 'write "phone"')]


def test_class_that_stands_in_both_files_is_a_problem(tmp_path: Path) -> None:
    red_flags = FILES["triage/red_flags.yaml"].replace("classes: {}", "classes: {leg: [leg]}")
    context = FILES["triage/context.yaml"].replace("classes: {}", "classes: {leg: [knee]}")
    folder = write_knowledge(
        tmp_path, {"triage/red_flags.yaml": red_flags, "triage/context.yaml": context}
    )

    found = problems(folder)

    assert found == ['knowledge/triage/context.yaml:1: the class "leg" stands in both files']


def test_unknown_tier_is_a_problem(tmp_path: Path) -> None:
    text = FILES["triage/red_flags.yaml"].replace("tier: emergency", "tier: red")
    folder = write_knowledge(tmp_path, {"triage/red_flags.yaml": text})

    found = read(folder)[1]

    assert [(p.what, p.fix) for p in found] == [
        ('"red" is not known here', "write one of: emergency, urgent, office_hours")
    ]


def test_unknown_kind_of_modifier_is_a_problem(tmp_path: Path) -> None:
    text = FILES["triage/context.yaml"].replace("kind: negated", "kind: denied")
    folder = write_knowledge(tmp_path, {"triage/context.yaml": text})

    found = problems(folder)

    assert found == ['knowledge/triage/context.yaml:6: "denied" is not known here']


def test_threshold_in_words_is_a_problem(tmp_path: Path) -> None:
    text = "measured: nothing yet\nvalues: {answer: half}\n"
    folder = write_knowledge(tmp_path, {"tuning.yaml": text})

    found = problems(folder)

    assert found == ['knowledge/tuning.yaml:2: "half" is not a number']


def test_unknown_threshold_suggests_the_one_meant(tmp_path: Path) -> None:
    text = "measured: nothing yet\nvalues:\n  answer: 0.5\n  clarfy: 0.2\n"
    folder = write_knowledge(tmp_path, {"tuning.yaml": text})

    found = read(folder)[1]

    assert [str(p) for p in found] == [
        'knowledge/tuning.yaml:4: unknown key "clarfy"\n    fix: write "clarify"'
    ]


def test_promise_is_read_with_and_without_what_was_measured(tmp_path: Path) -> None:
    text = (
        "measured: x\nvalues: {}\npromises:\n"
        "  net_urgent: {most: 0.01}\n  wrong_in_scope: {most: 0.05, count: 3, of: 90}\n"
    )
    folder = write_knowledge(tmp_path, {"tuning.yaml": text})

    found = load(folder).tuning.promises

    assert found == {
        "net_urgent": Promise(most=0.01, count=0, of=0),
        "wrong_in_scope": Promise(most=0.05, count=3, of=90),
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("net_urgnt: {most: 0.01}", 'unknown key "net_urgnt"'),
        ("net_urgent: 0.01", "a mapping is expected here"),
        ("net_urgent: {count: 1, of: 9}", 'the key "most" is missing'),
        ("net_urgent: {most: 5}", "most is 5"),
        ("net_urgent: {most: 0}", "most is 0"),
        ("net_urgent: {most: 1}", "most is 1"),
        ("net_urgent: {most: 1 %}", '"1 %" is not a number'),
        ("net_urgent: {most: 0.1, count: -1, of: 9}", '"-1" is not a whole number'),
        ("net_urgent: {most: 0.1, count: 1, off: 9}", 'unknown key "off"'),
    ],
)
def test_bad_promise_is_a_problem(tmp_path: Path, line: str, told: str) -> None:
    text = f"measured: x\nvalues: {{}}\npromises:\n  {line}\n"
    folder = write_knowledge(tmp_path, {"tuning.yaml": text})

    found = problems(folder)

    assert f"knowledge/tuning.yaml:4: {told}" in found


def test_thresholds_are_those_that_the_bot_uses() -> None:
    calibration = {f"calibration_{f.name}" for f in fields(Calibration)}

    assert set(load_module.TUNED) == calibration | set(Tuned.DEFAULTS)


def test_unknown_small_talk_suggests_the_one_meant(tmp_path: Path) -> None:
    folder = write_knowledge(
        tmp_path, {"language/small_talk.yaml": 'greeting: ["hello"]\nthansk: ["thank you"]\n'}
    )

    found = read(folder)[1]

    assert [str(p) for p in found] == [
        'knowledge/language/small_talk.yaml:2: unknown key "thansk"\n    fix: write "thanks"'
    ]


def test_small_talk_is_that_which_the_reply_knows() -> None:
    assert get_args(Intent) == load_module.INTENTS


@pytest.mark.parametrize("scope", [".inf", ".nan", "-1", "2.5"])
def test_scope_is_a_whole_number(tmp_path: Path, scope: str) -> None:
    text = FILES["triage/context.yaml"].replace("max_scope: 6", f"max_scope: {scope}", 1)
    folder = write_knowledge(tmp_path, {"triage/context.yaml": text})

    found = problems(folder)

    assert found == [f'knowledge/triage/context.yaml:6: "{scope}" is not a whole number']


def test_several_problems_are_found_at_once_sorted_by_place(tmp_path: Path) -> None:
    folder = write_knowledge(
        tmp_path,
        {
            "tuning.yaml": "measured: x\nvalues: {answer: half}\nzzz: 1\n",
            "clinic.yaml": FILES["clinic.yaml"].replace("demo: true", "demo: maybe"),
            "entries/basics.yaml": ENTRY_YAML.replace("risk: plain", "risk: high"),
            "language/small_talk.yaml": "greeting: hello\n",
        },
    )

    found = problems(folder)

    assert found == [
        'knowledge/clinic.yaml:10: "maybe" is neither true nor false',
        'knowledge/entries/basics.yaml:6: "high" is not known here',
        "knowledge/language/small_talk.yaml:1: a list is expected here",
        'knowledge/tuning.yaml:2: "half" is not a number',
        'knowledge/tuning.yaml:3: unknown key "zzz"',
    ]


def test_load_refuses_a_broken_knowledge_with_every_problem(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path, {"replies.yaml": "- a\n", "tuning.yaml": "- a\n"})

    with pytest.raises(KnowledgeError) as caught:
        load(folder)

    assert "knowledge/replies.yaml:1: a mapping is expected here" in str(caught.value)
    assert "knowledge/tuning.yaml:1: a mapping is expected here" in str(caught.value)


def test_knowledge_carries_the_digest_of_its_files(tmp_path: Path) -> None:
    first = load(write_knowledge(tmp_path / "a"))
    second = load(write_knowledge(tmp_path / "b", {"replies.yaml": "thanks: Any time.\n"}))

    digests = {first.digest, second.digest}

    assert len(digests) == 2

"""The script that keeps the questions that judge out of the knowledge, on tiny files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from tests.knowledge.small import ENTRY_YAML, write_knowledge
from tests.leaks import SAME, Said, leaks, main

TAUGHT = "Can I sleep in my own bed that night?"  # a phrasing of the small knowledge


def run(tmp_path: Path, *lines: str, **changed: str) -> int:
    folder = tmp_path / "eval"
    folder.mkdir()
    (folder / "set.jsonl").write_text("\n".join(lines), encoding="utf-8")
    files = {name.replace("__", "/") + ".yaml": text for name, text in changed.items()}
    return main([str(folder), str(write_knowledge(tmp_path, files))])


def test_messages_of_their_own_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = run(tmp_path, '{"text": "Will the nurse keep me until the next morning?"}')

    assert exit_code == 0
    assert capsys.readouterr().out == "1 messages against 8 texts: 0 leaks\n"


def test_same_message_is_listed_with_both_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = run(tmp_path, "", f'{{"text": "{TAUGHT}"}}')

    assert exit_code == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "set.jsonl:2 stands at knowledge/phrasings/basics.yaml:2 (100)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "can i sleep in my own bed that night",
        "That night, can I sleep in my own bed?",
        "Can I sleep in my own bed that nigt?",
    ],
    ids=["signs", "order", "typing error"],
)
def test_nearly_the_same_message_is_a_leak(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, f'{{"text": "{text}"}}') == 1


def test_message_of_five_words_is_left_out(tmp_path: Path) -> None:
    exit_code = run(
        tmp_path,
        '{"text": "no feeling between my legs"}',
        '{"text": "Will the nurse keep me until the next morning?"}',
    )

    assert exit_code == 0


def test_every_turn_of_a_conversation_is_read(tmp_path: Path) -> None:
    assert run(tmp_path, f'{{"turns": ["Do I stay?", "{TAUGHT}"]}}') == 1


MESSAGE = "does anybody there speak to patients on a sunday"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("phrasings__basics", f'going-home: {{plain: ["{MESSAGE}"]}}'),
        ("language__out_of_scope", f'near: ["{MESSAGE}"]'),
        ("language__small_talk", f'human: ["{MESSAGE}"]'),
        ("triage__bank", f'E01: ["{MESSAGE}"]'),
        ("triage__ordinary", f'info: ["{MESSAGE}"]'),
    ],
)
def test_every_bank_is_searched(tmp_path: Path, name: str, text: str) -> None:
    assert run(tmp_path, f'{{"text": "{MESSAGE}"}}', **{name: text}) == 1


@pytest.mark.parametrize("kind", ["do I stay the night", "what does it cost"])
def test_tests_of_entries_are_searched(tmp_path: Path, kind: str) -> None:
    entries = ENTRY_YAML.replace(f'"{kind}"', f'"{MESSAGE}"')

    assert run(tmp_path, f'{{"text": "{MESSAGE}"}}', entries__basics=entries) == 1


@pytest.mark.parametrize("line", ["not json", "[]", "7", '{"question": "how much"}'])
def test_bad_line_is_exit_2_with_its_place(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = run(tmp_path, line)

    assert exit_code == 2
    assert capsys.readouterr().err.startswith("leaks: set.jsonl:1: neither text nor turns")


def test_folder_without_messages_is_exit_2(tmp_path: Path) -> None:
    assert run(tmp_path, '{"text": "hello"}') == 2


def test_folder_without_sets_is_exit_2(tmp_path: Path) -> None:
    assert main([str(tmp_path), str(write_knowledge(tmp_path))]) == 2


def test_both_folders_must_be_named() -> None:
    assert main(["only-one"]) == 2


WORDS = st.lists(
    st.sampled_from(["can", "I", "drive", "Home", "the", "same", "Day?", "after", "it"]), min_size=1
)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(one=WORDS.map(" ".join), other=WORDS.map(" ".join))
def test_score_is_that_of_the_slow_and_obvious_way(one: str, other: str) -> None:
    slow = fuzz.token_sort_ratio(one, other, processor=default_process)

    found = list(leaks([Said(place="a", text=one)], [Said(place="b", text=other)]))

    assert bool(found) == (slow >= SAME)

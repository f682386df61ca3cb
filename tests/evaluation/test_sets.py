"""Question sets: each kind of line becomes its case, a bad line is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.sets import Case, SetError, read_sets


def written(tmp_path: Path, *lines: str, name: str = "set.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def one(tmp_path: Path, line: str) -> Case:
    (found,) = read_sets([written(tmp_path, line)])
    return found


# ---------------------------------------------------------------- kinds of line
def test_question(tmp_path: Path) -> None:
    line = '{"text": "how much", "topics": ["cost", "insurance-coverage"], "style": "phone"}'

    found = one(tmp_path, line)

    assert found == Case(
        judged="question",
        file="set.jsonl",
        line=1,
        turns=("how much",),
        group="phone",
        wanted=(frozenset({"cost", "insurance-coverage"}),),
    )


def test_out_of_scope(tmp_path: Path) -> None:
    found = one(tmp_path, '{"text": "which mattress", "kind": "near"}')

    assert (found.judged, found.group, found.related) == ("out_of_scope", "near", frozenset())


def test_out_of_scope_with_related_entries(tmp_path: Path) -> None:
    line = '{"text": "should I stop it", "kind": "personal", "related": ["medications-to-pause"]}'

    found = one(tmp_path, line)

    assert (found.judged, found.related) == ("out_of_scope", {"medications-to-pause"})


def test_small_talk(tmp_path: Path) -> None:
    found = one(tmp_path, '{"text": "hi there", "intent": "greeting"}')

    assert (found.judged, found.group, found.wanted) == ("small_talk", "greeting", ())


def test_message_of_two_questions(tmp_path: Path) -> None:
    line = '{"text": "cost, and can i drive", "topics": [["cost"], ["driving-after", "ride-home"]]}'

    found = one(tmp_path, line)

    assert (found.judged, found.group) == ("multi", "two things")
    assert found.wanted == ({"cost"}, {"driving-after", "ride-home"})


def test_message_that_only_looks_like_two_questions(tmp_path: Path) -> None:
    found = one(tmp_path, '{"text": "soup and salad before?", "topics": [["eat-drink-before"]]}')

    assert (found.judged, found.group) == ("multi", "one thing")


def test_follow_up(tmp_path: Path) -> None:
    line = (
        '{"turns": ["can i drive", "and swim"], "topics_first": ["driving-after"],'
        ' "topics_followup": ["bathing-swimming"], "fresh": false}'
    )

    found = one(tmp_path, line)

    assert (found.judged, found.group, found.fresh) == ("followup", "leans", False)
    assert found.turns == ("can i drive", "and swim")
    assert found.wanted == ({"driving-after"}, {"bathing-swimming"})


def test_follow_up_on_a_fresh_topic(tmp_path: Path) -> None:
    line = (
        '{"turns": ["can i drive", "what does it cost"], "topics_first": ["driving-after"],'
        ' "topics_followup": ["cost"], "fresh": true}'
    )

    found = one(tmp_path, line)

    assert (found.group, found.fresh) == ("fresh", True)


def test_red_flag(tmp_path: Path) -> None:
    line = '{"text": "cant feel my leg", "concept": "E06", "tier": "E", "style": "phone"}'

    found = one(tmp_path, line)

    assert (found.judged, found.concept, found.tier, found.group) == (
        "red_flag",
        "E06",
        "E",
        "phone",
    )


@pytest.mark.parametrize("kind", ["info", "rate", "negated", "past", "hypothetical", "prevention"])
def test_mention(tmp_path: Path, kind: str) -> None:
    line = f'{{"text": "is numbness a risk", "topics": ["side-effects"], "kind": "{kind}"}}'

    found = one(tmp_path, line)

    assert (found.judged, found.group) == ("mention", kind)


@pytest.mark.parametrize("kind", ["figurative", "chronic", "plain"])
def test_benign_message(tmp_path: Path, kind: str) -> None:
    line = f'{{"text": "the bill gave me a heart attack", "topics": ["cost"], "kind": "{kind}"}}'

    found = one(tmp_path, line)

    assert (found.judged, found.group) == ("benign", kind)


# ---------------------------------------------------------------- files
def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "", '{"text": "hi", "intent": "greeting"}', "  ")

    (found,) = read_sets([path])

    assert found.line == 2


def test_folder_gives_its_jsonl_files_in_order_of_name(tmp_path: Path) -> None:
    written(tmp_path, '{"text": "hi", "intent": "greeting"}', name="b.jsonl")
    written(tmp_path, '{"text": "bye", "intent": "goodbye"}', name="a.jsonl")
    written(tmp_path, "not a set", name="notes.txt")

    found = read_sets([tmp_path])

    assert [(c.file, c.turns) for c in found] == [("a.jsonl", ("bye",)), ("b.jsonl", ("hi",))]


def test_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"none\.jsonl does not exist"):
        read_sets([tmp_path / "none.jsonl"])


def test_folder_without_sets_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"no \.jsonl files found"):
        read_sets([tmp_path])


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '{"text": "cut off',
        "[]",
        "7",
        '"a text"',
        '{"topics": ["cost"], "style": "plain"}',
        '{"text": "how much"}',
        '{"text": "how much", "topics": ["cost"]}',
        '{"text": "how much", "topics": 7, "style": "plain"}',
        '{"text": "numb", "concept": "E06"}',
        '{"turns": ["a", "b"], "topics_first": ["cost"], "fresh": true}',
        '{"turns": ["a", "b"], "topics_first": ["cost"], "topics_followup": ["cost"]}',
    ],
)
def test_bad_line_is_named_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, '{"text": "hi", "intent": "greeting"}', line)

    with pytest.raises(SetError) as caught:
        read_sets([path])

    assert str(caught.value).startswith(f"{path}:2: not a line of a question set")

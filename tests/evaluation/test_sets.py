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


QUESTION = '{"text": "how much", "topics": %s, "style": "plain"}'
FOLLOW_UP = '{"turns": %s, "topics_first": ["cost"], "topics_followup": ["cost"], "fresh": %s}'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("not json", "not JSON (Expecting value at column 1)"),
        ('{"text": "cut off', "not JSON (Unterminated string starting at at column 10)"),
        ("[" * 100_000, "JSON that is nested too deep"),
        ("[]", "not a JSON object"),
        ("7", "not a JSON object"),
        ('"a text"', "not a JSON object"),
        ('{"topics": ["cost"], "style": "plain"}', '"text" is missing beside style, topics'),
        ('{"text": "how much"}', '"kind" is missing beside text'),
        ('{"text": "how much", "topics": ["cost"]}', '"kind" is missing beside text, topics'),
        ('{"text": 7, "intent": "help"}', '"text" is not a text'),
        (QUESTION % "7", '"topics" is not a list of entry ids'),
        (QUESTION % '"cost"', '"topics" is not a list of entry ids'),
        (QUESTION % '["cost", ["cost"]]', '"topics" is not a list of entry ids'),
        ('{"text": "a b", "topics": [["cost"], "cost"]}', '"topics" is not a list of entry ids'),
        ('{"text": "numb", "concept": "E06", "tier": "E"}', '"style" is missing beside '),
        ('{"text": "a", "concept": "E06", "tier": "X", "style": "b"}', 'unknown tier "X"'),
        ('{"text": "a", "intent": "greating"}', 'unknown intent "greating"'),
        ('{"text": "a", "topics": ["cost"], "kind": "negatd"}', 'unknown kind "negatd"'),
        ('{"text": "a", "kind": "negated"}', '"topics" is missing beside the kind "negated"'),
        ('{"text": "a", "kind": "near", "related": "cost"}', '"related" is not a list of '),
        (FOLLOW_UP % ('["a"]', "true"), '"turns" is not a list of two texts'),
        (FOLLOW_UP % ('["a", "b", "c"]', "true"), '"turns" is not a list of two texts'),
        (FOLLOW_UP % ('["a", 7]', "true"), '"turns" is not a list of two texts'),
        (FOLLOW_UP % ('"ab"', "true"), '"turns" is not a list of two texts'),
        (FOLLOW_UP % ('["a", "b"]', "null"), '"fresh" is null'),
        (
            '{"turns": ["a", "b"], "topics_first": ["cost"], "fresh": true}',
            '"topics_followup" is missing beside fresh, topics_first, turns',
        ),
    ],
    ids=lambda text: text[:60],
)
def test_bad_line_is_named_with_file_line_and_what_is_wrong(
    tmp_path: Path, line: str, told: str
) -> None:
    path = written(tmp_path, '{"text": "hi", "intent": "greeting"}', line)

    with pytest.raises(SetError) as caught:
        read_sets([path])

    assert str(caught.value).startswith(f"{path}:2: {told}")


def test_unknown_word_is_told_with_the_known_ones(tmp_path: Path) -> None:
    path = written(tmp_path, '{"text": "a", "concept": "E06", "tier": "X", "style": "plain"}')

    with pytest.raises(SetError, match='unknown tier "X"; write one of: E, O, U'):
        read_sets([path])


def test_line_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'{"text": "hi", "intent": "greeting"}\n{"text": "caf\xe9"}\n')

    with pytest.raises(SetError) as caught:
        read_sets([path])

    assert str(caught.value) == f"{path}:2: byte 14 of the line is not UTF-8; save it as UTF-8"


def test_byte_order_mark_and_carriage_returns_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "hi", "intent": "greeting"}\r\n\r\n')

    assert [c.turns for c in read_sets([path])] == [("hi",)]


def test_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    found = one(tmp_path, '{"text": "hi\u2028there", "intent": "greeting"}')

    assert found.turns == ("hi\u2028there",)


def test_set_without_a_message_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "")

    with pytest.raises(SetError, match=r"set\.jsonl: no message to judge"):
        read_sets([path])

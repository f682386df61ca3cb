"""Reading one YAML file: each value knows its line, each mistake is a problem, reading goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge.nodes import Node, Reader, nearest, parse_file


def parse(tmp_path: Path, text: str) -> tuple[Node, Reader]:
    reader = Reader()
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    node = parse_file(path, shown_as="knowledge/some.yaml", reader=reader)
    assert node is not None
    return node, reader


def shown(reader: Reader) -> list[tuple[str, str, str]]:
    return [(str(p.place), p.what, p.fix) for p in reader.problems]


def test_text_is_read_as_written(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "say: 0911\n")

    value = node.pairs()["say"].text()

    assert (value, reader.problems) == ("0911", [])


def test_place_is_the_line_of_the_value(tmp_path: Path) -> None:
    node, _ = parse(tmp_path, "# head\nfirst: a\nsecond: b\n")

    place = node.pairs()["second"].place

    assert str(place) == "knowledge/some.yaml:3"


def test_a_list_where_a_text_belongs_is_a_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "say: [a, b]\n")

    value = node.pairs()["say"].text()

    assert value == ""
    assert shown(reader) == [
        (
            "knowledge/some.yaml:1",
            "a text is expected here",
            "write a text, in quotes if it begins with a sign",
        )
    ]


def test_null_is_no_text(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "say:\n")

    node.pairs()["say"].text()

    assert [p.what for p in reader.problems] == ["a text is expected here"]


def test_optional_text_may_be_null(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "by: null\non: 2025-01-01\n")

    values = [child.optional_text() for child in node.pairs().values()]

    assert values == [None, "2025-01-01"]
    assert reader.problems == []


def test_number_is_read(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "score: -0.25\n")

    value = node.pairs()["score"].number()

    assert (value, reader.problems) == (-0.25, [])


@pytest.mark.parametrize("text", ["nan", ".nan", "inf", "-inf", ".inf", "1e999", "half", "90%"])
def test_what_is_no_finite_number_is_a_problem(tmp_path: Path, text: str) -> None:
    node, reader = parse(tmp_path, f"score: {text}\n")

    value = node.pairs()["score"].number()

    assert value == 0.0
    assert [p.what for p in reader.problems] == [f'"{text}" is not a number']


def test_count_is_read(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "max_scope: 6\n")

    assert (node.pairs()["max_scope"].count(), reader.problems) == (6, [])


@pytest.mark.parametrize("text", ["-1", "2.5", ".inf", "six", "9999999999"])
def test_what_is_no_whole_number_is_a_problem(tmp_path: Path, text: str) -> None:
    node, reader = parse(tmp_path, f"max_scope: {text}\n")

    value = node.pairs()["max_scope"].count()

    assert value == 0
    assert [p.what for p in reader.problems] == [f'"{text}" is not a whole number']


@pytest.mark.parametrize("read", [Node.number, Node.count, Node.flag, lambda n: n.choice(("a",))])
def test_a_list_where_one_value_belongs_is_one_problem(
    tmp_path: Path, read: Callable[[Node], object]
) -> None:
    node, reader = parse(tmp_path, "key: [a]\n")

    read(node.pairs()["key"])

    assert [p.what for p in reader.problems] == ["a text is expected here"]


def test_number_in_words_is_a_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "score: half\n")

    value = node.pairs()["score"].number()

    assert value == 0.0
    assert shown(reader) == [
        ("knowledge/some.yaml:1", '"half" is not a number', "write a number such as 0.5")
    ]


def test_flag_is_read(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "demo: true\n")

    value = node.pairs()["demo"].flag()

    assert (value, reader.problems) == (True, [])


def test_flag_that_says_yes_is_a_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "demo: yes\n")

    value = node.pairs()["demo"].flag()

    assert value is False
    assert shown(reader) == [
        ("knowledge/some.yaml:1", '"yes" is neither true nor false', "write true or false")
    ]


def test_choice_outside_the_list_names_the_list(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "risk: high\n")

    node.pairs()["risk"].choice(("plain", "safety"))

    assert shown(reader) == [
        ("knowledge/some.yaml:1", '"high" is not known here', "write one of: plain, safety")
    ]


def test_text_where_a_list_belongs_is_a_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "find: one question\n")

    values = node.pairs()["find"].texts()

    assert values == ()
    assert shown(reader) == [
        ("knowledge/some.yaml:1", "a list is expected here", 'begin each item with "- "')
    ]


def test_null_is_an_empty_list(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "find:\n")

    values = node.pairs()["find"].texts()

    assert (values, reader.problems) == ((), [])


def test_list_where_a_mapping_belongs_is_a_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "- a\n- b\n")

    pairs = node.pairs()

    assert pairs == {}
    assert shown(reader) == [
        ("knowledge/some.yaml:1", "a mapping is expected here", 'write "key: value" lines')
    ]


def test_key_that_stands_twice_is_a_problem_at_the_second(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "phone: a\nname: b\nphone: c\n")

    node.pairs()

    assert shown(reader) == [
        ("knowledge/some.yaml:3", '"phone" stands here twice', "keep one of the two")
    ]


def test_misspelled_key_suggests_the_one_meant(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "id: cost\nquesiton: What?\n")

    node.record(required=("id",), optional=("question", "audience"))

    assert shown(reader) == [
        ("knowledge/some.yaml:2", 'unknown key "quesiton"', 'write "question"')
    ]


def test_unknown_key_is_told_at_its_own_line(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "id: cost\nzzz:\n\n  - a\n")

    node.record(required=("id",))

    assert [str(p.place) for p in reader.problems] == ["knowledge/some.yaml:2"]


@pytest.mark.parametrize("text", ["[a]", "a"])
def test_record_that_is_no_mapping_is_one_problem(tmp_path: Path, text: str) -> None:
    node, reader = parse(tmp_path, f"review: {text}\n")

    node.pairs()["review"].record(required=("status", "by"))

    assert [p.what for p in reader.problems] == ["a mapping is expected here"]


def test_record_that_is_empty_is_one_problem_with_its_keys(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "review:\n")

    node.pairs()["review"].record(required=("status", "by"))

    assert shown(reader) == [
        ("knowledge/some.yaml:1", "nothing stands here", "write the keys status, by")
    ]


def test_unknown_key_lists_the_known_ones(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "id: cost\nzzz: 1\n")

    node.record(required=("id",), optional=("question", "audience"))

    assert shown(reader) == [
        ("knowledge/some.yaml:2", 'unknown key "zzz"', "known keys: id, question, audience")
    ]


def test_unknown_keys_are_left_out_of_the_record(tmp_path: Path) -> None:
    node, _ = parse(tmp_path, "id: cost\nzzz: 1\n")

    found = node.record(required=("id",))

    assert list(found) == ["id"]


def test_missing_key_is_a_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "question: What?\n")

    node.record(required=("id", "question"))

    assert shown(reader) == [("knowledge/some.yaml:1", 'the key "id" is missing', 'add "id: ..."')]


def test_all_problems_of_a_record_are_found_at_once(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "id: a\nid: b\nzzz: 1\n")

    node.record(required=("id", "question"))

    assert [p.what for p in reader.problems] == [
        '"id" stands here twice',
        'unknown key "zzz"',
        'the key "question" is missing',
    ]


def test_nearest_is_the_name_most_alike() -> None:
    found = nearest("relevimed", ["overview", "releviimed", "asap"])

    assert found == "releviimed"


def test_nearest_lists_all_names_when_none_is_alike() -> None:
    found = nearest("zzz", ["overview", "before", "asap"])

    assert found == "asap, before, overview"


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    reader = Reader()

    node = parse_file(tmp_path / "none.yaml", shown_as="knowledge/none.yaml", reader=reader)

    assert node is None
    assert shown(reader) == [
        ("knowledge/none.yaml:1", "the file is missing", "put it back, or restore it from git")
    ]


def test_empty_file_is_a_problem(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "empty.yaml"
    path.write_text("# only a comment\n", encoding="utf-8")

    node = parse_file(path, shown_as="knowledge/empty.yaml", reader=reader)

    assert node is None
    assert shown(reader) == [("knowledge/empty.yaml:1", "the file is empty", "restore it from git")]


def test_invalid_yaml_is_a_problem_at_its_line(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "bad.yaml"
    path.write_text("id: a\nquestion: [open\nanswer: b\n", encoding="utf-8")

    node = parse_file(path, shown_as="knowledge/bad.yaml", reader=reader)

    assert node is None
    assert [str(p.place) for p in reader.problems] == ["knowledge/bad.yaml:3"]
    assert reader.problems[0].what.startswith("not valid YAML: ")


def test_control_character_is_invalid_yaml(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "bad.yaml"
    path.write_text("id: a\x00b\n", encoding="utf-8")

    node = parse_file(path, shown_as="knowledge/bad.yaml", reader=reader)

    assert node is None
    assert reader.problems[0].what.startswith("not valid YAML: ")


def test_file_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: Café\n".encode("latin-1"))

    node = parse_file(path, shown_as="knowledge/latin.yaml", reader=reader)

    assert node is None
    assert reader.problems[0].what.startswith("the file cannot be read: ")
    assert reader.problems[0].fix == "save it as UTF-8 text"


def test_folder_in_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    reader = Reader()

    node = parse_file(tmp_path, shown_as="knowledge/entries", reader=reader)

    assert node is None
    assert reader.problems[0].what.startswith("the file cannot be read: ")


def test_two_documents_in_one_file_are_a_problem(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "two.yaml"
    path.write_text("a: 1\n---\nb: 2\n", encoding="utf-8")

    node = parse_file(path, shown_as="knowledge/two.yaml", reader=reader)

    assert node is None
    assert reader.problems[0].what.startswith("not valid YAML: ")


def test_brackets_nested_without_end_are_a_problem(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "deep.yaml"
    path.write_text("[" * 200_000, encoding="utf-8")

    node = parse_file(path, shown_as="knowledge/deep.yaml", reader=reader)

    assert node is None
    assert [p.what for p in reader.problems] == ["not valid YAML: brackets nested too deep"]


def test_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    node, reader = parse(tmp_path, "\ufeffid: cost\n")

    assert (list(node.pairs()), reader.problems) == (["id"], [])

"""Tables of an evaluation: rows by file and group, errors, confusions."""

from __future__ import annotations

from bot.evaluation.report import Row, confusions, errors, rows, table
from tests.evaluation.made import case, escalated, judged, question, reply

RIGHT = judged(question("cost", group="phone"), reply("cost", ranking=["cost", "ride-home"]))
WRONG = judged(
    question("cost", group="plain", line=7, turns=("what will I owe",)),
    reply("ride-home", ranking=["ride-home"]),
)


def test_rows_count_each_measure_over_all_and_by_group() -> None:
    found = {(r.group, r.measure): (r.count, r.total) for r in rows([RIGHT, WRONG])}

    assert found["all", "right"] == (1, 2)
    assert found["phone", "right"] == (1, 1)
    assert found["plain", "right"] == (0, 1)
    assert found["all", "wrong answer served"] == (1, 2)


def test_rows_of_two_files_are_kept_apart() -> None:
    other = judged(question("cost", file="other.jsonl"), reply("cost"))

    found = [(r.file, r.total) for r in rows([RIGHT, other]) if r.group + r.measure == "allright"]

    assert found == [("set.jsonl", 1), ("other.jsonl", 1)]


def test_red_flags_are_counted_by_tier_and_concept_too() -> None:
    flag = judged(
        case("red_flag", concept="E06", tier="E", group="esl"),
        reply(escalation=escalated("emergency", "present")),
    )

    groups = {r.group for r in rows([flag])}

    assert groups == {"all", "esl", "tier E", "E06"}


def test_figures_of_speech_are_reported_apart() -> None:
    plain = judged(case("benign", wanted=(frozenset(),), group="chronic"), reply())
    figure = judged(case("benign", wanted=(frozenset(),), group="figurative"), reply())

    found = {r.group: r.total for r in rows([plain, figure]) if r.measure == "right"}

    assert found == {"all": 2, "chronic": 1, "not figurative": 1, "figurative": 1}


def test_nothing_judged_gives_no_rows() -> None:
    assert rows([]) == []


def test_row_as_json_has_share_and_interval() -> None:
    row = Row(file="set.jsonl", group="all", measure="right", count=81, total=263)

    found = row.as_json()

    assert found == {
        "file": "set.jsonl",
        "group": "all",
        "measure": "right",
        "count": 81,
        "total": 263,
        "share": 0.308,
        "low": 0.2553,
        "high": 0.3662,
    }


def test_table_shows_all_first_then_the_groups_with_their_first_measure() -> None:
    lines = [line.split("  ")[1] for line in table(rows([RIGHT, WRONG])).splitlines()[1:5]]
    groups = table(rows([RIGHT, WRONG])).splitlines()[5:]

    assert lines == ["right", "right or offered", "wrong answer served", "top of the ranking"]
    assert [line.strip().split("  ")[0] for line in groups] == ["phone: right", "plain: right"]


def test_table_begins_with_the_file_and_shows_counts_share_and_interval() -> None:
    first, second, *_ = table(rows([RIGHT, WRONG])).splitlines()

    assert first == "set.jsonl"
    assert second.split() == ["right", "1", "/", "2", "50.0%", "9.5%", "..", "90.5%"]


def test_errors_list_only_what_is_not_right_with_its_place() -> None:
    found = errors([RIGHT, WRONG])

    assert found == [
        "set.jsonl:7 (plain) what will I owe\n    wanted cost; got ride-home best ride-home 0.75"
    ]


def test_error_shows_choices_with_a_question_mark() -> None:
    (found,) = errors([judged(question("cost"), reply(suggestions=["ride-home"]))])

    assert found.endswith("wanted cost; got ?ride-home")


def test_error_shows_the_kind_of_a_reply_without_entries() -> None:
    (found,) = errors([judged(question("cost", "opioids"), reply())])

    assert found.endswith("wanted cost/opioids; got out_of_scope")


def test_error_of_a_red_flag_shows_what_triage_found() -> None:
    flag = judged(
        case("red_flag", concept="E06", tier="E"),
        reply(escalation=escalated("emergency", "conditional")),
    )

    (found,) = errors([flag])

    assert found.endswith(
        "wanted E06; got out_of_scope [emergency/conditional: E06 'numb' phrase what if]"
    )


def test_error_of_a_follow_up_shows_both_turns() -> None:
    asked = case(
        "followup",
        turns=("can i drive", "and swim"),
        wanted=(frozenset({"driving-after"}), frozenset({"bathing-swimming"})),
    )

    (found,) = errors([judged(asked, reply("driving-after"), reply("cost"))])

    assert found.splitlines() == [
        "set.jsonl:1 (plain) can i drive >> and swim",
        "    wanted driving-after + bathing-swimming; got cost",
    ]


def test_confusions_come_most_frequent_first() -> None:
    opioids = judged(question("opioids"), reply("managing-soreness", ranking=["managing-soreness"]))

    found = confusions([opioids, WRONG, RIGHT, WRONG])

    assert found == [("cost", "ride-home", 2), ("opioids", "managing-soreness", 1)]


def test_confusions_are_of_questions_only() -> None:
    outside = judged(case("out_of_scope"), reply("cost", ranking=["cost"]))

    assert confusions([outside]) == []

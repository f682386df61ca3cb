"""The engine alone, for any FAQ: what it promises to people who take nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.retrieval import Matcher
from bot.retrieval.matcher import titles_of

ROOT = Path(__file__).resolve().parents[2]
FAQ = (
    ("How do I open an account?", "open"),
    ("new account please", "open"),
    ("I lost my card", "card"),
    ("my card was stolen", "card"),
    ("What are your hours?", "hours"),
    ("when do you close today", "hours"),
)
OUTSIDE = (("what is the weather like", "oos"), ("tell me a joke", "oos"))
SCRIPT = """
import json, sys
from bot.retrieval import Matcher
examples, queries = json.load(sys.stdin)
matcher = Matcher().fit([tuple(e) for e in examples])
print(json.dumps([matcher.rank(q) for q in queries]))
"""


def rank_in_another_process(hash_seed: str) -> str:
    queries = ["card stolen", "opne acount", "close", "weather", "", "account card hours"]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([[*FAQ, *OUTSIDE], queries]),
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_fit_returns_the_matcher_itself() -> None:
    matcher = Matcher()

    assert matcher.fit(FAQ) is matcher


@pytest.mark.parametrize(("text", "label"), FAQ)
def test_an_example_gets_its_own_label(text: str, label: str) -> None:
    assert Matcher().fit(FAQ).rank(text)[0][0] == label


def test_other_words_for_the_same_thing_are_found() -> None:
    assert Matcher().fit(FAQ).rank("somebody stole the card")[0][0] == "card"


def test_every_label_is_ranked_once() -> None:
    labels = [label for label, _ in Matcher().fit(FAQ).rank("card")]

    assert sorted(labels) == ["card", "hours", "open"]


def test_ten_labels_are_ranked_at_the_most() -> None:
    examples = [(f"word{letter} thing", letter) for letter in "abcdefghijkl"]

    assert len(Matcher().fit(examples).rank("worda")) == 10


def test_out_of_scope_comes_first_for_a_question_from_outside() -> None:
    found = Matcher().fit([*FAQ, *OUTSIDE]).rank("what is the weather like")

    assert found[0][0] == "oos"
    assert found[0][1] > 0.5


def test_out_of_scope_is_not_named_for_a_question_from_inside() -> None:
    found = Matcher().fit([*FAQ, *OUTSIDE]).rank("I lost my card")

    assert "oos" not in [label for label, _ in found]


def test_words_that_no_example_uses_are_found_by_meaning() -> None:
    examples = [*FAQ, ("I want to see a physician", "doctor"), ("book a medical visit", "doctor")]

    assert Matcher().fit(examples).rank("surgeon")[0][0] == "doctor"


def test_without_word_vectors_it_works_on_words_alone() -> None:
    assert Matcher(None).fit(FAQ).rank("my card was stolen")[0][0] == "card"


def test_a_label_that_says_something_is_an_example_of_itself() -> None:
    known = {"card", "arrival", "lost", "or", "stolen", "talk"}

    found = list(titles_of(["card_arrival", "faq12", "lostOrStolen", "oos", "a", "talk"], known))

    assert found == [
        ("card arrival", "card_arrival"),
        ("lost or stolen", "lostOrStolen"),
        ("talk", "talk"),
    ]


def test_ranking_before_fitting_is_refused_with_the_reason() -> None:
    with pytest.raises(RuntimeError, match="fit"):
        Matcher().rank("hello")


def test_an_empty_query_is_ranked_and_unsure() -> None:
    assert Matcher().fit(FAQ).rank("")[0][1] < 0.5


def test_a_second_fit_forgets_the_first() -> None:
    matcher = Matcher().fit(FAQ).fit([("red", "r"), ("blue", "b")])

    assert sorted(label for label, _ in matcher.rank("red")) == ["b", "r"]


def test_a_ranking_does_not_depend_on_the_hash_seed() -> None:
    assert rank_in_another_process("1") == rank_in_another_process("2")

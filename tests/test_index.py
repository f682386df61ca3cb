"""The compiled index: what is written is read again, and whatever else is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.fitting import build, net_examples, ranker_examples
from bot.index import FORMAT, Index, IndexUnusable, from_file, right_words, to_bytes
from bot.knowledge.load import load
from bot.retrieval.profiles import Profiles
from tests.small import SMALL, small_index, word_vectors

CONTENT = to_bytes(small_index())
DIGEST = small_index().knowledge.digest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "small.index"


def read_again(index: Index, path: Path) -> Index:
    path.write_bytes(to_bytes(index))
    return from_file(path, digest=index.knowledge.digest)


# ---------------------------------------------------------------- the same again
@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_builds_the_same_file(seed: str) -> None:
    code = (
        "import sys; from bot.index import to_bytes; from tests.small import small_index; "
        "sys.stdout.buffer.write(to_bytes(small_index()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed},  # sets have another order in each process
        capture_output=True,
        check=True,
    )

    assert done.stdout == CONTENT


# ---------------------------------------------------------------- round trip
def test_the_rules_of_triage_come_back_as_they_were(path: Path) -> None:
    assert read_again(small_index(), path).triage == small_index().triage


def test_knowledge_comes_back_as_it_was(path: Path) -> None:
    assert read_again(small_index(), path).knowledge == small_index().knowledge


@pytest.mark.parametrize(
    "query", ["can i drive", "the pirce", "how lnog is it", "hello", "", "жжж"]
)
def test_a_query_is_ranked_as_before(path: Path, query: str) -> None:
    again = read_again(small_index(), path)

    before, after = small_index().ranker.rank(query), again.ranker.rank(query)

    assert after.ranked == before.ranked
    assert after.signals == before.signals
    assert after.decisions == before.decisions
    assert after.repairs == before.repairs
    assert after.nearest == before.nearest


def test_the_second_net_decides_as_before(path: Path) -> None:
    again = read_again(small_index(), path)
    vector = small_index().ranker.space.vector("my chest hurts")

    before, after = small_index().net.decide(vector), again.net.decide(vector)

    assert again.net.labels == small_index().net.labels
    assert after.tolist() == before.tolist()


def test_word_vectors_come_back(path: Path) -> None:
    index = build(load(SMALL), word_vectors())

    again = read_again(index, path)

    assert again.ranker.rank("the truck").ranked == index.ranker.rank("the truck").ranked
    assert "truck" in again.ranker.speller.correct
    assert again.ranker.space.dense_size == 3


def test_an_index_without_vectors_has_none_when_read(path: Path) -> None:
    assert read_again(small_index(), path).ranker.space.vectors is None


def test_what_was_read_can_be_written_again(path: Path) -> None:
    again = read_again(small_index(), path)

    twice = read_again(again, path)

    assert twice.ranker.rank("the price").ranked == small_index().ranker.rank("the price").ranked


def test_the_banks_are_left_out() -> None:
    knowledge = small_index().knowledge

    assert (knowledge.phrasings, knowledge.out_of_scope, knowledge.small_talk) == ((), (), ())
    assert (knowledge.flag_bank, knowledge.ordinary_bank) == ((), ())


def test_entries_and_replies_are_kept() -> None:
    full, kept = load(SMALL), small_index().knowledge

    assert (kept.entries, kept.replies, kept.clinic) == (full.entries, full.replies, full.clinic)


# ---------------------------------------------------------------- refused
def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(IndexUnusable, match=r"small\.index"):
        from_file(path, digest=DIGEST)


def test_other_knowledge_is_refused(path: Path) -> None:
    path.write_bytes(CONTENT)

    with pytest.raises(IndexUnusable, match="other knowledge"):
        from_file(path, digest="0" * 64)


def test_another_format_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.index.FORMAT", FORMAT + 1)
    path.write_bytes(to_bytes(small_index()))
    monkeypatch.undo()

    with pytest.raises(IndexUnusable, match="another version"):
        from_file(path, digest=DIGEST)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"not an index", bytes(5000), CONTENT[:-1], CONTENT[:16]]
)
def test_a_file_that_is_no_index_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(IndexUnusable):
        from_file(path, digest=DIGEST)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(length=st.integers(min_value=0, max_value=len(CONTENT) - 1))
def test_a_file_cut_short_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "small.index"
    path.write_bytes(CONTENT[:length])

    with pytest.raises(IndexUnusable):
        from_file(path, digest=DIGEST)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(at=st.integers(min_value=0, max_value=len(CONTENT) - 1), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("bit") / "small.index"
    path.write_bytes(CONTENT[:at] + bytes([CONTENT[at] ^ 1 << bit]) + CONTENT[at + 1 :])

    with pytest.raises(IndexUnusable):
        from_file(path, digest=DIGEST)


def test_bytes_after_the_end_are_refused(path: Path) -> None:
    path.write_bytes(CONTENT + b"more")

    with pytest.raises(IndexUnusable):
        from_file(path, digest=DIGEST)


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir()

    with pytest.raises(IndexUnusable):
        from_file(path, digest=DIGEST)


def test_a_refusal_is_an_error_that_can_be_mended() -> None:
    assert issubclass(IndexUnusable, BotError)


# ---------------------------------------------------------------- what is learnt
def test_every_question_is_an_example_of_its_entry() -> None:
    found = ranker_examples(load(SMALL))

    assert ("When may I drive again?", "driving") in found
    assert ("can i drive after", "driving") in found


def test_examples_from_outside_and_small_talk_are_marked() -> None:
    found = ranker_examples(load(SMALL))

    assert ("Who won the football game?", "oos:world") in found
    assert ("good morning", "talk:greeting") in found


def test_the_net_takes_questions_as_ordinary() -> None:
    found = dict(net_examples(load(SMALL), None))

    assert found["cost of it"] == "ordinary"
    assert found["hello"] == "ordinary"


def test_the_net_takes_its_bank_by_concept() -> None:
    assert dict(net_examples(load(SMALL), None))["My chest hurts badly"] == "E01"


def test_words_that_are_never_repaired_are_the_protected_and_those_of_the_vectors() -> None:
    found = right_words(load(SMALL), word_vectors())

    assert all(word in found for word in ("eliquis", "car", "truck", "money", "zero"))
    assert "lorry" not in found


def test_building_tells_what_it_is_doing() -> None:
    steps: list[str] = []

    build(load(SMALL), None, steps.append)

    assert len(steps) >= 2


def test_building_twice_gives_the_same_index() -> None:
    again = build(load(SMALL), None)

    assert again.ranker.space.word_ids == small_index().ranker.space.word_ids
    assert again.ranker.model.table.tolist() == small_index().ranker.model.table.tolist()
    assert again.net.table.tolist() == small_index().net.table.tolist()


def test_an_index_with_profiles_for_many_labels_is_read_again(path: Path) -> None:
    with patch("bot.retrieval.profiles._MOST_WEIGHTS", 0):
        index = build(load(SMALL), None)

    again = read_again(index, path)

    assert isinstance(again.ranker.model, Profiles)
    assert again.ranker.rank("cost").ranked == index.ranker.rank("cost").ranked

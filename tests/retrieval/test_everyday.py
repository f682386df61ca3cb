"""Sentences made by rule: different, complete, the same each time."""

from __future__ import annotations

from bot.retrieval.everyday import everyday_sentences, made_sentences

WORDS = {"noun": {"card": 2.0, "river": 1.0}, "verb": {"send": 1.0}, "adjective": {"blue": 1.0}}


def test_everyday_sentences_are_many() -> None:
    assert len(everyday_sentences()) > 10_000


def test_no_slot_stays_open() -> None:
    sentences = everyday_sentences() + made_sentences(WORDS, 300)

    assert [s for s in sentences if "{" in s or "}" in s] == []


def test_made_sentences_are_as_many_as_wanted_and_all_different() -> None:
    assert len(set(made_sentences(WORDS, 200))) == 200


def test_made_sentences_are_the_same_each_time() -> None:
    assert made_sentences(WORDS, 50) == made_sentences(WORDS, 50)


def test_made_sentences_hold_the_words_given() -> None:
    joined = " ".join(made_sentences(WORDS, 300))

    assert all(word in joined for word in ("card", "river", "send", "blue"))

"""Answer, ask back or abstain: at the thresholds and around them."""

from __future__ import annotations

from bot.retrieval.decide import Abstain, Answer, Clarify, Limits, decide
from bot.retrieval.ranker import Ranked

LIMITS = Limits(answer=0.6, clarify=0.2)


def ranking(*scores: float) -> list[Ranked]:
    names = ("cost", "driving", "length", "safety", "work")
    return [Ranked(entry_id=n, score=s) for n, s in zip(names, scores, strict=False)]


def test_a_sure_guess_is_answered() -> None:
    assert decide(ranking(0.9, 0.3), LIMITS) == Answer(entry_id="cost")


def test_a_guess_at_the_threshold_is_answered() -> None:
    assert decide(ranking(0.6, 0.3), LIMITS) == Answer(entry_id="cost")


def test_a_guess_below_the_threshold_is_asked_back() -> None:
    assert decide(ranking(0.59, 0.3), LIMITS) == Clarify(entry_ids=("cost", "driving"))


def test_three_choices_are_offered_at_the_most() -> None:
    found = decide(ranking(0.5, 0.4, 0.3, 0.2, 0.1), LIMITS)

    assert found == Clarify(entry_ids=("cost", "driving", "length"))


def test_a_guess_at_the_lower_threshold_is_asked_back() -> None:
    assert decide(ranking(0.2, 0.1), LIMITS) == Clarify(entry_ids=("cost", "driving"))


def test_an_unlikely_guess_is_not_offered() -> None:
    assert decide(ranking(0.19, 0.1), LIMITS) == Abstain(best_score=0.19)


def test_a_single_choice_is_no_choice() -> None:
    assert decide(ranking(0.5), LIMITS) == Abstain(best_score=0.5)


def test_a_single_sure_guess_is_answered() -> None:
    assert decide(ranking(0.7), LIMITS) == Answer(entry_id="cost")


def test_an_empty_ranking_is_declined() -> None:
    assert decide([], LIMITS) == Abstain(best_score=0.0)


def test_an_empty_ranking_is_never_answered_even_without_thresholds() -> None:
    assert isinstance(decide([], Limits(answer=0.1, clarify=0.0)), Abstain)

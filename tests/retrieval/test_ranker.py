"""The ranking of a query: order, scores, repairs, signals, telling words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.analyzer import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.corpus import fit_corpus
from bot.retrieval.ranker import Ranker, count_words, fit_ranker, ranker_on
from tests.small import small_engine, word_vectors

EXAMPLES = (
    ("can i drive my car", "driving"),
    ("when may i drive again", "driving"),
    ("behind the wheel", "driving"),
    ("what does it cost", "cost"),
    ("price of the procedure", "cost"),
    ("how much is it", "cost"),
    ("how long does it take", "length"),
    ("how many minutes on the table", "length"),
    ("is it over quickly", "length"),
    ("what is the weather tomorrow", "oos:world"),
    ("who won the game", "oos:world"),
    ("hello", "talk:greeting"),
    ("thank you", "talk:thanks"),
)
RANKER = fit_ranker(EXAMPLES)
QUERIES = st.lists(
    st.sampled_from([*" ".join(text for text, _ in EXAMPLES).split(), "zebra", "drvie", "!"]),
    max_size=12,
).map(" ".join)


def best(query: str, ranker: Ranker = RANKER) -> str:
    return ranker.rank(query).ranked[0].entry_id


@pytest.mark.parametrize(("text", "label"), EXAMPLES[:9])
def test_an_example_ranks_its_own_entry_first(text: str, label: str) -> None:
    assert best(text) == label


@settings(deadline=None, derandomize=True, max_examples=80)
@given(QUERIES)
def test_scores_fall_and_are_probabilities(query: str) -> None:
    scores = [r.score for r in RANKER.rank(query).ranked]

    assert scores == sorted(scores, reverse=True)
    assert 0.0 <= scores[-1] <= scores[0] <= 1.0


@settings(deadline=None, derandomize=True, max_examples=80)
@given(QUERIES)
def test_only_entries_are_ranked_and_each_once(query: str) -> None:
    ids = [r.entry_id for r in RANKER.rank(query).ranked]

    assert sorted(ids) == ["cost", "driving", "length"]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(QUERIES)
def test_a_ranking_is_the_same_when_asked_again(query: str) -> None:
    first, second = RANKER.rank(query), RANKER.rank(query)

    assert first.ranked == second.ranked
    assert first.signals == second.signals


@settings(deadline=None, derandomize=True, max_examples=8)
@given(st.permutations(EXAMPLES))
def test_the_first_entry_does_not_depend_on_the_order_of_examples(
    order: list[tuple[str, str]],
) -> None:
    shuffled = fit_ranker(order)

    found = [best(q, shuffled) for q in ("can i drive", "the cost", "how long", "table minutes")]

    assert found == ["driving", "cost", "length", "length"]


def test_at_the_most_so_many_are_ranked_as_are_wanted() -> None:
    assert len(RANKER.rank("drive", most=2).ranked) == 2
    assert len(RANKER.rank("drive", most=1).ranked) == 1


def test_a_typing_error_is_repaired_and_told() -> None:
    found = RANKER.rank("how many minuts")

    assert found.query == "how many minutes"
    assert found.repairs == (("minuts", "minutes"),)


def test_a_repaired_word_is_not_counted_as_known() -> None:
    found = RANKER.rank("drvie")

    assert found.query == "drive"
    assert found.signals.known == 0.0


def test_a_word_listed_as_correct_is_not_repaired() -> None:
    ranker = fit_ranker(EXAMPLES, correct=["minuts"])

    assert ranker.rank("minuts").repairs == ()


def test_a_word_of_the_vectors_is_not_repaired() -> None:
    ranker = fit_ranker([*EXAMPLES, ("trucks", "driving")], vectors=word_vectors())

    assert ranker.rank("truck").repairs == ()


def test_the_nearest_example_belongs_to_the_first_entry() -> None:
    assert RANKER.rank("price of the game").nearest == "price of the procedure"


def test_an_example_is_as_near_as_can_be() -> None:
    assert RANKER.rank("behind the wheel").signals.nearest == pytest.approx(1.0, abs=1e-5)


def test_a_question_from_outside_leads_outside() -> None:
    assert RANKER.rank("what is the weather tomorrow").signals.outside > 0


def test_a_question_from_inside_does_not_lead_outside() -> None:
    assert RANKER.rank("can i drive my car").signals.outside < 0


def test_labels_that_are_no_entries_are_told_with_their_decisions() -> None:
    assert set(RANKER.rank("hello").decisions) == {"oos:world", "talk:greeting", "talk:thanks"}


def test_without_labels_from_outside_nothing_is_outside() -> None:
    ranker = fit_ranker(EXAMPLES[:9])

    assert ranker.rank("can i drive").signals.outside == 0.0


def test_a_single_entry_has_no_rival() -> None:
    ranker = fit_ranker([EXAMPLES[0], EXAMPLES[9]])

    found = ranker.rank("can i drive")

    assert found.signals.lead == 0.0
    assert [r.entry_id for r in found.ranked] == ["driving"]


def test_a_greeting_leads_over_everything_else() -> None:
    leads = RANKER.leads_of("talk:", "hello")

    assert leads["talk:greeting"] > 0 > leads["talk:thanks"]


def test_a_prefix_that_no_label_has_leads_nowhere() -> None:
    assert RANKER.leads_of("nothing:", "hello") == {}


def test_telling_words_are_words_of_the_query() -> None:
    found = RANKER.telling_words(RANKER.rank("may i please drive again"))

    assert "drive" in found
    assert set(found) <= {"may", "i", "please", "drive", "again"}


def test_an_empty_query_has_no_telling_words() -> None:
    assert RANKER.telling_words(RANKER.rank("")) == ()


def test_the_sharper_the_calibration_the_further_the_second_falls_behind() -> None:
    blunt = fit_ranker(EXAMPLES, calibration=Calibration(sharpness=0.5))
    sharp = fit_ranker(EXAMPLES, calibration=Calibration(sharpness=5.0))

    assert sharp.rank("can i drive").ranked[1].score < blunt.rank("can i drive").ranked[1].score


def test_a_space_of_more_texts_widens_the_words_but_not_the_labels() -> None:
    texts = [text for text, _ in EXAMPLES]
    corpus = fit_corpus([*texts, "a zebra crossed the road"], analyzer=Analyzer({}))

    wider = ranker_on(
        corpus.features[: len(texts)],
        EXAMPLES,
        space=corpus.space,
        words=count_words(corpus.tokens[: len(texts)]),
        correct=(),
        calibration=Calibration(),
    )

    assert "zebra" in wider.space.word_ids
    assert wider.model.labels == RANKER.model.labels
    assert wider.rank("can i drive").ranked[0].entry_id == "driving"


def test_the_ranking_of_a_reading_is_that_of_the_query() -> None:
    ranker = small_engine().ranker

    assert ranker.rank_read(ranker.read("the price")).ranked == ranker.rank("the price").ranked


def test_all_orders_of_two_words_rank_the_same_entry() -> None:
    found = {best(" ".join(order)) for order in itertools.permutations(["drive", "car"])}

    assert found == {"driving"}


def test_words_are_counted_once_a_text_in_the_order_they_come() -> None:
    counts = count_words([("zebra", "can", "zebra"), ("can", "apple")])

    assert list(counts.items()) == [("zebra", 1.0), ("can", 2.0), ("apple", 1.0)]

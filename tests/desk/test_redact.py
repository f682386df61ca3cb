"""What could tell who wrote a text is taken out of it."""

from __future__ import annotations

from operator import attrgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.redact import hidden_words, redact, redact_query, without_marks
from tests.rows import Row, rows

PLANTED = (
    "555-123-4567",
    "(555) 123-4567",
    "+1 555 123 4567",
    "5551234567",
    "ann.lee@example.com",
    "123-45-6789",
    "03/14/1961",
    "1961-03-14",
    "March 14, 1961",
    "MRN 12345678",
)
texts = st.text(max_size=60)
laws = settings(derandomize=True, max_examples=200, deadline=None)


@pytest.mark.parametrize("row", rows("redact.yaml"), ids=attrgetter("say"))
def test_redact(row: Row) -> None:
    assert redact(row.say) == row.kept, row.place


@laws
@given(before=texts, planted=st.sampled_from(PLANTED), after=texts)
def test_no_planted_number_is_left(before: str, planted: str, after: str) -> None:
    assert planted not in redact(f"{before} {planted} {after}")


@laws
@given(before=texts, digits=st.integers(10_000, 10**12), after=texts)
def test_no_long_number_is_left(before: str, digits: int, after: str) -> None:
    assert str(digits) not in redact(f"{before} {digits} {after}")


@laws
@given(name=st.from_regex(r"[A-Z][a-z]{2,8}ova", fullmatch=True), after=texts)
def test_no_told_name_is_left(name: str, after: str) -> None:
    told = redact(f"Hello, my name is {name}, {after}")

    assert told.startswith("Hello, my name is [name],")


@laws
@given(text=st.one_of(texts, st.lists(st.sampled_from(PLANTED)).map(" ".join)))
def test_redacting_twice_is_redacting_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@laws
@given(text=st.text(alphabet="abc ,.?!'", max_size=200))
def test_text_without_names_and_numbers_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "1",
        " ",
        "id ",
        "id" + " " * 50,
        "a@",
        "@",
        "my ",
        "name is ",
        "i'm ",
        "1 a ",
        "3/",
        "march ",
        "(",
        ".",
    ],
)
def test_longest_message_is_redacted_in_a_moment(text: str) -> None:
    assert redact(text * (40_000 // len(text))) is not None


def test_marks_leave_nothing_to_search_for() -> None:
    assert without_marks("call [number] on [date] please") == "call on please"


def test_hidden_words_are_those_that_are_gone() -> None:
    assert hidden_words("I'm Ann Lee, may I drive?") == {"ann", "lee"}


def test_query_is_kept_without_what_names_its_writer() -> None:
    query = redact_query(
        "i'm ann lee may i drive 555 123 4567", "I'm Ann Lee, may I drive? 555 123 4567"
    )

    assert query == "i'm may i drive"

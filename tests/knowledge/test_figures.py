"""Figures of a text: however they are written, each has one form."""

from __future__ import annotations

import pytest

from bot.knowledge.figures import figures


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("an hour", {"1 hour"}),
        ("60 minutes", {"1 hour"}),
        ("half an hour", {"30 minute"}),
        ("a half hour", {"30 minute"}),
        ("a half-hour walk", {"30 minute"}),
        ("half a day", {"12 hour"}),
        ("an hour and a half", {"90 minute"}),
        ("one and a half hours", {"90 minute"}),
        ("1.5 hours", {"90 minute"}),
        ("1\u00bd hours", {"90 minute"}),
        ("two and a half weeks", {"2.5 week"}),
        ("half of the 24 hours", {"24 hour"}),
        ("six hours", {"6 hour"}),
        ("24-hour rest", {"24 hour"}),
        ("twenty-four hours", {"24 hour"}),
        ("twenty four hours", {"24 hour"}),
        ("a day", {"24 hour"}),
        ("the first day", {"24 hour"}),
        ("the first days", set()),
        ("seven days", {"1 week"}),
        ("fifteen minutes", {"15 minute"}),
        ("one hundred percent", {"100 %"}),
        ("a hundred feet", {"100 feet"}),
        ("from 8 to 56 minutes", {"8 minute", "56 minute"}),
        ("two to three weeks", {"2 week", "3 week"}),
        ("2-3 weeks", {"2 week", "3 week"}),
        ("two or three months", {"2 month", "3 month"}),
        ("a couple of weeks", {"2 week"}),
        ("one year", {"12 month"}),
        ("twelve months", {"12 month"}),
        ("95 percent", {"95 %"}),
        ("95%", {"95 %"}),
        ("95 per cent", {"95 %"}),
        ("less than 0.1%", {"0.1 %"}),
        ("nearly 4,000 feet", {"4000 feet"}),
        ("in 2021", {"2021"}),
        ("twice a day", {"2 per day"}),
        ("once a week", {"1 per week"}),
        ("three times a day", {"3 per day"}),
        ("3 times per day", {"3 per day"}),
        ("ten times every hour", {"10 per hour"}),
        ("one foot drops", set()),
        ("a second document", set()),
        ("30 seconds", {"30 second"}),
        ("call {clinic.phone} any time", set()),
        ("most people", set()),
    ],
)
def test_figures_have_one_form(text: str, canonical: set[str]) -> None:
    assert figures(text) == canonical

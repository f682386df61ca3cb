"""The figures of a text - "24 hours", "half an hour", "twice a day" - each in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Figures that say the same, by the form that stands for both.
SAME: Mapping[str, str] = {
    "1 day": "24 hour",
    "2 day": "48 hour",
    "3 day": "72 hour",
    "60 minute": "1 hour",
    "7 day": "1 week",
    "14 day": "2 week",
    "1 year": "12 month",
    "24 month": "2 year",
}
#: what a fraction of a unit is told in
_SMALLER = {"hour": ("minute", 60), "day": ("hour", 24), "year": ("month", 12)}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
          "eighteen", "nineteen")  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {
    **{word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)},
    **dict(zip(_TENS, range(20, 100, 10), strict=True)),
    **{"a": 1, "an": 1, "first": 1, "once": 1, "twice": 2, "couple of": 2},
}
_ONE = "|".join(_ONES)
_NUMBER = (
    rf"(?:\d[\d,.]*\d|\d|(?:(?:an?|{_ONE}) )?hundred|(?:{'|'.join(_TENS)})(?: (?:{_ONE}))?"
    rf"|{'|'.join(_TEENS)}|{_ONE})"
)
_TIME = r"(?:hour|minute|day|week|month|year)"
# "one foot" is a part of the body, "a second" an order
_UNIT = rf"(?:{_TIME}s?|seconds|per ?cent|%|feet|(?<=\d )foot|(?<=\d)foot)(?![a-z])"
_FIGURE = re.compile(
    "|".join(
        (
            rf"\b(?P<rate>once|twice|{_NUMBER}(?= times)) (?:times )?"
            rf"(?:an?|per|each|every) (?P<per>{_TIME})\b",
            rf"\bhalf (?:an? )?(?P<half>{_UNIT})",
            rf"\b(?P<span>{_NUMBER})(?= (?:to|or|and) {_NUMBER} ?(?P<shared>{_UNIT}))",
            rf"\b(?P<number>{_NUMBER}|couple of|(?:an?|first)(?= {_TIME}\b))"
            rf"(?P<more>(?: and a)? half)? ?(?P<unit>{_UNIT})(?P<later> and a half)?",
            r"\b(?P<bare>\d[\d,.]*\d|\d)\b",
        )
    )
)


def figures(text: str) -> set[str]:
    """Numbers with their units in one form, and numbers in digits without a unit.

    A rate is no length of time: "twice a day" does not say "a day".
    """
    return {_figure(match) for match in _FIGURE.finditer(_plain(text))}


def _plain(text: str) -> str:
    """Lower case, slots left out, hyphens as the words that they stand for."""
    text = re.sub(r"\{[^}]*\}", "", text.lower()).replace("\u00bd", " half ")
    text = re.sub(r"(?<=\d)\s*[-\u2013]\s*(?=\d)", " to ", text)
    return " ".join(re.sub(r"[-\u2010-\u2014]", " ", text).split())


def _figure(match: re.Match[str]) -> str:
    got = match.groupdict()
    if got["rate"]:
        return f"{_shown(_value(got['rate']))} per {got['per']}"
    if got["half"]:
        return _canonical(0.5, got["half"])
    if got["span"]:
        return _canonical(_value(got["span"]), got["shared"])
    if got["number"]:
        half = 0.5 if got["more"] or got["later"] else 0.0
        return _canonical(_value(got["number"]) + half, got["unit"])
    return _shown(_value(got["bare"]))


def _value(number: str) -> float:
    """The value of a number in digits or words."""
    if number[0].isdigit():
        whole, *parts = number.replace(",", "").split(".")
        return float(f"{whole}.{''.join(parts)}")
    if number.endswith("hundred"):
        return 100.0 * _VALUES.get(number.removesuffix("hundred").strip(), 1)
    return float(
        _VALUES[number] if number in _VALUES else sum(map(_VALUES.__getitem__, number.split()))
    )


def _canonical(value: float, unit: str) -> str:
    unit = {"foot": "feet", "percent": "%", "per cent": "%"}.get(unit, unit.removesuffix("s"))
    if not value.is_integer() and unit in _SMALLER:
        unit, times = _SMALLER[unit]
        value *= times
    figure = f"{_shown(value)} {unit}"
    return SAME.get(figure, figure)


def _shown(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)

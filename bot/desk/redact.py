"""Takes out of a text what could tell who wrote it. Not complete: what need not be kept is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?:of\s+|de\s+|del\s+)?\d{4})?"
_NAME = r"[^\W\d_][\w'’.-]*"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"

#: mark -> pattern, tried in this order on what the ones before have left
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[link]", re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("[e-mail]", re.compile(r"[^\s@<>\[\]]+\s?@\s?[^\s@<>\[\]]+\.[^\W\d_]{2,}")),
    ("[name]", re.compile(r"(?<![\w@])@[^\W\d_][\w.-]*")),
    (
        "[date]",
        re.compile(
            rf"\b(?:(?:{_MONTHS})\.?\s+(?:the\s+)?{_NTH}\b{_YEAR}"
            rf"|{_NTH}\s+(?:of\s+|de\s+)?(?:{_MONTHS})\b\.?{_YEAR}"
            rf"|(?:{_MONTHS})\.?,?\s+(?:of\s+|de\s+)?\d{{4}}\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "[date]",
        re.compile(
            r"(?<!\d)(?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})"
            r"|\d{4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,2})(?!\d)"
        ),
    ),
    (
        "[date]",
        re.compile(r"(?<![\d/])(?:0?[1-9]|1[0-2])/(?!10\b)(?:0?[1-9]|[12]\d|3[01])(?![\d/])"),
    ),
    (
        "[number]",
        re.compile(
            r"\b(?:mrn|ssn|dob|record|chart|account|acct|member|policy|patient|case|id)\b"
            r"\s*(?:id|no|nr|num|number)?\.?\s*(?:is|:|#)?\s*#?\s*(?=[a-z-]{0,6}\d)[a-z\d-]+",
            re.IGNORECASE,
        ),
    ),
    # five digits and more, however they are grouped: telephones, records, social security, zip
    ("[number]", re.compile(r"[(+#]?\d(?:[\s().+/-]{0,3}\d){4,}")),
    ("[age]", re.compile(r"\b(?:9\d|1[01]\d)(?=[\s-]*(?:years?|yrs?|yo|y/o|year-old)\b)", re.I)),
    (
        "[address]",
        re.compile(
            r"\b\d{1,5}\s+(?:[^\W\d_]+\s+){1,3}"
            r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|blvd|boulevard|court|ct|way)\b\.?",
            re.IGNORECASE,
        ),
    ),
)

#: after these words comes a name, whatever its letters look like
_TOLD = re.compile(
    r"\b(?:my|his|her|their|the patient'?s|patient|last|first|full)?\s*\bname(?:'s|\s+is|\s*:)"
    rf"\s+|\bme\s+llamo\s+|\bmi\s+nombre\s+es\s+|\bcalled?\s+me\s+(?={_CAPITAL})",
    re.IGNORECASE,
)
#: after these only where it is written as one
_SAID = re.compile(
    r"\b(?:i\s*['’]?\s*a?m|this\s+is|it['’]?s|soy|sincerely|regards|signed|thanks|thank\s+you"
    r"|mrs?|ms|miss|dr|doctor|nurse|mom|dad|husband|wife|son|daughter|patient)\b[.,:]?\s+(?:again,\s+)?",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    re.findall(
        r"\S+",
        "a an and or but i i'm im my me mine you your he she it we they the this that to in on at "
        "for from with have had has is was am are be not so do does did can could will would need "
        "want when what where how why who which yes no please hi hello ok okay mild medicare "
        "doctor",
    )
)
_WORD = re.compile(_NAME)


def redact(text: str) -> str:
    """The text with marks where e-mail addresses, numbers, dates and told names stood."""
    for mark, pattern in _PATTERNS:
        text = pattern.sub(mark, text)
    for start, end in reversed(list(_names(text))):
        text = f"{text[:start]}[name]{text[end:]}"
    return text


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Spans of names that somebody tells, without overlaps, in order."""
    reached = 0
    starts = [(m.end(), True) for m in _TOLD.finditer(text)]
    if not text.isupper():  # "I'M BLEEDING" is no name
        starts += [(m.end(), False) for m in _SAID.finditer(text)]
    for start, told in sorted(starts):
        if start < reached:
            continue
        end = _end_of_name(text, start, told=told)
        if end > start:
            reached = end
            yield start, end


def _end_of_name(text: str, start: int, *, told: bool) -> int:
    """Where the name that may begin at `start` ends; `start` itself: there is none."""
    end = at = start
    for number in range(3):
        word = _WORD.match(text, at)
        if word is None or not _may_be_name(word.group(), told=told, first=number == 0):
            break
        end = word.end()
        if text[end : end + 1] != " " or word.group().endswith((",", ";")):
            break
        at = end + 1
    return end


def _may_be_name(word: str, *, told: bool, first: bool) -> bool:
    bare = word.rstrip(".'’-").lower()
    if bare in _NO_NAMES:
        return False
    return word[0].isupper() or (told and (first or not bare.endswith(("ing", "ed"))))


_MARK = re.compile(r"\[(?:link|e-mail|name|date|number|age|address)\]")


def without_marks(text: str) -> str:
    """For searching: what was taken out leaves nothing behind."""
    return " ".join(_MARK.sub(" ", text).split())


def hidden_words(text: str) -> frozenset[str]:
    """Words, in lower case, that `redact` takes out of a text."""
    kept = set(re.findall(r"\w+", redact(text).lower()))
    return frozenset(re.findall(r"\w+", text.lower())) - kept


def redact_query(query: str, message: str) -> str:
    """A query made of a message, without what names its writer there.

    The query is in lower case, where a name cannot be told from other words.
    """
    hidden = hidden_words(message)
    kept = [
        word for word in without_marks(redact(query)).split() if word.strip(".,'’") not in hidden
    ]
    return " ".join(kept)

"""Takes out of a text what could tell who wrote it. Not complete: what need not be kept is not."""

from __future__ import annotations

import re
from collections.abc import Iterator


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern in which a blank stands for one to three spaces, and "~" for none to three.

    Without a bound, a message of nothing but spaces would take minutes.
    """
    spaced = pattern.replace(" ", r"\s{1,3}").replace("~", r"\s{0,3}")
    return re.compile(spaced, re.IGNORECASE)


_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?:of |de |del )?\d{4})?"
_NAME = r"[^\W\d_][\w'’.-]*"
_NUMBERED = (
    "mrn|ssn|dob|record|chart|account|acct|member|policy|patient|case|id"  # "record no. A12-99"
)
_STREETS = "street|st|avenue|ave|road|rd|lane|ln|drive|dr|blvd|boulevard|court|ct|way"

#: mark -> pattern, tried in this order on what the ones before have left
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[link]", _compiled(r"\b(?:https?://|www\.)\S+")),
    (
        "[e-mail]",
        _compiled(r"(?<![^\s@<>\[\]])[^\s@<>\[\]]+(?:@| @ )[^\s@<>\[\]]+\.[^\W\d_]{2,}"),
    ),
    ("[name]", _compiled(r"(?<![\w@])@[^\W\d_][\w.-]*")),
    ("[date]", _compiled(rf"\b(?:{_MONTHS})\.? (?:the )?{_NTH}\b{_YEAR}")),
    ("[date]", _compiled(rf"\b{_NTH} (?:of |de )?(?:{_MONTHS})\b\.?{_YEAR}")),
    ("[date]", _compiled(rf"\b(?:{_MONTHS})\.?,? (?:of |de )?\d{{4}}\b")),
    ("[date]", _compiled(r"(?<!\d)\d{1,2}~[/.-]~\d{1,2}~[/.-]~(?:\d{4}|\d{2})(?!\d)")),
    ("[date]", _compiled(r"(?<!\d)\d{4}~[/.-]~\d{1,2}~[/.-]~\d{1,2}(?!\d)")),
    # a month and a day; "8/10" is how much it hurts
    (
        "[date]",
        _compiled(r"(?<![\d/])(?:0?[1-9]|1[0-2])/(?!10\b)(?:0?[1-9]|[12]\d|3[01])(?![\d/])"),
    ),
    (
        "[number]",
        _compiled(
            rf"\b(?:{_NUMBERED})\b~(?:id|no|nr|num|number)?\.?~(?:is|:|#)?~#?~"
            r"(?=[a-z-]{0,6}\d)[a-z\d-]+"
        ),
    ),
    # five digits and more, however they are grouped: telephones, records, social security, zip
    ("[number]", _compiled(r"[(+#]?\d(?:[\s().+/-]{0,3}\d){4,}")),
    ("[age]", _compiled(r"\b(?:9\d|1[01]\d)(?=[\s-]{0,3}(?:years?|yrs?|yo|y/o|year-old)\b)")),
    ("[address]", _compiled(rf"\b\d{{1,5}} (?:[^\W\d_]+ ){{1,3}}(?:{_STREETS})\b\.?")),
)

#: after these words comes a name, whatever its letters look like
_TOLD = _compiled(r"\bname(?:'s| is|~:) |\bme llamo |\bmi nombre es |\bcall(?:ed)? me (?=[A-Z])")
#: after these only where it is written as one
_SAID = _compiled(
    r"\b(?:i~['’]?~a?m|this is|it['’]?s|soy|sincerely|regards|signed|thanks|thank you"
    r"|mrs?|ms|miss|dr|doctor|nurse|mom|dad|husband|wife|son|daughter|patient)\b[.,:]? (?:again, )?"
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

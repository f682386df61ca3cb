"""From what a person typed to plain lower-case text: the same letters for the same words.

Phones, copied web pages and old keyboards write one word in many ways. Everything later
(triage above all) sees the text only after this step, so it must never drop a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters of other scripts that look Latin. Somebody who pastes "сhest" with a Cyrillic letter still
# has chest pain. Only applied inside words that also hold a Latin letter, so that real Russian or
# Greek stays.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАЕОРСУХІЈЅКМТВНαοενικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhkmtbhAEOPCYXIJSKMTBHaoevikptuxABEZHIKMNOPTYX",
)
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
                        r"\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TAG_NAMES = (
    "a|b|i|u|s|p|br|hr|em|div|span|strong|small|ul|ol|li|h[1-6]|table|tr|td|th|img|font|pre"
)
_TAG = re.compile(
    rf"<\s{{0,3}}/?\s{{0,3}}(?:{_TAG_NAMES})(?:\s{{1,3}}[a-zA-Z-]+\s?=[^<>]{{0,200}})?\s{{0,3}}/?>",
    re.IGNORECASE,
)
_NESTED_AMP = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_MOST_PASSES = 6
_MARKUP = str.maketrans("<>&", "   ")
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        "\u2013": "-",
        "\u2014": " - ",
        "\u2026": "...",
    }
)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_STRETCHED_ASCII = re.compile(r"([a-z])\1{2,}")  # the same for plain letters, in half the time
_LATIN = re.compile(r"[a-zA-Z]")
_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"[^\S\n]+")


@lru_cache(maxsize=64)  # one message, its sentences and parts are read in several rooms
def normalise(text: str) -> str:
    """Lower-case text without invisible, decorative or look-alike characters; line breaks stay.

    Idempotent: `normalise(normalise(x)) == normalise(x)`. Stretched letters ("soooo") are cut to
    two.
    """
    for _ in range(_MOST_PASSES):  # unescaping "&amp;lt;" once gives "&lt;": until nothing changes
        before, text = text, _once(text)
        if text == before or (text.isascii() and "&" not in text and "<" not in text):
            return text
    return _once(
        text.translate(_MARKUP)
    )  # markup nested on purpose: its signs go, every word stays


def _once(text: str) -> str:
    """One pass. What plain letters cannot hold is only looked for where there are others."""
    if "&" in text:
        import html  # few messages need its table of names

        text = html.unescape(_NESTED_AMP.sub("&", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.translate(_QUOTES)
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    text = _CONTROL.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if text.isascii():
        text = _STRETCHED_ASCII.sub(r"\1\1", text.lower())
    else:
        text = _without_accents(_WORD.sub(_fold_lookalikes, text))
        text = _STRETCHED.sub(r"\1\1", text.lower())
    return _SPACE.sub(" ", text).strip() if "\n" in text else " ".join(text.split())


def _fold_lookalikes(word: re.Match[str]) -> str:
    found = word.group()
    return found.translate(_LOOKALIKES) if not found.isascii() and _LATIN.search(found) else found


def _without_accents(text: str) -> str:
    """`síntomas` and `sintomas` are one word: people leave accents out on a phone."""
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(c for c in split if unicodedata.category(c) != "Mn")
    )

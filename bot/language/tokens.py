"""Words and sentences of a normalised text."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\.\.)\s+|\n+|\s+[-*\u2022]\s+|(?<=[a-z]{2}[.!?])(?=[A-Za-z]{2})"
)
_ENDINGS = (("'ll", "will"), ("'ve", "have"), ("'re", "are"), ("'m", "am"), ("'d", "would"))
_BARE = {"im": ("i", "am"), "ive": ("i", "have"), "youre": ("you", "are"),
         "theyre": ("they", "are"), "cannot": ("cant",), "its": ("it",), "thats": ("that",),
         "whats": ("what",), "hes": ("he",), "shes": ("she",),
          "gonna": ("going", "to"), "wanna": ("want", "to"), "gotta": ("got", "to"),
         "couldnot": ("couldnt",)}  # fmt: skip


@lru_cache(maxsize=64)  # one message, its sentences and parts are read in several rooms
def words(text: str) -> tuple[str, ...]:
    """Lower-case words in order; "can't" is `cant`, "I'll" is `i will`, "mom's" is `mom`.

    `text` must be normalised. Apostrophes vanish because half of all people leave them out,
    but "I'll" may not become "ill", which is a symptom.
    """
    found: list[str] = []
    for word in _WORD.findall(text):
        if word == "not" and found and found[-1] in ("can", "could", "do", "does", "did"):
            found[-1] += "nt" if found[-1] != "can" else "t"  # "can not feel" is "cant feel"
        else:
            found.extend(_split_contraction(word))
    return tuple(found)


@lru_cache(maxsize=4096)
def _split_contraction(token: str) -> tuple[str, ...]:
    if "'" not in token:
        return _BARE.get(token, (token,))
    for ending, meaning in _ENDINGS:
        if token.endswith(ending) and len(token) > len(ending):
            return (token[: -len(ending)].replace("'", ""), meaning)
    if token.endswith("'s"):
        return (token[:-2].replace("'", ""),)
    joined = token.replace("'", "")
    return _BARE.get(joined, (joined,))


@lru_cache(maxsize=8)
def sentences(text: str) -> tuple[str, ...]:
    """Sentences of a normalised text, in order, none empty."""
    return tuple(
        part for part in (p.strip(" \t-*\u2022") for p in _SENTENCE_END.split(text)) if part
    )

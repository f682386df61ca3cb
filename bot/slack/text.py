"""Slack's way to write text: what arrives is decoded, what leaves is escaped and cut to size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from emoji import emojize

_REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_SKIN = re.compile(r":skin-tone-[2-6]:")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIALLED = re.compile(r"\+?[\d().\s-]+")


def escape(text: str) -> str:
    """The three signs that Slack reads as its own; nothing else may be escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def decode(text: str, *, bot_user_id: str = "") -> str:
    """What the person typed: references become their words, mentions of the bot go."""
    text = _REFERENCE.sub(lambda found: _spoken(found, bot_user_id), text)
    # "&amp;" last: somebody who typed "&lt;" sent "&amp;lt;"
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _with_emoji(text).strip()


def _with_emoji(text: str) -> str:
    """Slack sends a crying face as ":sob:", which reads like short of breath: signs, not names."""
    if ":" not in text:
        return text
    return emojize(_SKIN.sub("", text), language="alias")


def _spoken(found: re.Match[str], bot_user_id: str) -> str:
    target, label = found[1], found[2]
    if target.startswith("@"):
        # The bot's name is no part of the question; a person's id is nobody's business.
        return "" if target == f"@{bot_user_id}" else label or "@someone"
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if target.startswith("!"):
        return label or ""
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def mentions(text: str, user_id: str) -> bool:
    """Whether the raw text calls this user."""
    return any(found[1] == f"@{user_id}" for found in _REFERENCE.finditer(text))


def tel(number: str) -> str:
    """A link that a telephone dials; the number stays readable."""
    dialled = _DIALLED.match(number)
    digits = re.sub(r"[^\d+]", "", dialled[0]) if dialled else ""
    return f"<tel:{digits}|{escape(number)}>" if digits else escape(number)


def linked(text: str, numbers: Iterable[str]) -> str:
    """Escaped text in which the clinic's numbers and addresses of mail can be tapped."""
    ordered = sorted({n for n in numbers if n}, key=len, reverse=True)
    either = "|".join([_MAIL.pattern, *(rf"(?<![\w-]){re.escape(n)}(?![\w-])" for n in ordered)])
    pieces = re.split(f"({either})", text)
    return "".join(_link(p) if i % 2 else escape(p) for i, p in enumerate(pieces))


def _link(found: str) -> str:
    return f"<mailto:{escape(found)}|{escape(found)}>" if "@" in found else tel(found)


def clip(text: str, most: int) -> str:
    """Text of at most so many characters; a cut is shown by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def date_token(when: datetime, *, pattern: str = "{date_short_pretty} {time}") -> str:
    """A time that each reader sees in their own zone; UTC where a client cannot."""
    fallback = when.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(when.timestamp())}^{pattern}|{fallback}>"

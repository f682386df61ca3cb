"""Slack's mrkdwn as a person sees it: in a terminal, and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_ANGLE = re.compile(r"<([^<>]*)>")
_LINK_SCHEMES = ("http://", "https://", "mailto:", "tel:", "slack://")
_MARKS = (
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
)

Names = Callable[[str], str]  #: an id of a person or channel -> what is shown for it


def to_text(source: str, names: Names) -> str:
    """For a terminal; links keep their address behind the words."""

    def shown(found: re.Match[str]) -> str:
        target, label = _split(found[1], names)
        return label if not target or target.endswith(label) else f"{label} ({target})"

    return html.unescape(_ANGLE.sub(shown, source))


def to_html(source: str, names: Names) -> str:
    """Safe HTML; whatever is not one of Slack's marks stays text."""
    parts, end = [], 0
    for found in _ANGLE.finditer(source):
        parts.append(_marked(source[end : found.start()]))
        parts.append(_anchor(*_split(found[1], names)))
        end = found.end()
    return "".join([*parts, _marked(source[end:])])


def _split(inside: str, names: Names) -> tuple[str, str]:
    """The address (empty when it is not a link) and the words of <...>."""
    target, _, label = inside.partition("|")
    if target.startswith(("@", "#")):
        return "", target[0] + (label or names(target[1:]))
    if target.startswith("!"):
        return "", label or "@" + target[1:].split("^")[0]
    if target.startswith(_LINK_SCHEMES):
        return html.unescape(target), html.unescape(label or target)
    return "", html.unescape(inside)


def _anchor(target: str, label: str) -> str:
    words = html.escape(label)
    return f'<a href="{html.escape(target)}">{words}</a>' if target else words


def _marked(text: str) -> str:
    """Bold, italic, struck and code; the text comes escaped by Slack's rules."""
    safe = html.escape(html.unescape(text), quote=False)
    for pattern, replacement in _MARKS:
        safe = pattern.sub(replacement, safe)
    return safe.replace("\n", "<br>\n")

"""The blocks that we use, each made within Slack's limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.slack.text import clip, escape

Block = dict[str, Any]

SECTION = 3000  #: characters of a section
BUTTON = 75
HEADER = 150
MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
ACTIONS = 25  #: elements of one row of buttons


def section(mrkdwn: str) -> Block:
    """Text with links; `verbatim`, so that Slack turns nothing else into links or mentions."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def plain(text: str) -> Block:
    """Words of a person: shown as they are, no markup, no emoji."""
    return {"type": "section", "text": _plain(text, SECTION, emoji=False)}


def sections(text: str, render: Callable[[str], str]) -> list[Block]:
    """A long text over as many sections as it needs, cut between paragraphs, lines or words."""
    return [section(render(part)) for part in split(text, render)]


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(text, HEADER)}


def context(*mrkdwn: str) -> Block:
    """Small print; at most ten elements."""
    elements = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in mrkdwn[:10]]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    return {"type": "divider"}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons[:ACTIONS])}


def button(label: str, action_id: str, value: str = "", *, style: str = "", url: str = "") -> Block:
    """A button. `value` carries ids only, never words of people."""
    made: Block = {"type": "button", "text": _plain(label, BUTTON), "action_id": action_id}
    return made | {k: v for k, v in (("value", value), ("style", style), ("url", url)) if v}


def _plain(text: str, most: int, *, emoji: bool = True) -> Block:
    """Escaped text of at most so many characters, never cut inside an escape."""
    room = most
    while len(shown := escape(clip(text, room))) > most:
        room -= len(shown) - most
    return {"type": "plain_text", "text": shown, "emoji": emoji}


def split(text: str, render: Callable[[str], str]) -> list[str]:
    """Parts of a text whose rendered form fits a section each; joined they are the text."""
    if len(render(text)) <= SECTION:
        return [text] if text.strip() else []
    for separator in ("\n\n", "\n", " "):
        parts = _pack(text, separator, render)
        if len(parts) > 1:
            return [piece for part in parts for piece in split(part, render)]
    half = len(text) // 2
    return split(text[:half], render) + split(text[half:], render)


def _pack(text: str, separator: str, render: Callable[[str], str]) -> list[str]:
    """Pieces between separators, put together again as far as a section holds them."""
    packed: list[list[str]] = []
    room = 0
    for piece in _cut(text, separator):
        length = len(render(piece))
        if length > room:
            packed.append([])
            room = SECTION
        packed[-1].append(piece)
        room -= length
    return ["".join(pieces) for pieces in packed]


def _cut(text: str, separator: str) -> Sequence[str]:
    """Pieces that keep their separator at the end."""
    return [p for p in re.split(f"(?<={re.escape(separator)})", text) if p]

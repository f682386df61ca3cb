"""A message or a view as its parts: lines of text, and buttons one can press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fake_slack.buttons import labels
from tests.fake_slack.elements import FEEDBACK_SIDES
from tests.fake_slack.model import Message
from tests.fake_slack.world import World


@dataclass(frozen=True, kw_only=True)
class Text:
    source: str
    is_mrkdwn: bool = True
    role: str = "text"  #: text, header or context


@dataclass(frozen=True, kw_only=True)
class Button:
    label: str
    block_id: str
    action_id: str
    style: str = ""
    url: str = ""
    spoken: str = ""  #: what a screen reader says instead
    choice: str = ""  #: the value of this option of a menu


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line across."""


Part = Text | Button | Rule


def parts_of(message: Message) -> list[Part]:
    """What stands in Slack's window: the blocks, or the text where there are none."""
    shown = list(parts_of_blocks(message.blocks))
    return shown or [Text(source=message.text)]


def parts_of_blocks(blocks: list[dict[str, Any]]) -> Iterator[Part]:
    for block in blocks:
        yield from _block(block)


def name_of(world: World, id: str) -> str:
    if id in world.users:
        return world.users[id].name
    return world.channels[id].name if id in world.channels else id


def _block(block: dict[str, Any]) -> Iterator[Part]:
    kind = block.get("type")
    if kind == "divider":
        yield Rule()
    if kind == "markdown":
        yield Text(source=block["text"])
    elif "text" in block:
        yield _text(block["text"], "header" if kind == "header" else "text")
    for field in block.get("fields", ()):
        yield _text(field, "text")
    if kind == "context":
        for element in block["elements"]:
            if "text" in element:
                yield _text(element, "context")
    else:
        for element in [*block.get("elements", ()), block.get("accessory")]:
            yield from _element(element or {}, block.get("block_id", ""))


def _text(value: dict[str, Any], role: str) -> Text:
    return Text(source=value["text"], is_mrkdwn=value["type"] == "mrkdwn", role=role)


def _element(element: dict[str, Any], block_id: str) -> Iterator[Part]:
    where = {"block_id": block_id, "action_id": element.get("action_id", "")}
    for option in element.get("options", ()):
        yield Button(label=option["text"]["text"], choice=option["value"], **where)
    is_feedback = element.get("type") == "feedback_buttons"
    for side in [element[name] for name in FEEDBACK_SIDES] if is_feedback else [element]:
        for label in labels(side):
            yield Button(
                label=label,
                style=element.get("style", ""),
                url=element.get("url", ""),
                spoken=side.get("accessibility_label", ""),
                **where,
            )

"""What Slack refuses about the blocks of a message, a modal or the home tab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.fake_slack.elements import (
    ACCESSORIES,
    ACTIONS,
    CONTEXT_ACTIONS,
    ID_LONGEST,
    INPUTS,
    check_element,
)
from tests.fake_slack.texts import (
    Flaws,
    check_keys,
    check_list,
    check_optional,
    check_optional_text,
    check_string,
    check_text,
    flaw,
)

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_LONGEST = 12_000
# Not documented: people who reported `msg_blocks_too_long` measured some 13,200 characters.
MESSAGE_LONGEST = 13_000
_MESSAGES_ONLY = {"markdown", "table", "context_actions", "card", "carousel", "plan", "task_card"}
_LEVELS = ("default", "info", "warning", "error", "success")


def check_blocks(blocks: Any, surface: str) -> list[str]:
    """Every flaw of the blocks; `surface` is message, modal or home. Empty: Slack takes them."""
    flaws = list(check_list(blocks, "/blocks", most=MOST_BLOCKS[surface], least=0))
    if not isinstance(blocks, list):
        return flaws
    for number, block in enumerate(blocks):
        flaws.extend(_check_block(block, f"/blocks/{number}", surface))
    known = [block for block in blocks if isinstance(block, dict)]
    flaws.extend(_check_together(known))
    return flaws


def text_length(blocks: Any) -> int:
    """Characters of all the texts within, for Slack's limit on a whole message."""
    return sum(len(text) for text in _texts(blocks))


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """What a person can press or fill in."""
    found = [*block.get("elements", ())] if block.get("type") in _ROWS else []
    found += [block[name] for name in ("accessory", "element") if name in block]
    return [element for element in found if isinstance(element, dict)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "text" and isinstance(part, str):
                yield part
            else:
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _check_block(block: Any, where: str, surface: str) -> Flaws:
    if not isinstance(block, dict):
        yield flaw(where, "must be an object")
        return
    kind = block.get("type", "")
    if kind not in _CHECKS or (kind in _MESSAGES_ONLY and surface != "message"):
        yield flaw(f"{where}/type", f"unsupported type: {kind}")
        return
    yield from check_optional(block, "block_id", where, longest=ID_LONGEST)
    yield from _CHECKS[kind](block, where)
    for action, count in Counter(e.get("action_id") for e in elements_of(block)).items():
        if action is not None and count > 1:
            yield flaw(where, f"`action_id` {action} already exists in this block")


def _check_together(blocks: list[dict[str, Any]]) -> Flaws:
    for name, count in Counter(block.get("block_id") for block in blocks).items():
        if name is not None and count > 1:
            yield flaw("/blocks", f"`block_id` {name} already exists")
    markdown = [str(b.get("text", "")) for b in blocks if b.get("type") == "markdown"]
    if sum(map(len, markdown)) > MARKDOWN_LONGEST:
        yield flaw("/blocks", f"markdown text must be less than {MARKDOWN_LONGEST + 1} characters")


def _check_section(block: dict[str, Any], where: str) -> Flaws:
    optional = ("text", "fields", "accessory", "block_id", "expand")
    yield from check_keys(block, where, required=(), optional=optional)
    if not {"text", "fields"} & set(block):
        yield flaw(where, "missing required field: text")
    yield from check_optional_text(block, "text", where, longest=3000, plain=False)
    if "fields" in block:
        yield from check_list(block["fields"], f"{where}/fields", most=10)
        for number, field in enumerate(block["fields"]):
            yield from check_text(field, f"{where}/fields/{number}", longest=2000)
    if "accessory" in block:
        yield from check_element(block["accessory"], f"{where}/accessory", among=ACCESSORIES)


def _check_header(block: dict[str, Any], where: str) -> Flaws:
    yield from check_keys(block, where, required=("text",), optional=("block_id", "level"))
    yield from check_text(block.get("text"), f"{where}/text", longest=150, plain=True)


def _check_divider(block: dict[str, Any], where: str) -> Flaws:
    yield from check_keys(block, where, required=(), optional=("block_id",))


def _check_context(block: dict[str, Any], where: str) -> Flaws:
    yield from check_keys(block, where, required=("elements",), optional=("block_id",))
    elements = block.get("elements")
    yield from check_list(elements, f"{where}/elements", most=10)
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        here = f"{where}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from check_element(element, here, among={"image"})
        else:
            yield from check_text(element, here)


def _row(most: int, among: set[str]) -> Callable[[dict[str, Any], str], Flaws]:
    def check(block: dict[str, Any], where: str) -> Flaws:
        yield from check_keys(block, where, required=("elements",), optional=("block_id",))
        elements = block.get("elements")
        yield from check_list(elements, f"{where}/elements", most=most)
        for number, element in enumerate(elements if isinstance(elements, list) else []):
            yield from check_element(element, f"{where}/elements/{number}", among=among)

    return check


def _check_input(block: dict[str, Any], where: str) -> Flaws:
    optional = ("block_id", "hint", "optional", "dispatch_action")
    yield from check_keys(block, where, required=("label", "element"), optional=optional)
    yield from check_text(block.get("label"), f"{where}/label", longest=2000, plain=True)
    yield from check_optional_text(block, "hint", where, longest=2000)
    yield from check_element(block.get("element"), f"{where}/element", among=INPUTS)


def _check_image(block: dict[str, Any], where: str) -> Flaws:
    optional = ("block_id", "title", "image_url", "slack_file")
    yield from check_keys(block, where, required=("alt_text",), optional=optional)
    yield from check_optional_text(block, "title", where, longest=2000)
    picture = {k: v for k, v in block.items() if k not in ("block_id", "title")}
    yield from check_element({**picture, "type": "image"}, where, among={"image"})


def _check_markdown(block: dict[str, Any], where: str) -> Flaws:
    yield from check_keys(block, where, required=("text",), optional=("block_id",))
    yield from check_string(block.get("text"), f"{where}/text", longest=MARKDOWN_LONGEST)


def _check_alert(block: dict[str, Any], where: str) -> Flaws:
    yield from check_keys(block, where, required=("text",), optional=("block_id", "level"))
    yield from check_text(block.get("text"), f"{where}/text")
    if block.get("level", "default") not in _LEVELS:
        yield flaw(f"{where}/level", "must be a valid enum value")


def _check_lightly(block: dict[str, Any], where: str) -> Flaws:
    """Kinds that this project does not draw: only what holds for every block."""
    yield from ()


_ROWS = ("actions", "context_actions")
_CHECKS: dict[str, Callable[[dict[str, Any], str], Flaws]] = {
    "section": _check_section,
    "header": _check_header,
    "divider": _check_divider,
    "context": _check_context,
    "actions": _row(25, ACTIONS),
    "context_actions": _row(5, CONTEXT_ACTIONS),
    "input": _check_input,
    "image": _check_image,
    "markdown": _check_markdown,
    "alert": _check_alert,
} | dict.fromkeys(
    ("rich_text", "video", "file", "table", "card", "carousel", "plan", "task_card"),
    _check_lightly,
)

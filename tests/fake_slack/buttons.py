"""Finding the element a person presses, and the action that Slack makes of it."""

from __future__ import annotations

from typing import Any

from tests.fake_slack.elements import FEEDBACK_SIDES
from tests.fake_slack.model import pressable


def find_button(
    blocks: list[dict[str, Any]],
    action_id: str | None,
    text: str | None,
    block_id: str | None = None,
) -> dict[str, Any]:
    """The first element with this action_id and these words on it (and in this block)."""
    elements = list(pressable(blocks))
    for element in elements:
        same_id = action_id in (None, element.get("action_id"))
        same_block = block_id in (None, element["block_id"])
        if same_id and same_block and (text is None or text in labels(element)):
            return element
    offered = [(e.get("action_id"), labels(e)) for e in elements]
    raise LookupError(f"no button {action_id or ''} {text or ''}; there are {offered}")


def acted(element: dict[str, Any], text: str | None, choose: str | None, ts: str) -> dict[str, Any]:
    """The entry of `actions` for pressing this element."""
    kept = ("type", "action_id", "block_id", "text", "value", "style")
    action = {name: element[name] for name in kept if name in element}
    if element["type"] == "feedback_buttons":
        sides = [element[side] for side in FEEDBACK_SIDES]
        chosen = next((s for s in sides if text in (None, s["text"]["text"])), sides[0])
        action |= {"value": chosen["value"], "text": chosen["text"]}
    if "options" in element:
        options = element["options"]
        picked = next((o for o in options if choose in (None, o["value"])), options[0])
        action["selected_option"] = picked
    return {**action, "action_ts": ts}


def labels(element: dict[str, Any]) -> list[str]:
    """The words a person reads on it; several on a pair of feedback buttons."""
    texts = [element.get("text"), *(element.get(side, {}).get("text") for side in FEEDBACK_SIDES)]
    return [text["text"] for text in texts if isinstance(text, dict)]

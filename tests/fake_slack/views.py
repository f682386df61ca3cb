"""What Slack refuses about a modal or a home tab."""

from __future__ import annotations

import json
from typing import Any

from tests.fake_slack.blocks import check_blocks
from tests.fake_slack.elements import ID_LONGEST
from tests.fake_slack.texts import Flaws, check_keys, check_optional, check_string, check_text, flaw

SIZE_LONGEST = 250_000  #: bytes of the whole view, else `view_too_large`
_COMMON = ("blocks", "private_metadata", "callback_id", "external_id")
_MODAL = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")


def check_view(view: Any, kind: str) -> list[str]:
    """Every flaw of a view that is opened as `kind`: modal or home."""
    if not isinstance(view, dict):
        return [flaw("/view", "must be an object")]
    if view.get("type") != kind:
        return [flaw("/view/type", f"must be {kind}")]
    return [*_check_frame(view, kind), *check_blocks(view.get("blocks"), kind)]


def is_too_large(view: Any) -> bool:
    return len(json.dumps(view).encode()) > SIZE_LONGEST


def _check_frame(view: dict[str, Any], kind: str) -> Flaws:
    needed = ("blocks", "title") if kind == "modal" else ("blocks",)
    optional = _COMMON + (_MODAL if kind == "modal" else ())
    yield from check_keys(view, "/view", required=needed, optional=optional)
    for name in ("title", "submit", "close"):
        if kind == "modal" and name in view:
            yield from check_text(view[name], f"/view/{name}", longest=24, plain=True)
    if "private_metadata" in view:
        yield from check_string(
            view["private_metadata"], "/view/private_metadata", longest=3000, shortest=0
        )
    for name in ("callback_id", "external_id"):
        yield from check_optional(view, name, "/view", longest=ID_LONGEST)
    inputs = [
        b for b in view.get("blocks") or [] if isinstance(b, dict) and b.get("type") == "input"
    ]
    if kind == "modal" and inputs and "submit" not in view:
        yield flaw("/view/submit", "is required when there is an input")

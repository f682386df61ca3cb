"""What Slack refuses about strings, lists and text objects; checks yield the flaws they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Flaws = Iterator[str]

_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
_CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
_LINK_SCHEMES = ("https://", "http://", "slack://", "mailto:")


def flaw(where: str, what: str) -> str:
    """A line as Slack writes it into `response_metadata.messages`."""
    return f"[ERROR] {what} [json-pointer:{where}]"


def check_string(value: Any, where: str, *, longest: int, shortest: int = 1) -> Flaws:
    if not isinstance(value, str):
        yield flaw(where, "must be a string")
    elif len(value) < shortest:
        yield flaw(where, f"must be more than {shortest - 1} characters")
    elif len(value) > longest:
        yield flaw(where, f"must be less than {longest + 1} characters")


def check_optional(holder: dict[str, Any], name: str, where: str, *, longest: int) -> Flaws:
    """A string that may be missing."""
    if name in holder:
        yield from check_string(holder[name], f"{where}/{name}", longest=longest)


def check_keys(
    holder: dict[str, Any], where: str, *, required: Iterable[str], optional: Iterable[str] = ()
) -> Flaws:
    """Slack refuses a property that is missing and one that it does not know."""
    needed = set(required)
    for name in sorted(needed - set(holder)):
        yield flaw(where, f"missing required field: {name}")
    for name in sorted(set(holder) - needed - set(optional) - {"type"}):
        yield flaw(where, f"invalid additional property: {name}")


def check_list(value: Any, where: str, *, most: int, least: int = 1) -> Flaws:
    if not isinstance(value, list):
        yield flaw(where, "must be an array")
    elif len(value) < least:
        yield flaw(where, f"must have at least {least} items")
    elif len(value) > most:
        yield flaw(where, f"no more than {most} items allowed")


def check_text(value: Any, where: str, *, longest: int = 3000, plain: bool = False) -> Flaws:
    """A text object; `plain` where Slack takes no mrkdwn."""
    if not isinstance(value, dict):
        yield flaw(where, "must be a text object")
        return
    kind = value.get("type")
    if kind not in _TEXT_KEYS or (plain and kind != "plain_text"):
        yield flaw(f"{where}/type", "must be a valid enum value")
        return
    yield from check_keys(value, where, required=("text",), optional=_TEXT_KEYS[kind])
    if "text" in value:
        yield from check_string(value["text"], f"{where}/text", longest=longest)


def check_optional_text(
    holder: dict[str, Any], name: str, where: str, *, longest: int, plain: bool = True
) -> Flaws:
    """A text object that may be missing."""
    if name in holder:
        yield from check_text(holder[name], f"{where}/{name}", longest=longest, plain=plain)


def check_confirm(value: Any, where: str) -> Flaws:
    """The dialog that asks before a button acts."""
    if not isinstance(value, dict):
        yield flaw(where, "must be an object")
        return
    yield from check_keys(
        value, where, required=("title", "text", "confirm", "deny"), optional=("style",)
    )
    for name, longest in _CONFIRM.items():
        plain = name != "text"
        yield from check_optional_text(value, name, where, longest=longest, plain=plain)


def check_link(value: Any, where: str, *, longest: int = 3000) -> Flaws:
    """A link behind a button.

    Stricter than what is documented: whether Slack takes a `tel:` link here is not written
    anywhere we could read, so an answer must not depend on it (in mrkdwn it is known to work).
    """
    yield from check_string(value, where, longest=longest)
    if isinstance(value, str) and not value.startswith(_LINK_SCHEMES):
        yield flaw(where, "must be a valid URL")

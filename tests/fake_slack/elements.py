"""What Slack refuses about block elements: buttons, menus, inputs and pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fake_slack.texts import (
    Flaws,
    check_confirm,
    check_keys,
    check_link,
    check_list,
    check_optional,
    check_optional_text,
    check_string,
    check_text,
    flaw,
)

ID_LONGEST = 255
_STYLES = ("primary", "danger")
_EVERY_MENU = ("static", "external", "users", "conversations", "channels")
_MENUS = {f"{kind}_select" for kind in _EVERY_MENU}
_MULTI_MENUS = {f"multi_{kind}_select" for kind in _EVERY_MENU}
_INPUTS_ONLY = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
_PICKERS = {"datepicker", "timepicker", "checkboxes", "radio_buttons"}

#: The elements that each block takes.
ACCESSORIES = {"button", "image", "overflow", "workflow_button"} | _PICKERS | _MENUS | _MULTI_MENUS
ACTIONS = {"button", "overflow", "workflow_button", "datetimepicker"} | _PICKERS | _MENUS
INPUTS = _INPUTS_ONLY | _PICKERS | _MENUS | _MULTI_MENUS | {"datetimepicker"}
CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}
FEEDBACK_SIDES = ("positive_button", "negative_button")


def check_element(element: Any, where: str, *, among: set[str]) -> Flaws:
    """One element, where only the kinds `among` may stand."""
    if not isinstance(element, dict):
        yield flaw(where, "must be an object")
        return
    kind = element.get("type")
    if kind not in among:
        yield flaw(f"{where}/type", f"unsupported type: {kind}")
        return
    yield from check_optional(element, "action_id", where, longest=ID_LONGEST)
    if "confirm" in element:
        yield from check_confirm(element["confirm"], f"{where}/confirm")
    yield from _CHECKS.get(kind, _check_other)(element, where)


def _check_button(element: dict[str, Any], where: str) -> Flaws:
    optional = ("action_id", "url", "value", "style", "confirm", "accessibility_label")
    yield from check_keys(element, where, required=("text",), optional=optional)
    yield from check_text(element.get("text"), f"{where}/text", longest=75, plain=True)
    yield from check_optional(element, "value", where, longest=2000)
    yield from check_optional(element, "accessibility_label", where, longest=75)
    if "url" in element:
        yield from check_link(element["url"], f"{where}/url")
    if element.get("style", "primary") not in _STYLES:
        yield flaw(f"{where}/style", "must be a valid enum value")


def _check_image(element: dict[str, Any], where: str) -> Flaws:
    optional = ("image_url", "slack_file")
    yield from check_keys(element, where, required=("alt_text",), optional=optional)
    yield from check_optional(element, "alt_text", where, longest=2000)
    yield from check_optional(element, "image_url", where, longest=3000)
    if not {"image_url", "slack_file"} & set(element):
        yield flaw(where, "must provide image_url or slack_file")


def _check_feedback(element: dict[str, Any], where: str) -> Flaws:
    yield from check_keys(element, where, required=FEEDBACK_SIDES, optional=("action_id",))
    for side in FEEDBACK_SIDES:
        button = element.get(side)
        if not isinstance(button, dict):
            continue
        here = f"{where}/{side}"
        needed = ("text", "value")
        yield from check_keys(button, here, required=needed, optional=("accessibility_label",))
        yield from check_text(button.get("text"), f"{here}/text", longest=75, plain=True)
        yield from check_string(button.get("value"), f"{here}/value", longest=2000)
        yield from check_optional(button, "accessibility_label", here, longest=75)


def _check_options(element: dict[str, Any], where: str, *, most: int, least: int = 1) -> Flaws:
    options = element.get("options")
    yield from check_list(options, f"{where}/options", most=most, least=least)
    for number, option in enumerate(options if isinstance(options, list) else []):
        yield from _check_option(option, f"{where}/options/{number}")


def _check_option(option: Any, where: str) -> Flaws:
    if not isinstance(option, dict):
        yield flaw(where, "must be an object")
        return
    optional = ("description", "url")
    yield from check_keys(option, where, required=("text", "value"), optional=optional)
    yield from check_text(option.get("text"), f"{where}/text", longest=75)
    yield from check_string(option.get("value"), f"{where}/value", longest=150)
    yield from check_optional_text(option, "description", where, longest=75, plain=False)


def _check_static_menu(element: dict[str, Any], where: str) -> Flaws:
    yield from _check_other(element, where)
    groups = element.get("option_groups")
    if groups is None:
        yield from _check_options(element, where, most=100)
        return
    yield from check_list(groups, f"{where}/option_groups", most=100)
    for number, group in enumerate(groups if isinstance(groups, list) else []):
        here = f"{where}/option_groups/{number}"
        yield from check_text(group.get("label"), f"{here}/label", longest=75, plain=True)
        yield from _check_options(group, here, most=100)


def _check_overflow(element: dict[str, Any], where: str) -> Flaws:
    yield from _check_options(element, where, most=5)


def _check_choices(element: dict[str, Any], where: str) -> Flaws:
    yield from _check_options(element, where, most=10)


def _check_plain_input(element: dict[str, Any], where: str) -> Flaws:
    yield from _check_other(element, where)
    for name in ("min_length", "max_length"):
        if not 0 <= element.get(name, 0) <= 3000:
            yield flaw(f"{where}/{name}", "must be between 0 and 3000")
    if "initial_value" in element:
        yield from check_string(
            element["initial_value"], f"{where}/initial_value", longest=3000, shortest=0
        )


def _check_other(element: dict[str, Any], where: str) -> Flaws:
    yield from check_optional_text(element, "placeholder", where, longest=150)


_CHECKS: dict[str, Callable[[dict[str, Any], str], Flaws]] = {
    "button": _check_button,
    "image": _check_image,
    "feedback_buttons": _check_feedback,
    "static_select": _check_static_menu,
    "multi_static_select": _check_static_menu,
    "overflow": _check_overflow,
    "checkboxes": _check_choices,
    "radio_buttons": _check_choices,
    "plain_text_input": _check_plain_input,
}

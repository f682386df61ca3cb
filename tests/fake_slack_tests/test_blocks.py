"""The limits of blocks and views, one row each: what fits to the brim, and what is one too many."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake_slack.blocks import check_blocks
from tests.fake_slack.views import check_view, is_too_large

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**parts: Any) -> Json:
    return {"type": "section", "text": mrkdwn(1), **parts}


def button(**parts: Any) -> Json:
    return {"type": "button", "text": plain(4), "action_id": "a", **parts}


def actions(*elements: Json, **parts: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **parts}


def option(text: int = 1, value: int = 1) -> Json:
    return {"text": plain(text), "value": "v" * value}


def menu(count: int, **parts: Any) -> Json:
    return {"type": "static_select", "options": [option()] * count, **parts}


def confirm(title: int = 1, text: int = 1, word: int = 1) -> Json:
    return {
        "title": plain(title),
        "text": mrkdwn(text),
        "confirm": plain(word),
        "deny": plain(word),
    }


def feedback(text: int = 1, value: int = 1, label: int = 1) -> Json:
    side = {"text": plain(text), "value": "v" * value, "accessibility_label": "l" * label}
    return {"type": "feedback_buttons", "positive_button": side, "negative_button": side}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def context_actions(*elements: Json) -> Json:
    return {"type": "context_actions", "elements": list(elements)}


def image(**parts: Any) -> Json:
    return {"type": "image", "alt_text": "a", "image_url": "https://example.org/a.png", **parts}


def distinct(count: int) -> list[Json]:
    return [button(action_id=f"a{number}") for number in range(count)]


def input_block(**parts: Any) -> Json:
    return {
        "type": "input",
        "label": plain(1),
        "element": {"type": "plain_text_input", "action_id": "a"},
        **parts,
    }


DIVIDER: Json = {"type": "divider"}

#: name, what Slack takes, what it refuses
LIMITS: list[tuple[str, list[Json], list[Json]]] = [
    ("blocks", [DIVIDER] * 50, [DIVIDER] * 51),
    ("section text", [section(text=mrkdwn(3000))], [section(text=mrkdwn(3001))]),
    ("empty text", [section(text=mrkdwn(1))], [section(text=mrkdwn(0))]),
    (
        "fields",
        [{"type": "section", "fields": [mrkdwn(1)] * 10}],
        [{"type": "section", "fields": [mrkdwn(1)] * 11}],
    ),
    ("field text", [section(fields=[mrkdwn(2000)])], [section(fields=[mrkdwn(2001)])]),
    (
        "header",
        [{"type": "header", "text": plain(150)}],
        [{"type": "header", "text": plain(151)}],
    ),
    (
        "header is plain",
        [{"type": "header", "text": plain(1)}],
        [{"type": "header", "text": mrkdwn(1)}],
    ),
    ("context elements", [context(*[mrkdwn(1)] * 10)], [context(*[mrkdwn(1)] * 11)]),
    ("context takes no button", [context(image())], [context(button())]),
    ("actions elements", [actions(*distinct(25))], [actions(*distinct(26))]),
    ("actions not empty", [actions(button())], [actions()]),
    ("actions take no picture", [actions(button())], [actions(image())]),
    ("button text", [actions(button(text=plain(75)))], [actions(button(text=plain(76)))]),
    ("button is plain", [actions(button())], [actions(button(text=mrkdwn(1)))]),
    ("button value", [actions(button(value="v" * 2000))], [actions(button(value="v" * 2001))]),
    (
        "button url",
        [actions(button(url="https://example.org"))],
        [actions(button(url="example.org"))],
    ),
    (
        "button url length",
        [actions(button(url="https://" + "x" * 2992))],
        [actions(button(url="https://" + "x" * 2993))],
    ),
    ("button style", [actions(button(style="danger"))], [actions(button(style="green"))]),
    (
        "button label",
        [actions(button(accessibility_label="l" * 75))],
        [actions(button(accessibility_label="l" * 76))],
    ),
    ("unknown property", [actions(button())], [actions(button(colour="red"))]),
    (
        "action_id",
        [actions(button(action_id="a" * 255))],
        [actions(button(action_id="a" * 256))],
    ),
    ("action_id once a block", [actions(*distinct(2))], [actions(button(), button())]),
    ("block_id", [section(block_id="b" * 255)], [section(block_id="b" * 256)]),
    (
        "block_id once a message",
        [section(block_id="b"), section(block_id="c")],
        [section(block_id="b"), section(block_id="b")],
    ),
    (
        "confirm title",
        [actions(button(confirm=confirm(title=100)))],
        [actions(button(confirm=confirm(title=101)))],
    ),
    (
        "confirm text",
        [actions(button(confirm=confirm(text=300)))],
        [actions(button(confirm=confirm(text=301)))],
    ),
    (
        "confirm words",
        [actions(button(confirm=confirm(word=30)))],
        [actions(button(confirm=confirm(word=31)))],
    ),
    ("options", [actions(menu(100))], [actions(menu(101))]),
    (
        "option text",
        [actions(menu(0, options=[option(text=75)]))],
        [actions(menu(0, options=[option(text=76)]))],
    ),
    (
        "option value",
        [actions(menu(0, options=[option(value=150)]))],
        [actions(menu(0, options=[option(value=151)]))],
    ),
    (
        "placeholder",
        [actions(menu(1, placeholder=plain(150)))],
        [actions(menu(1, placeholder=plain(151)))],
    ),
    (
        "overflow",
        [section(accessory={"type": "overflow", "options": [option()] * 5})],
        [section(accessory={"type": "overflow", "options": [option()] * 6})],
    ),
    (
        "radio buttons",
        [actions({"type": "radio_buttons", "options": [option()] * 10})],
        [actions({"type": "radio_buttons", "options": [option()] * 11})],
    ),
    ("alt text", [image(alt_text="a" * 2000)], [image(alt_text="a" * 2001)]),
    (
        "picture needs an address",
        [image()],
        [{"type": "image", "alt_text": "a"}],
    ),
    ("feedback text", [context_actions(feedback(75))], [context_actions(feedback(76))]),
    (
        "feedback value",
        [context_actions(feedback(value=2000))],
        [context_actions(feedback(value=2001))],
    ),
    (
        "feedback label",
        [context_actions(feedback(label=75))],
        [context_actions(feedback(label=76))],
    ),
    ("context_actions", [context_actions(feedback())], [context_actions(*[feedback()] * 6)]),
    (
        "markdown in one message",
        [{"type": "markdown", "text": "x" * 12_000}],
        [{"type": "markdown", "text": "x" * 6_001}, {"type": "markdown", "text": "x" * 6_000}],
    ),
    (
        "alert level",
        [{"type": "alert", "text": plain(1), "level": "warning"}],
        [{"type": "alert", "text": plain(1), "level": "loud"}],
    ),
    ("input label", [input_block(label=plain(2000))], [input_block(label=plain(2001))]),
    ("type", [DIVIDER], [{"type": "marquee"}]),
    ("section needs text", [section()], [{"type": "section"}]),
    ("block is an object", [DIVIDER], ["divider"]),
]


@pytest.mark.parametrize(("name", "taken", "refused"), LIMITS, ids=[row[0] for row in LIMITS])
def test_limit_of_a_message(name: str, taken: list[Json], refused: list[Json]) -> None:
    assert check_blocks(taken, "message") == []
    assert check_blocks(refused, "message") != []


def test_flaw_says_where_it_is() -> None:
    flaws = check_blocks([DIVIDER, section(text=mrkdwn(3001))], "message")

    assert flaws == ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"]


def test_view_takes_a_hundred_blocks() -> None:
    assert check_blocks([DIVIDER] * 100, "home") == []
    assert check_blocks([DIVIDER] * 101, "modal") != []


def test_markdown_is_for_messages_only() -> None:
    assert check_blocks([{"type": "markdown", "text": "x"}], "home") != []


def modal(**parts: Any) -> Json:
    return {"type": "modal", "title": plain(1), "blocks": [DIVIDER], **parts}


VIEWS: list[tuple[str, Json, Json]] = [
    ("title", modal(title=plain(24)), modal(title=plain(25))),
    ("submit", modal(submit=plain(24)), modal(submit=plain(25))),
    ("close", modal(close=plain(24)), modal(close=plain(25))),
    ("private_metadata", modal(private_metadata="m" * 3000), modal(private_metadata="m" * 3001)),
    ("callback_id", modal(callback_id="c" * 255), modal(callback_id="c" * 256)),
    (
        "input needs submit",
        modal(blocks=[input_block()], submit=plain(1)),
        modal(blocks=[input_block()]),
    ),
    ("type", modal(), {"type": "home", "blocks": [DIVIDER]}),
    ("title is needed", modal(), {"type": "modal", "blocks": [DIVIDER]}),
]


@pytest.mark.parametrize(("name", "taken", "refused"), VIEWS, ids=[row[0] for row in VIEWS])
def test_limit_of_a_modal(name: str, taken: Json, refused: Json) -> None:
    assert check_view(taken, "modal") == []
    assert check_view(refused, "modal") != []


def test_home_has_no_title() -> None:
    assert check_view({"type": "home", "blocks": [DIVIDER]}, "home") == []
    assert check_view({"type": "home", "blocks": [DIVIDER], "title": plain(1)}, "home") != []


def test_view_of_a_quarter_megabyte_is_too_large() -> None:
    large = modal(blocks=[section(text=mrkdwn(3000))] * 90)

    assert is_too_large(large)
    assert not is_too_large(modal())

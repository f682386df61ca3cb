"""The manifest asks for what the code uses, and for nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.slack import actions, commands, incoming
from bot.slack.manifest import manifest, manifest_for_http, with_agent
from tests.conftest import ROOT
from tests.fake_slack.chat import METHODS as CHAT
from tests.fake_slack.lookups import METHODS as LOOKUPS
from tests.fake_slack.manifest import EVENT_SCOPES, manifest_flaws
from tests.fake_slack.surfaces import METHODS as SURFACES

METHODS = {**CHAT, **LOOKUPS, **SURFACES}
HISTORY = {"channels:history", "groups:history", "im:history"}
SCOPES = set(manifest()["oauth_config"]["scopes"]["bot"])
EVENTS = set(manifest()["settings"]["event_subscriptions"]["bot_events"])


def called_methods() -> set[str]:
    """Web API methods that the code names, as Slack names them."""
    names = {method.replace(".", "_"): method for method in METHODS}
    return {
        names[node.attr]
        for path in (ROOT / "bot" / "slack").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in names
    }


def listeners(kind: str) -> Iterator[str]:
    """First arguments of `app.<kind>(...)`, where they are plain text."""
    for path in (ROOT / "bot" / "slack").rglob("*.py"):
        yield from _named(path, kind)


def _named(path: Path, kind: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = node.args[0] if node.args else None
            if node.func.attr == kind and isinstance(first, ast.Constant):
                yield str(first.value)


def test_slack_would_take_it() -> None:
    assert list(manifest_flaws(manifest())) == []


def test_code_uses_the_methods_that_we_think() -> None:
    assert {"chat.postMessage", "chat.update", "views.publish"} <= called_methods()


def test_every_method_has_its_scope() -> None:
    agent = with_agent(manifest(), description="x", prompts=[])
    granted = set(agent["oauth_config"]["scopes"]["bot"])

    without = [m for m in called_methods() if METHODS[m].scopes and not METHODS[m].scopes & granted]
    assert without == []


def test_every_scope_is_used() -> None:
    by_methods = {s for m in called_methods() for s in METHODS[m].scopes}
    by_events = {s for event in EVENTS for s in EVENT_SCOPES[event]}

    assert by_methods | by_events | {"commands"} >= SCOPES


def test_history_is_read_only_where_messages_are_heard() -> None:
    assert "conversations.history" in called_methods()
    assert SCOPES & HISTORY == HISTORY


def test_every_subscribed_event_has_a_listener_and_the_reverse() -> None:
    heard = {name for name in listeners("event")}

    assert heard == {event.split(".")[0] for event in EVENTS}


def test_commands_are_those_that_are_heard() -> None:
    offered = {c["command"] for c in manifest()["features"]["slash_commands"]}

    assert offered == {incoming.ASK_COMMAND, commands.LOOKUP_COMMAND, commands.PAUSE_COMMAND}


def test_shortcuts_are_those_that_are_heard() -> None:
    offered = {s["callback_id"] for s in manifest()["features"]["shortcuts"]}

    assert offered == {incoming.SHORTCUT}


def test_messages_can_be_typed() -> None:
    home = manifest()["features"]["app_home"]

    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)


def test_buttons_and_socket_mode_are_on() -> None:
    settings = manifest()["settings"]

    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]


def test_no_button_is_without_listener() -> None:
    named = {*actions.PRESSED, actions.OPEN_PERSON, *_STAFF}

    assert named | {"choose", "topic"} == _drawn()


_STAFF = ("alert_claim", "alert_done", "queue_claim", "queue_draft")
_STAFF += ("queue_answered", "queue_dismiss")


def _drawn() -> set[str]:
    """Action ids of all golden files, without their numbers."""
    golden = "".join(p.read_text(encoding="utf-8") for p in GOLDEN.glob("*.json"))
    ids = [line.split('"')[3] for line in golden.splitlines() if '"action_id"' in line]
    return {name.split(":")[0] for name in ids}


GOLDEN = Path(__file__).parent / "golden"


# ---------------------------------------------------------------- over HTTP
@pytest.mark.parametrize(
    "url",
    ["https://faq.example.org", "https://faq.example.org/", "https://faq.example.org/slack/events"],
)
def test_every_address_is_ours_over_http(url: str) -> None:
    made = manifest_for_http(url)

    target = "https://faq.example.org/slack/events"
    settings = made["settings"]
    assert settings["event_subscriptions"]["request_url"] == target
    assert settings["interactivity"]["request_url"] == target
    assert {c["url"] for c in made["features"]["slash_commands"]} == {target}
    assert not settings["socket_mode_enabled"]


@pytest.mark.parametrize("url", ["http://faq.example.org", "faq.example.org", "https://", "x"])
def test_address_that_slack_would_refuse_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError, match="no public https address"):
        manifest_for_http(url)


def test_agent_view_brings_its_scope_and_leaves_the_rest() -> None:
    made = with_agent(manifest(), description="I answer", prompts=["What is MILD?"])

    prompts = made["features"]["agent_view"]["suggested_prompts"]
    assert prompts == [{"title": "What is MILD?", "message": "What is MILD?"}]
    assert set(made["oauth_config"]["scopes"]["bot"]) == SCOPES | {"assistant:write"}
    assert "agent_view" not in manifest()["features"]

"""The app manifest: what Slack must know to create the app, for Socket Mode or for HTTP."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from bot.errors import UsageError

PATH = "/slack/events"  #: where `mildbot serve` listens


def manifest() -> dict[str, Any]:
    """The manifest for Socket Mode."""
    text = files("bot.slack").joinpath("manifest.json").read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(text)
    return made


def manifest_for_http(url: str) -> dict[str, Any]:
    """The manifest for `mildbot serve` at a public address.

    Raises `UsageError` for an address that Slack would refuse.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{url} is no public https address; write --url https://faq.example.org")
    target = url.rstrip("/").removesuffix(PATH) + PATH
    made = manifest()
    settings = made["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": target} | settings["event_subscriptions"]
    settings["interactivity"]["request_url"] = target
    for command in made["features"]["slash_commands"]:
        command["url"] = target
    return made


def with_agent(made: dict[str, Any], *, description: str, prompts: list[str]) -> dict[str, Any]:
    """The manifest with Slack's agent view: suggested prompts in the Messages tab (paid plans)."""
    features = made["features"] | {
        "agent_view": {
            "agent_description": description,
            "suggested_prompts": [{"title": p, "message": p} for p in prompts],
        }
    }
    scopes = sorted({*made["oauth_config"]["scopes"]["bot"], "assistant:write"})
    return made | {"features": features, "oauth_config": {"scopes": {"bot": scopes}}}

"""The app's manifest as far as Slack's behaviour depends on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Any one of these scopes lets the event through; an empty set needs none.
EVENT_SCOPES: dict[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "message.im": frozenset({"im:history"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.mpim": frozenset({"mpim:history"}),
    "subteam_members_changed": frozenset({"usergroups:read"}),
    "subteam_updated": frozenset({"usergroups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "reaction_added": frozenset({"reactions:read"}),
    "app_uninstalled": frozenset(),
    "tokens_revoked": frozenset(),
    "assistant_thread_started": frozenset({"assistant:write"}),
    "assistant_thread_context_changed": frozenset({"assistant:write"}),
}


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the app asked for. None: everything, for tests that are not about the manifest."""

    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    shortcuts: frozenset[str] | None = None  #: callback ids

    def grants(self, scopes: frozenset[str]) -> bool:
        """Whether the token carries one of `scopes`."""
        return not scopes or self.scopes is None or bool(self.scopes & scopes)

    def subscribes(self, event: str) -> bool:
        subscribed = self.events is None or event in self.events
        return subscribed and self.grants(EVENT_SCOPES.get(event, frozenset()))

    def has_command(self, command: str) -> bool:
        return self.commands is None or command in self.commands

    def has_shortcut(self, callback_id: str) -> bool:
        return self.shortcuts is None or callback_id in self.shortcuts


def read_manifest(source: Mapping[str, Any] | Path | str | None) -> Manifest:
    """From a manifest as a mapping or a JSON file; None grants everything."""
    if source is None:
        return Manifest()
    raw = json.loads(Path(source).read_bytes()) if isinstance(source, Path | str) else source
    flaws = list(manifest_flaws(raw))
    if flaws:
        raise ValueError("Slack would refuse this manifest: " + "; ".join(flaws))
    features = raw.get("features", {})
    return Manifest(
        scopes=frozenset(_scopes(raw)),
        events=frozenset(_events(raw)),
        commands=frozenset(item["command"] for item in features.get("slash_commands", ())),
        shortcuts=frozenset(item["callback_id"] for item in features.get("shortcuts", ())),
    )


def manifest_flaws(raw: Mapping[str, Any]) -> Iterator[str]:
    """Limits of names and counts, and events without the scope they need."""
    about, features = raw.get("display_information", {}), raw.get("features", {})
    yield from _lengths(about, {"name": 35, "description": 140, "long_description": 4000})
    yield from _lengths(features.get("bot_user", {}), {"display_name": 80})
    if "long_description" in about and len(about["long_description"]) < 174:
        yield "long_description must be 174 characters or more"
    for name, most in (("slash_commands", 50), ("shortcuts", 10)):
        if len(features.get(name, ())) > most:
            yield f"no more than {most} {name}"
    for item in features.get("slash_commands", ()):
        yield from _lengths(item, {"command": 32, "description": 2000, "usage_hint": 1000})
        if not item["command"].startswith("/"):
            yield f"command {item['command']} must start with /"
    for item in features.get("shortcuts", ()):
        yield from _lengths(item, {"name": 24, "callback_id": 255, "description": 150})
    scopes = set(_scopes(raw))
    if features.get("slash_commands") and "commands" not in scopes:
        yield "slash_commands need the scope commands"
    for event in sorted(_events(raw)):
        if event not in EVENT_SCOPES:
            yield f"unknown event {event}"
        elif EVENT_SCOPES[event] and not EVENT_SCOPES[event] & scopes:
            yield f"event {event} needs the scope {' or '.join(sorted(EVENT_SCOPES[event]))}"


def _lengths(holder: Mapping[str, Any], limits: Mapping[str, int]) -> Iterator[str]:
    for name, longest in limits.items():
        if len(holder.get(name, "")) > longest:
            yield f"{name} must be {longest} characters or fewer"


def _scopes(raw: Mapping[str, Any]) -> list[str]:
    return list(raw.get("oauth_config", {}).get("scopes", {}).get("bot", ()))


def _events(raw: Mapping[str, Any]) -> set[str]:
    subscriptions = raw.get("settings", {}).get("event_subscriptions", {})
    return set(subscriptions.get("bot_events", ()))

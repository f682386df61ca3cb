"""The views.* and assistant.threads.* methods."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fake_slack.api import Api, Method, Refused, find_channel, need
from tests.fake_slack.calls import Call
from tests.fake_slack.model import APP, BOT, TEAM, TRIGGER_LASTS_S
from tests.fake_slack.texts import check_list, check_string
from tests.fake_slack.views import check_view, is_too_large

_ASSISTANT = frozenset({"assistant:write", "chat:write"})


def open_view(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "trigger_id", "view")
    use_trigger(api, call.body["trigger_id"])
    return {"view": _keep(api, _checked(call, "modal"))}


def push_view(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "trigger_id", "view")
    if not any(view["type"] == "modal" for view in api.world.views.values()):
        raise Refused("push_limit_reached")
    return open_view(api, call)


def update_view(api: Api, call: Call) -> dict[str, Any]:
    body = call.body
    need(body, "view")
    shown = _find(api, body)
    if body.get("hash") not in (None, shown["hash"]):
        raise Refused("hash_conflict")
    return {"view": _keep(api, _checked(call, shown["type"]), id=shown["id"])}


def publish_view(api: Api, call: Call) -> dict[str, Any]:
    body, world = call.body, api.world
    need(body, "user_id", "view")
    if body["user_id"] not in world.users:
        raise Refused("user_not_found")
    before = world.homes.get(body["user_id"])
    if body.get("hash") and before and body["hash"] != before["hash"]:
        raise Refused("hash_conflict")
    view = _keep(api, _checked(call, "home"), id=before["id"] if before else None)
    world.homes[body["user_id"]] = view
    return {"view": view}


def set_prompts(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel_id", "prompts")
    find_channel(api, call.body["channel_id"])
    prompts = call.body["prompts"]
    flaws = list(check_list(prompts, "/prompts", most=4))
    for number, prompt in enumerate(prompts if isinstance(prompts, list) else []):
        for name in ("title", "message"):
            where = f"/prompts/{number}/{name}"
            flaws.extend(check_string(prompt.get(name), where, longest=3000))
    _refuse_flaws("invalid_arguments", flaws)
    return {}


def set_status(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel_id", "thread_ts")
    find_channel(api, call.body["channel_id"])
    if len(call.body.get("loading_messages") or ()) > 10:
        raise Refused("invalid_arguments")
    return {}


def set_title(api: Api, call: Call) -> dict[str, Any]:
    need(call.body, "channel_id", "thread_ts", "title")
    find_channel(api, call.body["channel_id"])
    return {}


def use_trigger(api: Api, id: str) -> None:
    """A trigger_id opens one view, within three seconds."""
    trigger = api.world.triggers.get(id)
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if api.world.clock.now() - trigger.at > TRIGGER_LASTS_S:
        raise Refused("expired_trigger_id")
    trigger.used = True


def _checked(call: Call, kind: str) -> dict[str, Any]:
    view = call.body["view"]
    if is_too_large(view):
        raise Refused("view_too_large")
    _refuse_flaws("invalid_arguments", check_view(view, kind))
    return dict(view)


def _refuse_flaws(error: str, flaws: list[str]) -> None:
    if flaws:
        raise Refused(error, response_metadata={"messages": flaws})


def _find(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    for view in api.world.views.values():
        if view["id"] == body.get("view_id") or (
            body.get("external_id") and view.get("external_id") == body["external_id"]
        ):
            return view
    raise Refused("not_found")


def _keep(api: Api, view: dict[str, Any], id: str | None = None) -> dict[str, Any]:
    """The view as Slack gives it back, with ids for the blocks that had none."""
    id = id or api.world.new_id("V")
    blocks = [
        {**b, "block_id": b.get("block_id") or secrets.token_urlsafe(4)} for b in view["blocks"]
    ]
    kept = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        **view,
        "id": id,
        "team_id": TEAM,
        "blocks": blocks,
        "state": {"values": {}},
        "hash": f"{int(api.world.clock.now())}.{secrets.token_hex(4)}",
        "root_view_id": id,
        "previous_view_id": None,
        "app_id": APP,
        "bot_id": BOT,
    }
    api.world.views[id] = kept
    return kept


METHODS = {
    "views.open": Method(run=open_view),
    "views.push": Method(run=push_view),
    "views.update": Method(run=update_view),
    "views.publish": Method(run=publish_view),
    "assistant.threads.setSuggestedPrompts": Method(run=set_prompts, scopes=_ASSISTANT),
    "assistant.threads.setStatus": Method(run=set_status, scopes=_ASSISTANT),
    "assistant.threads.setTitle": Method(run=set_title, scopes=_ASSISTANT),
}

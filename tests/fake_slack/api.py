"""The Web API's doorway: tokens, scopes, known methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fake_slack.calls import Call
from tests.fake_slack.manifest import Manifest
from tests.fake_slack.model import Channel, Message
from tests.fake_slack.world import World


class Refused(Exception):
    """Slack's ok:false."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.answer: dict[str, Any] = {"ok": False, "error": error, **details}


@dataclass(kw_only=True)
class Api:
    """What the methods work on."""

    world: World
    manifest: Manifest
    bot_token: str
    app_token: str
    open_socket: Callable[[], str]  #: gives a websocket address that works once
    announce: Callable[[str, Message, dict[str, Any] | None], None]
    revoked: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Method:
    """One Web API method; any one of `scopes` is enough."""

    run: Callable[[Api, Call], dict[str, Any]]
    scopes: frozenset[str] = frozenset()
    app_level: bool = False


def answer(api: Api, call: Call, methods: dict[str, Method]) -> dict[str, Any]:
    """What Slack answers; refusals in the order in which Slack finds them."""
    try:
        method = methods.get(call.method)
        if method is None:
            raise Refused("unknown_method", req_method=call.method)
        _check_token(api, call, method)
        if not api.manifest.grants(method.scopes):
            _refuse_scope(api, method.scopes)
        with api.world.changed:
            given = method.run(api, call)
            api.world.changed.notify_all()
    except Refused as refused:
        return refused.answer
    call.took_effect = True
    return {"ok": True, **given}


def _check_token(api: Api, call: Call, method: Method) -> None:
    if not call.token:
        raise Refused("not_authed")
    if call.token in api.revoked:
        raise Refused("token_revoked")
    if call.token not in (api.bot_token, api.app_token):
        raise Refused("invalid_auth")
    if (call.token == api.app_token) != method.app_level:
        raise Refused("not_allowed_token_type")
    if method.app_level and not call.in_header:
        raise Refused("invalid_auth")  # an app token counts in the header only


def _refuse_scope(api: Api, scopes: frozenset[str]) -> None:
    provided = ",".join(sorted(api.manifest.scopes or ()))
    raise Refused("missing_scope", needed=",".join(sorted(scopes)), provided=provided)


def need_scope(api: Api, scope: str) -> None:
    """For scopes that depend on the arguments."""
    if not api.manifest.grants(frozenset({scope})):
        _refuse_scope(api, frozenset({scope}))


def need(body: dict[str, Any], *names: str) -> None:
    """Refuse a call that lacks one of the arguments."""
    missing = [name for name in names if not body.get(name)]
    if missing:
        lines = [f"[ERROR] missing required field: {name}" for name in missing]
        raise Refused("invalid_arguments", response_metadata={"messages": lines})


def find_channel(api: Api, id: str) -> Channel:
    """The conversation; a user's id stands for the direct conversation with that person."""
    world = api.world
    if id in world.users:
        return find_im(api, id)
    channel = world.channels.get(id)
    if channel is None:
        raise Refused("channel_not_found")
    return channel


def find_im(api: Api, user_id: str) -> Channel:
    user = api.world.users.get(user_id)
    if user is None:
        raise Refused("user_not_found")
    if user.is_bot:
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("user_disabled")
    return api.world.im(user_id)


def open_socket(api: Api, call: Call) -> dict[str, Any]:
    """apps.connections.open"""
    return {"url": api.open_socket()}

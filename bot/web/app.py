"""The Flask app: `/slack/events`, `/health` (alive) and `/ready` (able to answer)."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot.slack.http import Refused, answer
from bot.slack.logs import where
from bot.slack.manifest import PATH
from bot.slack.running import Running
from bot.store.errors import StoreError

_LOG = logging.getLogger(__name__)

MOST_BYTES = 1_000_000  #: of a request; Slack's are far smaller
OLDEST_WAITING_S = 60.0
OLDEST_UNSENT_S = 300.0


def make_web(running: Running, signing_secret: str) -> Flask:
    """The app for one process."""
    web = Flask("mildbot", static_folder=None)
    web.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @web.post(PATH)
    def events() -> Response:
        return _events(request, running, signing_secret)

    @web.get("/health")
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @web.get("/ready")
    def ready() -> tuple[Response, int]:
        state, is_ready = readiness(running)
        return jsonify(state), 200 if is_ready else 503

    web.register_error_handler(Exception, lambda error: _failed(error, running))
    return web


def _events(req: Request, running: Running, signing_secret: str) -> Response:
    try:
        found = answer(running.app, req.get_data(cache=False), dict(req.headers), signing_secret)
    except Refused:
        _count(running, "refused_signature")
        return Response("", status=401)
    made = Response(found.body or "", status=found.status)
    for name, values in found.headers.items():
        for value in values:
            made.headers[name] = value
    return made


def readiness(running: Running) -> tuple[dict[str, Any], bool]:
    """How the bot is, and whether it can be sent messages."""
    knowledge = running.desk.parts.engine.version
    try:
        health = running.desk.health(running.worker.clock())
    except StoreError:
        return {"knowledge": knowledge, "store": "unreachable"}, False
    is_ready = health.oldest_s < OLDEST_WAITING_S and health.oldest_unsent_s < OLDEST_UNSENT_S
    return {"knowledge": knowledge, "store": "ok", **asdict(health)}, is_ready


def _failed(error: Exception, running: Running) -> Response:
    """What went wrong, without what it was about. Not 200: Slack sends the event again."""
    if isinstance(error, RequestEntityTooLarge):
        _count(running, "oversized")
    if isinstance(error, HTTPException):
        return Response("", status=error.code)
    _LOG.error("request: %s", where(error))
    return Response("", status=500)


def _count(running: Running, name: str) -> None:
    with suppress(StoreError):
        running.desk.count(name, running.worker.clock())

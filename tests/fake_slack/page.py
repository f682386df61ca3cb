"""The page of `--page`: a patient's conversations and the front desk, in a browser."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_slack.deeds import Shown
from tests.fake_slack.fake import FakeSlack
from tests.fake_slack.model import BOT_USER
from tests.fake_slack.panels import PANELS, items_of, panel_html

_TEMPLATE = Path(__file__).with_name("page.html")
_LONGEST_WAIT_S = 20.0
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_JSON = {"Content-Type": "application/json"}
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
_SEE_OTHER = (303, {"Location": "/page"}, b"")
Answer = tuple[int, dict[str, str], bytes]


class Page:
    """Answers the page's requests; everything it shows comes from the fake's world."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def answer(self, method: str, path: str, form: dict[str, str]) -> Answer:
        parts = urlsplit(path)
        if method == "POST":
            return self._post(parts.path, form)
        if parts.path == "/page/changes":
            since = parse_qs(parts.query).get("since", [""])[0]
            return 200, _JSON, json.dumps(self._changes(since)).encode()
        if parts.path in ("/", "/page"):
            return 200, _HTML, self._whole().encode()
        return 404, _PLAIN, b"no such page"

    def _post(self, path: str, form: dict[str, str]) -> Answer:
        try:
            if path == "/page/say":
                self._say(form)
            elif path == "/page/press":
                self._press(form)
            elif path == "/page/home":
                self._slack.people.open_home(form["user"])
            else:
                return 404, _PLAIN, b"no such page"
        except (LookupError, ValueError, StopIteration) as problem:
            return 400, _PLAIN, str(problem).encode()
        return _SEE_OTHER

    def _say(self, form: dict[str, str]) -> None:
        panel = next(panel for panel in PANELS if panel.id == form["panel"])
        text, people = form["text"].strip(), self._slack.people
        if text.startswith("/"):
            command, _, words = text.partition(" ")
            people.command(panel.user, command, words, channel=panel.channel)
        elif text and panel.channel:
            said = text.replace("@bot", f"<@{BOT_USER}>")
            people.say(panel.channel, said, user=panel.user, thread_ts=form.get("thread") or None)
        elif text:
            people.dm(panel.user, text)

    def _press(self, form: dict[str, str]) -> None:
        world = self._slack.world
        shown: Shown | None = world.views.get(form["place"])
        if shown is None:
            shown = world.posted.get(form["place"], {}).get(form["ts"])
        if shown is None:
            raise LookupError("the message has gone")
        self._slack.people.press(
            shown,
            action_id=form["action_id"] or None,
            text=None if form.get("choice") else form["label"],
            choose=form.get("choice") or None,
            block_id=form["block_id"],
            user=form["user"],
        )

    def _changes(self, since: str) -> dict[str, Any]:
        """What is to be seen, once it differs from `since`, or after a while all the same."""
        try:
            return self._slack.wait_for(
                lambda: now if (now := self._state())["version"] != since else {}, _LONGEST_WAIT_S
            )
        except TimeoutError:
            return self._state()

    def _state(self) -> dict[str, Any]:
        items = [item for panel in PANELS for item in items_of(self._slack, panel)]
        status = "The bot is connected." if self._connected() else "The bot is not connected."
        seen = json.dumps([status, items]).encode()
        version = hashlib.sha256(seen).hexdigest()[:16]
        return {"version": version, "status": status, "items": items}

    def _connected(self) -> bool:
        return self._slack.events is not None or bool(self._slack.sockets.open())

    def _whole(self) -> str:
        state = self._state()
        panels = "\n".join(panel_html(panel, state["items"]) for panel in PANELS)
        template = Template(_TEMPLATE.read_text(encoding="utf-8"))
        return template.safe_substitute(
            status=state["status"], version=state["version"], panels=panels
        )

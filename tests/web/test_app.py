"""Slack's requests over HTTP: signed and answered, or refused and counted; health."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.slack.running import Running
from bot.store import switches
from bot.store.errors import StoreError
from bot.web.app import MOST_BYTES, make_web
from tests.fake_slack import PATIENT, SIGNING_SECRET, FakeSlack
from tests.fake_slack.events import signature
from tests.slack.workplace import at_work, environment, settled

EVENTS = "/slack/events"
JSON = "application/json"


@pytest.fixture
def running(slack: FakeSlack, tmp_path: Path) -> Iterator[Running]:
    with at_work(slack, environment(slack, tmp_path), signed=True) as found:
        yield found


@pytest.fixture
def web(running: Running) -> FlaskClient:
    return make_web(running, SIGNING_SECRET).test_client()


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def post(
    web: FlaskClient,
    body: bytes,
    *,
    secret: str = SIGNING_SECRET,
    ago_s: int = 0,
    content_type: str = JSON,
    **headers: str,
) -> TestResponse:
    stamp = now() - ago_s
    signed = {
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": signature(secret, stamp, body),
    }
    return web.post(EVENTS, data=body, content_type=content_type, headers={**signed, **headers})


def event(text: str, *, event_id: str = "Ev1", channel: str = "D0PAT0001") -> bytes:
    inner = {
        "type": "message",
        "user": PATIENT,
        "text": text,
        "ts": "1700000000.000100",
        "channel": channel,
        "channel_type": "im",
    }
    body = {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": inner}
    return json.dumps(body).encode()


def counted(running: Running, name: str) -> int:
    with running.desk.store.reading() as tx:
        rows = switches.counts(tx, datetime.now(UTC).date() - timedelta(days=1))
    return sum(number for counter, _, number in rows if counter == name)


# ---------------------------------------------------------------- what comes from Slack
def test_signed_event_is_kept_and_answered(
    web: FlaskClient, running: Running, slack: FakeSlack
) -> None:
    slack.world.im(PATIENT)

    assert post(web, event("can I drive")).status_code == 200

    settled(running, slack)
    assert "You may drive after 24 hours" in slack.world.bot_messages("D0PAT0001")[0].text


def test_slack_verifies_the_address(web: FlaskClient) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "x1"}).encode()

    answer = post(web, challenge)

    assert (answer.status_code, answer.get_json()) == (200, {"challenge": "x1"})


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": {"type": "channel_rename"}, "event_id": "Ev9"},
        {"type": "block_actions", "actions": [{"action_id": "new", "block_id": "b"}]},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "new"}},
        {"type": "view_closed", "view": {"type": "modal", "callback_id": "new"}},
        {"type": "event_callback"},
        {"type": "message_action", "callback_id": "new"},
        {"type": "shortcut", "callback_id": "new"},
        {"type": "something_new"},
        {},
    ],
)
def test_what_nobody_listens_to_is_acknowledged(body: dict[str, Any], web: FlaskClient) -> None:
    payload = {"team": {"id": "T1"}, "user": {"id": "U1"}, **body}

    assert post(web, json.dumps(payload).encode()).status_code == 200


def test_store_that_is_gone_is_503_so_that_slack_sends_it_again(
    web: FlaskClient, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object) -> None:
        raise StoreError("the store cannot be reached")

    monkeypatch.setattr(running.desk, "receive", gone)
    monkeypatch.setattr(running.desk, "last_resort", lambda incoming: None)

    assert post(web, event("can I drive")).status_code == 503


# ---------------------------------------------------------------- what does not
@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another-secret"},
        {"ago_s": 400},
        {"ago_s": -400},
        {"X-Slack-Signature": "v0=ffff"},
        {"X-Slack-Signature": "\xff"},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "\u0663"},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
def test_wrong_signature_is_refused_and_counted(
    wrong: dict[str, Any], web: FlaskClient, running: Running, slack: FakeSlack
) -> None:
    assert post(web, event("can I drive"), **wrong).status_code == 401

    settled(running, slack)
    assert slack.world.bot_messages() == []
    assert counted(running, "refused_signature") == 1


def test_unsigned_request_is_refused(web: FlaskClient) -> None:
    assert web.post(EVENTS, data=event("can I drive"), content_type=JSON).status_code == 401


def test_signed_request_sent_again_is_answered_once(
    web: FlaskClient, running: Running, slack: FakeSlack
) -> None:
    slack.world.im(PATIENT)
    for _ in range(3):
        assert post(web, event("can I drive")).status_code == 200
    settled(running, slack)

    texts = [m.text for m in slack.world.bot_messages()]
    assert len(texts) == len(set(texts)) == 2  # the answer, and the notice of the first contact


def test_oversized_body_is_refused_and_counted(web: FlaskClient, running: Running) -> None:
    assert post(web, b"x" * (MOST_BYTES + 1)).status_code == 413
    assert counted(running, "oversized") == 1


def test_body_that_is_no_text_is_refused(web: FlaskClient) -> None:
    assert post(web, b"\xff\xfe\x00").status_code == 401


def test_body_that_is_no_json_harms_nobody(web: FlaskClient) -> None:
    assert post(web, b"{half").status_code in (200, 400, 404, 500)
    assert web.get("/health").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("get", EVENTS), ("get", "/"), ("post", "/health")])
def test_anything_else_is_not_there(method: str, path: str, web: FlaskClient) -> None:
    assert getattr(web, method)(path).status_code in (404, 405)


# ---------------------------------------------------------------- health
def test_process_that_lives_says_so(web: FlaskClient) -> None:
    assert web.get("/health").get_data(as_text=True) == "ok\n"


def test_ready_says_what_it_stands_on(web: FlaskClient, running: Running) -> None:
    answer = web.get("/ready")

    assert answer.status_code == 200
    assert answer.get_json()["store"] == "ok"
    assert answer.get_json()["knowledge"] == running.desk.parts.engine.version
    assert answer.get_json()["waiting"] == 0


def test_not_ready_without_the_store(
    web: FlaskClient, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object) -> None:
        raise StoreError("the store cannot be reached")

    monkeypatch.setattr(running.desk, "health", gone)

    assert web.get("/ready").status_code == 503
    assert web.get("/ready").get_json()["store"] == "unreachable"


def test_not_ready_while_messages_wait_too_long(
    web: FlaskClient, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.worker, "work_on", lambda *args, **more: None)
    assert post(web, event("can I drive")).status_code == 200

    later = datetime.now(UTC) + timedelta(minutes=5)
    monkeypatch.setattr(running.worker, "clock", lambda: later)

    assert web.get("/ready").status_code == 503


def test_error_is_500_and_says_nothing(
    web: FlaskClient, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("about somebody")

    monkeypatch.setattr(running.desk, "health", broken)

    answer = web.get("/ready")
    assert (answer.status_code, answer.get_data(as_text=True)) == (500, "")

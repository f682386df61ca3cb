"""The page: what it shows, forms that work without scripts, safety, accessibility."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

import pytest
from slack_sdk import WebClient

from tests.fake_slack import BOT_TOKEN, PATIENT, STAFF_CHANNEL, FakeSlack
from tests.fake_slack.mrkdwn import to_html, to_text
from tests.fake_slack.page import Page
from tests.fake_slack_tests.conftest import Echo, connected


class _NoRedirect(HTTPErrorProcessor):
    def http_response(self, request: Request, response: Any) -> Any:
        return response


def get(slack: FakeSlack, path: str = "/page") -> str:
    with build_opener().open(slack.address + path, timeout=5) as response:
        return str(response.read().decode())


def post(slack: FakeSlack, path: str, *, origin: str = "", **form: str) -> int:
    headers = {"Origin": origin} if origin else {}
    request = Request(slack.address + path, urlencode(form).encode(), headers)
    with build_opener(_NoRedirect).open(request, timeout=5) as response:
        return int(response.status)


@pytest.fixture
def page(slack: FakeSlack) -> FakeSlack:
    slack.server.page = Page(slack).answer
    return slack


class Outline(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_form_sends_a_direct_message_and_the_answer_shows(page: FakeSlack, echo: Echo) -> None:
    with connected(echo, page):
        assert post(page, "/page/say", panel="dm", text="5 < 6 & so on") == 303
        page.wait_call("chat.postMessage")
        source = get(page)

    assert "5 &lt; 6 &amp; so on" in source
    assert '<button class="">More</button>' in source


def test_button_of_the_page_is_pressed_for_its_person(page: FakeSlack, echo: Echo) -> None:
    with connected(echo, page):
        [reply] = page.wait_replies(page.people.dm("pat", "hello"))
        form = {
            attributes["name"] or "": attributes["value"] or ""
            for attributes in Outline(get(page)).all("input")
            if attributes["name"] not in ("panel", None)
        }
        assert post(page, "/page/press", **form) == 303
        page.wait_for(lambda: reply.text == "pressed")

    assert next(e for e in echo.heard if e["type"] == "block_actions")["user"]["id"] == PATIENT


def test_changes_come_when_there_are_some(page: FakeSlack) -> None:
    first = json.loads(get(page, "/page/changes"))
    page.people.dm("pat", "hello")
    second = json.loads(get(page, f"/page/changes?since={first['version']}"))

    assert first["status"] == "The bot is not connected."
    assert [item["panel"] for item in second["items"]] == ["dm"]


def test_staff_channel_shows_cards_and_mentions(page: FakeSlack) -> None:
    client = WebClient(BOT_TOKEN, base_url=page.api_url)
    client.chat_postMessage(channel=STAFF_CHANNEL, text=f"*Urgent*: <@{PATIENT}> asks <b>")
    items = json.loads(get(page, "/page/changes"))["items"]

    [card] = [item for item in items if item["panel"] == "staff"]
    assert "<strong>Urgent</strong>: @pat asks" in card["html"]


def test_every_field_has_a_label_and_every_log_a_name(page: FakeSlack) -> None:
    outline = Outline(get(page))
    labelled = {attributes["for"] for attributes in outline.all("label")}

    assert {attributes["id"] for attributes in outline.all("textarea")} == labelled
    assert all(a["role"] == "log" and a["aria-live"] and a["aria-label"] for a in outline.all("ol"))
    assert outline.all("html") == [{"lang": "en"}]
    assert len(outline.all("h1")) == 1


def test_page_loads_nothing_from_elsewhere(page: FakeSlack) -> None:
    outline = Outline(get(page))

    assert outline.all("link") + outline.all("img") == []
    assert outline.all("script") == [{}]


def test_other_origins_and_other_names_are_refused(page: FakeSlack) -> None:
    assert post(page, "/page/say", origin="https://example.org", panel="dm", text="x") == 403
    with pytest.raises(HTTPError, match="403"):
        build_opener().open(Request(f"{page.address}/page", headers={"Host": "example.org"}))


def test_mistakes_are_400_and_unknown_addresses_404(page: FakeSlack) -> None:
    assert post(page, "/page/say", panel="no", text="x") == 400
    assert post(page, "/page/press", place="x", ts="1", user=PATIENT) == 400
    assert post(page, "/page/dance") == 404


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        ("*b* _i_", "*b* _i_", "<strong>b</strong> <em>i</em>"),
        ("a &lt;b&gt; &amp; c", "a <b> & c", "a &lt;b&gt; &amp; c"),
        (
            "<tel:+15550100|555-0100>",
            "555-0100 (tel:+15550100)",
            '<a href="tel:+15550100">555-0100</a>',
        ),
        (
            "<https://a.org/?x=1&amp;y>",
            "https://a.org/?x=1&y",
            '<a href="https://a.org/?x=1&amp;y">https://a.org/?x=1&amp;y</a>',
        ),
        ("<@U0PAT0001>", "@pat", "@pat"),
        ("<!date^1^{date}|3 May>", "3 May", "3 May"),
        ("<javascript:alert(1)|x>", "javascript:alert(1)|x", "javascript:alert(1)|x"),
        ("<b onclick=x>", "b onclick=x", "b onclick=x"),
    ],
)
def test_mrkdwn_is_shown(source: str, text: str, shown: str) -> None:
    names = {"U0PAT0001": "pat"}.get

    assert to_text(source, lambda id: names(id, id)) == text
    assert to_html(source, lambda id: names(id, id)) == shown

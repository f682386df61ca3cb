"""The columns of the page: whose eyes, which conversation, and its messages as HTML."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass
from typing import Any

from tests.fake_slack.fake import FakeSlack
from tests.fake_slack.model import GENERAL, PATIENT, STAFF, STAFF_CHANNEL, Message
from tests.fake_slack.mrkdwn import to_html
from tests.fake_slack.shown import Button, Part, Rule, Text, name_of, parts_of, parts_of_blocks


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One column: whose eyes, which conversation."""

    id: str
    title: str
    user: str
    channel: str  #: empty: the direct conversation
    hint: str


PANELS = (
    Panel(
        id="dm",
        title="Pat, a patient: direct messages",
        user=PATIENT,
        channel="",
        hint="A question, or /mild and a question. Enter sends, Shift+Enter begins a new line.",
    ),
    Panel(
        id="general",
        title="Pat in #general",
        user=PATIENT,
        channel=GENERAL,
        hint="@bot and a question; an answer comes in a thread.",
    ),
    Panel(
        id="staff",
        title="Sam of the staff, in #front-desk",
        user=STAFF,
        channel=STAFF_CHANNEL,
        hint="/mild-lookup and some words, or @bot and a question.",
    ),
)


def items_of(slack: FakeSlack, panel: Panel) -> list[dict[str, str]]:
    """The home tab and the messages of one panel, each as an <li> with its id and version."""
    channel = panel.channel or slack.world.im(panel.user).id
    posted = slack.world.posted.get(channel, {}).values()
    seen = [m for m in posted if not m.deleted and m.seen_by in (None, panel.user)]
    seen.sort(key=lambda m: (m.thread_ts or m.ts, m.ts))
    items = [_item(slack, panel, message) for message in seen]
    home = None if panel.channel else slack.world.homes.get(panel.user)
    return [_home(slack, panel, home), *items] if home else items


def _item(slack: FakeSlack, panel: Panel, message: Message) -> dict[str, str]:
    id = f"m-{panel.id}-{message.ts.replace('.', '-')}"
    where = {"place": message.channel, "ts": message.ts, "user": panel.user}
    kinds = [name for name in ("bot",) if message.bot_id] + (
        ["reply"] if message.thread_ts and panel.channel else []
    )
    notes = ["only you see this"] * bool(message.seen_by) + ["edited"] * bool(message.edited_ts)
    who = "bot" if message.bot_id else name_of(slack.world, message.user)
    heading = f'<p class="note"><span class="who">{html.escape(who)}</span> {", ".join(notes)}</p>'
    body = _parts(slack, parts_of(message), where)
    return _numbered(panel.id, id, " ".join(kinds), heading + body)


def _home(slack: FakeSlack, panel: Panel, view: dict[str, Any]) -> dict[str, str]:
    where = {"place": view["id"], "ts": "", "user": panel.user}
    body = _parts(slack, list(parts_of_blocks(view["blocks"])), where)
    return _numbered(panel.id, "home", "bot", f'<p class="note">App Home</p>{body}')


def _parts(slack: FakeSlack, parts: list[Part], where: dict[str, str]) -> str:
    return "\n".join(_part(slack, part, where) for part in parts)


def _part(slack: FakeSlack, part: Part, where: dict[str, str]) -> str:
    if isinstance(part, Rule):
        return "<hr>"
    if isinstance(part, Button):
        return _button(part, where)
    assert isinstance(part, Text)
    if part.is_mrkdwn:
        words = to_html(part.source, lambda id: name_of(slack.world, id))
    else:
        words = html.escape(part.source).replace("\n", "<br>")
    if part.role == "header":
        return f"<h3>{words}</h3>"
    return f'<p class="{part.role}">{words}</p>'


def _numbered(panel: str, id: str, kinds: str, body: str) -> dict[str, str]:
    version = hashlib.sha256(body.encode()).hexdigest()[:12]
    item = f'<li id="{id}" class="{kinds}" data-version="{version}">{body}</li>'
    return {"panel": panel, "id": id, "version": version, "html": item}


def _button(button: Button, where: dict[str, str]) -> str:
    if button.url:
        return f'<p><a href="{html.escape(button.url)}">{html.escape(button.label)}</a></p>'
    fields = {
        **where,
        "block_id": button.block_id,
        "action_id": button.action_id,
        "label": button.label,
        "choice": button.choice,
    }
    hidden = "".join(_hidden(name, value) for name, value in fields.items())
    spoken = f' aria-label="{html.escape(button.spoken)}"' if button.spoken else ""
    return (
        f'<form method="post" action="/page/press">{hidden}'
        f'<button class="{button.style}"{spoken}>{html.escape(button.label)}</button></form>'
    )


def panel_html(panel: Panel, items: list[dict[str, str]]) -> str:
    """The whole column: its log, and the form below it."""
    shown = "\n".join(item["html"] for item in items if item["panel"] == panel.id)
    home = ""
    if not panel.channel:
        home = (
            f'<form method="post" action="/page/home">{_hidden("user", panel.user)}'
            "<button>Open the App Home</button></form>"
        )
    return f"""<section aria-labelledby="{panel.id}-title">
<h2 id="{panel.id}-title">{html.escape(panel.title)}</h2>
<ol id="{panel.id}" role="log" aria-live="polite" tabindex="0" aria-label="Messages">{shown}</ol>
<form class="write" method="post" action="/page/say">{_hidden("panel", panel.id)}
<label for="{panel.id}-text">{html.escape(panel.hint)}</label>
<textarea id="{panel.id}-text" name="text" rows="3" required></textarea>
<button>Send</button></form>
{home}
</section>"""


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{html.escape(value)}">'

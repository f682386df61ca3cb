"""Views are pure, and drawn as in the golden files (`python -m tests.slack.cases` writes them)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.desk.values import QueueItem
from bot.slack.blocks import MESSAGE_BLOCKS
from bot.slack.renderer import SlackRenderer
from bot.slack.text import decode, escape
from bot.slack.views.home import home_view
from tests.fake_slack.blocks import check_blocks
from tests.slack.cases import CASES, GOLDEN, as_text, renderer
from tests.slack.made import card, escalation, frame, named, question, reply
from tests.small import small_engine


@pytest.mark.parametrize("name", CASES)
def test_view_is_drawn_as_its_golden_file(name: str) -> None:
    golden = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")

    assert as_text(CASES[name]()) == golden


@pytest.mark.parametrize("name", CASES)
def test_slack_would_take_the_view(name: str) -> None:
    made = CASES[name]()
    blocks = made if isinstance(made, list) else made["blocks"]
    surface = "home" if name.startswith("home") else "message"

    assert list(check_blocks(json.loads(json.dumps(blocks)), surface)) == []


def test_every_golden_file_has_its_case() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(CASES)


def buttons(blocks: Any) -> list[Any]:
    return [e for b in blocks if b["type"] == "actions" for e in b["elements"]]


def ids(blocks: Any) -> list[str]:
    return [b["action_id"] for b in buttons(blocks)]


def test_text_is_the_replys_own_escaped() -> None:
    made = renderer().reply(reply(text="a < b & <!channel>"), frame())

    assert made.text == "a &lt; b &amp; &lt;!channel&gt;"


def test_sections_say_what_the_text_says() -> None:
    text = "First & second.\n\nCall 555-0199 <now>."

    made = renderer().reply(reply(text=text), frame())

    shown = "".join(b["text"]["text"] for b in made.blocks if b["type"] == "section")
    assert decode(shown) == text


def test_nothing_stands_beside_an_emergency() -> None:
    made = renderer().reply(escalation(), frame(staff=True))

    assert {b["type"] for b in made.blocks} == {"section"}


def test_emergency_can_be_tapped() -> None:
    (section,) = renderer().reply(escalation(), frame()).blocks

    assert section["text"]["text"].startswith("*EMERGENCY:* Call <tel:911|911> now.")
    assert "<tel:5550199|555-0199>" in section["text"]["text"]


def test_choices_carry_entry_ids() -> None:
    made = renderer().reply(reply(suggestions=named("a", "b", "c")), frame())

    chosen = [b for b in buttons(made.blocks) if b["action_id"].startswith("choose:")]
    assert [(b["action_id"], b["value"]) for b in chosen] == [
        ("choose:0", "a"),
        ("choose:1", "b"),
        ("choose:2", "c"),
    ]


def test_who_asked_for_a_person_is_not_offered_one_again() -> None:
    made = renderer().reply(reply(kind="small_talk", small_talk="human", entries=()), frame())

    assert "talk_to_person" not in ids(made.blocks)


def test_patients_do_not_read_of_reviews_and_staff_do() -> None:
    patient = json.dumps(renderer().reply(reply(), frame()).blocks)
    staff = json.dumps(renderer().reply(reply(), frame(staff=True)).blocks)

    unread = escape(small_engine().knowledge.replies["not_reviewed"])
    assert unread not in patient
    assert unread in staff


def test_report_address_may_be_a_number() -> None:
    made = renderer().reply(reply(), frame(report="Tell the desk, 555-0199."))

    assert "Tell the desk, <tel:5550199|555-0199>." in json.dumps(made.blocks)


def test_without_a_report_address_nothing_is_said_of_it() -> None:
    made = renderer().reply(reply(), frame(report=""))

    assert "context" not in {b["type"] for b in made.blocks}


def test_longest_reply_stays_within_a_message() -> None:
    made = renderer().reply(reply(text="word " * 60_000), frame())

    assert len(made.blocks) == MESSAGE_BLOCKS
    assert "helpful" in ids(made.blocks)


def test_words_of_a_person_are_never_markup() -> None:
    made = renderer().card(card(words=("<!channel> *bold* <@U2>",)))

    quoting = [b for b in made.blocks if "bold" in json.dumps(b)]
    assert [b["text"]["type"] for b in quoting] == ["plain_text"]
    assert "<!channel>" not in json.dumps(made.blocks)


def test_notification_of_a_card_names_nobody() -> None:
    text = renderer().card(card()).text

    assert "U1" not in text
    assert "numb" not in text


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("open", ["alert_claim", "alert_done", "open_person"]),
        ("claimed", ["alert_done", "open_person"]),
        ("closed", []),
    ],
)
def test_buttons_go_when_they_are_used(state: str, expected: list[str]) -> None:
    assert ids(renderer().card(card(state=state)).blocks) == expected


def test_direct_message_has_no_permalink() -> None:
    assert "archives" not in json.dumps(renderer().card(card()).blocks)


def test_permalink_needs_the_workspaces_address() -> None:
    unknown = SlackRenderer(small_engine(), workspace_url="")

    made = unknown.card(card(channel_id="C1", message_ts="17.5"))

    assert "archives" not in json.dumps(made.blocks)


def test_queue_shows_ten_and_counts_the_rest() -> None:
    many: tuple[QueueItem, ...] = tuple(question(id=f"q{n}") for n in range(13))

    made = json.dumps(renderer().queue(many).blocks)

    assert "And 3 more" in made


def test_answered_question_has_no_buttons() -> None:
    assert ids(renderer().queue((question(state="answered"),)).blocks) == []


def test_topic_buttons_differ_from_each_other() -> None:
    names = ids(home_view(small_engine(), group="basics")["blocks"])

    assert len(names) == len(set(names)) == 3


def test_queue_is_for_staff_only() -> None:
    assert "cats" not in json.dumps(home_view(small_engine()))
    assert "cats" in json.dumps(home_view(small_engine(), queue=[question()]))

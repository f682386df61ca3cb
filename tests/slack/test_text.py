"""Slack's way to write text, both ways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import clip, date_token, decode, escape, linked, mentions, tel


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        ("is it &lt; 2 days &amp; safe?", "is it < 2 days & safe?"),
        ("he wrote &amp;lt;b&amp;gt;", "he wrote &lt;b&gt;"),
        ("<@UBOT> can I drive", "can I drive"),
        ("can I, <@UBOT>, drive", "can I, , drive"),
        ("<@U2|ann> said so", "ann said so"),
        ("<@U2> said so", "@someone said so"),
        ("see <#C1|front-desk>", "see #front-desk"),
        ("<!here> help", "help"),
        ("<!subteam^S1|@nurses> help", "@nurses help"),
        ("<https://x.example/a|this page>", "this page"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("<tel:5550100|555-0100>", "555-0100"),
        ("a &lt;@U2&gt; typed by hand", "a <@U2> typed by hand"),
        ("it hurts:sob: :sob::sob:", "it hurts😭 😭😭"),
        (":face_with_thermometer: 103", "🤒 103"),
        ("ok :+1::skin-tone-4:", "ok 👍"),
        ("at 10:30:45, fever:chills:sweats", "at 10:30:45, fever:chills:sweats"),
        (":clinic-logo: hi", ":clinic-logo: hi"),
        ("", ""),
        ("5 < 6", "5 < 6"),
    ],
)
def test_decode_gives_what_was_typed(raw: str, typed: str) -> None:
    assert decode(raw, bot_user_id="UBOT") == typed


def test_mention_is_seen_with_and_without_a_label() -> None:
    assert mentions("<@UBOT|mild> hi", "UBOT")
    assert mentions("hi <@UBOT>", "UBOT")
    assert not mentions("hi &lt;@UBOT&gt; <@U2>", "UBOT")


def test_escape_leaves_nothing_that_slack_reads() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@given(st.text().filter(lambda text: ":" not in text))
def test_what_is_escaped_decodes_to_itself(text: str) -> None:
    assert decode(escape(text)) == text.strip()


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("911", "<tel:911|911>"),
        ("1-800-222-1222", "<tel:18002221222|1-800-222-1222>"),
        ("+1 (555) 0100", "<tel:+15550100|+1 (555) 0100>"),
        ("555-0100 ext. 7", "<tel:5550100|555-0100 ext. 7>"),
        ("Poison Help", "Poison Help"),
    ],
)
def test_number_can_be_tapped(number: str, link: str) -> None:
    assert tel(number) == link


def test_only_the_clinics_numbers_are_linked() -> None:
    assert linked("911 or 9110, 1911 & 555-0100", ["911"]) == (
        "<tel:911|911> or 9110, 1911 &amp; 555-0100"
    )


def test_longer_number_wins() -> None:
    assert linked("call 911-555", ["911", "911-555"]) == "call <tel:911555|911-555>"


def test_no_numbers_is_plain_escaping() -> None:
    assert linked("a < b", []) == "a &lt; b"


def test_address_of_mail_can_be_tapped() -> None:
    assert linked("tell a.b@x.example.", []) == "tell <mailto:a.b@x.example|a.b@x.example>."


def test_cut_text_shows_it() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("abcdef", 4) == "abc…"


def test_date_is_localised_with_utc_to_fall_back_on() -> None:
    token = date_token(datetime(2026, 3, 4, 15, 30, tzinfo=UTC))

    assert token == "<!date^1772638200^{date_short_pretty} {time}|2026-03-04 15:30 UTC>"

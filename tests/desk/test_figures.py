"""Figures of a period, from rows."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from bot.desk.figures import Figures, Share, figures
from bot.desk.figures_page import as_page
from bot.desk.figures_text import as_table
from bot.store.alerts import Alert
from bot.store.interactions import Interaction
from tests.desk.made import START, later
from tests.store.test_contract import alert, interaction

SINCE = START - timedelta(days=6)


def of(*rows: Interaction, alerts: tuple[Alert, ...] = ()) -> Figures:
    counts = [("duplicates", date(2026, 3, 1), 2), ("duplicates", date(2026, 3, 2), 3)]
    return figures(rows, alerts, counts, since=SINCE, until=START)


def answer(entry: str = "driving", **changes: object) -> Interaction:
    return interaction(entries=json.dumps([entry]), **{"concepts": "{}", **changes})


def unanswered(nearest: str = "driving", **changes: object) -> Interaction:
    return interaction(kind="out_of_scope", entries="[]", nearest=nearest, **changes)


def test_shares_are_those_of_questions() -> None:
    found = of(
        answer(),
        answer(),
        unanswered(),
        interaction(kind="clarify", entries="[]"),
        interaction(kind="small_talk", entries="[]", small_talk="thanks"),
        interaction(kind="paused", entries="[]"),
    )

    assert found.messages == 6
    assert (found.answered, found.clarified, found.abstained) == (
        Share(count=2, of=4),
        Share(count=1, of=4),
        Share(count=1, of=4),
    )


def test_decision_about_one_person_is_not_an_unanswered_question() -> None:
    found = of(unanswered(personal=True))

    assert (found.abstained.count, found.personal, found.themes) == (0, 1, ())


def test_escalations_are_counted_by_tier_and_context() -> None:
    found = of(
        answer(kind="escalation", tier="urgent", context="present"),
        answer(kind="escalation", tier="urgent", context="present"),
        answer(kind="escalation", tier="emergency", context="conditional"),
    )

    assert found.escalations == {"urgent, present": 2, "emergency, conditional": 1}


def test_entries_and_themes_are_named_most_frequent_first() -> None:
    found = of(answer("a"), answer("b"), answer("b"), unanswered("c"), unanswered(""))

    assert found.top_entries == (("b", 2), ("a", 1))
    assert found.themes == (("c", 1),)


def test_ten_entries_are_named_at_most() -> None:
    assert len(of(*(answer(f"entry-{n}") for n in range(30))).top_entries) == 10


def test_every_day_of_the_period_is_there() -> None:
    found = of(answer(hour=START - timedelta(days=2)), answer(hour=START), answer(hour=START))

    assert [count for _, count in found.by_day] == [0, 0, 0, 0, 1, 0, 2]
    assert found.by_day[-1][0] == START.date()


def test_helpful_is_a_share_of_what_was_rated() -> None:
    found = of(answer(helpful=True), answer(helpful=False), answer(helpful=True), answer())

    assert found.helpful == Share(count=2, of=3)


def test_people_are_counted_once_and_forgotten_ones_not_at_all() -> None:
    found = of(answer(user_hash="a"), answer(user_hash="a"), answer(user_hash=None))

    assert found.people == 1


def test_latency_is_told_by_percentiles() -> None:
    found = of(*(answer(latency_ms=n) for n in range(1, 101)))

    assert found.latency is not None
    assert (found.latency.median, found.latency.p95, found.latency.p99) == (50.5, 95.0, 99.0)


def test_alerts_are_counted_by_kind_and_by_how_soon_they_were_taken() -> None:
    found = of(
        alerts=(
            alert(claimed_at=later(30)),
            alert(claimed_at=later(50)),
            alert(told_patient_at=later(60)),
            alert(kind="person", tier=None),
        )
    )

    assert found.alerts == {"flag, emergency": 3, "person": 1}
    assert found.claimed == Share(count=2, of=4)
    assert found.claim_s == {"flag, emergency": 40.0}
    assert found.patients_told == 1


def test_counters_are_summed_over_the_days() -> None:
    assert of().counters == {"duplicates": 5}


def test_nothing_asked_makes_figures_too() -> None:
    found = of()

    assert (found.messages, found.latency) == (0, None)
    assert (str(found.answered), found.answered.percent) == ("0 of 0 (0 %)", 0.0)
    assert "messages" in as_table(found)
    assert "Messages a day" in as_page(found)


def test_order_of_rows_does_not_matter() -> None:
    rows = [answer("a"), answer("b"), unanswered("c"), unanswered("d")]

    assert of(*rows) == of(*reversed(rows))


# ---------------------------------------------------------------- shown
@pytest.fixture(scope="module")
def full() -> Figures:
    return of(
        answer("<script>alert(1)</script>", helpful=True),
        answer(kind="escalation", tier="emergency", context="present"),
        unanswered("cost"),
        alerts=(alert(claimed_at=later(30)),),
    )


def test_json_holds_every_figure(full: Figures) -> None:
    found = json.loads(json.dumps(full.as_json()))

    assert found["answered"] == {"count": 2, "of": 3}
    assert found["by_day"][-1] == ["2026-03-02", 3]
    assert found["since"] == "2026-02-24T09:00:00+00:00"
    assert set(found) == set(Figures.__slots__)


def test_table_holds_every_section(full: Figures) -> None:
    table = as_table(full)

    assert "answered          2 of 3 (67 %)" in table
    assert "red flags\n        1  emergency, present" in table
    assert "time until an alert is taken (median)\n     30 s  flag, emergency" in table


class Page(HTMLParser):
    """Tags that are open, and what the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.fetched += [str(v) for k, v in attrs if k in ("src", "href", "data", "action")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_whole_and_fetches_nothing(full: Figures) -> None:
    page = Page()

    page.feed(as_page(full))

    assert (page.open, page.fetched) == ([], [])
    assert "script" not in page.seen
    assert "link" not in page.seen
    assert not re.search(r"url\(|@import|https?:", as_page(full))


def test_page_shows_names_as_text(full: Figures) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in as_page(full)


def test_charts_can_be_read_aloud(full: Figures) -> None:
    page = as_page(full)

    assert '<html lang="en">' in page
    assert 'role="img" aria-label="Column chart of messages a day' in page
    assert page.count("<svg") == page.count('role="img"') + page.count('class="bar" aria-hidden')
    assert '<th scope="row">2026-03-02</th><td class="number">3</td>' in page


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_and_bars_can_be_seen_by_day_and_by_night(full: Figures) -> None:
    palettes = re.findall(r":root \{([^}]*)\}", as_page(full))
    contrasts = []
    for palette in palettes:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", palette))
        paper = _luminance(colours["paper"])
        for name in ("ink", "soft", "bar"):
            light, dark = sorted((paper, _luminance(colours[name])), reverse=True)
            contrasts.append((light + 0.05) / (dark + 0.05))

    assert len(contrasts) == 6
    assert min(contrasts) >= 4.5

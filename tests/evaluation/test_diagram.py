"""The reliability diagram: a valid picture that holds its numbers and needs nothing else."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from bot.evaluation.diagram import Panel, draw
from bot.evaluation.reliability import Scored, reliability
from bot.retrieval.decide import Limits

SVG = "{http://www.w3.org/2000/svg}"
MESSAGES = [
    Scored(score=0.2, right=False),
    *[Scored(score=0.5, right=n < 2) for n in range(4)],
    *[Scored(score=0.9, right=n < 9) for n in range(10)],
]


def panel(title: str = "The bank", *, answer: float = 0.62, clarify: float = 0.18) -> Panel:
    return Panel(
        title=title,
        of="all of it",
        reliability=reliability(MESSAGES),
        limits=Limits(answer=answer, clarify=clarify),
    )


def drawn(*panels: Panel) -> ET.Element:
    return ET.fromstring(draw(panels))


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def marks(root: ET.Element, tag: str, kind: str) -> list[ET.Element]:
    return [e for e in root.iter(f"{SVG}{tag}") if e.get("class") == kind]


def test_picture_shows_the_error_its_bins_and_the_number_of_messages() -> None:
    found = texts(drawn(panel()))

    assert "15 messages: all of it" in found
    assert "expected calibration error 0.013 in 10 bins of equal mass" in found


def test_description_holds_every_bin() -> None:
    description = drawn(panel()).find(f"{SVG}desc")

    assert description is not None
    assert description.text is not None
    assert "The bank, all of it: expected calibration error 0.013" in description.text
    assert "score 0.900, right 90.0% (59.6% to 98.2%), 10" in description.text
    assert "Choices from a score of 0.18, an answer from 0.62." in description.text


def test_each_bin_is_a_point_where_its_numbers_are() -> None:
    points = marks(drawn(panel()), "circle", "right")
    places = [(float(p.get("cx", 0)), float(p.get("cy", 0))) for p in points]

    assert len(places) == 3
    assert places[1] == pytest.approx((64 + 0.5 * 360, 124 + 0.5 * 360))
    assert all(left[0] < right[0] and left[1] > right[1] for left, right in pairwise(places))


def test_thresholds_are_lines_through_both_drawings() -> None:
    lines = marks(drawn(panel()), "line", "limit")

    assert sorted(float(line.get("x1", 0)) for line in lines) == pytest.approx(
        [64 + 0.18 * 360] * 2 + [64 + 0.62 * 360] * 2, abs=0.1
    )
    assert {"offers choices from 0.18", "answers from 0.62"} <= set(texts(drawn(panel())))


def test_words_over_a_narrow_zone_stand_above_each_other() -> None:
    found = texts(drawn(panel(answer=0.95)))

    assert found[-6:-2] != []
    assert {"answers", "from", "0.95"} <= set(found)


def test_columns_are_as_high_as_their_messages() -> None:
    root = drawn(panel())
    right = [float(e.get("height", 0)) for e in marks(root, "rect", "right")[:-1]]

    assert max(right) == pytest.approx(90 * 9 / 10)
    assert sum(right) == pytest.approx(90 * 11 / 10)


def test_panels_stand_side_by_side() -> None:
    one, two = drawn(panel()), drawn(panel(), panel("The sets"))

    assert int(two.get("width", 0)) == 2 * int(one.get("width", 0))
    assert {"The bank", "The sets"} <= set(texts(two))


def test_title_of_any_kind_stays_text() -> None:
    assert "a < b & c" in texts(drawn(panel("a < b & c")))


def test_picture_is_for_day_and_night_and_fetches_nothing() -> None:
    picture = draw([panel()])

    assert "prefers-color-scheme: dark" in picture
    assert picture.count("http") == 1  # the name of the format
    assert "href" not in picture


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("paper", "colour", "least"),
    [
        *(("#ffffff", colour, 4.5) for colour in ("#1b1f24", "#4d5560", "#1f5fa8")),
        *(("#14171b", colour, 4.5) for colour in ("#f0f2f5", "#b4bcc6", "#7fb2f0")),
        # right and wrong differ in lightness, too: for those who do not see the colours
        *((("#1f5fa8", "#f0a03c", 2.5)), ("#7fb2f0", "#c9741a", 1.5)),
    ],
)
def test_marks_stand_out_whatever_the_eye(paper: str, colour: str, least: float) -> None:
    light, dark = sorted((luminance(paper), luminance(colour)), reverse=True)

    assert paper in draw([panel()])
    assert colour in draw([panel()])
    assert (light + 0.05) / (dark + 0.05) >= least

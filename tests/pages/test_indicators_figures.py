"""The small drawings of the page: every value written, told to whoever does not see them, nothing without data."""

import xml.etree.ElementTree as ET

import polars as pl

from apdash.pages.indicators.effect_card import hours, interval
from apdash.pages.indicators.trend import svg, trend
from apdash.pages.indicators.vigilance_card import count_words
from apdash.vigilance.point import Point, listed

POINTS = [("24-25", 0.64), ("25-26", 0.041)]


def test_a_trend_writes_each_value_and_the_figure_from_elsewhere() -> None:
    words = [node.text for node in ET.fromstring(svg(POINTS, beside=("acad.", 0.62))).iter() if node.text]
    assert words == ["acad. 62", "64", "24-25", "4,1", "25-26"]


def test_a_trend_is_told_to_whoever_does_not_see_it() -> None:
    drawn = trend(POINTS, beside=("acad.", 0.62), label="Socle")
    assert drawn.alt == "Socle. 24-25 : 64,0\u00a0%, 25-26 : 4,1\u00a0% ; acad. : 62,0\u00a0%"


def test_one_value_or_equal_values_can_be_drawn() -> None:
    for points in ([("24-25", 0.5)], [("24-25", 0.5), ("25-26", 0.5)]):
        ET.fromstring(svg(points))


def test_an_interval_stands_around_its_zero() -> None:
    drawn = interval(0.2, 0.1, 0.3, reach=0.4, settled=True)
    zero, bar, dot = drawn.children
    assert (zero.className, dot.style["left"]) == ("zero", "74.0%")
    assert bar.style == {"left": "62.0%", "width": "24.0%"}
    assert "net" in drawn.className
    beyond = interval(2, -3, 4, reach=0.4, settled=False).children[1]
    assert beyond.style == {"left": "2.0%", "width": "96.0%"}


def test_hours_are_short() -> None:
    assert [hours(None), hours(90), hours(60 * 25)] == ["–", "1,5\u00a0h", "25\u00a0h"]


def test_what_stands_behind_a_point_is_counted_by_kind() -> None:
    rows = [
        {"label": "A", "student": 1},
        {"label": "B", "student": 1},
        {"label": "C", "ap_group": 4},
        {"label": "D", "band": 9},
    ]
    point = Point("X", "", "", "", "watch", "", listed([{"label": "A"} | row for row in rows]))
    assert count_words(point) == "1\u00a0élève, 1\u00a0groupe, 1\u00a0bande"
    assert count_words(Point("X", "", "", "", "ok", "", listed([]))) == "aucun"
    assert count_words(Point("X", "", "", "", "unknown", "trop tôt", pl.DataFrame())) == "–"

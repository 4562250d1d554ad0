"""The dial: how it is computed, which point is recommended and why, and how a point becomes the proposal on screen."""

import re
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.pages.regrouping.dial_figures import Marks, dial_frontier
from apdash.pages.regrouping.dial_words import recommendation
from apdash.rebalancing import Parameters, regroup
from apdash.rebalancing.dial import Dial, DialPoint, choose_point, chosen, dial_key, dial_of, start_dial
from apdash.rebalancing.quality import Figures
from apdash.services import Services
from apdash.store.queries.proposals import proposal, proposals
from optimizer.check import violations
from optimizer.problem import Problem
from optimizer.solution import Solution
from tests.conftest import Client, call, open_page
from tests.pages.regrouping.acts import press, url
from tests.school_factory import PILOT, YEAR, School

NBSP = "\u00a0"
FIGURES = Figures(covered=0.7, served_urgent=5, urgent=9, unplaced=0, groups=4, needs=4, worn=0)


def point(moves: int, worth: float, covered: float, *, unplaced: int = 0) -> DialPoint:
    figures = replace(FIGURES, covered=covered, unplaced=unplaced)
    return DialPoint(moves, moves, 0, worth, figures, 0.0, groups=[{"slot": str(moves)}])


POINTS = (point(5, 1000, 0.7), point(9, 1500, 0.8), point(15, 1860, 0.84), point(25, 1960, 0.85))


@pytest.mark.parametrize(("least", "place"), [(200, 0), (100, 1), (50, 2), (5, 3)])
def test_the_knee_is_the_last_point_where_a_move_still_brings_enough(least: float, place: int) -> None:
    assert chosen(POINTS, least=least).place == place


def test_no_point_is_recommended_that_leaves_out_somebody_another_seats() -> None:
    left = (*POINTS[:2], point(15, 1600, 0.81, unplaced=1), point(40, 1990, 0.8))
    without = tuple(replace(one, figures=replace(one.figures, unplaced=1)) for one in left[:2])
    assert chosen((*without, *left[2:]), least=50).place == 3


def test_the_recommendation_says_why_and_what_is_impossible() -> None:
    words = " ".join(recommendation(Dial(POINTS, 98, FIGURES, True), chosen(POINTS, least=50)))
    assert "15\u00a0déplacements, 84,0\u00a0% du besoin couvert" in words
    assert f"un déplacement de plus rapporte 60{NBSP}points" in words
    assert "il n’en rapporte que 10" in words
    assert f"à moins de 5{NBSP}déplacements, aucune composition" in words
    one = Dial((point(1, 900, 0.7), point(2, 990, 0.71)), 98, FIGURES, True)
    assert f"Hachures{NBSP}: sans déplacement, aucune" in " ".join(
        recommendation(one, chosen(one.points, least=50))
    )


def test_the_recommendation_says_who_would_be_left_out_before() -> None:
    points = (point(4, 1000, 0.9, unplaced=1), point(36, 1300, 0.89), point(40, 1320, 0.9))
    words = " ".join(recommendation(Dial(points, 98, FIGURES, False), chosen(points, least=50)))
    assert f"À moins de 36{NBSP}déplacements, 1{NBSP}place reste sans groupe" in words
    assert "Jusqu’à ce point" not in words
    assert f"Au-delà, un déplacement de plus rapporte 5{NBSP}points" in words
    assert "Hachures" not in words
    assert (
        f"4{NBSP}déplacements couvriraient davantage (90,0{NBSP}%), en laissant 1{NBSP}place de plus" in words
    )
    assert "choisissez 4." in words
    assert "Où la courbe descend" not in words
    fuller = replace(FIGURES, covered=0.95, unplaced=2)
    words = " ".join(recommendation(Dial(points, 98, fuller, False), chosen(points, least=50)))
    assert f"Les groupes actuels couvrent 95,0{NBSP}%" in words
    assert f"2{NBSP}places sans groupe" in words


def test_a_fall_that_seats_nobody_more_is_explained() -> None:
    points = (point(4, 1000, 0.9), point(36, 4000, 0.89))
    words = " ".join(recommendation(Dial(points, 98, FIGURES, False), chosen(points, least=50)))
    assert "Où la courbe descend, un élève prioritaire de plus est servi." in words
    assert "couvriraient davantage" not in words


@pytest.mark.parametrize(("covered", "above"), [((0.7, 0.8, 0.82), True), ((0.9, 0.8, 0.82), False)])
def test_the_recommended_point_is_named_where_the_curve_does_not_pass(
    covered: tuple[float, ...], above: bool
) -> None:
    rows = {
        "max_moves": [5, 30, 44],
        "moves": [5, 30, 44],
        "covered": covered,
        "urgent": [4] * 3,
        "left": [0] * 3,
    }
    notes = chart(pl.DataFrame(rows), here=None).layout.annotations
    assert (next(note for note in notes if "recommandé" in note.text).yshift > 0) is above


def chart(points: pl.DataFrame, *, here: tuple[int, float] | None) -> object:
    return dial_frontier(points, Marks(today=0.68, recommended=1, here=here, impossible_below=5))


def test_the_chart_carries_its_points_the_plan_of_today_and_the_recommendation() -> None:
    points = pl.DataFrame(
        {"max_moves": [5, 10], "moves": [5, 9], "covered": [0.7, 0.8], "urgent": [4, 5], "left": [1, 0]},
    )
    figure = chart(points, here=(9, 0.8))
    traces = {trace.name: trace for trace in figure.data}
    assert set(traces) == {
        "impossible", "meilleures compositions", "groupes actuels", "points du cadran", "recommandé"
    }  # fmt: skip
    assert traces["points du cadran"].customdata == (5, 10)
    assert traces["points du cadran"].marker.color == ("#ffffff", "#0b5a63")
    assert traces["groupes actuels"].text[0] == f"Groupes actuels{NBSP}: 68,0{NBSP}%"
    assert traces["recommandé"].x[0] == 9
    assert figure.layout.xaxis.title.text == "déplacements"
    assert f"1{NBSP}sans groupe" in [note.text for note in figure.layout.annotations]
    assert figure.layout.yaxis.ticktext[-1] == f"80,0{NBSP}%"


def test_a_chart_without_points_is_empty() -> None:
    whole = dict.fromkeys(("max_moves", "moves", "urgent", "left"), pl.Int64)
    none = whole | {"covered": pl.Float64}
    assert len(dial_frontier(pl.DataFrame(schema=none), Marks(0.6, None, None, 0)).data) == 0


@pytest.fixture
def found(services: Services, grouped: School) -> int:
    """A proposal for a band that has groups already."""
    outcome = regroup(
        services,
        PILOT,
        band=grouped.band,
        review=grouped.review,
        parameters=Parameters(label="Proposition A"),
    )
    return outcome.proposal or 0


def test_each_point_is_lawful_and_moves_no_more_than_it_may(services: Services, found: int) -> None:
    start_dial(services, PILOT, proposal=found).wait()
    row = proposal(services.store, PILOT, proposal=found)
    kept = row.parameters["dial"]
    assert len(kept["points"]) >= 2
    for one in kept["points"]:
        problem = row.problem | {"rules": row.problem["rules"] | {"max_moves": one["max_moves"]}}
        assert violations(Problem.from_json(problem), Solution.from_json(one["solution"])) == []
    worth = [one.worth for one in dial_of(row, kept).points]
    assert worth == sorted(worth)


def test_the_dial_is_computed_when_the_page_asks_and_a_point_becomes_the_proposal(
    signed_in: Callable[[str], Client], services: Services, found: int
) -> None:
    client, search = signed_in("pilote"), f"?etape=proposer&proposition={found}"
    assert "Calcul du cadran" in open_page(client, "/regroupement", search)
    tick = [{"id": "rg-dial-tick", "property": "n_intervals", "value": 1}]
    call(client, inputs=tick, state=[url(search)])
    services.jobs.latest(dial_key(found)).wait()
    told = call(client, inputs=tick, state=[url(search)]).get_json()["response"]
    assert told["rg-dial-tick"]["disabled"] is True
    assert "Recommandé" in str(told)
    kept = proposal(services.store, PILOT, proposal=found).parameters["dial"]["points"]
    fewest = min(one["max_moves"] for one in kept)
    answer = press(client, {"type": "rg-dial-point", "moves": fewest}, state=[url(search)])
    number = int(re.search(r"proposition=(\d+)", answer)[1])
    taken = proposal(services.store, PILOT, proposal=number)
    assert (taken.label, taken.state, taken.problem["rules"]["max_moves"]) == (
        "Proposition C",
        "draft",
        fewest,
    )
    clicked = [
        {"id": "rg-dial-chart", "property": "clickData", "value": {"points": [{"customdata": fewest}]}}
    ]
    again = call(client, inputs=clicked, state=[url(f"?etape=proposer&proposition={number}")])
    assert f"proposition={number}" in again.get_data(as_text=True)
    assert proposals(services.store, PILOT, year=YEAR)["label"].to_list().count("Proposition C") == 1


def test_a_point_that_is_not_there_is_refused(services: Services, found: int) -> None:
    with pytest.raises(ApdashError, match="Point inconnu"):
        choose_point(services, PILOT, dial=found, max_moves=3, label="")


def test_without_groups_in_force_there_is_no_dial(
    signed_in: Callable[[str], Client], services: Services, draft: int
) -> None:
    job = start_dial(services, PILOT, proposal=draft)
    job.wait()
    assert job.error is not None
    text = open_page(signed_in("pilote"), "/regroupement", f"?etape=proposer&proposition={draft}")
    assert "Aucun groupe n’est en vigueur" in text


def test_points_told_in_any_order_are_shown_by_growing_moves_each_once(
    services: Services, found: int
) -> None:
    start_dial(services, PILOT, proposal=found).wait()
    row = proposal(services.store, PILOT, proposal=found)
    kept = row.parameters["dial"]
    first, *others = sorted(kept["points"], key=lambda one: one["moves"])
    # The same composition found for a wider limit, and one that moves more for less.
    again = first | {"max_moves": first["max_moves"] + 1}
    worse = first | {"moves": first["moves"] + 1, "solution": first["solution"] | {"score": -1}}
    mixed = {**kept, "points": [*reversed(others), worse, again, first]}
    shown = dial_of(row, mixed).points
    moves = [one.moves for one in shown]
    assert moves == sorted(set(moves))
    assert [one.groups for one in shown] == [one.groups for one in dial_of(row, kept).points]

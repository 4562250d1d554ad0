"""The measures measure what they say: lawful seeded bands, and a direct model that is the same problem."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from optimizer import Problem, Solution, Status, score, solve, violations
from optimizer.check import moves
from optimizer.plan import plan_in, proposal
from tests.benchmarks.beside import Measure
from tests.benchmarks.by_hand import PINS, changed, pins_by_hand, where
from tests.benchmarks.direct import Direct, direct_model
from tests.benchmarks.need_relaxation import save_need_relaxation
from tests.benchmarks.optimizer_growth import Grown, growth_curves
from tests.benchmarks.references import Found, Run, highs, relaxation
from tests.benchmarks.schools import STATEMENTS, instance
from tests.benchmarks.variants import SIZES, VARIANTS
from tests.optimizer.factories import scramble

EXACTLY = Run(gap=0.0, limit=60, threads=1)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_band_has_a_lawful_plan_and_the_statements_asked_for(variant: str):
    made = instance(3, SIZES["120x2"], variant)
    assert violations(made.problem, made.witness) == []
    assert Problem.from_json(made.problem.to_json()) == made.problem
    for name in STATEMENTS:
        asked = max(1, round(getattr(VARIANTS[variant], name) * 1.2))
        assert asked / 2 <= len(getattr(made.problem, name)) <= asked
    limit = made.problem.rules.max_moves
    assert (limit is None) == (VARIANTS[variant].moves_allowed is None)
    assert limit is None or moves(made.problem, made.witness) <= limit < len(made.problem.current)


def test_a_band_comes_from_its_seed_alone():
    first, again, other = (instance(seed, SIZES["60x2"], "all at once") for seed in (5, 5, 6))
    assert first == again
    assert first.problem != other.problem


def test_a_band_of_three_slots_and_a_thousand_students_can_be_made():
    made = instance(9, replace(SIZES["2000x3"], students=1000))
    assert len(made.problem.slots) == 3
    assert {len(row.sessions) for row in made.problem.students} == {3}


def arrays(model: Direct, folder: Path) -> dict[str, np.ndarray]:
    model.save(folder / "model.npz")
    return load(folder / "model.npz")


def load(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as held:
        return {name: held[name] for name in held.files}


def written(model: Direct, found: Found) -> Solution:
    solution = proposal(model.problem, model.plan(found.values), model.by_place)
    assert solution is not None
    return solution


@pytest.mark.parametrize("seed", range(300, 340))
def test_the_direct_model_and_the_search_agree(seed: int, tmp_path: Path):
    problem = Problem.from_json(scramble(seed))
    model = direct_model(problem)
    ours, theirs = solve(problem, gap=0), highs(arrays(model, tmp_path), EXACTLY)
    if ours.status is Status.INFEASIBLE:
        assert theirs.score is None
        return
    assert theirs.score == pytest.approx(ours.score)
    plain = written(model, theirs)
    assert violations(problem, plain) == []
    assert score(problem, plain).score == ours.score


def test_the_relaxations_are_bounds(tmp_path: Path):
    problem = instance(0, SIZES["60x2"]).problem
    found = solve(problem, gap=0.01)
    direct = relaxation(arrays(direct_model(problem), tmp_path), EXACTLY)
    save_need_relaxation(problem, tmp_path / "need.npz")
    counted = relaxation(load(tmp_path / "need.npz"), EXACTLY)
    assert direct.bound >= found.score
    assert counted.bound >= found.score


def test_the_fewest_changes_after_pins_by_hand(tmp_path: Path):
    problem = instance(0, SIZES["60x2"]).problem
    before = solve(problem, gap=0.05)
    assert pins_by_hand(problem, before, 1) == pins_by_hand(problem, before, 1)
    pins = pins_by_hand(problem, before, 1)
    assert len({pin.student for pin in pins}) == PINS
    assert all(where(before).get((pin.student, pin.slot)) != (pin.need, pin.staff) for pin in pins)
    pinned = replace(problem, pins=(*problem.pins, *pins))
    model = direct_model(pinned, near=where(before))
    found = highs(arrays(model, tmp_path), EXACTLY)
    after = written(model, found)
    assert violations(pinned, after) == []
    assert changed(before, after) == len(model.by_place) - round(found.score) >= PINS
    assert changed(before, before) == 0


def test_nothing_changes_without_pins(tmp_path: Path):
    problem = instance(1, SIZES["60x2"]).problem
    before = solve(problem, gap=0.05)
    model = direct_model(problem, near=where(before))
    after = written(model, highs(arrays(model, tmp_path), EXACTLY))
    assert {group: set(names) for group, names in plan_in(after).items()} == {
        group: set(names) for group, names in plan_in(before).items()
    }


def test_a_gap_within_the_one_asked_for_is_reached():
    told = {"seconds": 1.0, "megabytes": 80.0}
    assert Measure.of({**told, "gap": 0.001}, gap=0.001).reached
    assert not Measure.of({**told, "gap": 0.002}, gap=0.001).reached
    assert not Measure.of({**told, "gap": None}, gap=0.001).reached
    assert Measure.of(None, gap=0.001).note == "failed"


def test_the_growth_has_a_line_of_medians_and_a_point_an_instance():
    sizes, seeds = (60, 120), range(3)
    rows = [
        Grown(size, 2, seed, "plain", seed + 1.0, None, 0.0, seed > 0, 90.0)
        for size in sizes
        for seed in seeds
    ]
    figure = growth_curves(rows)
    assert [len(trace.x) for trace in figure.data] == [2, 6, 0, 0, 2, 6]
    assert list(figure.data[0].y) == [2.0, 2.0]
    assert list(figure.data[1].marker.symbol) == 2 * ["triangle-up", "circle", "circle"]
    assert [axis.title.text for axis in (figure.layout.xaxis, figure.layout.yaxis, figure.layout.yaxis2)] == [
        "Élèves",
        "Secondes",
        "Mégaoctets",
    ]

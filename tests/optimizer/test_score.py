"""Each term of the score, with its exact value, as the referee and the solver compute it."""

import pytest

from optimizer import Problem, Solution, Status, score, solve
from optimizer.problem import points
from optimizer.solution import GroupPlan, Terms
from tests.optimizer.factories import pupil, tiny

BOTH = [
    {"id": "t1", "needs": ["lec", "mat"], "slots": ["mar"], "cost": 7},
    {"id": "t2", "needs": ["lec", "mat"], "slots": ["mar"]},
]
NEEDS = [{"id": "lec", "min_size": 1, "max_size": 4}, {"id": "mat", "min_size": 1, "max_size": 4}]


def terms(data: dict[str, object], *groups: tuple[str, str, tuple[str, ...]]) -> Terms:
    """The terms of a proposal given as (need, staff, students) at mar."""
    plan = tuple(GroupPlan("mar", need, staff, None, students) for need, staff, students in groups)
    return score(Problem.from_json(data), Solution(Status.FEASIBLE, 0.0, groups=plan))


def row(need: str, staff: str) -> dict[str, object]:
    """The place of a at mar today."""
    return {"student": "a", "slot": "mar", "need": need, "staff": staff, "need_periods": 1}


def band(**changes: object) -> dict[str, object]:
    """Two needs, two adults, one student."""
    return tiny(needs=NEEDS, staff=BOTH, students=[pupil("a", lec=60, mat=40)], **changes)


@pytest.mark.parametrize(
    ("priority", "level", "sessions", "expected"),
    [
        (1.0, 80, 6, 80),
        (1.0, 80, 3, 40),
        (1.0, 5, 3, 2),
        (1.0, 7, 3, 4),
        (1.15, 50, 6, 57),
        (1.15, 10, 6, 12),
        (0.5, 1, 6, 0),
        (0.5, 3, 6, 2),
        (1.15, 70, 5, 67),
        (2, 100, 1, 33),
    ],
)
def test_points_are_rounded_halves_to_even(priority: float, level: int, sessions: int, expected: int):
    data = tiny(students=[pupil("a", lec=level) | {"priority": priority, "sessions": {"mar": sessions}}])
    problem = Problem.from_json(data)
    assert points(problem, problem.students[0], need="lec", slot="mar") == expected
    assert terms(data, ("lec", "t1", ("a",))).served == expected


def test_the_product_is_taken_in_the_order_of_the_contract():
    data = tiny(students=[pupil("a", lec=30) | {"priority": 1.15, "sessions": {"mar": 1}}])
    problem = Problem.from_json(data)
    assert points(problem, problem.students[0], need="lec", slot="mar") == round(1.15 * 30 * 1 / 6)


def test_each_slot_without_a_group_costs_unplaced():
    assert terms(band()) == Terms(unplaced=1000)


def test_a_student_who_is_away_costs_nothing():
    data = band() | {"students": [pupil("a", lec=60) | {"sessions": {}}]}
    assert terms(data) == Terms()


def test_a_strong_need_unserved_costs_urgent_once():
    data = band() | {"students": [pupil("a", lec=80, mat=76)]}
    assert terms(data).urgent == 150
    assert terms(data, ("mat", "t2", ("a",))).urgent == 0


def test_a_strong_need_counts_from_the_threshold_on():
    assert terms(band() | {"students": [pupil("a", lec=75)]}).urgent == 150
    assert terms(band() | {"students": [pupil("a", lec=74)]}).urgent == 0


def test_a_student_with_a_strong_need_who_is_never_there_still_counts_as_urgent():
    data = band() | {"students": [pupil("a", lec=80) | {"sessions": {}}]}
    assert terms(data) == Terms(urgent=150)
    assert solve(Problem.from_json(data)).terms == Terms(urgent=150)


def test_leaving_the_need_costs_change_need_only():
    found = terms(band(current=[row("lec", "t1")]), ("mat", "t2", ("a",)))
    assert found == Terms(served=40, change_need=25, group=15)


def test_another_adult_for_the_same_need_costs_change_staff_only():
    found = terms(band(current=[row("lec", "t1")]), ("lec", "t2", ("a",)))
    assert found == Terms(served=60, change_staff=4, group=15)


def test_a_kept_place_costs_no_change():
    assert terms(band(current=[row("lec", "t1")]), ("lec", "t1", ("a",))) == Terms(served=60, group=7)


def test_a_student_left_out_pays_unplaced_and_no_change():
    assert terms(band(current=[row("lec", "t1")])) == Terms(unplaced=1000)


def test_a_group_costs_its_staff_entry_or_the_default():
    data = band() | {"students": [pupil("a", lec=60), pupil("b", lec=50)]}
    assert terms(data, ("lec", "t1", ("a",)), ("mat", "t2", ("b",))).group == 22


def test_the_score_is_what_is_served_less_the_rest():
    assert Terms(served=100, unplaced=1, urgent=2, change_need=3, change_staff=4, group=5).score == 85


@pytest.mark.parametrize("current", [[], [row("lec", "t1")], [row("mat", "t1")], [row("mat", "t2")]])
def test_the_solver_counts_as_the_referee_does(current: list[dict[str, object]]):
    problem = Problem.from_json(band(current=current))
    found = solve(problem, gap=0)
    assert found.terms == score(problem, found)
    assert found.score == found.bound == found.terms.score


def test_a_fractional_weight_gives_a_fractional_score():
    data = band()
    data["weights"] = {"unplaced": 10.5, "urgent": 0, "change_need": 0.25, "change_staff": 0, "group": 70.75}
    problem = Problem.from_json({**data, "staff": [{"id": "t1", "needs": ["lec"], "slots": ["mar"]}]})
    found = solve(problem, gap=0)
    assert (found.status, found.score, found.bound) == (Status.OPTIMAL, -10.5, -10.5)

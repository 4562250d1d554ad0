"""Repairs: lawful again, with as few changes of the proposal as can be."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer import Problem, Solution, Status, solve, violations, wrong_claims
from optimizer.plan import plan_in
from optimizer.problem import Ban, Pin
from optimizer.repairs.repair import repair
from tests.benchmarks.by_hand import changed, where
from tests.optimizer.direct_answer import best_score, fewest_changes
from tests.optimizer.exhaustive import arrangements
from tests.optimizer.factories import pupil, school, scramble, tiny


def two_groups(**changes: object) -> Problem:
    """Six students in a group of their strongest need, reading or maths; three seats more in each."""
    needs = [{"id": need, "min_size": 2, "max_size": 6} for need in ("lec", "mat")]
    staff = [{"id": name, "needs": [need], "slots": ["mar"]} for name, need in (("t1", "lec"), ("t2", "mat"))]
    students = [pupil(f"a{n}", lec=80, mat=50) for n in range(3)] + [
        pupil(f"b{n}", lec=50, mat=80) for n in range(3)
    ]
    return Problem.from_json(tiny(needs=needs, staff=staff, students=students, **changes))


def pinned(problem: Problem, *pins: Pin) -> Problem:
    return replace(problem, pins=(*problem.pins, *pins))


def test_a_proposal_that_is_lawful_stays_as_it_is():
    problem = two_groups()
    found = repair(problem, solve(problem))
    assert found.changes == ()
    assert found.fewest_proven


def test_a_student_moved_by_hand_is_the_only_one_who_moves():
    problem = two_groups()
    found = repair(pinned(problem, Pin("a0", "mar", "mat", None)), solve(problem))
    assert [(change.student, change.before, change.after) for change in found.changes] == [
        ("a0", ("lec", "t1"), ("mat", "t2"))
    ]
    assert [change.points for change in found.changes] == [-30]
    assert found.changes[0].pinned
    assert found.fewest_proven


def test_a_full_group_gives_up_the_one_who_loses_least():
    problem = two_groups()
    before = solve(problem)
    narrow = replace(problem, needs=tuple(replace(need, max_size=3) for need in problem.needs))
    found = repair(pinned(narrow, Pin("a0", "mar", "mat", None)), before)
    assert {change.student for change in found.changes if change.pinned} == {"a0"}
    assert len(found.changes) == 2
    assert violations(pinned(narrow, Pin("a0", "mar", "mat", None)), found.solution) == []


def test_statements_that_cannot_hold_together_are_answered_with_their_conflict():
    problem = two_groups()
    wrong = replace(pinned(problem, Pin("a0", "mar", "mat", None)), bans=(Ban("a0", None, "mat", None),))
    found = repair(wrong, solve(problem))
    assert found.solution.status is Status.INFEASIBLE
    assert found.solution.conflict


@pytest.mark.parametrize("seed", range(40))
def test_no_lawful_arrangement_changes_fewer_places(seed: int):
    problem = Problem.from_json(scramble(seed, seats=5))
    before = solve(problem, gap=0)
    moved = _moved_by_hand(problem, before, seed)
    found = repair(moved, before)
    fewest = min((_left(before, one) for one in arrangements(moved)), default=None)
    if fewest is None:
        assert found.solution.status is Status.INFEASIBLE
        return
    assert violations(moved, found.solution) == []
    assert wrong_claims(moved, found.solution) == []
    left = _left(before, found.solution)
    assert left == sum(change.before is not None for change in found.changes) <= fewest + 5
    assert not found.fewest_proven or left == fewest


def _moved_by_hand(problem: Problem, before: Solution, seed: int) -> Problem:
    """The problem with one more student moved by hand to an open group of another need that they can follow."""
    rng = random.Random(seed)
    decided = {pin.student for pin in problem.pins}
    cells = [
        Pin(student.id, slot, group.need, None)
        for student in problem.students
        if student.id not in decided
        for slot, sessions in student.sessions.items()
        for group in before.groups
        if sessions and group.slot == slot and student.intensity.get(group.need, 0) >= 25
        if not any(student.id in other.students for other in before.groups if other.need == group.need)
    ]
    return pinned(problem, rng.choice(cells)) if cells else problem


def _left(before: Solution, after: Solution) -> int:
    """How many places lose the group they had."""
    one, other = (
        {
            (student, group.slot, group.need, group.staff)
            for group in solution.groups
            for student in group.students
        }
        for solution in (before, after)
    )
    return len(one - other)


def test_five_moves_by_hand_in_a_band_change_little_else():
    problem = Problem.from_json(school(3, students=48, adults=4, pins=0, pairs=0))
    before = solve(problem, gap=0.01)
    moved = problem
    for seed in range(5):
        moved = _moved_by_hand(moved, before, seed)
    found = repair(moved, before)
    assert violations(moved, found.solution) == []
    assert 5 <= len(found.changes) <= 5 + 10


@pytest.mark.parametrize("seed", range(6))
def test_moves_by_hand_in_a_band_cost_few_changes_beyond_the_fewest(seed: int, tmp_path: Path):
    problem = Problem.from_json(school(seed, students=48, adults=4, rooms=seed % 2 == 1))
    before = solve(problem, gap=0.01)
    moved = problem
    for draw in range(5):
        moved = _moved_by_hand(moved, before, 10 * seed + draw)
    found = repair(moved, before, earlier=problem)
    fewest = fewest_changes(moved, where(before), tmp_path)
    if fewest is None:
        assert found.solution.status is Status.INFEASIBLE
        return
    assert violations(moved, found.solution) == []
    assert wrong_claims(moved, found.solution) == []
    assert changed(before, found.solution) == len(found.changes) <= fewest + 5
    best = best_score(moved, tmp_path)
    assert best is not None
    assert found.solution.bound is not None
    assert found.solution.score <= best <= found.solution.bound <= 1.2 * best


def test_groups_that_go_on_keep_their_room():
    rooms = [{"id": f"r{n}", "capacity": 6, "slots": ["mar"]} for n in range(3)]
    problem = two_groups(rooms=rooms)
    before = solve(problem)
    swapped = replace(
        before, groups=tuple(replace(group, room=f"r{2 - n}") for n, group in enumerate(before.groups))
    )
    found = repair(pinned(problem, Pin("a0", "mar", "mat", None)), swapped)
    assert [group.room for group in found.solution.groups] == ["r2", "r1"]
    assert [group.room for group in repair(problem, swapped).solution.groups] == ["r2", "r1"]


def test_a_group_grown_too_large_for_its_room_gets_another():
    rooms = [
        {"id": "small", "capacity": 3, "slots": ["mar"]},
        {"id": "large", "capacity": 6, "slots": ["mar"]},
    ]
    problem = two_groups(rooms=rooms)
    moved = pinned(problem, Pin("a0", "mar", "mat", None))
    before = solve(problem)
    given = {"lec": "large", "mat": "small"}
    swapped = replace(before, groups=tuple(replace(group, room=given[group.need]) for group in before.groups))
    found = repair(moved, swapped)
    assert violations(moved, found.solution) == []
    assert {group.need: group.room for group in found.solution.groups} == {"lec": "small", "mat": "large"}


def test_the_bound_known_before_holds_only_while_statements_are_added():
    problem = two_groups()
    before = solve(problem)
    moved = pinned(problem, Pin("a0", "mar", "mat", None))
    assert repair(moved, before, earlier=problem).solution.bound == before.bound
    heavier = replace(moved, weights=replace(moved.weights, unplaced=2000))
    assert repair(heavier, before, earlier=problem).solution.bound != before.bound


@pytest.mark.parametrize("gone", ["slots", "needs", "staff"])
def test_whoever_was_in_a_group_that_the_problem_has_no_more_is_placed_anew(gone: str):
    """An adult who is gone once ended in a KeyError."""
    data = tiny(
        slots=[{"id": "mar"}, {"id": "jeu"}],
        needs=[{"id": need, "min_size": 1, "max_size": 4, "max_per_student": 2} for need in ("lec", "ecr")],
        staff=[
            {"id": "t1", "needs": ["lec"], "slots": ["mar", "jeu"], "cost": 0},
            {"id": "t2", "needs": ["ecr"], "slots": ["jeu"], "cost": 0},
        ],
        students=[pupil("a", lec=40, ecr=70), pupil("b", lec=80)],
    )
    before = solve(Problem.from_json(data))
    assert ("jeu", "ecr", "t2") in plan_in(before)
    data["staff"] = data["staff"][:1]
    if gone == "needs":
        data["needs"], data["students"] = data["needs"][:1], [pupil("a", lec=40), pupil("b", lec=80)]
    if gone == "slots":
        data["slots"] = data["slots"][:1]
        data["staff"] = [data["staff"][0] | {"slots": ["mar"]}]
    later = Problem.from_json(data)
    found = repair(later, before)
    assert violations(later, found.solution) == []
    assert found.solution.unplaced == ()
    moved = [(change.student, change.slot, change.before, change.after) for change in found.changes]
    assert moved == ([] if gone == "slots" else [("a", "jeu", ("ecr", "t2"), ("lec", "t1"))])
    assert found.fewest_proven


def test_the_fewest_changes_are_not_claimed_with_those_of_students_who_left():
    """Their places once counted among the changes that cannot be spared, so that as many others could be made."""
    problem = two_groups()
    before = solve(problem)
    fewer = replace(problem, students=problem.students[1:])
    found = repair(pinned(fewer, Pin("b0", "mar", "lec", None)), before)
    assert [change.student for change in found.changes] == ["b0"]
    assert found.fewest_proven

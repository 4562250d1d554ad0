"""What another group would bring to a student who moves alone, compared with the referee's own score."""

from dataclasses import replace

import pytest

from optimizer import Problem, score, solve, violations
from optimizer.check import Rule
from optimizer.explanations.explain import alternatives, moved
from optimizer.plan import plan_in, proposal
from tests.optimizer.factories import pupil, school, tiny

NEEDS = [
    {"id": "lec", "min_size": 1, "max_size": 2, "floor": 25},
    {"id": "mat", "min_size": 1, "max_size": 2},
]
STAFF = [
    {"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 0},
    {"id": "t2", "needs": ["lec", "mat"], "slots": ["mar"], "cost": 10},
]


def row(student: str, need: str, staff: str, periods: int = 1) -> dict[str, object]:
    """A current row at mar."""
    return {"student": student, "slot": "mar", "need": need, "staff": staff, "need_periods": periods}


def written(data: dict[str, object], **groups: tuple[str, ...]):
    """The problem and a proposal: keyword need_staff = students."""
    problem = Problem.from_json(data)
    plan = {("mar", *name.split("_")): students for name, students in groups.items()}
    places = [(student.id, "mar") for student in problem.students if student.sessions["mar"]]
    found = proposal(problem, plan, places)
    assert found is not None
    return problem, found


def test_an_alternative_gives_points_change_and_free_places():
    data = tiny(
        needs=NEEDS,
        staff=STAFF,
        students=[pupil("a", lec=60, mat=50), pupil("b", lec=60), pupil("c", mat=40)],
    )
    problem, found = written(data, lec_t1=("a", "b"), mat_t2=("c",))
    (only,) = alternatives(problem, found, student="a", slot="mar")
    assert (only.need, only.staff, only.points, only.score_change) == ("mat", "t2", 50, -10)
    assert (only.size, only.free, only.lawful, only.rules) == (1, 1, True, ())


def test_an_alternative_that_is_forbidden_says_by_which_rules():
    data = tiny(
        needs=[NEEDS[0] | {"min_size": 2}, NEEDS[1] | {"max_size": 1}],
        staff=STAFF,
        students=[pupil("a", lec=60, mat=50), pupil("b", lec=60), pupil("c", mat=40)],
    )
    problem, found = written(data, lec_t1=("a", "b"), mat_t2=("c",))
    (only,) = alternatives(problem, found, student="a", slot="mar")
    assert only.rules == (Rule.SIZE,)
    assert len(only.broken) == 2
    assert only.free == 0


def test_the_last_student_to_leave_closes_the_group():
    data = tiny(needs=NEEDS, staff=STAFF, students=[pupil("a", lec=60, mat=50), pupil("b", lec=60)])
    problem, found = written(data, mat_t2=("a",), lec_t1=("b",))
    (only,) = alternatives(problem, found, student="a", slot="mar")
    assert only.score_change == 60 - 50 + 10
    assert only.lawful


def test_an_unplaced_student_gets_alternatives_too():
    data = tiny(needs=NEEDS, staff=STAFF, students=[pupil("a", lec=60), pupil("b", lec=60)])
    problem, found = written(data, lec_t1=("b",))
    (only,) = alternatives(problem, found, student="a", slot="mar")
    assert only.score_change == 1060


def test_rooms_are_given_out_again_for_an_alternative():
    rooms = [{"id": f"r{size}", "capacity": size, "slots": ["mar"]} for size in (1, 2)]
    data = tiny(
        needs=NEEDS,
        staff=STAFF,
        rooms=rooms,
        students=[pupil("a", lec=60, mat=50), pupil("b", lec=60), pupil("c", mat=40)],
    )
    problem, found = written(data, lec_t1=("a", "b"), mat_t2=("c",))
    (only,) = alternatives(problem, found, student="a", slot="mar")
    assert only.lawful
    small = Problem.from_json({**data, "rooms": [rooms[0], {**rooms[0], "id": "rx"}]})
    _, crowded = written({**data, "rooms": []}, lec_t1=("b",), mat_t2=("c",))
    crowded = replace(
        crowded,
        groups=tuple(replace(one, room=name) for one, name in zip(crowded.groups, ("r1", "rx"), strict=True)),
    )
    found_alternatives = alternatives(small, crowded, student="a", slot="mar")
    assert {one.rules for one in found_alternatives} == {(Rule.ROOM,)}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_alternative_is_what_the_referee_would_say(seed: int):
    problem = Problem.from_json(school(seed, students=24, adults=3, pins=0))
    found = solve(problem, gap=0.05, time_limit=120)
    for student in problem.students[:8]:
        for slot in ("s0", "s1"):
            for other in alternatives(problem, found, student=student.id, slot=slot):
                changed = moved(problem, found, student=student.id, to=(slot, other.need, other.staff))
                assert score(problem, changed).score - found.score == pytest.approx(other.score_change)
                assert other.lawful == (violations(problem, changed) == [])
                assert student.id in plan_in(changed)[slot, other.need, other.staff]

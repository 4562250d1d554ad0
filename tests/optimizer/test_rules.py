"""Each hard rule on the smallest problem that breaks it: the referee sees the breach, the solver avoids it."""

from collections.abc import Callable

import pytest

from optimizer import Problem, Solution, Status, solve, violations
from optimizer.check import Rule
from optimizer.solution import GroupPlan
from tests.optimizer.factories import pupil, tiny, with_rules

LEC = {"id": "lec", "min_size": 1, "max_size": 4}
MAT = {"id": "mat", "min_size": 1, "max_size": 4}


def adult(name: str = "t1", **more: object) -> dict[str, object]:
    """A staff row that leads lec at mar for nothing, unless told otherwise."""
    return {"id": name, "needs": ["lec"], "slots": ["mar"], "cost": 0} | more


def group(*students: str, need: str = "lec", staff: str = "t1", slot: str = "mar", room: str | None = None):
    """An open group of a proposal."""
    return GroupPlan(slot=slot, need=need, staff=staff, room=room, students=students)


def plan(*groups: GroupPlan, unplaced: tuple[tuple[str, str], ...] = ()) -> Solution:
    """A proposal that claims nothing."""
    return Solution(Status.FEASIBLE, 0.0, groups=groups, unplaced=unplaced)


def place(student: str, *, need: str = "lec", staff: str = "t1", periods: int = 1) -> dict[str, object]:
    """A current row at mar."""
    return {"student": student, "slot": "mar", "need": need, "staff": staff, "need_periods": periods}


def two_slots(**changes: object) -> dict[str, object]:
    """One adult who leads lec at mar and jeu, one student who only needs that."""
    return tiny(
        **{
            "slots": [{"id": "mar"}, {"id": "jeu"}],
            "staff": [adult(slots=["mar", "jeu"])],
            "students": [pupil("a", lec=80)],
        }
        | changes
    )


def one_group(*students: dict[str, object], need: dict[str, object] = LEC, **changes: object):
    """One slot and one adult, these students, this need."""
    return tiny(needs=[need], students=list(students), **changes)


DIVISIONS = [pupil("a", "d1", lec=80), pupil("b", "d1", lec=80), pupil("c", "d2", lec=80), pupil("d", "d3")]

CASES: dict[str, tuple[dict[str, object], Solution, Rule]] = {
    "a student sits twice at one slot": (
        one_group(pupil("a", lec=80), staff=[adult(), adult("t2")]),
        plan(group("a"), group("a", staff="t2")),
        Rule.PLACE,
    ),
    "a student sits where they have no session": (
        one_group(pupil("a", lec=80) | {"sessions": {}}),
        plan(group("a")),
        Rule.PLACE,
    ),
    "a student is in no list": (one_group(pupil("a", lec=80)), plan(), Rule.UNPLACED_LIST),
    "a student in a group is listed as unplaced": (
        one_group(pupil("a", lec=80)),
        plan(group("a"), unplaced=(("a", "mar"),)),
        Rule.UNPLACED_LIST,
    ),
    "a need is attended at too many slots": (
        two_slots(),
        plan(group("a"), group("a", slot="jeu")),
        Rule.PER_STUDENT,
    ),
    "a student is under the floor": (
        one_group(pupil("a", lec=24), need=LEC | {"floor": 25}),
        plan(group("a")),
        Rule.FLOOR,
    ),
    "an adult leads two groups at once": (
        tiny(
            needs=[LEC, MAT],
            staff=[adult(needs=["lec", "mat"])],
            students=[pupil("a", lec=80), pupil("b", mat=80)],
        ),
        plan(group("a"), group("b", need="mat")),
        Rule.STAFF,
    ),
    "an adult co-leads and leads at once": (
        tiny(
            needs=[LEC, MAT],
            staff=[adult(), adult("t2", needs=[]), adult("duo", needs=["mat"], members=["t1", "t2"])],
            students=[pupil("a", lec=80), pupil("b", mat=80)],
        ),
        plan(group("a"), group("b", need="mat", staff="duo")),
        Rule.STAFF,
    ),
    "an adult leads what they cannot": (
        tiny(needs=[LEC, MAT], students=[pupil("a", mat=80)]),
        plan(group("a", need="mat")),
        Rule.STAFF,
    ),
    "an adult leads when they are not there": (
        tiny(slots=[{"id": "mar"}, {"id": "jeu"}], students=[pupil("a", lec=80) | {"sessions": {"jeu": 6}}]),
        plan(group("a", slot="jeu")),
        Rule.STAFF,
    ),
    "an adult leads too many groups": (
        two_slots(needs=[LEC | {"max_per_student": 2}], staff=[adult(slots=["mar", "jeu"], max_groups=1)]),
        plan(group("a"), group("a", slot="jeu")),
        Rule.STAFF,
    ),
    "a slot holds too many groups": (
        tiny(
            slots=[{"id": "mar", "max_groups": 1}],
            needs=[LEC | {"max_size": 1}],
            staff=[adult(), adult("t2")],
            students=[pupil("a", lec=80), pupil("b", lec=80)],
        ),
        plan(group("a"), group("b", staff="t2")),
        Rule.SLOT,
    ),
    "a group is too full, counting those who come little": (
        one_group(
            pupil("a", lec=80), pupil("b", lec=80) | {"sessions": {"mar": 1}}, need=LEC | {"max_size": 1}
        ),
        plan(group("a", "b")),
        Rule.SIZE,
    ),
    "a group is too empty, not counting those who come less than half": (
        one_group(
            pupil("a", lec=80), pupil("b", lec=80) | {"sessions": {"mar": 2}}, need=LEC | {"min_size": 2}
        ),
        plan(group("a", "b")),
        Rule.SIZE,
    ),
    "a room is too small": (
        one_group(
            pupil("a", lec=80), pupil("b", lec=80), rooms=[{"id": "r1", "capacity": 1, "slots": ["mar"]}]
        ),
        plan(group("a", "b", room="r1")),
        Rule.ROOM,
    ),
    "two groups share a room": (
        tiny(
            needs=[LEC | {"max_size": 1}],
            staff=[adult(), adult("t2")],
            students=[pupil("a", lec=80), pupil("b", lec=80)],
            rooms=[{"id": "r1", "capacity": 9, "slots": ["mar"]}],
        ),
        plan(group("a", room="r1"), group("b", staff="t2", room="r1")),
        Rule.ROOM,
    ),
    "a room is not free at that slot": (
        one_group(pupil("a", lec=80), rooms=[{"id": "r1", "capacity": 9, "slots": []}]),
        plan(group("a", room="r1")),
        Rule.ROOM,
    ),
    "too many needs are open": (
        with_rules(
            tiny(
                needs=[LEC, MAT],
                staff=[adult(), adult("t2", needs=["mat"])],
                students=[pupil("a", lec=80), pupil("b", mat=80)],
            ),
            max_needs_open=1,
        ),
        plan(group("a"), group("b", need="mat", staff="t2")),
        Rule.NEEDS_OPEN,
    ),
    "a division takes more than its share": (
        one_group(*DIVISIONS, need=LEC | {"floor": 1, "max_division_share": 0.6}),
        plan(group("a", "b", "c"), unplaced=(("d", "mar"),)),
        Rule.DIVISION,
    ),
    "a student stays too long": (
        one_group(pupil("a", lec=80), current=[place("a", periods=3)]),
        plan(group("a")),
        Rule.WORN,
    ),
    "a ban is ignored": (
        one_group(pupil("a", lec=80), bans=[{"student": "a", "slot": None, "need": None, "staff": "t1"}]),
        plan(group("a")),
        Rule.BAN,
    ),
    "two students to keep together are apart": (
        one_group(
            pupil("a", lec=80),
            pupil("b", lec=80),
            need=LEC | {"max_size": 1},
            pairs=[{"students": ["a", "b"], "kind": "together"}],
        ),
        plan(group("a"), unplaced=(("b", "mar"),)),
        Rule.TOGETHER,
    ),
    "a cap is exceeded": (
        one_group(
            pupil("a", lec=80),
            pupil("b", lec=80),
            caps=[{"students": ["a", "b"], "at_most": 1, "need": None, "slot": None}],
        ),
        plan(group("a", "b")),
        Rule.CAP,
    ),
    "there are too many moves": (
        with_rules(
            tiny(
                needs=[LEC, MAT],
                staff=[adult(), adult("t2", needs=["mat"])],
                students=[pupil("a", lec=10, mat=99)],
                current=[place("a")],
            ),
            max_moves=0,
        ),
        plan(group("a", need="mat", staff="t2")),
        Rule.MOVES,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_referee_sees_when(name: str):
    data, broken, rule = CASES[name]
    assert rule in [violation.rule for violation in violations(Problem.from_json(data), broken)]


@pytest.mark.parametrize("name", CASES)
def test_the_solver_never_proposes_that(name: str):
    data, _, _ = CASES[name]
    problem = Problem.from_json(data)
    found = solve(problem, gap=0)
    assert found.status is Status.OPTIMAL
    assert violations(problem, found) == []


def test_the_referee_sees_a_pin_that_is_not_held():
    data = one_group(pupil("a", lec=10), pins=[{"student": "a", "slot": "mar", "need": "lec", "staff": "t1"}])
    problem = Problem.from_json(data)
    assert [one.rule for one in violations(problem, plan(unplaced=(("a", "mar"),)))] == [Rule.PIN]
    assert solve(problem, gap=0).groups == (group("a"),)


LAWFUL: dict[str, Callable[[], tuple[dict[str, object], Solution]]] = {
    "a pin comes before the floor": lambda: (
        one_group(
            pupil("a", lec=5), need=LEC | {"floor": 25}, pins=[{"student": "a", "slot": "mar", "need": "lec"}]
        ),
        plan(group("a")),
    ),
    "a pin comes before the duration": lambda: (
        one_group(
            pupil("a", lec=80),
            current=[place("a", periods=9)],
            pins=[{"student": "a", "slot": "mar", "need": "lec"}],
        ),
        plan(group("a")),
    ),
    "reception is open below its floor and never wears out": lambda: (
        one_group(
            pupil("a", lec=5), need=LEC | {"floor": 25, "reception": True}, current=[place("a", periods=9)]
        ),
        plan(group("a")),
    ),
    "reception does not count among the open needs": lambda: (
        with_rules(one_group(pupil("a", lec=5), need=LEC | {"reception": True}), max_needs_open=0),
        plan(group("a")),
    ),
    "reception has no share of divisions": lambda: (
        one_group(
            *DIVISIONS[:3], pupil("d", "d3"), need=LEC | {"reception": True, "max_division_share": 0.4}
        ),
        plan(group("a", "b", "c", "d")),
    ),
    "two divisions do not have to mix": lambda: (
        one_group(pupil("a", "d1", lec=80), pupil("b", "d2", lec=80), need=LEC | {"max_division_share": 0.4}),
        plan(group("a", "b")),
    ),
    "six tenths of five is three": lambda: (
        one_group(
            *(pupil(f"a{n}", "d1", lec=80) for n in range(3)),
            pupil("b", "d2", lec=80),
            pupil("c", "d3", lec=80),
            need=LEC | {"max_size": 5, "max_division_share": 0.6},
        ),
        plan(group("a0", "a1", "a2", "b", "c")),
    ),
    "half the sessions is enough to count": lambda: (
        one_group(pupil("a", lec=80) | {"sessions": {"mar": 3}}),
        plan(group("a")),
    ),
    "together is for slots where both are": lambda: (
        one_group(
            pupil("a", lec=80),
            pupil("b", lec=80) | {"sessions": {}},
            pairs=[{"students": ["a", "b"], "kind": "together"}],
        ),
        plan(group("a")),
    ),
    "a row of a student who is away is no move": lambda: (
        with_rules(one_group(pupil("a", lec=80) | {"sessions": {}}, current=[place("a")]), max_moves=0),
        plan(),
    ),
    "a need may be attended at two slots when it says so": lambda: (
        two_slots(needs=[LEC | {"max_per_student": 2}]),
        plan(group("a"), group("a", slot="jeu")),
    ),
    "a cap of another slot says nothing": lambda: (
        tiny(
            slots=[{"id": "mar"}, {"id": "jeu"}],
            students=[
                pupil("a", lec=80) | {"sessions": {"mar": 6}},
                pupil("b", lec=80) | {"sessions": {"mar": 6}},
            ],
            caps=[{"students": ["a", "b"], "at_most": 1, "need": None, "slot": "jeu"}],
        ),
        plan(group("a", "b")),
    ),
}


@pytest.mark.parametrize("name", LAWFUL)
def test_it_is_lawful_and_found_that(name: str):
    data, wanted = LAWFUL[name]()
    problem = Problem.from_json(data)
    assert violations(problem, wanted) == []
    found = solve(problem, gap=0)
    assert {frozenset(one.students) for one in found.groups} == {
        frozenset(one.students) for one in wanted.groups
    }
    assert found.unplaced == wanted.unplaced


def test_a_student_left_out_counts_as_a_move():
    data = with_rules(
        one_group(pupil("a", lec=80), need=LEC | {"min_size": 2, "max_size": 2}, current=[place("a")]),
        max_moves=0,
    )
    problem = Problem.from_json(data)
    rules = [one.rule for one in violations(problem, plan(unplaced=(("a", "mar"),)))]
    assert rules == [Rule.MOVES]
    assert solve(problem).status is Status.INFEASIBLE


def test_an_unknown_identifier_ends_the_examination():
    problem = Problem.from_json(one_group(pupil("a", lec=80)))
    found = violations(problem, plan(group("x", need="nope", room="r9")))
    assert {one.rule for one in found} == {Rule.KNOWN}
    assert [one.path for one in found] == ["groups[0].need", "groups[0].room", "groups[0].students[0]"]


def test_a_third_typed_with_sixteen_decimals_is_a_third() -> None:
    trio = [pupil(name, division, lec=80) for name, division in (("a", "d1"), ("b", "d2"), ("c", "d3"))]
    needs = [{"id": "lec", "min_size": 3, "max_size": 200}]
    problem = Problem.from_json(with_rules(tiny(needs=needs, students=trio), max_division_share=1 / 3))
    found = solve(problem)
    assert found.status is Status.OPTIMAL
    assert found.unplaced == ()
    assert violations(problem, found) == []

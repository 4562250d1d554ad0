"""What a problem file may hold, its defaults, and what is refused with the path of the field."""

import copy
import json
from pathlib import Path

import pytest

from optimizer import Problem, ProblemError, load_problem
from tests.optimizer.factories import pupil, school, tiny

ROW = {"student": "a", "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1}
PIN = {"student": "a", "slot": "mar", "need": "lec"}
CAP = {"students": ["a", "b"], "at_most": 1}
PAIR = {"students": ["a", "b"], "kind": "together"}


def valid() -> dict[str, object]:
    """A problem with one of everything."""
    return tiny(
        students=[pupil("a", lec=80), pupil("b", lec=40)],
        rooms=[{"id": "r1", "capacity": 10, "slots": ["mar"]}],
        current=[dict(ROW)],
        pins=[dict(PIN)],
        bans=[{"student": "b"}],
        pairs=[copy.deepcopy(PAIR)],
        caps=[copy.deepcopy(CAP)],
    )


def changed(path: str, value: object) -> dict[str, object]:
    """The valid problem with the value at a path (a/0/b) replaced, or added to its parent."""
    data = copy.deepcopy(valid())
    *parents, last = path.split("/")
    at: object = data
    for step in parents:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if isinstance(at, list):
        at.insert(int(last), value) if int(last) >= len(at) else at.__setitem__(int(last), value)
    else:
        at[last] = value
    return data


def test_the_defaults_are_those_of_the_contract():
    problem = Problem.from_json(valid())
    need, entry, student = problem.needs[0], problem.staff[0], problem.students[0]
    assert problem.slots[0].max_groups is None
    assert (need.floor, need.max_per_student, need.reception) == (0, 1, False)
    assert (need.max_periods, need.max_division_share) == (3, 1.0)
    assert (entry.max_groups, entry.members) == (None, ("t1",))
    assert (student.priority, student.sessions) == (1.0, {"mar": 6})
    assert problem.pins[0].staff is None
    assert (problem.bans[0].slot, problem.bans[0].need, problem.bans[0].staff) == (None, None, None)
    assert (problem.caps[0].need, problem.caps[0].slot) == (None, None)
    assert problem.rules.max_moves is None


def test_the_default_cost_of_a_staff_entry_is_the_weight_of_a_group():
    data = valid()
    data["staff"] = [{"id": "t1", "needs": ["lec"], "slots": ["mar"]}]
    data["weights"] = {**data["weights"], "group": 33}
    assert Problem.from_json(data).staff[0].cost == 33


def test_a_slot_absent_from_the_sessions_means_not_there():
    data = changed("students/0/sessions", {})
    assert Problem.from_json(data).students[0].sessions == {"mar": 0}


@pytest.mark.parametrize("name", ["rooms", "current", "pins", "bans", "pairs", "caps", "weights"])
def test_a_part_that_may_be_empty_may_be_absent(name: str):
    data = valid()
    del data[name]
    assert Problem.from_json(data)


def test_a_problem_written_and_read_again_is_the_same():
    for data in (valid(), school(1, rooms=True, co_led=True)):
        problem = Problem.from_json(data)
        assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


WRONG = [
    ("format", "apdash-problem/1", "format"),
    ("colour", 1, "colour"),
    ("slots", {}, "slots"),
    ("slots/0", "mar", "slots[0]"),
    ("slots/0/id", "", "slots[0].id"),
    ("slots/0/id", 3, "slots[0].id"),
    ("slots/1", {"id": "mar"}, "slots[1].id"),
    ("slots/0/max_groups", -1, "slots[0].max_groups"),
    ("slots/0/max_groups", True, "slots[0].max_groups"),
    ("needs/1", {"id": "lec", "min_size": 1, "max_size": 2}, "needs[1].id"),
    ("needs/0/min_size", "4", "needs[0].min_size"),
    ("needs/0/min_size", 1.0, "needs[0].min_size"),
    ("needs/0/min_size", 5, "needs[0].max_size"),
    ("needs/0/max_size", 0, "needs[0].max_size"),
    ("needs/0/floor", 101, "needs[0].floor"),
    ("needs/0/max_per_student", 0, "needs[0].max_per_student"),
    ("needs/0/max_periods", 0, "needs[0].max_periods"),
    ("needs/0/max_division_share", 0, "needs[0].max_division_share"),
    ("needs/0/max_division_share", 1.5, "needs[0].max_division_share"),
    ("needs/0/reception", 1, "needs[0].reception"),
    ("needs/0/colour", 1, "needs[0].colour"),
    ("staff/1", {"id": "t1", "needs": [], "slots": []}, "staff[1].id"),
    ("staff/0/needs", ["nope"], "staff[0].needs[0]"),
    ("staff/0/needs", ["lec", "lec"], "staff[0].needs[1]"),
    ("staff/0/needs", None, "staff[0].needs"),
    ("staff/0/slots", ["nope"], "staff[0].slots[0]"),
    ("staff/0/cost", -1, "staff[0].cost"),
    ("staff/0/cost", "15", "staff[0].cost"),
    ("staff/0/members", [], "staff[0].members"),
    ("staff/0/members", ["t1", "nobody"], "staff[0].members[1]"),
    ("staff/0/members", ["t1", "t1"], "staff[0].members[1]"),
    ("rooms/0/capacity", 0, "rooms[0].capacity"),
    ("rooms/0/slots", ["nope"], "rooms[0].slots[0]"),
    ("rooms/1", {"id": "r1", "capacity": 1, "slots": []}, "rooms[1].id"),
    ("students/1/id", "a", "students[1].id"),
    ("students/0/division", None, "students[0].division"),
    ("students/0/priority", -0.1, "students[0].priority"),
    ("students/0/priority", float("nan"), "students[0].priority"),
    ("students/0/priority", float("inf"), "students[0].priority"),
    ("students/0/priority", 10**400, "students[0].priority"),
    ("students/0/intensity", [80], "students[0].intensity"),
    ("students/0/intensity", {"lec": 101}, "students[0].intensity.lec"),
    ("students/0/intensity", {"lec": 80.5}, "students[0].intensity.lec"),
    ("students/0/intensity", {"rem-lec": 80}, "students[0].intensity.rem-lec"),
    ("students/0/sessions", {"jeu": 6}, "students[0].sessions.jeu"),
    ("students/0/sessions", {"mar": 7}, "students[0].sessions.mar"),
    ("students/0/sessions", {"mar": -1}, "students[0].sessions.mar"),
    ("current/0/student", "x", "current[0].student"),
    ("current/0/slot", "x", "current[0].slot"),
    ("current/0/need", "x", "current[0].need"),
    ("current/0/staff", "x", "current[0].staff"),
    ("current/0/need_periods", -1, "current[0].need_periods"),
    ("current/1", {**ROW, "need_periods": 2}, "current[1]"),
    ("pins/0/need", None, "pins[0].need"),
    ("pins/0/staff", "x", "pins[0].staff"),
    ("pins/1", dict(PIN), "pins[1]"),
    ("bans/0/student", None, "bans[0].student"),
    ("bans/0/need", "x", "bans[0].need"),
    ("bans/1", {"student": "b"}, "bans[1]"),
    ("pairs/0/kind", "apart", "pairs[0].kind"),
    ("pairs/0/students", ["a"], "pairs[0].students"),
    ("pairs/0/students", ["a", "a"], "pairs[0].students[1]"),
    ("pairs/0/students", ["a", "x"], "pairs[0].students[1]"),
    ("pairs/1", {"students": ["b", "a"], "kind": "together"}, "pairs[1]"),
    ("caps/0/at_most", -1, "caps[0].at_most"),
    ("caps/0/students", ["a", "x"], "caps[0].students[1]"),
    ("caps/0/students", "ab", "caps[0].students"),
    ("caps/0/slot", "x", "caps[0].slot"),
    ("caps/1", {"students": ["b", "a"], "at_most": 1}, "caps[1]"),
    ("rules/max_needs_open", None, "rules.max_needs_open"),
    ("rules/urgent_from", 101, "rules.urgent_from"),
    ("rules/period_sessions", 0, "rules.period_sessions"),
    ("rules/max_moves", -1, "rules.max_moves"),
    ("rules/colour", 1, "rules.colour"),
    ("weights/unplaced", -1, "weights.unplaced"),
    ("weights/unplaced", None, "weights.unplaced"),
    ("weights/colour", 1, "weights.colour"),
]


@pytest.mark.parametrize(("place", "value", "path"), WRONG)
def test_a_wrong_field_is_refused_with_its_path(place: str, value: object, path: str):
    with pytest.raises(ProblemError) as refused:
        Problem.from_json(changed(place, value))
    assert refused.value.path == path
    assert "attendu" in refused.value.message


@pytest.mark.parametrize(
    "path",
    [
        "format",
        "slots",
        "needs",
        "staff",
        "students",
        "rules",
        "slots/0/id",
        "needs/0/max_size",
        "staff/0/slots",
        "students/0/division",
        "rules/period_sessions",
        "current/0/need_periods",
        "caps/0/at_most",
    ],
)
def test_an_absent_field_is_refused_with_its_path(path: str):
    data = copy.deepcopy(valid())
    *parents, last = path.split("/")
    at: object = data
    for step in parents:
        at = at[int(step)] if isinstance(at, list) else at[step]
    del at[last]
    with pytest.raises(ProblemError) as refused:
        Problem.from_json(data)
    assert refused.value.path == path.replace("/0", "[0]").replace("/", ".")


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {1: 2}])
def test_what_is_no_problem_at_all_is_refused(data: object):
    with pytest.raises(ProblemError):
        Problem.from_json(data)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"format": NaN}',
        b'{"format": Infinity}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 10_000,
        b"<xml/>",
    ],
)
def test_a_file_that_is_not_strict_json_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "problem.json"
    path.write_bytes(content)
    with pytest.raises(ProblemError):
        load_problem(path)


def test_a_repeated_key_is_refused_with_its_path(tmp_path: Path):
    path = tmp_path / "problem.json"
    text = json.dumps(valid()).replace('"division": "d0"', '"division": "d0", "division": "d1"', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as refused:
        load_problem(path)
    assert refused.value.path == "students[0].division"


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(ProblemError):
        load_problem(tmp_path / "none.json")


def test_a_byte_order_mark_is_no_harm(tmp_path: Path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(valid()), encoding="utf-8-sig")
    assert load_problem(path) == Problem.from_json(valid())

"""Impossible problems: what cannot hold together, in words that blame nobody, and what to loosen."""

import pytest

from optimizer import Problem, Solution, Status, solve, wrong_claims
from optimizer.conflicts.statements import items, with_values
from tests.optimizer.factories import pupil, tiny, with_rules

PIN = {"student": "a", "slot": "mar", "need": "lec", "staff": None}


def band(*names: str, **changes: object) -> dict[str, object]:
    """One adult, one need, these students."""
    return tiny(**{"students": [pupil(name, lec=80) for name in names]} | changes)


def pinned(*names: str) -> list[dict[str, object]]:
    """A pin in lec at mar for each."""
    return [{**PIN, "student": name} for name in names]


def solved(data: dict[str, object]) -> tuple[Problem, Solution]:
    """The problem and its refusal, whose loosening is tried and must work."""
    problem = Problem.from_json(data)
    found = solve(problem)
    assert found.status is Status.INFEASIBLE
    assert (found.score, found.bound, found.gap, found.groups) == (None, None, None, ())
    assert wrong_claims(problem, found) == []
    by_path = {item.path: item for item in items(problem)}
    changes = {by_path[one.path]: one.new if by_path[one.path].field else None for one in found.loosening}
    assert solve(with_values(problem, changes)).status is Status.OPTIMAL
    return problem, found


def paths(solution: Solution) -> list[str]:
    """The paths of the conflict."""
    return [statement.path for statement in solution.conflict]


def numbers(solution: Solution) -> list[tuple[str, object, object]]:
    """The loosening as plain values."""
    return [(change.path, change.old, change.new) for change in solution.loosening]


def test_a_pin_against_a_ban():
    _, found = solved(band("a", pins=pinned("a"), bans=[{"student": "a", "need": "lec"}]))
    assert sorted(paths(found)) == ["bans[0]", "pins[0]"]
    assert len(found.loosening) == 1
    assert found.loosening[0].new is None


def test_more_pins_than_places():
    data = band(*"abc", pins=pinned(*"abc"), needs=[{"id": "lec", "min_size": 1, "max_size": 2}])
    _, found = solved(data)
    assert sorted(paths(found)) == ["needs[0].max_size", "pins[0]", "pins[1]", "pins[2]"]
    assert numbers(found) == [("needs[0].max_size", 2, 3)]


def test_pins_that_cannot_fill_a_group():
    data = band("a", pins=pinned("a"), needs=[{"id": "lec", "min_size": 3, "max_size": 5}])
    _, found = solved(data)
    assert sorted(paths(found)) == ["needs[0].min_size", "pins[0]"]
    assert numbers(found) == [("needs[0].min_size", 3, 1)]


def test_a_pin_that_nobody_can_lead_is_a_conflict_by_itself():
    needs = [{"id": "lec", "min_size": 1, "max_size": 4}, {"id": "mat", "min_size": 1, "max_size": 4}]
    _, found = solved(band("a", needs=needs, pins=[{**PIN, "need": "mat"}]))
    assert paths(found) == ["pins[0]"]
    assert "« mat »" in found.conflict[0].words


def test_a_pin_where_the_student_is_away_is_a_conflict():
    data = band(students=[pupil("a", lec=80) | {"sessions": {}}], pins=pinned("a"))
    assert paths(solved(data)[1]) == ["pins[0]"]


def test_two_pins_of_one_student_at_one_slot_are_a_conflict():
    staff = [{"id": name, "needs": ["lec"], "slots": ["mar"]} for name in ("t1", "t2")]
    data = band("a", staff=staff, pins=[{**PIN, "staff": "t1"}, {**PIN, "staff": "t2"}])
    assert sorted(paths(solved(data)[1])) == ["pins[0]", "pins[1]"]


def test_too_few_moves_allowed_are_loosened_to_the_fewest_possible():
    current = [
        {"student": name, "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 3} for name in "abc"
    ]
    data = with_rules(band(*"abc", current=current), max_moves=1)
    _, found = solved(data)
    assert "rules.max_moves" in paths(found)
    assert found.loosening[0].path in paths(found)


def test_a_move_limit_below_the_fewest_moves_says_how_many_are_needed():
    needs = [{"id": "lec", "min_size": 2, "max_size": 2}]
    current = [
        {"student": name, "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1} for name in "abcd"
    ]
    data = with_rules(band(*"abcd", needs=needs, current=current, caps=[]), max_moves=0)
    _, found = solved(data)
    assert sorted(paths(found)) == ["needs[0].max_size", "rules.max_moves"]
    assert numbers(found) in ([("rules.max_moves", 0, 2)], [("needs[0].max_size", 2, 4)])


def test_a_cap_is_only_a_rule_set_by_the_direction():
    cap = {"students": ["a", "b"], "at_most": 1, "need": None, "slot": None}
    _, found = solved(band(*"ab", pins=pinned(*"ab"), caps=[cap]))
    words = {statement.path: statement.words for statement in found.conflict}
    assert sorted(words) == ["caps[0].at_most", "pins[0]", "pins[1]"]
    assert words["caps[0].at_most"] == "une règle posée par la direction"


def test_what_was_asked_by_hand_is_withdrawn_before_a_rule_set_by_the_direction():
    cap = {"students": ["a", "b"], "at_most": 1, "need": None, "slot": None}
    _, found = solved(band(*"ab", pins=pinned(*"ab"), caps=[cap]))
    assert [change.path for change in found.loosening] in (["pins[0]"], ["pins[1]"])


def test_no_words_name_a_student():
    students = [pupil("Lea-Martin", lec=80), pupil("Tom-Petit", lec=80)]
    names = [student["id"] for student in students]
    data = band(
        students=students,
        pins=pinned(*names),
        caps=[{"students": names, "at_most": 1}],
        pairs=[{"students": names, "kind": "together"}],
    )
    _, found = solved(data)
    assert not any(name in statement.words for name in names for statement in found.conflict)


def test_a_group_pinned_without_room():
    data = band(*"ab", pins=pinned(*"ab"), rooms=[{"id": "r1", "capacity": 1, "slots": ["mar"]}])
    _, found = solved(data)
    assert sorted(paths(found)) == ["pins[0]", "pins[1]", "rooms"]


@pytest.mark.parametrize("limit", ["slots", "staff"])
def test_a_limit_of_groups_is_loosened_by_one(limit: str):
    needs = [{"id": "lec", "min_size": 1, "max_size": 1}]
    staff = [{"id": name, "needs": ["lec"], "slots": ["mar"]} for name in ("t1", "t2")]
    changes = {"needs": needs, "staff": staff}
    if limit == "slots":
        changes["slots"] = [{"id": "mar", "max_groups": 1}]
    else:
        changes["staff"] = [staff[0], {**staff[1], "max_groups": 0}]
    _, found = solved(band(*"ab", pins=pinned(*"ab"), **changes))
    assert any(path.startswith(limit) for path in paths(found))
    assert all(change.new is not None for change in found.loosening)

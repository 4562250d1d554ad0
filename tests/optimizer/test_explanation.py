"""Who is not served and why, what one more would bring, who fares how, what priorities weigh."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer import Problem, save_solution, solve
from optimizer.__main__ import main
from optimizer.check import Rule
from optimizer.explanations.explanation import explanation
from optimizer.explanations.fairness import fairness
from optimizer.explanations.gains import gains
from optimizer.explanations.history import history
from optimizer.explanations.inquiry import inquiring
from optimizer.explanations.levers import Kind, levers_of, pulled
from optimizer.explanations.reference import fewest_moves
from optimizer.explanations.serving import NoWay, serving
from optimizer.explanations.unserved import Barrier, unserved
from optimizer.plan import plan_in
from optimizer.search import Search
from optimizer.solve import proven_impossible
from tests.optimizer.exhaustive import best_score
from tests.optimizer.factories import pupil, school, scramble, tiny, with_rules

TWO = tiny(
    needs=[{"id": "lec", "min_size": 1, "max_size": 1}, {"id": "mat", "min_size": 1, "max_size": 3}],
    staff=[
        {"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 0},
        {"id": "t2", "needs": ["mat"], "slots": ["mar"], "cost": 0},
    ],
    students=[pupil("a", lec=90, mat=10), pupil("b", lec=80, mat=40)],
)


def based(problem: Problem):
    """The best proposal and the search that proved it."""
    base = Search(problem, time_limit=60, gap=0.0)
    proven_impossible(base)
    assert base.best is not None
    return base


def barrier_of(data: dict[str, object], student: str = "b") -> Barrier:
    """The binding reason of one student in the best proposal."""
    problem = Problem.from_json(data)
    told = {one.student: one for one in unserved(problem, solve(problem, gap=0))}
    return told[student].binding.barrier


def test_a_full_group_is_told():
    assert barrier_of(TWO) is Barrier.FULL


def test_nobody_to_lead_it_is_told():
    assert barrier_of({**TWO, "staff": TWO["staff"][1:]}) is Barrier.NO_STAFF


def test_worn_out_banned_and_pinned_are_told():
    row = {"student": "b", "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 3}
    assert barrier_of({**TWO, "current": [row]}) is Barrier.WORN
    assert barrier_of({**TWO, "bans": [{"student": "b", "need": "lec"}]}) is Barrier.BAN
    assert barrier_of({**TWO, "pins": [{"student": "b", "slot": "mar", "need": "mat"}]}) is Barrier.PIN


def test_a_ban_that_leaves_an_adult_to_the_need_is_not_the_reason():
    """Any ban of the student once was, though a pair kept them out of the group they were still allowed in."""
    data = {
        **TWO,
        "staff": [*TWO["staff"], {"id": "t3", "needs": ["lec"], "slots": ["mar"], "cost": 0}],
        "students": [pupil("a", lec=90, mat=10), pupil("b", lec=80, mat=40), pupil("c", mat=90)],
        "bans": [{"student": "b", "staff": "t3"}, {"student": "c", "staff": "t1"}],
        "pairs": [{"students": ["b", "c"], "kind": "together"}],
    }
    assert barrier_of(data) is Barrier.TOGETHER
    assert barrier_of({**data, "bans": [*data["bans"], {"student": "b", "need": "lec"}]}) is Barrier.BAN


def test_too_many_needs_or_too_few_students_are_told():
    strong = [pupil("a", mat=100), pupil("b", lec=80), pupil("c", mat=100)]
    assert barrier_of(with_rules({**TWO, "students": strong}, max_needs_open=1)) is Barrier.NEEDS_OPEN
    needs = [TWO["needs"][0] | {"min_size": 2, "max_size": 2}, TWO["needs"][1]]
    small = with_rules({**TWO, "needs": needs, "students": strong}, max_needs_open=2)
    for student in small["students"]:
        student["intensity"].setdefault("lec", 0)
    small["needs"][0]["floor"] = 50
    assert barrier_of(small) is Barrier.MIN_SIZE


def test_a_busy_adult_and_a_costly_opening_are_told():
    one = [{"id": "t1", "needs": ["lec", "mat"], "slots": ["mar"], "cost": 0}]
    students = [pupil("a", mat=100), pupil("b", lec=80), pupil("c", mat=100)]
    assert barrier_of({**TWO, "staff": one, "students": students}) is Barrier.BUSY
    dear = [TWO["staff"][0] | {"cost": 500}, TWO["staff"][1]]
    assert barrier_of({**TWO, "staff": dear, "students": students}) is Barrier.NOT_OPENED


def test_one_more_seat_or_adult_serves_whom_it_says():
    problem = Problem.from_json(TWO)
    base = based(problem)
    missing = unserved(problem, base.best)
    found = {
        gain.lever.kind: gain for gain in gains(problem, base.best, missing, base=base, time_limit=30)[::-1]
    }
    assert found[Kind.SEAT].serves == ("b",)
    assert (found[Kind.SEAT].least, found[Kind.SEAT].most) == (80 - 40 + 150,) * 2
    assert found[Kind.STAFF].lever.like == "t1"
    assert found[Kind.STAFF].serves == ("b",)
    assert found[Kind.NEED_OPEN].least == found[Kind.NEED_OPEN].most == 0


@pytest.mark.parametrize("seed", range(5000, 5500, 100))
def test_what_one_more_brings_is_what_all_arrangements_say(seed: int):
    tried = (Problem.from_json(scramble(number, seats=4)) for number in range(seed, seed + 50))
    problem = next(one for one in tried if best_score(one) is not None)
    base = based(problem)
    found = {gain.lever: gain for gain in gains(problem, base.best, (), base=base, time_limit=60)}
    assert set(found) == set(levers_of(problem, ()))
    for lever, gain in found.items():
        assert gain.least == gain.most == best_score(pulled(problem, lever)) - base.value


@pytest.mark.parametrize("seed", [3, 4])
def test_a_room_a_need_or_an_adult_more_brings_what_solving_with_it_says(seed: int):
    problem = Problem.from_json(school(seed, students=30, adults=4, rooms=True, max_needs_open=3))
    base = based(problem)
    found = gains(problem, base.best, (), base=base, time_limit=240)
    assert {Kind.ROOM, Kind.NEED_OPEN, Kind.STAFF} == {gain.lever.kind for gain in found}
    for gain in [gain for gain in found if gain.lever.kind is not Kind.STAFF] + list(found[:2]):
        best = solve(pulled(problem, gain.lever), gap=0, time_limit=120)
        assert gain.least == gain.most == best.score - base.value


def served(data: dict[str, object], student: str = "b"):
    """The cheapest place of an unserved student, or why there is none."""
    problem = Problem.from_json(data)
    found = solve(problem, gap=0)
    with inquiring(problem, found) as inquiry:
        return serving(inquiry, unserved(problem, found), seconds=60)[student]


def test_why_nothing_serves_a_student_is_told():
    assert served({**TWO, "staff": TWO["staff"][1:]}).reason is NoWay.NO_LEADER
    forbidden = served({**TWO, "bans": [{"student": "b", "need": "lec"}]})
    assert (forbidden.reason, forbidden.rules) == (NoWay.REFUSED, (Rule.BAN,))
    both = [{"student": "a", "slot": "mar", "need": "lec", "staff": "t1"}]
    assert served({**TWO, "pins": both}).reason is NoWay.IMPOSSIBLE


def test_a_group_to_open_serves_whom_no_open_group_can():
    dear = [TWO["staff"][0] | {"cost": 500}, TWO["staff"][1]]
    told = served({**TWO, "staff": dear, "students": [pupil("a", mat=100), pupil("b", lec=80)]})
    assert (told.wish.group, told.open) == (("mar", "lec", "t1"), False)
    assert (told.cost.least, told.cost.most) == (500 - 80 - 150,) * 2


def test_a_group_to_open_is_led_by_whoever_is_free():
    """The first in the file once was asked alone, though their own group had to close for it."""
    data = {
        **TWO,
        "staff": [
            {"id": "t2", "needs": ["mat", "lec"], "slots": ["mar"], "cost": 0},
            {"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 500},
        ],
        "students": [pupil("a", mat=100), pupil("b", lec=80), pupil("c", mat=100)],
    }
    told = served(data)
    assert told.wish.group == ("mar", "lec", "t1")
    assert (told.cost.least, told.cost.most) == (270, 270)


def test_the_worst_off_served_worse_than_by_changing_nothing_raise_the_alarm():
    students = [pupil("a", lec=100, mat=60), pupil("b", lec=95, mat=0)]
    current = [
        {"student": "a", "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1},
        {"student": "b", "slot": "mar", "need": "mat", "staff": "t2", "need_periods": 1},
    ]
    problem = Problem.from_json({**TWO, "students": students, "current": current})
    swapped = solve(
        replace(problem, current=(), students=(problem.students[0], replace(problem.students[1], priority=3)))
    )
    base = based(problem)
    calm, proven = fewest_moves(base, time_limit=30)
    assert proven
    labels = {"sex": {"F": ["a"], "M": ["b", "nobody"]}}
    told = fairness(problem, swapped, reference=calm, fewest_proven=proven, labels=labels)
    assert told.reference_moves == 0
    assert told.alarm
    fares = {(fare.kind, fare.name): fare for fare in told.fares}
    assert fares["sex", "F"].proposal.share == 0.6
    assert fares["sex", "F"].reference.share == 1.0
    assert fares["sex", "F"].worse
    assert not fares["sex", "M"].worse
    assert fares["division", "d0"].students == 2
    assert not fairness(problem, calm, reference=calm).alarm


def test_tenths_hold_everybody_once_from_the_least_intense():
    problem = Problem.from_json(school(2, students=33, adults=4))
    found = solve(problem, gap=0.05)
    tenths = [fare for fare in fairness(problem, found).fares if fare.kind == "tenth"]
    assert [fare.name for fare in tenths] == [str(rank) for rank in range(1, 11)]
    present = [student for student in problem.students if any(student.sessions.values())]
    assert sum(fare.students for fare in tenths) == len(present)
    assert all(0 <= fare.proposal.share <= 1 for fare in tenths)


def test_priorities_are_said_with_what_they_changed():
    students = [pupil("a", lec=90, mat=10), pupil("b", lec=80, mat=10) | {"priority": 1.5}]
    problem = Problem.from_json({**TWO, "students": students})
    base = based(problem)
    told = history(base, base.best, time_limit=30)
    assert told is not None
    assert (told.students, told.raised, told.moved, told.proven) == (1, 1, ("a", "b"), True)
    assert (told.points_gained, told.points_lost, told.strong_gained) == (70, 80, 1)
    level = based(Problem.from_json(TWO))
    assert history(level, level.best, time_limit=30).students == 0


def test_the_whole_explanation_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    problem = Problem.from_json(TWO)
    found = solve(problem, gap=0)
    told = json.loads(json.dumps(explanation(problem, found, time_limit=20).to_json()))
    assert told["format"] == "apdash-explanation/1"
    assert [group["closing"]["exact"] for group in told["groups"]] == [True] * len(plan_in(found))
    assert told["unserved"][0]["binding"] == {"slot": "mar", "need": "lec", "barrier": "full"}
    assert told["gains"][told["unserved"][0]["served_by"][0]]["least"] == 190
    cheapest = told["unserved"][0]["cheapest"]
    assert (cheapest["need"], cheapest["staff"], cheapest["cost"]["most"]) == ("lec", "t1", 40)
    files = [tmp_path / name for name in ("p.json", "s.json", "o.json", "l.json")]
    files[0].write_text(json.dumps(TWO), encoding="utf-8")
    save_solution(found, files[1])
    files[3].write_text(json.dumps({"sex": {"F": ["a"]}}), encoding="utf-8")
    command = ["explain", *map(str, files[:2]), "-o", str(files[2])]
    assert main([*command, "--labels", str(files[3]), "--time-limit", "20"]) == 0
    assert "groupe complet" in capsys.readouterr().out
    written = json.loads(files[2].read_text(encoding="utf-8"))
    assert written["fairness"]["fares"][-1]["name"] == "F"
    assert main([*command, "--student", "b", "--slot", "mar"]) == 0
    assert json.loads(files[2].read_text(encoding="utf-8"))["others"][0]["cost"]["exact"]
    assert main([*command, "--student", "zz", "--slot", "mar"]) == 1
    assert main([*command, "--student", "b"]) == 1

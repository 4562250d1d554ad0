"""Problems at the edge of what a file may say: empty ones, closed ones, people who left."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from optimizer import Problem, Progress, Status, score, solve, violations, wrong_claims
from optimizer.search import Search
from optimizer.solve import by_need
from tests.optimizer.factories import pupil, school, tiny, with_rules

TWO = [{"id": "lec", "min_size": 1, "max_size": 4}, {"id": "mat", "min_size": 1, "max_size": 4}]


def answer(data: dict[str, object]):
    """The proven answer to a problem, checked by the referee."""
    problem = Problem.from_json(data)
    found = solve(problem, gap=0)
    assert found.status is Status.OPTIMAL
    assert violations(problem, found) == []
    assert wrong_claims(problem, found) == []
    return found


@pytest.mark.parametrize(
    "data",
    [
        tiny(),
        tiny(slots=[], staff=[], needs=[]),
        tiny(slots=[], staff=[], students=[pupil("a", lec=90)]),
        tiny(students=[pupil("a", lec=20) | {"sessions": {}}]),
        tiny(needs=[], staff=[], students=[pupil("a")]),
        tiny(staff=[], students=[pupil("a", lec=20)]),
        tiny(students=[pupil("a", lec=20)], slots=[{"id": "mar", "max_groups": 0}]),
        with_rules(tiny(students=[pupil("a", lec=20)]), max_needs_open=0),
    ],
)
def test_where_nothing_can_be_done_nothing_is_done(data: dict[str, object]):
    assert answer(data).groups == ()


def test_a_group_whose_adult_left_the_need_closes():
    row = {"student": "a", "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1}
    staff = [
        {"id": "t1", "needs": ["mat"], "slots": ["mar"], "cost": 0},
        {"id": "t2", "needs": ["lec"], "slots": ["mar"], "cost": 0},
    ]
    found = answer(tiny(needs=TWO, staff=staff, students=[pupil("a", lec=80)], current=[row]))
    assert [(group.need, group.staff) for group in found.groups] == [("lec", "t2")]
    assert found.terms.change_staff == 4


def test_a_group_whose_adult_left_the_slot_is_a_move():
    row = {"student": "a", "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1}
    staff = [{"id": "t1", "needs": ["lec"], "slots": [], "cost": 0}]
    found = answer(tiny(staff=staff, students=[pupil("a", lec=80)], current=[row]))
    assert found.unplaced == (("a", "mar"),)


def test_two_groups_of_today_by_one_adult_at_one_slot_cannot_both_go_on():
    rows = [
        {"student": name, "slot": "mar", "need": need, "staff": "t1", "need_periods": 1}
        for name, need in (("a", "lec"), ("b", "mat"))
    ]
    staff = [{"id": "t1", "needs": ["lec", "mat"], "slots": ["mar"], "cost": 0}]
    data = tiny(
        needs=TWO, staff=staff, current=rows, students=[pupil("a", lec=80), pupil("b", mat=70, lec=30)]
    )
    assert len(answer(data).groups) == 1


def test_a_need_of_no_minimum_is_not_opened_for_nobody():
    needs = [{"id": "lec", "min_size": 0, "max_size": 4}]
    assert answer(tiny(needs=needs, students=[pupil("a") | {"sessions": {}}])).groups == ()


def test_a_group_may_hold_only_those_who_come_little_when_there_is_no_minimum():
    needs = [{"id": "lec", "min_size": 0, "max_size": 4}]
    found = answer(tiny(needs=needs, students=[pupil("a", lec=80) | {"sessions": {"mar": 1}}]))
    assert [group.students for group in found.groups] == [("a",)]


def test_a_chain_of_pairs_stays_in_one_group():
    students = [pupil(name, lec=80) for name in "abc"]
    pairs = [{"students": list(pair), "kind": "together"} for pair in ("ab", "bc")]
    needs = [{"id": "lec", "min_size": 1, "max_size": 2}]
    staff = [{"id": name, "needs": ["lec"], "slots": ["mar"], "cost": 0} for name in ("t1", "t2")]
    found = answer(tiny(needs=needs, staff=staff, students=students, pairs=pairs))
    assert len(found.unplaced) == 3


def test_together_and_at_most_one_leaves_both_out():
    data = tiny(
        students=[pupil("a", lec=80), pupil("b", lec=80)],
        pairs=[{"students": ["a", "b"], "kind": "together"}],
        caps=[{"students": ["a", "b"], "at_most": 1}],
    )
    assert len(answer(data).unplaced) == 2


def test_everything_costing_nothing_is_still_served():
    data = tiny(students=[pupil("a", lec=80)])
    data["weights"] = dict.fromkeys(("unplaced", "urgent", "change_need", "change_staff", "group"), 0)
    assert answer(data).score == 80


def test_a_group_that_costs_more_than_it_brings_stays_closed():
    data = tiny(
        students=[pupil("a", lec=60)], staff=[{"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 5000}]
    )
    assert answer(data).groups == ()


def test_odd_identifiers_are_only_identifiers():
    names = ["é à", "x-1+2", "[a]", "»", "a.b", "0"]
    found = answer(tiny(students=[pupil(name, "2 TNE", lec=80) for name in names[:4]]))
    assert set(found.groups[0].students) == set(names[:4])


def test_a_search_stopped_before_it_starts_gives_what_is_known_at_once():
    stop = threading.Event()
    stop.set()
    problem = Problem.from_json(school(1, students=40, adults=4, pins=0))
    found = solve(problem, stop=stop)
    assert found.status is Status.FEASIBLE
    assert violations(problem, found) == []
    assert wrong_claims(problem, found) == []


def test_a_search_stopped_while_it_runs_keeps_its_best_proposal():
    stop = threading.Event()
    seen: list[Progress] = []

    def listen(progress: Progress) -> None:
        seen.append(progress)
        if progress.score is not None and len(seen) > 2:
            stop.set()

    problem = Problem.from_json(school(1, students=60, adults=5, pins=0))
    found = solve(problem, gap=0, time_limit=600, stop=stop, on_progress=listen)
    assert found.status is Status.FEASIBLE
    assert violations(problem, found) == []
    assert found.score >= max(progress.score for progress in seen if progress.score is not None)
    assert found.bound >= found.score


def test_a_search_without_time_and_without_a_simple_plan_has_no_proposal():
    stop = threading.Event()
    stop.set()
    problem = Problem.from_json(
        tiny(students=[pupil("a", lec=80)], pins=[{"student": "a", "slot": "mar", "need": "lec"}])
    )
    found = solve(problem, stop=stop)
    assert (found.status, found.score, found.groups) == (Status.NONE, None, ())
    assert wrong_claims(problem, found) == []


def test_the_bound_told_while_it_runs_is_never_below_the_answer():
    told: list[Progress] = []
    problem = Problem.from_json(school(4, students=30, adults=4, pins=1))
    found = solve(problem, gap=0.02, time_limit=120, on_progress=told.append)
    assert all(progress.bound is None or progress.bound >= found.score - 1e-6 for progress in told)
    scores = [progress.score for progress in told if progress.score is not None]
    assert scores == sorted(scores)


def test_another_number_of_threads_later_in_the_process_still_answers():
    problem = Problem.from_json(tiny(students=[pupil("a", lec=80)]))
    assert {solve(problem, threads=number).score for number in (1, 2, 1)} == {80}


def test_a_proposal_that_breaks_a_rule_is_never_kept():
    problem = Problem.from_json(tiny(needs=[TWO[0] | {"min_size": 2}], students=[pupil("a", lec=80)]))
    search = Search(problem, time_limit=5, gap=0)
    assert not search.offer({("mar", "lec", "t1"): ("a",)})
    assert search.best is None
    assert not by_need(search)


def test_terms_are_those_of_the_referee():
    problem = Problem.from_json(school(6, students=24, adults=3, pins=0))
    found = solve(problem, gap=0.05, time_limit=120)
    assert found.terms == score(problem, found)


def test_two_searches_at_once_answer_as_each_alone():
    problem = Problem.from_json(school(2, students=24, adults=3, pins=0))
    alone = solve(problem, gap=0.02, time_limit=120)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: solve(problem, gap=0.02, time_limit=120), range(2)))
    assert [found.groups for found in both] == [alone.groups, alone.groups]

"""What elsewhere costs: forced re-solves against every arrangement tried one by one, and against solve."""

from dataclasses import replace

import pytest

from optimizer import Problem, solve
from optimizer.explanations.forced import cost_of, forced
from optimizer.explanations.inquiry import Inquiry
from optimizer.explanations.why_here import told_here, why_here
from optimizer.explanations.why_open import why_open
from optimizer.explanations.wishes import Wish, openings, refused, widens, wished_facts
from optimizer.facts import facts_of
from optimizer.plan import plan_in
from tests.optimizer.exhaustive import best_score
from tests.optimizer.factories import pupil, school, scramble, tiny


def solved(seed: int):
    """The first tiny problem from a seed on that has a proposal, with its best."""
    for number in range(seed, seed + 50):
        problem = Problem.from_json(scramble(number, seats=5))
        found = solve(problem, gap=0)
        if found.score is not None:
            return problem, found
    raise AssertionError("no possible problem")


@pytest.mark.parametrize("seed", range(1000, 2200, 100))
def test_every_cost_is_that_of_all_arrangements(seed: int):
    problem, found = solved(seed)
    for student in problem.students[:2]:
        for slot in problem.slots:
            told = why_here(problem, found, student=student.id, slot=slot.id)
            assert told.best == told.bound == found.score
            for other in told.others:
                best = best_score(Wish(other.group, student.id).applied(problem))
                if best is None:
                    assert other.cost.impossible
                    continue
                assert (other.cost.least, other.cost.most) == (found.score - best,) * 2
                assert other.displaced is not None
                assert other.displaced.fewest


@pytest.mark.parametrize("seed", range(3000, 3600, 100))
def test_closing_a_group_costs_what_all_arrangements_say(seed: int):
    problem, found = solved(seed)
    for told in why_open(problem, found):
        best = best_score(Wish(told.group).applied(problem))
        assert told.closing.impossible == (best is None)
        if best is not None:
            assert told.closing.exact
            assert told.closing.most == found.score - best


@pytest.mark.parametrize("shape", [{}, {"rooms": True, "co_led": True, "pairs": 5, "caps": 6, "pins": 1}])
def test_a_whole_band_agrees_with_forced_solves(shape: dict[str, object]):
    problem = Problem.from_json(school(4, **{"students": 60, "adults": 5, "max_needs_open": 6} | shape))
    found = solve(problem, gap=0.001)
    facts = facts_of(problem)
    groups = list(plan_in(found))
    student = next(one.id for one in problem.students if one.sessions["s0"])
    wished = [group for group in groups if group[0] == "s0"][:3] + list(openings(problem, groups, "s0"))[::6]
    wishes = [Wish(group, student) for group in wished] + [Wish(group) for group in groups[:2]]
    wishes = [wish for wish in wishes if not refused(facts, wish, wished_facts(facts, wish))]
    inquiry = Inquiry(problem, found)
    told, base = forced(inquiry, wishes, seconds=120), inquiry.base
    assert base.value == base.bound
    for one in told:
        best = solve(one.wish.applied(problem), gap=0, time_limit=120)
        assert one.cost.impossible == (best.score is None)
        if best.score is not None:
            assert (one.cost.least, one.cost.most) == (base.value - best.score,) * 2


def test_one_inquiry_answers_for_everybody_as_forced_solves_do():
    problem = Problem.from_json(school(11, students=26, adults=4, rooms=True, pairs=2, pins=1))
    found = solve(problem, gap=0)
    inquiry = Inquiry(problem, found)
    facts = inquiry.base.facts
    groups = list(plan_in(found))
    wishes = [Wish(group) for group in groups[:2]]
    for student in problem.students[::9]:
        for slot in (one.id for one in problem.slots if student.sessions[one.id]):
            here = [group for group in groups if group[0] == slot]
            others = [*here[:2], *list(openings(problem, here, slot))[::7]]
            wishes += [Wish(group, student.id) for group in others]
    wishes = [wish for wish in wishes if not refused(facts, wish, wished_facts(facts, wish))]
    assert {widens(facts, wish) for wish in wishes} == {False, True}
    for one in forced(inquiry, wishes, seconds=300):
        best = solve(one.wish.applied(problem), gap=0, time_limit=60)
        assert one.cost.impossible == (best.score is None)
        if best.score is not None:
            assert (one.cost.least, one.cost.most) == (found.score - best.score,) * 2


@pytest.mark.parametrize("seed", range(40, 44))
def test_the_facts_of_a_wish_are_those_of_the_problem_with_it(seed: int):
    problem = Problem.from_json(school(seed, students=30, adults=4, pairs=6, caps=4, pins=3))
    facts = facts_of(problem)
    for student in problem.students[::7]:
        for group in openings(problem, (), "s0"):
            if student.sessions["s0"]:
                wish = Wish(group, student.id)
                assert wished_facts(facts, wish) == facts_of(wish.applied(problem))


def test_what_is_known_at_once_is_true_and_asking_again_makes_it_exact():
    problem = Problem.from_json(school(4, students=40, adults=4))
    found = solve(problem, gap=0)
    inquiry = Inquiry(problem, found)
    student = next(one.id for one in problem.students if one.sessions["s0"])
    inquiry.prove(seconds=60)
    soon = {
        one.group: one.cost for one in told_here(inquiry, student=student, slot="s0", time_limit=0).others
    }
    late = told_here(inquiry, student=student, slot="s0", time_limit=300).others
    assert set(soon) == {one.group for one in late}
    for other in late:
        assert other.cost.exact or other.cost.impossible
        least = soon[other.group].least
        assert other.cost.impossible or least is None or least <= other.cost.least


def test_a_question_taken_up_again_comes_to_the_same_answer():
    problem = Problem.from_json(school(4, students=40, adults=4, rooms=True))
    found = solve(problem, gap=0)
    groups = list(plan_in(found))
    student = next(one.id for one in problem.students if one.sessions["s0"])
    wishes = [Wish(group) for group in groups[:4]]
    wishes += [Wish(group, student) for group in list(openings(problem, groups, "s0"))[:6]]
    facts = facts_of(problem)
    wishes = [wish for wish in wishes if not refused(facts, wish, wished_facts(facts, wish))]
    piece, whole = Inquiry(problem, found), Inquiry(problem, found)
    for inquiry in (piece, whole):
        inquiry.prove(seconds=60)
    known = {one.wish: one.cost for one in forced(whole, wishes, seconds=240)}
    pieces = 0
    for wish in wishes:
        granted = piece.ask(wish, seconds=60, work=1)
        while not granted.settled:
            pieces += 1
            soon = cost_of(piece.base, granted)
            assert soon.least is None or known[wish].impossible or soon.least <= known[wish].least
            assert soon.most is None or soon.most >= known[wish].most
            granted = piece.ask(wish, seconds=60, work=300)
        assert cost_of(piece.base, granted) == known[wish]
    assert pieces > len(wishes) / 2


def test_without_time_a_cost_is_a_true_interval():
    problem = Problem.from_json(school(4, students=60, adults=5))
    found = solve(problem, gap=0.02)
    groups = list(plan_in(found))
    wishes = [Wish(group) for group in groups[:4]]
    hurried, patient = Inquiry(problem, found), Inquiry(problem, found)
    told, known = forced(hurried, wishes, seconds=0.1), forced(patient, wishes, seconds=120)
    assert hurried.base.value <= patient.base.value <= hurried.base.bound
    for short, long in zip(told, known, strict=True):
        assert short.cost.least is None or short.cost.least <= long.cost.least
        assert short.cost.most is None or short.cost.most >= long.cost.most


def test_who_makes_place_is_named_and_nobody_else():
    data = tiny(
        needs=[{"id": "lec", "min_size": 1, "max_size": 2}, {"id": "mat", "min_size": 1, "max_size": 3}],
        staff=[
            {"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 0},
            {"id": "t2", "needs": ["mat"], "slots": ["mar"], "cost": 0},
        ],
        students=[
            pupil("a", lec=70, mat=10),
            pupil("b", lec=60, mat=40),
            pupil("c", lec=50, mat=45),
        ],
    )
    problem = Problem.from_json(data)
    found = solve(problem, gap=0)
    (other,) = why_here(problem, found, student="c", slot="mar").others
    assert other.group == ("mar", "lec", "t1")
    assert (other.cost.least, other.cost.most) == (15, 15)
    assert other.displaced is not None
    assert other.displaced.students == ("b",)
    assert not other.alone.lawful
    assert other.to_json()["displaced"] == ["b"]


def test_a_pin_elsewhere_is_the_reason():
    data = tiny(
        needs=[{"id": "lec", "min_size": 1, "max_size": 2}, {"id": "mat", "min_size": 1, "max_size": 3}],
        staff=[
            {"id": "t1", "needs": ["lec"], "slots": ["mar"]},
            {"id": "t2", "needs": ["mat"], "slots": ["mar"]},
        ],
        students=[pupil("a", lec=70), pupil("b", mat=60)],
        pins=[{"student": "b", "slot": "mar", "need": "mat"}],
    )
    problem = Problem.from_json(data)
    found = solve(problem, gap=0)
    (other,) = why_here(problem, found, student="b", slot="mar").others
    assert other.cost.impossible
    assert [rule.value for rule in other.rules] == ["9-placement"]
    held = {told.group[1]: told for told in why_open(problem, found)}
    assert held["lec"].closing.most == 70 - 15


def test_a_place_under_the_floor_can_be_asked_for():
    data = tiny(
        needs=[
            {"id": "lec", "min_size": 1, "max_size": 2, "floor": 50},
            {"id": "mat", "min_size": 1, "max_size": 3},
        ],
        staff=[
            {"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 0},
            {"id": "t2", "needs": ["mat"], "slots": ["mar"], "cost": 0},
        ],
        students=[pupil("a", lec=70), pupil("b", lec=45, mat=5)],
    )
    problem = Problem.from_json(data)
    found = solve(problem, gap=0)
    (other,) = why_here(problem, found, student="b", slot="mar").others
    assert (other.cost.least, other.cost.most) == (-40, -40)
    assert replace(other, displaced=None).to_json()["displaced"] is None

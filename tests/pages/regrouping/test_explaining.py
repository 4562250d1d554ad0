"""What explains a proposal, a place and a group: worked out in a thread, told when known, equal to a re-solve."""

import json
from collections.abc import Callable

import pytest

from apdash.pages.regrouping.exact import cost_words
from apdash.pages.regrouping.history import history_words
from apdash.pages.regrouping.unserved import unserved_title
from apdash.rebalancing import Parameters, regroup
from apdash.rebalancing.dial import start_dial
from apdash.rebalancing.exactly import exact_answer, was_cut
from apdash.rebalancing.explaining import (
    PARTS,
    explain_key,
    give_up_explaining,
    is_explaining,
    start_explaining,
)
from apdash.rebalancing.fairness import Loss, fares_of
from apdash.services import Services
from apdash.store.queries.proposals import proposal
from optimizer.check import score
from optimizer.explanations.wishes import Wish
from optimizer.problem import Problem
from optimizer.solution import Solution, Status
from optimizer.solve import solve
from tests.conftest import Client, call, open_page
from tests.pages.regrouping.acts import url
from tests.school_factory import PILOT, School

SLOT = "mar-10"
NBSP = "\u00a0"


@pytest.fixture
def found(services: Services, grouped: School) -> int:
    """A proposal for a band that has groups already."""
    label = Parameters(label="Proposition A", max_moves=12)
    outcome = regroup(services, PILOT, band=grouped.band, review=grouped.review, parameters=label)
    return outcome.proposal or 0


def tick(client: Client, pattern: dict, name: str, *, number: int) -> str:
    """Make an interval of a place or a group tick; return what its callback answers, as text."""
    key, told = {**pattern, "type": name}, {**pattern, "type": name.removesuffix("-tick")}
    known_so_far = "staff" not in pattern
    known = client.get("/_dash-dependencies").get_json()
    output = next(one["output"] for one in known if f'"{name}"' in one["inputs"][0]["id"])
    body = {
        "output": output,
        "outputs": [
            {"id": told, "property": "children"},
            *([{"id": told, "property": "className"}] if known_so_far else []),
            {"id": key, "property": "disabled"},
        ],
        "inputs": [{"id": key, "property": "n_intervals", "value": 1}],
        "state": [
            *([{"id": told, "property": "className", "value": ""}] if known_so_far else []),
            url(f"?etape=ajuster&proposition={number}"),
        ],
        "changedPropIds": [f"{json.dumps(key, sort_keys=True, separators=(',', ':'))}.n_intervals"],
    }
    client.get("/", headers={"Accept": "text/html"})
    cookie = client.get_cookie("_csrf_token")
    headers = {"X-CSRFToken": cookie.value} if cookie else {}
    answer = client.post("/_dash-update-component", json=body, headers=headers)
    assert answer.status_code in (200, 204), answer.get_data(as_text=True)[:300]
    return "" if answer.status_code == 204 else json.dumps(answer.get_json(), ensure_ascii=False)


def follow(client: Client, number: int, seen: str) -> str:
    given = [{"id": "rg-explain-tick", "property": "n_intervals", "value": 1}]
    state = [
        {"id": "rg-explain-seen", "property": "data", "value": seen},
        url(f"?etape=proposer&proposition={number}"),
    ]
    answer = call(client, inputs=given, state=state)
    return "" if answer.status_code == 204 else json.dumps(answer.get_json()["response"], ensure_ascii=False)


def test_a_proposal_is_explained_when_the_page_asks_and_what_is_found_is_kept(
    signed_in: Callable[[str], Client], services: Services, found: int
) -> None:
    client, search = signed_in("pilote"), f"?etape=proposer&proposition={found}"
    page = open_page(client, "/regroupement", search)
    assert "Qui n’est pas servi" in page
    assert "Équité" in page
    follow(client, found, "")
    job = services.jobs.latest(explain_key(found))
    assert job is not None
    job.wait()
    told = follow(client, found, "")
    assert '"rg-explain-tick": {"disabled": true}' in told
    kept = proposal(services.store, PILOT, proposal=found).parameters["explanation"]
    assert tuple(kept) == PARTS
    assert unserved_title(kept) in told
    assert len(kept["groups"]) == len(proposal(services.store, PILOT, proposal=found).solution["groups"])


def test_a_teacher_is_told_nothing_of_a_proposal(
    signed_in: Callable[[str], Client], services: Services, school: School, found: int
) -> None:
    client = signed_in("prof")
    assert follow(client, found, "") == ""
    assert (
        tick(client, {"student": str(school.students[0]), "slot": SLOT}, "rg-exact-tick", number=found) == ""
    )
    assert services.jobs.latest(explain_key(found)) is None


def test_what_elsewhere_costs_is_what_a_forced_search_loses(
    signed_in: Callable[[str], Client], services: Services, school: School, found: int
) -> None:
    student = str(school.students[0])
    client, place = signed_in("pilote"), {"student": student, "slot": SLOT}
    assert tick(client, place, "rg-exact-tick", number=found) == ""
    job = exact_answer(services, PILOT, proposal=found, student=student, slot=SLOT)
    assert job is not None
    job.wait()
    row = proposal(services.store, PILOT, proposal=found)
    problem = Problem.from_json(row.problem)
    open_ones = [one for one in job.result["others"] if one["open"]]
    assert open_ones
    for one in open_ones:
        wish = Wish((SLOT, one["need"], one["staff"]), student)
        forced = solve(wish.applied(problem), time_limit=20, gap=0.0)
        if one["cost"]["impossible"]:
            assert forced.status is Status.INFEASIBLE
        else:
            assert one["cost"]["least"] == one["cost"]["most"] == job.result["best"] - (forced.score or 0)
    told = tick(client, place, "rg-exact-tick", number=found)
    assert "Calcul exact, les autres élèves replacés au mieux" in told
    assert cost_words(open_ones[0]["cost"]) in told or "exclu" in told


def answer(services: Services, found: int, student: str) -> dict:
    """What a screen that goes on asking ends by showing."""
    job = exact_answer(services, PILOT, proposal=found, student=student, slot=SLOT)
    job.wait()
    while was_cut(job):
        job = exact_answer(services, PILOT, proposal=found, student=student, slot=SLOT, first=False)
        job.wait()
    return job.result


def test_another_student_cuts_the_first_short_and_both_are_answered(
    services: Services, school: School, found: int
) -> None:
    first, second = (str(student) for student in school.students[:2])
    exact_answer(services, PILOT, proposal=found, student=first, slot=SLOT)
    for student in (second, first):
        result = answer(services, found, student)
        assert result["student"] == student
        assert all(one["cost"]["exact"] or one["cost"]["impossible"] for one in result["others"])


def test_what_is_known_first_never_contradicts_what_is_proven(
    services: Services, school: School, found: int
) -> None:
    job = exact_answer(services, PILOT, proposal=found, student=str(school.students[0]), slot=SLOT)
    job.wait()
    first = {
        (one["need"], one["staff"]): one["cost"]
        for one in job.progress.found[0]["others"]
        if not one["rules"]
    }
    for one in job.result["others"]:
        if one["cost"]["exact"]:
            bounds, cost = first[one["need"], one["staff"]], one["cost"]["least"]
            assert bounds["least"] is None or bounds["least"] <= cost
            assert bounds["most"] is None or cost <= bounds["most"]


def test_an_answer_given_up_for_a_search_is_asked_again(
    services: Services, school: School, found: int
) -> None:
    student = str(school.students[0])
    job = exact_answer(services, PILOT, proposal=found, student=student, slot=SLOT)
    give_up_explaining(services, proposal=found)
    job.wait()
    again = exact_answer(services, PILOT, proposal=found, student=student, slot=SLOT)
    again.wait()
    assert again.result["student"] == student


def test_a_group_says_what_it_gives_and_what_closing_it_would_cost(
    signed_in: Callable[[str], Client], services: Services, found: int
) -> None:
    client = signed_in("pilote")
    group = proposal(services.store, PILOT, proposal=found).solution["groups"][0]
    key = {name: group[name] for name in ("slot", "need", "staff")}
    given = [{"id": "rg-opened", "property": "data", "value": {"group": f"{group['need']}|{group['staff']}"}}]
    opened = call(client, inputs=given, state=[url(f"?etape=ajuster&proposition={found}")]).get_json()
    assert "Pourquoi ce groupe" in str(opened)
    tick(client, key, "rg-closing-tick", number=found)
    job = services.jobs.latest(explain_key(found))
    assert job is not None
    job.wait()
    told = tick(client, key, "rg-closing-tick", number=found)
    assert "Effet sur le total" in told or "ne coûterait rien" in told or "aucune composition" in told


def test_fairness_is_beside_the_calmest_composition_of_the_dial(services: Services, found: int) -> None:
    start_dial(services, PILOT, proposal=found).wait()
    row = proposal(services.store, PILOT, proposal=found)
    alone = fares_of(row, dial=None, labels={})
    assert alone.moves is None
    assert alone.loss is Loss.NONE
    beside = fares_of(
        row, dial=row.parameters["dial"], labels={"sex": {"Filles": [row.problem["students"][0]["id"]]}}
    )
    assert beside.moves == min(point["moves"] for point in row.parameters["dial"]["points"])
    assert {fare.kind for fare in beside.fares} == {"division", "tenth", "least_served", "sex"}
    assert [fare.students for fare in beside.fares if fare.kind == "division"] == [8, 8, 8]


def test_last_time_is_told_and_may_be_left_aside(services: Services, school: School) -> None:
    student = school.students[0]
    with services.store.write() as tx:
        tx.run("update intensity set priority = 1.15 where student = $student", student=student)
    for history, weight in ((True, 1.15), (False, 1.0)):
        outcome = regroup(
            services, PILOT, band=school.band, review=school.review, parameters=Parameters(history=history)
        )
        row = proposal(services.store, PILOT, proposal=outcome.proposal or 0)
        known = {one["id"]: one["priority"] for one in row.problem["students"]}
        assert known[str(student)] == weight
        words = history_words(row.parameters, row.problem, None)
        assert ("comptent pas davantage" in words) is not history
        assert (f"L’élève non servi la dernière fois compte davantage (×{NBSP}1,15)." in words) is history


def test_the_score_of_the_answer_is_that_of_the_proposal(
    services: Services, school: School, found: int
) -> None:
    job = exact_answer(services, PILOT, proposal=found, student=str(school.students[3]), slot=SLOT)
    assert job is not None
    job.wait()
    row = proposal(services.store, PILOT, proposal=found)
    total = score(Problem.from_json(row.problem), Solution.from_json(row.solution)).score
    assert job.result["score"] == total
    assert job.result["best"] >= total


def test_an_explanation_given_up_for_a_search_is_begun_again(
    signed_in: Callable[[str], Client], services: Services, found: int
) -> None:
    job = start_explaining(services, PILOT, proposal=found)
    give_up_explaining(services, proposal=found)
    job.wait()
    if "explanation" in proposal(services.store, PILOT, proposal=found).parameters:
        return  # it had ended already
    assert not is_explaining(services, proposal=found)
    follow(signed_in("pilote"), found, "")
    again = services.jobs.latest(explain_key(found))
    assert again is not None
    assert again is not job
    again.wait()
    assert tuple(proposal(services.store, PILOT, proposal=found).parameters["explanation"]) == PARTS

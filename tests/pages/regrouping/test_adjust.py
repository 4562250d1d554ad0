"""Adjusting by hand, through HTTP: what a group costs, putting a student there, undo, and computing again around it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from apdash.pages.regrouping.names import Names, Person
from apdash.pages.regrouping.since import since_card
from apdash.rebalancing import Parameters, regroup
from apdash.rebalancing.again import Change, changes_since
from apdash.rebalancing.by_hand import Choice, by_hand, costs
from apdash.services import Services
from apdash.store.commands.proposals import reject
from apdash.store.commands.statements import Statement, add_statement
from apdash.store.queries.bands import statements
from apdash.store.queries.proposals import proposal
from optimizer.check import score
from optimizer.explanations.explain import moved
from optimizer.problem import Problem
from optimizer.solution import Solution
from tests.conftest import Client, call, open_page
from tests.pages.regrouping.acts import left_out, press, url
from tests.school_factory import DIRECTION, NOW, PILOT, School

SLOT = "mar-10"


@pytest.fixture
def found(services: Services, grouped: School) -> int:
    """A proposal for a band that has groups already."""
    label = Parameters(label="Proposition A")
    outcome = regroup(services, PILOT, band=grouped.band, review=grouped.review, parameters=label)
    return outcome.proposal or 0


def tell(client: Client, store: str, data: dict, number: int) -> dict:
    """Write what assets/regrouping-drag.js writes; return the answer."""
    given = [{"id": store, "property": "data", "value": data}]
    answer = call(client, inputs=given, state=[url(f"?etape=ajuster&proposition={number}")])
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return answer.get_json()


def seat(services: Services, number: int, student: str) -> tuple[str, str]:
    groups = proposal(services.store, PILOT, proposal=number).solution["groups"]
    return next((group["need"], group["staff"]) for group in groups if student in group["students"])


def test_a_panel_that_closes_leaves_nothing_for_a_late_answer_to_look_for(
    signed_in: Callable[[str], Client], grouped: School, found: int
) -> None:
    client = signed_in("pilote")
    opened = tell(client, "rg-opened", {"student": str(grouped.students[0]), "at": 1}, found)
    assert "Pourquoi ici" in str(opened)
    closed = tell(client, "rg-opened", {"at": 2}, found)["response"]
    # Dash forgets the ids of children replaced by a list, not by nothing: an answer to one of them stopped the page.
    assert closed["rg-why"]["children"] == []
    assert "closed" in closed["rg-board"]["className"]


def test_a_cost_is_the_difference_of_two_totals(services: Services, grouped: School, found: int) -> None:
    row = proposal(services.store, PILOT, proposal=found)
    problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
    student = str(grouped.students[0])
    told = costs(services.store, PILOT, proposal=found, choices=[], student=student, slot=SLOT)
    assert len(told) == len(row.solution["groups"]) - 1
    for one in told:
        there = moved(problem, solution, student=student, to=(SLOT, one.need, one.staff))
        assert one.points == round(score(problem, there).score - score(problem, solution).score)
        assert one.words


def test_costs_are_told_once_a_student_is_taken(
    signed_in: Callable[[str], Client], services: Services, grouped: School, found: int
) -> None:
    student = free_place(services, grouped, found)["student"]
    answer = tell(signed_in("pilote"), "rg-grabbed", {"student": student}, found)
    told = answer["response"]["rg-costs"]["data"]
    assert told["student"] == student
    need, staff = seat(services, found, student)
    assert f"{need}|{staff}" not in told["groups"]
    free = [one["words"] for one in told["groups"].values() if one["kind"] == "free"]
    assert free
    assert all(
        re.fullmatch(r"[+−]\xa0\d+\xa0points?, (place libre|\d+\xa0places libres)", words) for words in free
    )


def test_a_forbidden_group_is_out_and_refused(
    signed_in: Callable[[str], Client], services: Services, grouped: School
) -> None:
    student = grouped.students[0]
    ban = Statement(kind="ban", students=(student,), need="ACC-ETU")
    add_statement(services.store, PILOT, services.reference, band=grouped.band, statement=ban, now=NOW)
    pin = Statement(kind="pin", students=(grouped.students[1],), slot=grouped.slots[SLOT], need="ACC-ETU")
    for other in grouped.students[1:6]:
        pin = replace(pin, students=(other,))
        add_statement(services.store, PILOT, services.reference, band=grouped.band, statement=pin, now=NOW)
    number = regroup(services, PILOT, band=grouped.band, review=grouped.review).proposal or 0
    client, key = signed_in("pilote"), f"ACC-ETU|{grouped.staff['nguyen']}"
    told = tell(client, "rg-grabbed", {"student": str(student)}, number)["response"]["rg-costs"]["data"]
    assert told["groups"][key] == {"kind": "out", "words": "exclu\u00a0: interdit à la demande"}
    place = {"student": str(student), "need": "ACC-ETU", "staff": str(grouped.staff["nguyen"])}
    assert "Place exclue" in str(tell(client, "rg-dropped", place, number))
    assert statements(services.store, PILOT, band=grouped.band)["kind"].to_list().count("pin") == 5


def free_place(services: Services, school: School, number: int) -> dict:
    """Return a student and an allowed place elsewhere, as the page drops them."""
    for student in map(str, school.students):
        for one in costs(services.store, PILOT, proposal=number, choices=[], student=student, slot=SLOT):
            if one.kind == "free":
                return {"student": student, "need": one.need, "staff": one.staff}
    raise AssertionError("nobody may go elsewhere")


def test_a_drop_fixes_the_place_shows_its_effect_and_is_undone(
    signed_in: Callable[[str], Client], services: Services, grouped: School, found: int
) -> None:
    client, place = signed_in("pilote"), free_place(services, grouped, found)
    student = place["student"]
    told = str(tell(client, "rg-dropped", place, found))
    assert "Élève placé" in told
    assert "1\\xa0choix à calculer" in told or "1\u00a0choix à calculer" in told
    assert "(calculé" in told
    rows = statements(services.store, PILOT, band=grouped.band)
    assert rows.select("kind", "need").rows() == [("pin", place["need"])]
    card = re.search(rf"data-group=\\?\"{re.escape(place['need'])}\|.*?</article>", told, re.S)
    assert card is not None
    assert f'data-student="{student}"' in card[0].replace("\\", "")
    undo = [{"id": "rg-undo", "property": "n_clicks", "value": 1}]
    state = [url(f"?etape=ajuster&proposition={found}")]
    assert "Choix annulé" in call(client, inputs=undo, state=state).get_data(as_text=True).encode().decode(
        "unicode_escape"
    )
    assert statements(services.store, PILOT, band=grouped.band).is_empty()
    assert "Rien \\u00e0 annuler" in call(client, inputs=undo, state=state).get_data(as_text=True)


def test_undoing_a_second_drop_brings_the_first_back(
    signed_in: Callable[[str], Client], services: Services, grouped: School, found: int
) -> None:
    client, first = signed_in("pilote"), free_place(services, grouped, found)
    student, second = first["student"], seat(services, found, first["student"])
    tell(client, "rg-dropped", first, found)
    tell(client, "rg-dropped", {"student": student, "need": second[0], "staff": second[1]}, found)
    undo = [{"id": "rg-undo", "property": "n_clicks", "value": 1}]
    for needs in ([first["need"]], []):
        call(client, inputs=undo, state=[url(f"?etape=ajuster&proposition={found}")])
        assert statements(services.store, PILOT, band=grouped.band)["need"].to_list() == needs


def test_computing_again_keeps_the_choice_and_tells_what_moved(
    signed_in: Callable[[str], Client], services: Services, grouped: School, found: int
) -> None:
    client, place = signed_in("pilote"), free_place(services, grouped, found)
    student = place["student"]
    tell(client, "rg-dropped", place, found)
    answer = press(client, "rg-again", state=[url(f"?etape=ajuster&proposition={found}")])
    job = services.jobs.find(re.search(r"tache=(\w+)", answer)[1])
    job.wait()
    number = job.result.proposal
    assert seat(services, number, student) == (place["need"], place["staff"])
    row, earlier = (proposal(services.store, PILOT, proposal=key) for key in (number, found))
    changes = changes_since(row, earlier)
    assert [change.student for change in changes if change.asked] == [student]
    assert len(changes) <= 3
    text = open_page(client, "/regroupement", f"?etape=ajuster&proposition={number}")
    assert "Depuis la proposition A" in text
    assert "votre choix" in text


def test_a_place_under_the_floor_is_lawful_once_chosen(
    services: Services, grouped: School, found: int
) -> None:
    row = proposal(services.store, PILOT, proposal=found)
    weak = min(
        ((entry["intensity"].get(group["need"], 0), entry["id"], group["need"])
         for entry in row.problem["students"] for group in row.solution["groups"]
         if entry["id"] not in group["students"] and group["need"] != "ACC-ETU"),
    )  # fmt: skip
    assert weak[0] < 25
    told = costs(services.store, PILOT, proposal=found, choices=[], student=weak[1], slot=SLOT)
    assert next(one for one in told if one.need == weak[2]).kind in ("ask", "free")
    done = by_hand(services.store, PILOT, proposal=found, choices=[Choice(weak[1], SLOT, weak[2], None)])
    assert "besoin trop faible pour y être placé" not in done.broken


def test_a_decided_proposal_is_no_longer_adjusted(
    signed_in: Callable[[str], Client], services: Services, found: int
) -> None:
    reject(services.store, DIRECTION, proposal=found, reason="Trop tôt", now=NOW)
    told = tell(signed_in("pilote"), "rg-grabbed", {"student": "1"}, found)
    assert "Plus d’ajustement ici" in str(told)


def test_a_teacher_gets_no_cost(signed_in: Callable[[str], Client], grouped: School, found: int) -> None:
    told = tell(signed_in("prof"), "rg-grabbed", {"student": str(grouped.students[0])}, found)
    assert "Geste réservé" in str(told)
    assert "rg-costs" not in told.get("response", {})


def test_what_moved_is_told_in_words_those_asked_for_first() -> None:
    names = Names(
        students={key: Person(int(key), last, "Zoé", "2TNE") for key, last in (("1", "Abadie"), ("2", "Boulanger"))},
        staff={"a": "Mme A"}, slots={SLOT: "mardi 10 h"}, rooms={}, divisions={},
        needs={"LEC": ("Atelier lecture", "Lecture", "REM"), "MAT": ("Atelier calcul", "Calcul", "REM")},
    )  # fmt: skip
    changes = [
        Change("1", SLOT, ("LEC", "a"), ("MAT", "a"), -12, asked=False),
        Change("2", SLOT, None, ("LEC", "a"), 40, asked=True),
    ]
    words = str(since_card(changes, names, earlier="Proposition A").to_plotly_json()["props"]["data-still"])
    assert "2\u00a0places changent, dont 1\u00a0sans que vous l’ayez demandé" in words
    assert words.index("Boulanger Z.") < words.index("Abadie Z.")
    assert "−\u00a012\u00a0points de besoin" in words
    nothing = since_card([], names, earlier="Proposition A").to_plotly_json()["props"]["data-still"]
    assert "personne ne change de groupe" in nothing


def test_a_student_without_group_is_taken_and_put_in_one(
    signed_in: Callable[[str], Client], services: Services, grouped: School, found: int
) -> None:
    number, student = left_out(services, found)
    client, search = signed_in("pilote"), f"?etape=ajuster&proposition={number}"
    page = open_page(client, "/regroupement", search).replace("\\", "")
    apart = re.search(r"<section class=\"rg-left\".*?</section>", page, re.S)
    assert apart is not None
    assert f'data-student="{student}"' in apart[0]
    assert "1\u00a0élève sans groupe à ce créneau" in apart[0]
    told = tell(client, "rg-grabbed", {"student": student}, number)["response"]["rg-costs"]["data"]["groups"]
    need, staff = next(key.split("|") for key, one in told.items() if one["kind"] == "free")
    dropped = str(tell(client, "rg-dropped", {"student": student, "need": need, "staff": staff}, number))
    assert "Élève placé" in dropped
    assert "rg-left" not in dropped
    panel = open_page(client, "/regroupement", f"{search}&eleve={student}")
    assert "Pourquoi ici" in panel
    assert "Interdire ce groupe" not in panel

"""Absurd and contradictory demands and rules, told as they are typed and where they stand."""

import itertools
from collections.abc import Callable

import pytest

from apdash.pages.regrouping.step_search import no_answer
from apdash.rebalancing import Outcome
from apdash.rebalancing.cautions import cautions_of
from apdash.rebalancing.loosening import Change
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.statements import Statement, add_statement
from tests.conftest import Client, call, open_page
from tests.pages.regrouping.acts import url
from tests.school_factory import DIRECTION, NOW, PILOT, School

FIELDS = ("kind", "students", "slot", "need", "staff", "most")


def typed(client: Client, **values: object) -> str:
    """Fill in the form of a demand; return what is said of it."""
    inputs = [{"id": f"rg-state-{name}", "property": "value", "value": values.get(name)} for name in FIELDS]
    answer = call(client, inputs=inputs, state=[url("?bande=2-A")])
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return str(answer.get_json())


def add(services: Services, school: School, statement: Statement, viewer: Viewer = DIRECTION) -> None:
    add_statement(services.store, viewer, services.reference, band=school.band, statement=statement, now=NOW)


def cautions(services: Services, school: School, viewer: Viewer, typed: Statement | None = None) -> str:
    found = cautions_of(services, viewer, band=school.band, review=school.review, typed=typed)
    return " ".join(found)


def test_a_place_nobody_leads_is_warned_about_as_it_is_typed(
    signed_in: Callable[[str], Client], school: School
) -> None:
    client, student = signed_in("pilote"), school.students[0]
    slot = school.slots["mar-10"]
    assert "Personne n’anime ce besoin" in typed(
        client, kind="pin", students=[student], slot=slot, need="REM-LVE"
    )
    assert "notice" not in typed(client, kind="pin", students=[student], slot=slot, need="REM-LEC")
    assert "notice" not in typed(client, kind="pin", students=[student])
    assert "notice" not in typed(client, kind="pin")


@pytest.mark.parametrize(
    ("kind", "most", "words"), [("pin", 1, "un seul élève"), ("together", 2, "deux élèves")]
)
def test_too_many_students_are_told_as_they_are_chosen(
    signed_in: Callable[[str], Client], school: School, kind: str, most: int, words: str
) -> None:
    client = signed_in("pilote")
    assert words in typed(client, kind=kind, students=school.students[: most + 1])
    assert words not in typed(client, kind=kind, students=school.students[:most])


def test_a_ban_from_everything_is_warned_about(signed_in: Callable[[str], Client], school: School) -> None:
    said = typed(signed_in("pilote"), kind="ban", students=[school.students[0]], slot=school.slots["mar-10"])
    assert "dans aucun groupe" in said


def test_a_teacher_is_refused_what_he_types(signed_in: Callable[[str], Client], school: School) -> None:
    said = typed(
        signed_in("prof"), kind="pin", students=[school.students[0]], slot=school.slots["mar-10"], need="X"
    )
    assert "Geste réservé" in said


def test_more_separations_than_students_are_told_to_the_direction_as_the_next_is_typed(
    services: Services, school: School
) -> None:
    pairs = [Statement("apart", pair) for pair in itertools.combinations(school.students[:8], 2)]
    for pair in pairs[:8]:
        add(services, school, pair)
    assert "séparations" not in cautions(services, school, DIRECTION)
    assert "9 séparations pour une division de 8 élèves." in cautions(services, school, DIRECTION, pairs[8])
    add(services, school, pairs[8])
    assert "9 séparations" in cautions(services, school, DIRECTION)
    # What the direction keeps to itself cannot be guessed from what others are warned of.
    assert cautions(services, school, PILOT) == ""
    together = Statement("together", pairs[0].students)
    assert cautions(services, school, PILOT, together) == ""
    assert "Une règle posée par la direction" in cautions(services, school, DIRECTION, together)


def test_what_stands_and_does_not_hold_is_shown_above_the_demands(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    client = signed_in("pilote")
    assert "À revoir avant de chercher" not in open_page(client, "/regroupement", "?bande=2-A")
    slot, student = school.slots["mar-10"], school.students[0]
    for need in ("REM-LEC", "REM-MAT"):
        add(services, school, Statement("pin", (student,), slot=slot, need=need), PILOT)
    page = open_page(client, "/regroupement", "?bande=2-A")
    assert "À revoir avant de chercher" in page
    assert "mardi" in page.split("À revoir avant de chercher")[1]


def test_a_rule_that_closes_every_need_is_warned_about(
    signed_in: Callable[[str], Client], school: School
) -> None:
    def told(**rules: int) -> str:
        keys = [{"type": "rg-rule", "name": name} for name in rules]
        inputs = [[{"id": key, "property": "value", "value": rules[key["name"]]} for key in keys]]
        state = [[{"id": key, "property": "id", "value": key} for key in keys], url("?bande=2-A")]
        answer = call(client, inputs=inputs, state=state)
        return str(answer.get_json())

    client = signed_in("pilote")
    assert "notice" not in told(max_needs_open=7, division_share=60, floor=25, urgent_from=75)
    said = told(max_needs_open=7, division_share=20, floor=25, urgent_from=75)
    assert "aucune division au-dessus de 20" in said.lower()


def test_what_the_time_left_unproven_of_a_conflict_is_said() -> None:
    class At:
        def href(self, **_: object) -> str:
            return "#"

    change = Change("Effectif maximum : 12 au lieu de 10.", need="REM-LEC", limit="max_size", value=12)
    proven = Outcome(None, "infeasible", conflict=("Une.", "Deux."), changes=(change,))
    assert "peut-être" not in str(no_answer(proven, At()))  # type: ignore[arg-type]
    loose = Outcome(
        None, "infeasible", conflict=("Une.",), changes=(change,), irreducible=False, smallest=False
    )
    said = str(no_answer(loose, At()))  # type: ignore[arg-type]
    assert "l’un de ces points n’y est peut-être pour rien" in said
    assert "un assouplissement plus petit existe peut-être" in said
    assert "ne tiennent pas ensemble" in str(no_answer(proven, At()))  # type: ignore[arg-type]
    assert "Ceci ne peut pas être tenu" in said
    assert "les salles et les séances de la période suffisent" in said

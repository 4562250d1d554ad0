"""Regroupement through HTTP: what the pilot, the direction and a teacher see and may do."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from plotly.utils import PlotlyJSONEncoder

from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.settings import wanted_of
from apdash.pages.regrouping.step_search import no_answer
from apdash.rebalancing import Outcome, Parameters, regroup, start_regroup
from apdash.rebalancing.loosening import Change, loosened
from apdash.services import Services
from apdash.store.commands.proposals import propose
from apdash.store.commands.statements import Statement, add_statement
from apdash.store.queries.bands import statements
from apdash.store.queries.groups import groups_in_force
from apdash.store.queries.proposals import proposal, proposals
from tests.conftest import Client, call, open_page
from tests.pages.regrouping.acts import press, url
from tests.school_factory import DIRECTION, NOW, PILOT, YEAR, School


def test_the_page_is_refused_to_a_teacher(signed_in: Callable[[str], Client]) -> None:
    text = open_page(signed_in("prof"), "/regroupement")
    assert "Geste réservé" in text
    assert "ABADIE" not in text


def test_preparing_says_what_is_there_division_by_division(signed_in: Callable[[str], Client]) -> None:
    text = open_page(signed_in("pilote"), "/regroupement")
    for words in ("2ASSP", "clos le 18", "5 sur 5", "Mme ROUSSEL", "Chercher les groupes", "CDI (30)"):
        assert words in text


def test_a_placement_is_told_before_searching(signed_in: Callable[[str], Client], school: School) -> None:
    away = {
        "division": school.divisions["2MRC"],
        "starts_on": date(2026, 11, 16),
        "ends_on": date(2026, 12, 11),
    }
    school.add("placement", away)
    text = open_page(signed_in("pilote"), "/regroupement")
    assert "2 sur 5" in text
    assert "en PFMP jusqu’au 11" in text


def test_an_open_bilan_is_a_warning(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    with services.store.write() as tx:
        tx.run(
            "update review_division set closed_at = null where division = $division",
            division=school.divisions["2TNE"],
        )
    assert "Le bilan n’est pas clos pour 2TNE" in open_page(signed_in("pilote"), "/regroupement")


def test_pairs_kept_apart_are_shown_to_the_direction_alone(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    pair = Statement(kind="apart", students=tuple(school.students[:2]))
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=pair, now=NOW)
    assert "dans deux groupes différents" in open_page(signed_in("proviseure"), "/regroupement")
    pilot = open_page(signed_in("pilote"), "/regroupement")
    assert "dans deux groupes différents" not in pilot
    assert "Séparer" not in pilot


def test_a_proposal_is_told_in_figures_and_words(signed_in: Callable[[str], Client], draft: int) -> None:
    text = open_page(signed_in("pilote"), "/regroupement", f"?etape=proposer&proposition={draft}")
    for words in ("Proposition A", "Besoin couvert", "Aucune autre répartition", "Propositions côte à côte"):
        assert words in text
    assert "score" not in text.lower()


def test_places_without_a_group_are_never_taken_for_students(
    signed_in: Callable[[str], Client], draft: int
) -> None:
    client = signed_in("pilote")
    proposed = open_page(client, "/regroupement", f"?etape=proposer&proposition={draft}")
    assert proposed.count("Places sans groupe (élève × créneau)") == 2
    adjusted = open_page(client, "/regroupement", f"?etape=ajuster&proposition={draft}")
    assert "Places sans groupe" in adjusted
    assert "(élève × créneau)" in adjusted


def test_an_impossible_search_shows_its_ways_out_as_buttons(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    for student in school.students[:12]:
        pin = Statement(kind="pin", students=(student,), slot=school.slots["mar-10"], need="REM-LEC")
        add_statement(services.store, PILOT, services.reference, band=school.band, statement=pin, now=NOW)
    job = start_regroup(services, PILOT, band=school.band, review=school.review)
    job.wait()
    client, search = signed_in("pilote"), f"?etape=proposer&tache={job.id}&fini=oui"
    text = open_page(client, "/regroupement", search)
    assert "Ces demandes et ces règles ne tiennent pas ensemble" in text
    index = next(place for place, one in enumerate(job.result.changes) if not one.by_hand)
    answer = press(client, {"type": "rg-loosen", "index": index}, state=[url(search)])
    assert "tache=" in answer
    services.jobs.find(re.search(r"tache=(\w+)", answer)[1]).wait()


def test_computing_again_is_about_the_proposal_on_screen_when_the_address_names_none(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    outcome = regroup(services, PILOT, band=school.band, review=school.review)
    answer = press(signed_in("pilote"), "rg-again", state=[url("?etape=ajuster")])
    job = services.jobs.find(re.search(r"tache=(\w+)", answer)[1])
    job.wait()
    assert job.result.proposal != outcome.proposal
    assert (
        proposal(services.store, PILOT, proposal=job.result.proposal).parameters["after"] == outcome.proposal
    )


def test_what_takes_several_loosenings_is_applied_in_one_click() -> None:
    changes = (Change("Ouvrir 5 besoins.", rule="max_needs_open", value=5), Change("Lever.", statement=3))
    outcome = Outcome(None, "infeasible", conflict=("Placer A.",), changes=changes)
    at = Asked({"code": "2-A"}, {"code": "P1"}, "proposer", None, None, None)
    told = json.dumps(no_answer(outcome, at).to_plotly_json(), cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert "Appliquer ces deux assouplissements et chercher" in told
    assert told.count("rg-loosen") == 1
    by_hand = replace(outcome, changes=(changes[0], Change("Une salle de plus.")))
    told = json.dumps(no_answer(by_hand, at).to_plotly_json(), cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert told.count("rg-loosen") == 2


def test_computing_again_keeps_what_was_loosened(services: Services, school: School) -> None:
    loose = Parameters(floor=10, limits={"REM-LEC": {"max_size": 14}})
    found = regroup(services, PILOT, band=school.band, review=school.review, parameters=loose)
    again = wanted_of(services, PILOT, number=found.proposal or 0)
    assert again.limits == {"REM-LEC": {"max_size": 14}}
    assert again.rules["floor"] == 10


def test_groups_show_their_students_and_a_student_says_why(
    signed_in: Callable[[str], Client], draft: int, school: School
) -> None:
    client, student = signed_in("pilote"), school.students[0]
    assert "Atelier lecture" in open_page(client, "/regroupement", f"?etape=ajuster&proposition={draft}")
    text = open_page(client, "/regroupement", f"?etape=ajuster&proposition={draft}&eleve={student}")
    assert "Pourquoi ici" in text
    assert "Et ailleurs, mardi" in text


def test_a_rule_of_the_direction_is_never_told_with_names(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    pair = Statement(kind="apart", students=tuple(school.students[:2]))
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=pair, now=NOW)
    found = regroup(services, PILOT, band=school.band, review=school.review)
    first, second = school.students[:2]
    text = open_page(
        signed_in("pilote"), "/regroupement", f"?etape=ajuster&proposition={found.proposal}&eleve={first}"
    )
    panel = text[text.index("Pourquoi ici") :]
    other = services.store.read("select last_name, first_name from student where id = $id", id=second).row(0)
    assert f"{other[1]} {other[0].title()}" not in panel
    assert "règle posée par la direction" in panel


def test_fixing_a_place_is_a_demand_that_waits_to_be_computed(
    signed_in: Callable[[str], Client], services: Services, school: School, draft: int
) -> None:
    client, student = signed_in("pilote"), school.students[0]
    button = {"type": "rg-pin", "student": student, "slot": "mar-10", "need": "ACC-ETU",
              "staff": str(school.staff["nguyen"])}  # fmt: skip
    search = f"?etape=ajuster&proposition={draft}"
    answer = press(client, button, state=[url(search)])
    rows = statements(services.store, PILOT, band=school.band)
    assert rows.select("kind", "need").rows() == [("pin", "ACC-ETU")]
    assert str(student) in answer
    assert "1\u00a0choix à calculer" in open_page(client, "/regroupement", search)


def decide(client: Client, act: str, *, number: int, reason: str = "") -> str:
    """Press one of the buttons of the decision; return what the callback answers, as text."""
    button = {"type": "rg-decide", "act": act}
    words = [{"id": {"type": "rg-reason", "index": 0}, "property": "value", "value": reason}]
    state = [words, url(f"?etape=valider&proposition={number}")]
    return press(client, button, state=state)


def test_a_proposal_goes_from_draft_to_groups_in_force(
    signed_in: Callable[[str], Client], services: Services, school: School, draft: int
) -> None:
    pilot, direction = signed_in("pilote"), signed_in("proviseure")
    assert "Proposée à la direction" in decide(pilot, "propose", number=draft)
    assert "Geste réservé" in decide(pilot, "validate", number=draft)
    assert "Proposition validée" in decide(direction, "validate", number=draft)
    assert "Proposition publiée" in decide(pilot, "publish", number=draft)
    told = decide(pilot, "adopt", number=draft)
    assert "Groupes mis en vigueur" in told
    assert "Personne ne quitte un groupe" in told  # the first groups of the year
    assert groups_in_force(services.store, PILOT, on=date(2026, 11, 24), band=school.band).height >= 3
    text = open_page(direction, "/regroupement", f"?etape=valider&proposition={draft}")
    assert "Listes à distribuer" in text
    assert "Mise en vigueur annulée" in decide(direction, "undo", number=draft)
    assert groups_in_force(services.store, PILOT, on=date(2026, 11, 24), band=school.band).is_empty()


def test_a_rejection_wants_a_reason_and_keeps_the_proposal_readable(
    signed_in: Callable[[str], Client], services: Services, school: School, draft: int
) -> None:
    client = signed_in("proviseure")
    assert "Motif attendu" in decide(client, "reject", number=draft)
    decide(client, "reject", number=draft, reason="Trop de changements")
    listed = open_page(client, "/regroupement", "?etape=propositions")
    assert "Trop de changements" in listed
    assert "Chercher d’autres groupes" in open_page(
        client, "/regroupement", f"?etape=valider&proposition={draft}"
    )
    assert "Atelier" in open_page(client, "/regroupement", f"?etape=ajuster&proposition={draft}")


def test_what_changed_underneath_is_told_and_stops_the_decision(
    signed_in: Callable[[str], Client], services: Services, school: School, draft: int
) -> None:
    propose(services.store, PILOT, proposal=draft, now=NOW)
    with services.store.write() as tx:
        tx.run("update intensity set value = 3 where need = 'REM-LEC'")
    text = open_page(signed_in("proviseure"), "/regroupement", f"?etape=valider&proposition={draft}")
    assert "les besoins du bilan ont changé" in text
    assert "Recalculer" in text


def test_an_impossible_search_offers_ways_out(services: Services, school: School) -> None:
    for student in school.students[:12]:
        pin = Statement(kind="pin", students=(student,), slot=school.slots["mar-10"], need="REM-LEC")
        add_statement(services.store, PILOT, services.reference, band=school.band, statement=pin, now=NOW)
    found = regroup(services, PILOT, band=school.band, review=school.review)
    assert (found.proposal, found.status) == (None, "infeasible")
    assert found.conflict
    change = next(one for one in found.changes if not one.by_hand)
    if change.statement is None:
        again = regroup(
            services,
            PILOT,
            band=school.band,
            review=school.review,
            parameters=loosened(found.parameters, change),
        )
        assert again.status != "infeasible"
    else:
        assert change.statement in statements(services.store, PILOT, band=school.band)["statement"].to_list()


def test_a_teacher_cannot_start_a_search_by_calling_the_callback(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    rules = {"max_needs_open": 7, "division_share": 60, "floor": 25, "urgent_from": 75}
    names = [{"type": "rg-rule", "name": name} for name in rules]
    state = [
        [{"id": key, "property": "value", "value": rules[key["name"]]} for key in names],
        [{"id": key, "property": "id", "value": key} for key in names],
        {"id": "rg-start-dial", "property": "value", "value": "libre"},
        {"id": "rg-history", "property": "value", "value": ["oui"]},
        url(""),
    ]
    answer = press(signed_in("prof"), "rg-search", state=state)
    assert "Geste réservé" in answer
    assert proposals(services.store, PILOT, year=YEAR).is_empty()


def test_a_search_followed_to_its_end_leads_to_its_proposal(
    signed_in: Callable[[str], Client], services: Services, school: School
) -> None:
    client = signed_in("pilote")
    rules = {"max_needs_open": 7, "division_share": 60, "floor": 25, "urgent_from": 75}
    names = [{"type": "rg-rule", "name": name} for name in rules]
    state = [
        [{"id": key, "property": "value", "value": rules[key["name"]]} for key in names],
        [{"id": key, "property": "id", "value": key} for key in names],
        {"id": "rg-start-dial", "property": "value", "value": "30"},
        {"id": "rg-history", "property": "value", "value": ["oui"]},
        url("?bande=2-A"),
    ]
    answer = press(client, "rg-search", state=state)
    job = services.jobs.find(re.search(r"tache=(\w+)", answer)[1])
    assert job is not None
    job.wait()
    search = f"?bande=2-A&etape=proposer&tache={job.id}"
    tick = [{"id": "rg-tick", "property": "n_intervals", "value": 1}]
    told = call(client, inputs=tick, state=[url(search)])
    found = proposals(services.store, PILOT, year=YEAR)
    assert found["label"].to_list() == ["Proposition A"]
    assert f"proposition={found['proposal'].item()}" in told.get_data(as_text=True)

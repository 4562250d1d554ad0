"""Workshop bilans, objectives and bulletin lines on screen: who sees what, what is refused, what is said."""

from collections.abc import Callable
from datetime import datetime

import polars as pl
import pytest

from apdash.bulletin import Result, bulletin_line
from apdash.errors import ApdashError
from apdash.exports import write_export
from apdash.pages.aims.facts import to_reshape
from apdash.pages.aims.gestures import do_act, do_form
from apdash.readable import warned_words
from apdash.services import Services
from apdash.store.commands.objectives import set_objective
from apdash.store.commands.seen_again import ask_seen
from apdash.store.commands.workshops import record_results
from apdash.store.queries.objectives import objectives_of_student, programmes_of_student, seen_in_class
from apdash.store.queries.workshops import workshop_results
from tests.conftest import Client, call, enter_demo, open_page
from tests.school_factory import PILOT, School
from tests.store.workshop_school import NOW, ON, PERIOD, group_of, workshop_school

URL = "/ateliers/saisie"
ATTAINED, STEADY = {"state": "level", "level": 3}, {"state": "level", "level": 3}


@pytest.fixture
def school(services: Services, add_account: Callable[..., None]) -> School:
    """The school of `workshop_school`, entered by its adults on 18 November."""
    made = workshop_school(services)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    for name in ("lecture", "calcul", "lettres", "titulaire"):
        add_account(name, "teacher", staff=made.staff[name])
    return made


def shown(client: Client, path: str, search: str = "") -> str:
    return open_page(client, path, search).replace("\u00a0", " ")


def look(client: Client, group: int, **more: str) -> dict:
    answer = client.get(URL, query_string={"review": PERIOD, "division": group, **more})
    return answer.get_json() | {"status": answer.status_code}


def type_in(client: Client, group: int, *entries: list, assessor: str = "login:lecture") -> dict:
    client.get("/", headers={"Accept": "text/html"})
    body = {"assessor": assessor, "review": PERIOD, "division": group, "entries": list(entries)}
    token = client.get_cookie("_csrf_token").value
    answer = client.post(URL, json=body, headers={"X-CSRFToken": token})
    return answer.get_json() | {"status": answer.status_code}


def test_the_grid_shows_each_student_with_their_objective_and_keeps_what_is_typed(
    client: Client, services: Services, school: School
) -> None:
    group, ana = group_of(services, "REM-LEC"), school.students[0]
    set_objective(services.store, PILOT, student=ana, text="Je lis seul", group=group, on=ON, now=NOW)
    enter_demo(client, "lecture")
    page = look(client, group)
    assert page["students"][0][2:] == ["2TNE", [["Je lis seul", ""]]]
    assert [one["code"] for one in page["competencies"]] == ["outcome", "involvement", "words"]
    words = {"state": "text", "text": "Lit mieux"}
    said = type_in(
        client, group, [ana, "outcome", ATTAINED], [ana, "involvement", STEADY], [ana, "words", words]
    )
    assert (said["status"], said["refused"]) == (200, [])
    assert workshop_results(services.store, PILOT, group=group, period=PERIOD).rows() == [
        (ana, "attained", 3, "Lit mieux")
    ]
    assert sorted(cell[1] for cell in look(client, group)["cells"]["own"]) == [
        "involvement",
        "outcome",
        "words",
    ]
    version = look(client, group)["version"]
    assert look(client, group, version=version).keys() == {"version", "status"}
    type_in(client, group, [ana, "outcome", None], [ana, "involvement", None], [ana, "words", None])
    assert look(client, group)["cells"]["own"] == []


@pytest.mark.parametrize(
    "entry",
    [
        ["x", "outcome", ATTAINED],
        [1],
        [1006, "marks", ATTAINED],
        [1006, "outcome", {"state": "level", "level": 4}],
        [1006, "outcome", {"state": "level", "level": [3]}],
        [1006, "involvement", {"state": "level", "level": 0}],
        [1006, "words", {"state": "text", "text": "a" * 201}],
    ],
)
def test_what_the_grid_never_sends_is_refused(
    client: Client, services: Services, school: School, entry: list
) -> None:
    group = group_of(services, "REM-LEC")
    enter_demo(client, "lecture")
    assert type_in(client, group, entry)["status"] == 422
    assert workshop_results(services.store, PILOT, group=group, period=PERIOD).is_empty()


def test_one_s_own_groups_only_and_under_one_s_own_name(
    client: Client, services: Services, school: School
) -> None:
    group = group_of(services, "REM-LEC")
    assert client.get(URL).status_code == 401
    enter_demo(client, "calcul")
    assert look(client, group)["status"] == 422
    cell = [school.students[0], "outcome", ATTAINED]
    assert type_in(client, group, cell, assessor="login:calcul")["status"] == 422
    assert type_in(client, group, cell, assessor="login:lecture")["status"] == 409
    page = shown(client, "/ateliers", f"?groupe={group}")
    assert "n’est pas le vôtre" in page
    assert "ABADIE" not in page
    enter_demo(client, "lecture")
    stranger = type_in(client, group, [school.students[5], "outcome", ATTAINED])
    assert stranger["refused"] == [[school.students[5], "outcome", "cet élève n’est plus dans le groupe"]]


def test_the_list_tells_what_is_left_and_home_leads_there(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lecture")
    page = shown(client, "/ateliers")
    assert "Il vous reste 4 élèves dans 1 atelier pour la période 1" in page
    assert "2AP01" in page
    assert "2AP02" not in page
    assert "Bilan d’atelier : Atelier lecture" in shown(client, "/")
    enter_demo(client, "pilote")
    assert "8 élèves sans réponse dans 2 ateliers" in shown(client, "/ateliers")
    assert "2 bilans d’atelier incomplets" in shown(client, "/")
    enter_demo(client, "lettres")
    assert "Vous n’animez aucun groupe" in shown(client, "/ateliers")


def test_a_school_without_periods_is_told_so(
    client: Client, services: Services, add_account: Callable[..., None]
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
        tx.run("insert into school_year values (2026, date '2026-09-01', date '2027-07-02')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    assert "Aucune période" in shown(client, "/ateliers")


def test_the_objective_of_a_group_is_given_agreed_and_asked_about(services: Services, school: School) -> None:
    group, reader = group_of(services, "REM-LEC"), school.teacher("lecture")
    fields = {"text": "Je lis seul", "evidence": "3 fiches", "due": "2026-11-27"}
    said, warned = do_form(services, reader, f"give-{group}", fields)
    assert (said.replace("\u00a0", " "), warned) == ("L’objectif est donné à 4 élèves.", "")
    said, _ = do_form(services, reader, f"give-{group}", fields)
    assert said.replace("\u00a0", " ") == "L’objectif est donné à 0 élève (4 l’avaient déjà)."
    number = objectives_of_student(services.store, PILOT, student=school.students[0], on=ON)[
        "objective"
    ].item()
    do_act(services, reader, "agree-family", number)
    do_form(services, reader, f"ask-{number}", {"staff": str(school.staff["lettres"])})
    do_act(services, school.teacher("lettres"), "unseen", number)
    assert seen_in_class(services.store, PILOT, student=school.students[0])["seen"].to_list() == [False]
    for form, said in ((f"ask-{number}", {}), ("programme-1", {}), ("other-1", {}), ("give-x", fields)):
        with pytest.raises(ApdashError):
            do_form(services, reader, form, said)
    with pytest.raises(ApdashError):
        do_act(services, reader, "other", number)


def test_an_objective_is_said_otherwise_and_a_dispositif_ended_or_taken_back(
    services: Services, school: School
) -> None:
    store, ana = services.store, school.students[0]
    do_form(
        services, PILOT, f"objective-{ana}", {"text": "Je lis", "about": "need-REM-LEC", "agreed": "both"}
    )
    number = objectives_of_student(store, PILOT, student=ana, on=ON)["objective"].item()
    do_form(services, PILOT, f"revise-{number}", {"text": "Je lis seul", "evidence": "", "due": "2026-11-30"})
    row = objectives_of_student(store, PILOT, student=ana, on=ON).row(0, named=True)
    assert (row["text"], str(row["due_on"]), row["agreed_with"]) == ("Je lis seul", "2026-11-30", None)
    for what in ("end-programme", "remove-programme"):
        fields = {"scheme": "SOU", "starts": "2026-11-02", "group": "none", "staff": "none"}
        do_form(services, PILOT, f"programme-{ana}", fields)
        programme = programmes_of_student(store, PILOT, student=ana)["programme"][0]
        do_act(services, PILOT, what, programme)
    assert [str(day) for day in programmes_of_student(store, PILOT, student=ana)["ends_on"]] == ["2026-11-18"]


def test_an_objective_missed_twice_calls_for_another_form() -> None:
    rows = [
        (2026, period, need, name, outcome)
        for period, need, name, outcome in (
            (3, "REM-LEC", "Atelier lecture", "not_yet"), (2, "REM-LEC", "Atelier lecture", "in_progress"),
            (1, "REM-LEC", "Atelier lecture", "not_yet"), (3, "REM-MAT", "Atelier calcul", "not_yet"),
            (2, "REM-MAT", "Atelier calcul", "attained"), (1, "REM-MAT", "Atelier calcul", "not_yet"),
            (1, "REM-LVE", "Atelier langues", "not_yet"),
        )
    ]  # fmt: skip
    results = pl.DataFrame(rows, ["year", "period", "need", "name", "outcome"], orient="row")
    assert to_reshape(results, year=2026) == ["Atelier lecture"]
    assert to_reshape(results, year=2025) == []


def test_words_on_health_or_family_are_warned_of(services: Services, school: School) -> None:
    assert warned_words("Élève DYS, dossier MDPH") == ["dys", "mdph"]
    assert warned_words("Le système hydraulique, un foyer de dysfonctionnement") == ["foyer"]
    form, fields = f"objective-{school.students[0]}", {"text": "Demander l’AESH", "about": "none"}
    assert "aesh" in do_form(services, PILOT, form, fields)[1]


def test_the_student_s_page_shows_what_this_person_may_do(
    client: Client, services: Services, school: School
) -> None:
    group, ana = group_of(services, "REM-LEC"), school.students[0]
    number = set_objective(
        services.store, PILOT, student=ana, text="Je lis seul", group=group, on=ON, now=NOW
    )
    ask_seen(services.store, PILOT, objective=number, staff=school.staff["lettres"], on=ON, now=NOW)
    record_results(
        services.store, PILOT, group=group, period=PERIOD, entries=[(ana, "outcome", "in_progress")], now=NOW
    )
    enter_demo(client, "lecture")
    page = shown(client, "/eleve", f"?id={ana}")
    assert "En cours" in page
    assert "Fixer un objectif" in page
    assert "Bilans d’atelier (1)" in page
    enter_demo(client, "lettres")
    other = shown(client, "/eleve", f"?id={ana}")
    assert "Je lis seul" in other
    assert "L’avez-vous revu en classe" in other
    for hidden in ("En cours", "Fixer un objectif", "Bilans d’atelier"):
        assert hidden not in other
    home = shown(client, "/")
    assert "L’avez-vous revu en classe" in home
    button = {"id": {"aims": "act", "key": str(number), "what": "seen"}, "property": "n_clicks", "value": 1}
    answer = call(
        client, inputs=[[button]], state=[{"id": "url", "property": "search", "value": ""}],
    )  # fmt: skip
    assert answer.status_code == 200
    assert "L’avez-vous revu en classe" not in shown(client, "/")
    assert "Revu en classe par Mme LETTRES" in shown(client, "/eleve", f"?id={ana}")


def test_an_objective_attained_is_not_abandoned(client: Client, services: Services, school: School) -> None:
    group, ana = group_of(services, "REM-LEC"), school.students[0]
    set_objective(services.store, PILOT, student=ana, text="Je lis seul", group=group, on=ON, now=NOW)
    enter_demo(client, "lecture")
    assert "Abandonner" in shown(client, "/eleve", f"?id={ana}")
    type_in(client, group, [ana, "outcome", ATTAINED])
    assert "Abandonner" not in shown(client, "/eleve", f"?id={ana}")


def said_of(*results: tuple, rank: int = 2) -> str:
    return bulletin_line([Result(*one) for one in results], rank=rank).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("results", "line"),
    [
        ((), ""),
        (((1, "Atelier lecture", "attained", 3),), ""),
        (
            ((2, "Atelier lecture", "attained", 3),),
            "Accompagnement personnalisé : atelier lecture, objectif atteint. Implication régulière.",
        ),
        (
            ((1, "Atelier langues", "not_yet", 2), (2, "Atelier lecture", "in_progress", 4),
             (2, "Étude accompagnée", None, 4)),
            "Accompagnement personnalisé : atelier lecture, objectif en bonne voie ; étude accompagnée. "
            "Implication soutenue, en progrès.",
        ),
        (
            ((1, "Atelier lecture", "attained", 4), (2, "Atelier lecture", "attained", 2),
             (2, "Atelier lecture", "not_yet", 3)),
            "Accompagnement personnalisé : atelier lecture, objectif à poursuivre. "
            "Implication régulière, moins soutenue qu’à la période précédente.",
        ),
        (
            ((1, "Étude accompagnée", None, 3), (2, "Étude accompagnée", None, 3)),
            "Accompagnement personnalisé : étude accompagnée. Implication régulière, stable.",
        ),
        (
            ((2, "Atelier lecture", "attained", None),),
            "Accompagnement personnalisé : atelier lecture, objectif atteint.",
        ),
    ],
)  # fmt: skip
def test_the_bulletin_line_is_one_plain_sentence_for_several_workshops(results: tuple, line: str) -> None:
    assert said_of(*results) == line


def test_the_lines_of_a_division_are_for_its_professeur_principal_and_the_pilot(
    client: Client, services: Services, school: School
) -> None:
    group, ana = group_of(services, "REM-LEC"), school.students[0]
    cells = [(ana, "outcome", "attained"), (ana, "involvement", 4)]
    record_results(services.store, PILOT, group=group, period=PERIOD, entries=cells, now=NOW)
    where = f"?vue=bulletins&division={school.divisions['2TNE']}"
    line = "Accompagnement personnalisé : atelier lecture, objectif atteint. Implication soutenue."
    for login, reads, exports in (
        ("pilote", True, True),
        ("titulaire", True, False),
        ("lecture", False, False),
    ):
        enter_demo(client, login)
        page = shown(client, "/ateliers", where)
        assert (line in page, "Exporter" in page) == (reads, exports), login
    names = services.reference.needs["label"].to_list()
    data = write_export(services, PILOT, kind="bulletins", on=ON).decode("utf-8-sig")
    assert data.splitlines() == [
        "Classe;Nom;Prénom;INE;Période;Appréciation",
        f"2TNE;ABADIE;Zoé;000000000AA;Période 1;{line}".replace(" :", "\u00a0:"),
    ]
    assert not any(name in data for name in names)
    with pytest.raises(ApdashError, match="Geste réservé"):
        write_export(services, school.teacher("titulaire"), kind="bulletins", on=ON)


def test_nothing_is_exported_before_a_workshop_bilan(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="Rien à exporter"):
        write_export(services, PILOT, kind="bulletins", on=datetime(2026, 11, 10).date())

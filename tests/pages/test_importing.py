"""Importing in the browser's words: what is shown before anything is written, what is refused, what is confirmed."""

import base64
from collections.abc import Callable

import pytest

from apdash.errors import ApdashError
from apdash.imports import ImportFile, preview
from apdash.pages.importing.changes_card import MOST, found_rows
from apdash.pages.importing.draft import Draft, held
from apdash.pages.importing.looking import looked, sent_files, with_files
from apdash.pages.importing.roles import AS_PROPOSED, Answer, answer_of, corrected
from apdash.rights import CONSOLE, Role, Viewer
from apdash.services import Services
from tests.conftest import Client, call, enter_demo, open_page
from tests.imports.builders import (
    Child,
    Roster,
    bring,
    children,
    csv,
    enrolments,
    official_samples,
    open_review,
    row_counts,
    sample,
)

PILOT = Viewer(login="pilote", name="Pilote", role=Role.PILOT)


@pytest.fixture
def school(services: Services, add_account: Callable) -> Services:
    """An empty school, with the doors of a direction, a pilot and a teacher."""
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2025-09-22')")
    for login, role in (("direction", "direction"), ("pilote", "pilot"), ("prof", "teacher")):
        add_account(login, role)
    return services


def give(client: Client, *files: ImportFile) -> str:
    """Send files as the browser does; return the answer, which must be the address of the page and nothing else."""
    contents = [
        "data:application/octet-stream;base64," + base64.b64encode(file.data).decode() for file in files
    ]
    answer = call(
        client,
        inputs=[{"id": "importing-upload", "property": "contents", "value": contents}],
        state=[{"id": "importing-upload", "property": "filename", "value": [file.name for file in files]}],
    )
    return answer.get_data(as_text=True)


def page_of(client: Client, search: str = "") -> str:
    """Return the page, its unbreakable spaces made plain."""
    return open_page(client, "/importer", search).replace("\u00a0", " ")


def press(client: Client, act: str, at: str = "", *, state: list | None = None) -> str:
    """Press a button of the page."""
    button = {"id": {"importing": act, "at": at}, "property": "n_clicks", "value": 1}
    return (
        call(client, inputs=[[button]], state=state).get_data(as_text=True).encode().decode("unicode_escape")
    )


def fields(**values: str) -> list[dict]:
    """Return fields as the page sends them; `role_2` stands for `role:2`."""
    return [
        {
            "id": {"importing": "field", "name": name.replace("_of_", ":")},
            "property": "value",
            "value": value,
        }
        for name, value in values.items()
    ]


def ticked(*names: str) -> list[dict]:
    return [
        {"id": {"importing": "agreed", "name": name}, "property": "value", "value": True} for name in names
    ]


def write(client: Client, services: Services, *, given: list | None = None, boxes: list | None = None) -> str:
    """Press « Importer » on the preview now held."""
    return press(client, "commit", draft(services).version, state=[given or [], boxes or []])


def draft(services: Services) -> Draft:
    found = held(services, PILOT)
    assert found
    return found


def school_rows(services: Services) -> dict[str, int]:
    return {name: count for name, count in row_counts(services.store).items() if name != "user_session"}


def test_the_files_of_siecle_and_sts_are_previewed_then_written_at_once(
    client: Client, school: Services
) -> None:
    enter_demo(client, "pilote")
    before = school_rows(school)
    answer = give(client, *official_samples())
    assert "AUBR" not in answer
    page = page_of(client)
    assert "13 élèves à ajouter" in page
    assert "Services et enseignants (STS-web)" in page
    assert school_rows(school) == before
    write(client, school)
    codes = school.store.read("select code from division order by code")["code"].to_list()
    assert {"2AGO1", "2MEL"} <= set(codes)
    result = page_of(client, f"?apercu={draft(school).version}")
    assert "4 fichiers dans la base" in result
    assert all(href in result for href in ("/reglages?partie=annee", "/reglages?partie=bilans", "/groupes"))


def test_what_was_written_cannot_be_written_again(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, *official_samples())
    version = draft(school).version
    write(client, school)
    after = school_rows(school)
    assert "plus le dernier aperçu" in press(client, "commit", version, state=[[], []])
    assert school_rows(school) == after


def test_a_teacher_neither_sees_the_page_nor_sends_a_file(client: Client, school: Services) -> None:
    enter_demo(client, "prof")
    page = page_of(client)
    assert "Geste réservé" in page
    assert "importing-upload" not in page
    before = school_rows(school)
    assert "Geste r" in give(client, *official_samples())
    for act in ("commit", "again", "remove", "next", "download", "restart"):
        state = [[], []] if act == "commit" else [[]] if act == "again" else None
        assert "Geste réservé" in press(client, act, "x", state=state)
    assert school.drafts.find("import:prof") is None
    assert school_rows(school) == before


def test_what_one_person_prepares_is_not_shown_to_another(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, *official_samples())
    enter_demo(client, "direction")
    page = page_of(client)
    assert "Déposez vos fichiers ici" in page
    assert "AUBRÉE" not in page


def test_a_wrong_file_is_explained_and_the_others_go_on(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, sample("EXP_ELEVE.xml"), *official_samples())
    page = page_of(client)
    assert "C’est un export XML d’EDT" in page
    assert "13 élèves à ajouter" in page


def test_wrong_files_alone_leave_nothing_to_import(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, sample("EXP_ELEVE.xml"), ImportFile("photo.png", b"\x89PNG...."))
    page = page_of(client)
    assert "Aucun de ces fichiers ne peut être importé" in page
    assert "C’est une image" in page
    press(client, "remove", "photo.png")
    assert [one.file.name for one in draft(school).received] == ["EXP_ELEVE.xml"]


def test_another_school_is_refused_in_words(client: Client, school: Services) -> None:
    bring(school, *official_samples())
    enter_demo(client, "pilote")
    give(client, Roster((Child(),), uai="0750001A").file())
    page = page_of(client)
    assert "vient de 0750001A ; cette base est celle de 9990001X" in page
    before = school_rows(school)
    assert "plus le dernier aperçu" in write(client, school)
    assert school_rows(school) == before


def test_many_departures_wait_for_their_box(client: Client, school: Services) -> None:
    bring(school, Roster((Child(), *children(5))).file())
    enter_demo(client, "pilote")
    give(client, Roster((Child(),)).on("06/10/2025", Child()).file())
    assert "Beaucoup de départs" in page_of(client)
    before = school_rows(school)
    assert "confirmer d’abord" in write(client, school)
    assert school_rows(school) == before
    write(client, school, boxes=ticked("departures"))
    assert enrolments(school.store, "ÉLÈVEB") == [("2AGO1", "2025-09-01", "2025-10-05")]


def test_a_file_of_last_year_waits_for_its_box(client: Client, school: Services) -> None:
    bring(school, *official_samples())
    enter_demo(client, "pilote")
    give(client, Roster((Child(number="900101"),), year=2024, day="22/09/2024").file())
    assert "C’est bien cette année passée" in page_of(client)
    assert "confirmer d’abord" in write(client, school)
    write(client, school, boxes=ticked("past_year"))
    years = school.store.read("select year from school_year order by year")["year"].to_list()
    assert years == [2024, 2025]


def test_a_student_of_two_divisions_is_placed_where_one_chooses(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    both = Child(number="7", lists=((("2AGO1", "D"),), (("2MEL", "D"),)))
    give(client, Roster((both, *children(3, "2MEL"))).file())
    assert "Deux divisions dans SIECLE" in page_of(client)
    chosen = fields(place_of_7="2MEL")
    assert "plus à jour" in write(client, school, given=chosen)
    press(client, "again", state=[chosen])
    write(client, school, given=chosen)
    assert [row[0] for row in enrolments(school.store, "AUBRÉE")] == ["2MEL"]


def test_a_table_comes_after_the_official_files_and_needs_a_bilan(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, *official_samples(), sample("competences_lettres_utf8bom.csv"))
    write(client, school)
    assert "1 tableau attend" in page_of(client)
    press(client, "next")
    assert "Aucun bilan cette année" in page_of(client)
    review = open_review(school.store)
    press(client, "again", state=[[]])
    assert "40 évaluations à ajouter" in page_of(client)
    write(client, school)
    stored = school.store.read("select distinct review, assessor from assessment").rows()
    assert stored == [(review, "test:tableau")]


def test_columns_are_corrected_previewed_again_written_and_remembered(
    client: Client, school: Services
) -> None:
    bring(school, *official_samples())
    open_review(school.store)
    staff = school.store.read("select min(id) as id from staff").item()
    file = csv("Élèves;Classe;Devoir;Lire\nAUBRÉE Maëlle;2AGO1;12;A\nLEBŒUF Loïc;2AGO1;5,5;zut\n")
    enter_demo(client, "pilote")
    give(client, file)
    page = page_of(client)
    assert "AUBRÉE Maëlle · LEBŒUF Loïc" in page
    assert "« zut »" in page
    choices = fields(role_of_2="c:CAL", cuts_of_2="6 ; 10 ; 15", assessor=f"staff:{staff}")
    assert "plus à jour" in write(client, school, given=choices)
    press(client, "again", state=[choices])
    page = page_of(client)
    assert "3 évaluations à ajouter" in page
    assert "1 ligne refusée" in page
    write(client, school, given=choices)
    rows = school.store.read(
        """
        select s.last_name, a.competency, a.assessor, a.level from assessment a join student s on s.id = a.student
        order by s.last_name, a.competency
        """
    ).rows()
    who = f"staff:{staff}"
    assert rows == [("AUBRÉE", "CAL", who, 3.0), ("AUBRÉE", "LIR", who, 3.0), ("LEBŒUF", "CAL", who, 1.0)]
    give(client, file)
    page = page_of(client)
    assert "comme au dernier import" in page
    assert "6 ; 10 ; 15" in page


def test_a_preview_that_expired_is_refused_and_says_so(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, *official_samples())
    version = draft(school).version
    school.drafts.forget("import:pilote")
    before = school_rows(school)
    assert "Aperçu expiré" in press(client, "commit", version, state=[[], []])
    assert "L’aperçu a expiré" in page_of(client, f"?apercu={version}")
    assert school_rows(school) == before


def test_a_school_that_changed_since_the_preview_is_not_written_over(
    client: Client, school: Services
) -> None:
    enter_demo(client, "pilote")
    give(client, *official_samples())
    bring(school, Roster((Child(),)).file())
    before = school_rows(school)
    assert "La base a changé" in write(client, school)
    assert school_rows(school) == before


def test_the_same_files_again_leave_nothing_to_write(client: Client, school: Services) -> None:
    bring(school, *official_samples())
    enter_demo(client, "pilote")
    give(client, *official_samples())
    assert "Rien à changer" in page_of(client)


def test_the_whole_preview_is_given_with_formulas_made_harmless(client: Client, school: Services) -> None:
    bring(school, *official_samples())
    enter_demo(client, "pilote")
    give(client, csv("Nom;Prénom;Né(e) le;Classe\n=2+5;Anna;01/02/2010;2MEL\n"))
    answer = call(
        client,
        inputs=[[{"id": {"importing": "download", "at": ""}, "property": "n_clicks", "value": 1}]],
    ).get_json()
    data = base64.b64decode(next(iter(answer["response"].values()))["data"]["content"]).decode("utf-8-sig")
    assert data.startswith("catégorie;objet;qui;")
    assert ";'=2+5 Anna;" in data


def test_rows_are_found_by_any_word_and_shown_two_hundred_at_a_time(school: Services) -> None:
    seen = preview(school, CONSOLE, files=[Roster((Child(), *children(300))).file()])
    whole = str(found_rows(school.reference, seen, "new", "").to_plotly_json())
    assert f"{MOST} premières lignes sur" in whole
    found = str(found_rows(school.reference, seen, "new", "aubree élève").to_plotly_json())
    assert "AUBRÉE Maëlle" in found
    assert "1 ligne" in found
    assert "Aucune ligne ne correspond" in str(
        found_rows(school.reference, seen, "new", "zzz").to_plotly_json()
    )
    assert "Personne ne part" in str(found_rows(school.reference, seen, "leaving", "").to_plotly_json())


def test_a_search_is_answered_to_whoever_holds_the_preview_only(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, *official_samples())
    inputs = [
        {"id": "importing-category", "property": "value", "value": "new"},
        {"id": "importing-search", "property": "value", "value": "lebœuf"},
    ]
    assert "LEB" in call(client, inputs=inputs).get_data(as_text=True)
    enter_demo(client, "direction")
    assert "LEB" not in call(client, inputs=inputs).get_data(as_text=True)


def test_files_heavier_than_a_school_ever_sends_are_refused_in_words(school: Services) -> None:
    third = bytes(22 * 1024 * 1024)
    with pytest.raises(ApdashError, match="64"):
        with_files(school, PILOT, None, [ImportFile(name, third) for name in "abc"])


def test_a_file_that_did_not_arrive_whole_is_refused() -> None:
    with pytest.raises(ApdashError, match="mal reçu"):
        sent_files(["data:;base64,AAA"], ["a.xml"])


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ((Answer("Nom", "id:last_name"), Answer("Lire", "id:last_name")), "Deux colonnes"),
        ((Answer("Nom", "id:last_name"), Answer("Lire", "c:LIR"), Answer("Q1", "q:1")), "Deux contenus"),
        ((Answer("Nom", "id:last_name"), Answer("Lire", "c:LIR", scale="note_20", cuts="7 ; 10")), "Seuils"),
        ((Answer("Nom", "id:last_name"), Answer("Lire", "c:LIR", scale="note_20", out_of="dix")), "Nombre"),
    ],
)
def test_a_correction_that_cannot_be_is_told_by_its_column(
    school: Services, answers: tuple[Answer, ...], word: str
) -> None:
    look = looked(school, PILOT, [csv("Nom;Lire;Q1\nAUBRÉE;3;oui\n")])
    assert look.table
    assert look.proposal
    with pytest.raises(ApdashError, match=word):
        corrected(school.reference, look.table, look.proposal.mapping, answers)


def test_a_table_of_tests_keeps_each_test_as_its_own_source(school: Services) -> None:
    look = looked(school, PILOT, [sample("test_positionnement_modele.csv")])
    assert look.proposal
    mapping = look.proposal.mapping
    answers = [answer_of(mapping, header) for header in look.table.headers]
    assert sum(answer.role == AS_PROPOSED for answer in answers) == 7
    assert corrected(school.reference, look.table, mapping, answers) == mapping


def test_a_school_may_begin_with_a_list_once_its_number_is_given(client: Client, school: Services) -> None:
    enter_demo(client, "pilote")
    give(client, csv("Nom;Prénom;Né(e) le;Classe\nAUBRÉE;Maëlle;14/03/2010;2A\n"))
    assert "Numéro UAI du lycée" in page_of(client)
    number = fields(uai="9990001X", year="2025")
    press(client, "again", state=[number])
    assert "1 élève à ajouter" in page_of(client)
    write(client, school, given=number)
    assert [row[0] for row in enrolments(school.store, "AUBRÉE")] == ["2A"]

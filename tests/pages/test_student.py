"""One student's page and the list: who may open them, what they say, what they never say."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.pages.student.figures import need_progress
from apdash.pages.student.interview_card import spoken
from apdash.pages.student.layout import layout
from apdash.pages.student.listing import found, matching
from apdash.pages.student.listing import layout as listing
from apdash.pages.student.progress import change_words, finding, progress, top_needs
from apdash.pages.student.record import Record, read_record
from apdash.pages.student.timeline import place, short_review
from apdash.rights import Role, Viewer
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store.queries import students as queries
from tests.conftest import Client, call, enter_demo, open_page
from tests.factories import DIRECTION, PILOT, School

NBSP = "\u00a0"
TODAY = date(2026, 11, 18)


@pytest.fixture
def services(measured_file: tuple[Path, School], tmp_path: Path) -> Iterator[Services]:
    """Services on a copy of the measured school."""
    path = Path(shutil.copy(measured_file[0], tmp_path / "school.duckdb"))
    opened = open_services(Settings(db=path))
    yield opened
    opened.store.close()


@pytest.fixture
def school(measured_file: tuple[Path, School]) -> School:
    return measured_file[1]


def shown(component: object) -> str:
    """Return a component as the text the browser receives, typography made plain."""
    text = json.dumps(component.to_plotly_json(), default=_plain, ensure_ascii=False)
    return text.replace(NBSP, " ")


def _plain(part: object) -> object:
    return part.to_plotly_json() if hasattr(part, "to_plotly_json") else str(part)


def record(services: Services, school: School, name: str, viewer: Viewer = PILOT, **params: str) -> Record:
    return read_record(services, viewer, {"id": str(school.students[name]), **params})


def page(services: Services, school: School, name: str, viewer: Viewer = PILOT, **params: str) -> str:
    return shown(layout(services, viewer, {"id": str(school.students[name]), **params}))


def test_the_page_says_the_first_need_how_far_it_moved_and_whether_it_is_worked(
    services: Services, school: School
) -> None:
    said = finding(record(services, school, "Ana")).replace(NBSP, " ")
    assert (
        said == "Lire et comprendre : 95 sur 100, + 28 depuis le 29 sept. ; travaillé dans un groupe actuel."
    )


def test_a_strong_need_that_is_not_worked_is_said(services: Services, school: School) -> None:
    said = finding(record(services, school, "Emma"))
    assert "aucun de ses besoins à 75 ou plus n’est travaillé" in said


def test_whoever_is_not_informed_is_to_be_confirmed(services: Services, school: School) -> None:
    assert finding(record(services, school, "Farid")).startswith("Ses besoins sont à confirmer")
    assert "à confirmer" in page(services, school, "Farid")


def test_the_parts_shown_sum_to_the_number(services: Services, school: School) -> None:
    text = page(services, school, "Ana", besoin="REM-LEC")
    assert "De quoi est fait le 95 en « lire et comprendre »" in text
    points = record(services, school, "Ana", besoin="REM-LEC").parts["points"].sum()
    assert round(points) == 95


def test_an_unknown_need_in_the_address_unfolds_the_first_one(services: Services, school: School) -> None:
    assert record(services, school, "Ana", besoin="<script>").need["need"] == "REM-LEC"


def test_needs_go_from_one_bilan_to_the_next_and_say_when_they_were_worked(
    services: Services, school: School
) -> None:
    points = progress(record(services, school, "Ana"), "REM-LEC")
    assert points.rows() == [
        (f"29{NBSP}sept.", "Bilan B0", 67, True),
        (f"17{NBSP}nov.", "Bilan B1", 95, True),
    ]
    assert change_words(points.tail(1)) == "premier bilan"


def test_an_earlier_bilan_hides_the_later_one(services: Services, school: School) -> None:
    first = services.store.read("select id from review where code = 'B0'").item()
    earlier = record(services, school, "Ana", bilan=str(first))
    assert progress(earlier, "REM-LEC")["value"].to_list() == [67]
    assert not earlier.provisional


def test_the_need_asked_for_is_drawn_among_the_four(services: Services, school: School) -> None:
    weakest = record(services, school, "Ana").cells.drop_nulls("value")["need"][-1]
    asked = top_needs(record(services, school, "Ana", besoin=weakest))
    assert weakest in [cell["need"] for cell in asked]
    assert len(asked) <= 4


def test_an_open_bilan_is_said_to_be_provisional(services: Services, school: School) -> None:
    assert "provisoire, bilan ouvert" in page(services, school, "Driss")
    assert "provisoire" not in page(services, school, "Ana")


def test_the_groups_of_today_say_where_since_when_and_why(services: Services, school: School) -> None:
    text = page(services, school, "Ana")
    assert "Atelier lecture" in text
    assert "Mardi 10 h, adulte à désigner, salle à fixer" in text
    assert "Depuis le 5 oct. : autre besoin constaté" in text
    assert "Aucun groupe aujourd’hui" in page(services, school, "Bilal")


def test_a_group_that_ended_stays_in_the_year_with_its_reason(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run("update membership set ends_on = '2026-11-09', why_ended = 'PROG'")
    text = page(services, school, "Ana")
    assert "Progrès constaté" in text
    assert "Aucun groupe aujourd’hui" in text


@pytest.mark.parametrize("identifier", ["987654", "", "abc", "-1", "9" * 40])
def test_an_address_that_leads_to_nobody_is_refused(
    services: Services, school: School, identifier: str
) -> None:
    with pytest.raises(ApdashError, match="Cette fiche n’est pas accessible"):
        layout(services, PILOT, {"id": identifier})


def test_a_hidden_student_and_a_student_who_does_not_exist_are_refused_with_the_same_words(
    services: Services, school: School
) -> None:
    refusals = []
    for identifier in (str(school.students["Ana"]), "987654"):
        with pytest.raises(ApdashError) as refusal:
            layout(services, school.viewer("metier"), {"id": identifier})
        refusals.append((refusal.value.title, refusal.value.message))
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("viewer", [PILOT, DIRECTION])
def test_the_pilot_and_the_direction_read_the_interview_and_the_profile(
    services: Services, school: School, viewer: Viewer
) -> None:
    text = page(services, school, "Ana", viewer)
    assert "pas vraiment mon choix" in text
    assert "choix à construire" in text
    assert "préfère ne pas répondre" in text
    assert "Atelier écriture" in text


def test_the_principal_teacher_reads_them_for_their_division_and_another_teacher_does_not(
    services: Services, school: School
) -> None:
    assert "pas vraiment mon choix" in page(services, school, "Ana", school.viewer("maths"))
    other = page(services, school, "Ana", school.viewer("lettres"))
    assert "NOMANA" in other
    assert not any(
        words in other
        for words in ("pas vraiment mon choix", "choix à construire", "Entretien", "parcours à")
    )


def test_the_interview_is_withheld_by_the_query_itself(services: Services, school: School) -> None:
    ana = school.students["Ana"]
    counts = [
        queries.interview_of_student(services.store, viewer, student=ana, on=TODAY).height
        for viewer in (PILOT, school.viewer("maths"), school.viewer("lettres"), school.viewer("metier"))
    ]
    assert counts == [5, 5, 0, 0]


def test_an_answer_the_file_no_longer_knows_is_shown_by_its_code(services: Services) -> None:
    answers = pl.DataFrame(
        {"question": [1, 4], "answers": [["ANCIEN"], []]}, schema_overrides={"answers": pl.List(pl.String)}
    )
    assert spoken(services.reference, answers)["words"].to_list() == ["ANCIEN", "préfère ne pas répondre"]


def test_neighbours_are_those_of_the_division(services: Services, school: School) -> None:
    text = page(services, school, "Bilal")
    assert "Bilal (2 sur 3)" in text
    assert "Élève précédent : NOMANA Ana" in text
    assert "NOMDRISS" not in text


def test_whoever_left_keeps_a_page_that_says_so(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run(
            "update enrolment set ends_on = '2026-11-10' where student = $one", one=school.students["Bilal"]
        )
    assert "parti le 10 nov. 2026" in page(services, school, "Bilal")


def test_names_are_text_and_never_markup(services: Services, school: School) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    with services.store.write() as tx:
        tx.run(
            "update student set last_name = $name where id = $one", name=hostile, one=school.students["Ana"]
        )
    drawn = layout(services, PILOT, {"id": str(school.students["Ana"])})
    types = {part["type"] for part in _parts(json.loads(shown(drawn)))}
    assert hostile in shown(drawn)
    assert not types & {"Markdown", "DangerouslySetInnerHTML", "Img", "Script", "Iframe"}


def _parts(tree: object) -> Iterator[dict]:
    if isinstance(tree, list):
        for branch in tree:
            yield from _parts(branch)
    elif isinstance(tree, dict):
        if "type" in tree and "namespace" in tree:
            yield tree
        for branch in tree.values():
            yield from _parts(branch)


def test_a_span_of_days_is_placed_in_per_cent_and_cut_at_the_ends() -> None:
    year = {"first": date(2026, 1, 1), "last": date(2026, 1, 10)}
    assert place(date(2026, 1, 1), date(2026, 1, 10), **year) == (0, 100)
    assert place(date(2026, 1, 6), date(2026, 3, 1), **year) == (50, 50)
    assert place(date(2025, 12, 1), date(2026, 1, 1), **year) == (0, 10)
    assert place(date(2026, 2, 1), date(2026, 2, 2), **year) is None


def test_a_bilan_is_named_in_one_word_under_the_year() -> None:
    labels = ["Bilan initial", "Bilan 1", "Bilan de novembre", "Bilan d’avril", "Point d’étape"]
    assert [short_review(label) for label in labels] == [
        "initial",
        "bilan 1",
        "novembre",
        "avril",
        "point d’étape",
    ]


def test_the_list_holds_the_students_one_teaches_and_their_first_need(
    services: Services, school: School
) -> None:
    text = shown(listing(services, PILOT, {}))
    assert all(f"NOM{name.upper()}" in text for name in school.students)
    assert "6 élèves en 2de : 1 élève prioritaire non servi" in text
    mine = shown(listing(services, school.viewer("metier"), {}))
    assert "NOMDRISS" in mine
    assert "NOMANA" not in mine


def test_a_division_can_be_chosen(services: Services, school: School) -> None:
    text = shown(listing(services, PILOT, {"division": str(school.divisions["2MRC"])}))
    assert "3 élèves en 2MRC" in text
    assert "NOMANA" not in text


@pytest.mark.parametrize("words", ["chloe", "CHLOÉ nom", "nomchl", "2tne chlo"])
def test_a_name_is_found_whatever_its_case_accents_and_order(
    services: Services, school: School, words: str
) -> None:
    text = shown(found(services, PILOT, {}, words))
    assert "NOMCHLOÉ" in text
    assert "NOMEMMA" not in text


def test_compound_names_are_found_without_their_hyphen() -> None:
    students = pl.DataFrame(
        {"last_name": ["LE-BIHAN", "D’ARTOIS"], "first_name": ["Zoé", "Ali"], "division_code": ["A", "A"]}
    )
    assert matching(students, "le bihan")["first_name"].to_list() == ["Zoé"]
    assert matching(students, "d'artois")["first_name"].to_list() == ["Ali"]
    assert matching(students, "   ").height == 2


def test_searching_shows_nobody_one_may_not_see(services: Services, school: School) -> None:
    assert "Aucun élève de ce nom" in shown(found(services, school.viewer("metier"), {}, "ana"))


def test_the_pages_answer_through_the_guard(
    services: Services, school: School, client: Client, add_account: Callable
) -> None:
    add_account("metier", "teacher", staff=school.staff["metier"])
    inputs = [{"id": "students-search", "property": "value", "value": "nom"}]
    state = [{"id": "url", "property": "search", "value": ""}]
    assert call(client, output="students-found.children", inputs=inputs, state=state).status_code == 401
    enter_demo(client, "metier")
    answer = call(client, output="students-found.children", inputs=inputs, state=state).get_data(as_text=True)
    assert "NOMDRISS" in answer
    assert "NOMANA" not in answer
    refused = open_page(client, "/eleve", f"?id={school.students['Ana']}")
    assert "Cette fiche n’est pas accessible" in refused
    assert "NOMANA" not in refused
    assert "NOMDRISS" in open_page(client, "/eleve", f"?id={school.students['Driss']}")


def test_a_need_is_drawn_with_its_numbers_and_the_ground_of_what_was_worked() -> None:
    points = pl.DataFrame(
        {
            "when": ["29 sept.", "17 nov.", "6 janv."],
            "label": ["initial", "novembre", "janvier"],
            "value": [78, None, 58],
            "served": [True, False, False],
        }
    )
    figure = need_progress(points)
    assert [note.text for note in figure.layout.annotations] == ["78", "<b>58</b>"]
    assert list(figure.layout.xaxis.ticktext) == ["29 sept.", "17 nov.", "6 janv."]
    assert [shape.type for shape in figure.layout.shapes] == ["rect", "line"]


def test_a_need_nobody_measured_says_so() -> None:
    schema = {"when": pl.String, "label": pl.String, "value": pl.Int64, "served": pl.Boolean}
    assert need_progress(pl.DataFrame(schema=schema)).layout.annotations[0].text == "Aucune donnée"


def test_a_teacher_without_any_student_sees_an_empty_list(services: Services) -> None:
    nobody = Viewer(login="x", name="X", role=Role.TEACHER, staff=None)
    assert "Aucun élève à montrer" in shown(listing(services, nobody, {}))


def test_late_entries_do_not_move_what_was_frozen(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run("update assessment set level = 4, recorded_at = $now", now=datetime(2026, 11, 18))
    assert record(services, school, "Ana").cells.filter(need="REM-LEC")["value"].item() == 95


def test_the_profile_and_the_interview_are_never_printed(services: Services, school: School) -> None:
    drawn = json.loads(shown(layout(services, PILOT, {"id": str(school.students["Ana"])})))
    kept = json.dumps(_printed(drawn), ensure_ascii=False)
    assert "Ses groupes actuels" in kept
    assert not any(words in kept for words in ("pas vraiment mon choix", "choix à construire", "Entretien"))


def _printed(tree: object) -> object:
    """Return a tree of components without the branches that stay on the screen."""
    if isinstance(tree, list):
        return [_printed(branch) for branch in tree]
    if not isinstance(tree, dict):
        return tree
    looks = tree.get("props", {}).get("className", "") if isinstance(tree.get("props"), dict) else ""
    return None if "no-print" in looks.split() else {key: _printed(branch) for key, branch in tree.items()}

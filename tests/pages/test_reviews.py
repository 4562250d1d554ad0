"""The bilan pages: how far a bilan is, what is typed, the ten answers, closing; each seen by who may."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from apdash.labels import NBSP
from apdash.pages.reviews.figures import division_shares, late_adults, my_shares
from apdash.pages.reviews.grid_data import cells, paste_scales
from apdash.pages.reviews.overview import finding
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.reviews import close_division, record_assessments
from apdash.store.queries.reviews import assessments_of_division
from tests.conftest import Client, call, enter_demo, open_page
from tests.factories import AT, PILOT, School, add_review, tiny_school

PATH = "/bilans/saisie"
LEVEL_3 = {"state": "level", "level": 3}


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    made = tiny_school(services.store)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-10')")
    add_account("pilote", "pilot")
    for name in ("lettres", "maths", "metier"):
        add_account(name, "teacher", staff=made.staff[name])
    return made


def words_of(answer) -> str:
    """Return what a callback sends, accents readable."""
    return json.dumps(answer.get_json(), ensure_ascii=False)


def say(services: Services, school: School, *values: tuple, by: str = "lettres", at: datetime = AT) -> None:
    """Record levels (student, competency, level) under the name of an adult."""
    rows = [(school.students[student], code, "level", float(level)) for student, code, level in values]
    entries = pl.DataFrame(rows, ["student", "competency", "state", "level"], orient="row")
    assessor = f"staff:{school.staff[by]}"
    record_assessments(
        services.store, school.viewer(by), review=school.review, assessor=assessor, entries=entries, now=at
    )


def look(client: Client, school: School, division: str = "2TNE", **more: str) -> dict:
    query = {"review": school.review, "division": school.divisions[division], **more}
    return client.get(PATH, query_string=query).get_json()


def type_in(client: Client, school: School, *entries: list, by: str = "lettres", division: str = "2TNE"):
    client.get("/", headers={"Accept": "text/html"})
    body = {
        "assessor": f"staff:{school.staff[by]}",
        "review": school.review,
        "division": school.divisions[division],
        "entries": list(entries),
    }
    return client.post(PATH, json=body, headers={"X-CSRFToken": client.get_cookie("_csrf_token").value})


def recorded(services: Services, school: School, division: str = "2TNE") -> list[tuple]:
    rows = assessments_of_division(
        services.store, PILOT, review=school.review, division=school.divisions[division]
    )
    return rows.select("student", "competency", "assessor", "state", "level", "by_default").rows()


def test_the_overview_tells_a_teacher_what_is_left_and_names_nobody(client: Client, school: School) -> None:
    enter_demo(client, "lettres")
    page = open_page(client, "/bilans")
    assert f"Il vous reste 12{NBSP}cases à remplir dans 2{NBSP}divisions" in page
    assert "Ce qui manque, par adulte" not in page
    assert "METIER" not in page.upper().replace("MÉTIER", "")


def test_the_overview_names_to_the_pilot_who_still_has_cells_to_fill(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/bilans")
    assert f"Le bilan B1 est rempli à 0{NBSP}%" in page
    assert "Ce qui manque, par adulte" in page
    assert "2MRC 6, 2TNE 6" in page


def test_a_teacher_sees_only_the_divisions_they_work_in(client: Client, school: School) -> None:
    enter_demo(client, "metier")
    page = open_page(client, "/bilans")
    assert "2MRC" in page
    assert "2TNE" not in page


def test_before_any_bilan_the_page_says_where_they_are_opened(
    client: Client, services: Services, add_account
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-10')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    assert "Aucun bilan n’est ouvert" in open_page(client, "/bilans")


def test_the_grid_shows_what_is_expected_of_me_and_all_on_request(client: Client, school: School) -> None:
    enter_demo(client, "lettres")
    mine = look(client, school)
    assert [one["code"] for one in mine["competencies"]] == ["LIR", "ECR"]
    assert [name.split()[-1] for _, name in mine["students"]] == ["Ana", "Bilal", "Chloé"]
    assert mine["editable"]
    everything = look(client, school, scope="toutes")
    assert len(everything["competencies"]) == 24
    assert {one["code"] for one in everything["competencies"] if one["mine"]} == {"LIR", "ECR"}


def test_a_value_is_kept_as_typed_and_told_back(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "lettres")
    ana = school.students["Ana"]
    answer = type_in(client, school, [ana, "LIR", LEVEL_3], [ana, "ECR", {"state": "absent"}])
    assert answer.status_code == 200
    assert answer.get_json()["refused"] == []
    key = f"staff:{school.staff['lettres']}"
    assert recorded(services, school) == [
        (ana, "ECR", key, "absent", None, False),
        (ana, "LIR", key, "level", 3.0, False),
    ]
    assert sorted(look(client, school)["cells"]["own"]) == [
        [ana, "ECR", {"state": "absent"}],
        [ana, "LIR", LEVEL_3],
    ]
    type_in(client, school, [ana, "LIR", None])
    assert [row[1] for row in recorded(services, school)] == ["ECR"]


def test_a_column_filled_by_default_says_so_until_somebody_types(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lettres")
    ana = school.students["Ana"]
    type_in(client, school, [ana, "LIR", {**LEVEL_3, "by_default": True}])
    assert recorded(services, school)[0][5]
    type_in(client, school, [ana, "LIR", LEVEL_3])
    assert not recorded(services, school)[0][5]


def test_each_adult_keeps_their_own_value_of_the_same_cell(
    client: Client, services: Services, school: School
) -> None:
    ana = school.students["Ana"]
    say(services, school, ("Ana", "LIR", 1), by="maths")
    enter_demo(client, "lettres")
    type_in(client, school, [ana, "LIR", LEVEL_3])
    assert sorted(row[4] for row in recorded(services, school)) == [1.0, 3.0]
    shown = look(client, school)["cells"]
    assert shown["own"] == [[ana, "LIR", LEVEL_3]]
    assert [(row[0], row[1], row[4]) for row in shown["others"]] == [
        (ana, "LIR", {"state": "level", "level": 1})
    ]


def test_the_grid_says_nothing_new_until_a_value_changes(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lettres")
    first = look(client, school)
    assert look(client, school, version=first["version"]) == {"version": first["version"]}
    say(services, school, ("Ana", "CAL", 2), by="maths")
    news = look(client, school, version=first["version"])
    assert news["version"] != first["version"]
    assert len(news["cells"]["others"]) == 1


def test_inchange_without_an_earlier_level_is_refused_and_the_rest_is_kept(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lettres")
    ana = school.students["Ana"]
    answer = type_in(client, school, [ana, "LIR", {"state": "unchanged"}], [ana, "ECR", LEVEL_3]).get_json()
    assert answer["refused"] == [[ana, "LIR", "rien à reconduire plus tôt dans l’année"]]
    assert [row[1] for row in recorded(services, school)] == ["ECR"]


def test_inchange_carries_on_a_level_of_an_earlier_bilan(
    client: Client, services: Services, school: School
) -> None:
    say(services, school, ("Ana", "LIR", 2))
    school.review = add_review(
        services.store, school, code="B2", opens_on=date(2026, 11, 9), closes_on=date(2026, 12, 1)
    )
    enter_demo(client, "lettres")
    ana = school.students["Ana"]
    assert look(client, school)["earlier"] == [[ana, "LIR", 2.0]]
    assert type_in(client, school, [ana, "LIR", {"state": "unchanged"}]).get_json()["refused"] == []
    assert recorded(services, school)[0][3] == "unchanged"


def test_a_student_of_another_division_is_refused_and_the_rest_is_kept(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lettres")
    ana, driss = school.students["Ana"], school.students["Driss"]
    answer = type_in(client, school, [driss, "LIR", LEVEL_3], [ana, "LIR", LEVEL_3]).get_json()
    assert answer["refused"] == [[driss, "LIR", "cet élève n’est plus dans la division"]]
    assert [row[0] for row in recorded(services, school)] == [ana]


def test_another_teacher_gets_nothing_of_a_division(
    client: Client, services: Services, school: School
) -> None:
    say(services, school, ("Ana", "LIR", 1))
    enter_demo(client, "metier")
    answer = look(client, school)
    assert set(answer) == {"title", "message"}
    assert "Ana" not in open_page(client, "/bilans", f"?division={school.divisions['2TNE']}&vue=vides")
    refused = type_in(client, school, [school.students["Ana"], "LIR", LEVEL_3], by="metier")
    assert refused.status_code == 422
    assert len(recorded(services, school)) == 1


def test_nobody_types_under_another_name(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "maths")
    answer = type_in(client, school, [school.students["Ana"], "LIR", LEVEL_3], by="lettres")
    assert answer.status_code == 409
    assert recorded(services, school) == []


def test_a_forged_request_and_an_unsigned_one_change_nothing(
    client: Client, services: Services, school: School
) -> None:
    assert client.get(PATH).status_code == 401
    assert client.post(PATH, json={}).status_code == 401
    enter_demo(client, "lettres")
    assert client.post(PATH, json={}).status_code == 400
    assert recorded(services, school) == []


@pytest.mark.parametrize(
    "entry",
    [
        ["x", "LIR", LEVEL_3],
        [1],
        "LIR",
        [10**40, "LIR", LEVEL_3],
        [1, "LIR", {"state": "level", "level": 7}],
        [1, "LIR", {"state": "level"}],
        [1, "LIR", {"state": "autre"}],
        [1, None, LEVEL_3],
    ],
)
def test_a_malformed_entry_is_refused_without_a_trace(
    client: Client, services: Services, school: School, entry: object
) -> None:
    enter_demo(client, "lettres")
    assert type_in(client, school, entry).status_code == 422
    assert recorded(services, school) == []


def test_the_pilot_reads_the_median_and_types_nothing(
    client: Client, services: Services, school: School
) -> None:
    say(services, school, ("Ana", "LIR", 1))
    say(services, school, ("Ana", "LIR", 4), by="maths")
    enter_demo(client, "pilote")
    shown = look(client, school)
    assert not shown["editable"]
    assert shown["cells"]["own"] == [[school.students["Ana"], "LIR", {"state": "level", "level": 2.5}]]
    assert len(shown["cells"]["others"]) == 2
    assert "lecture de la 2TNE" in open_page(client, "/bilans", f"?division={school.divisions['2TNE']}")


def test_a_colleague_is_typing_for_ten_minutes_after_their_last_value() -> None:
    now = datetime(2026, 11, 10, 10, 0)
    row = {"student": 1, "competency": "LIR", "state": "level", "level": 2.0, "by_default": False}
    row |= {"assessor": "staff:2", "name": "Karim Diallo", "initials": "KD"}
    for age, expected in ((9, [["KD", "Karim Diallo"]]), (11, [])):
        values = pl.DataFrame([row | {"recorded_at": now - timedelta(minutes=age)}])
        assert cells(values, "staff:1", now=now)["present"] == expected


def test_pasted_cells_are_read_by_the_scales_of_the_school(services: Services) -> None:
    scales = paste_scales(services.reference)
    assert scales["lettres_abcd"]["B"] == 3
    assert scales["pronote"]["B"] == 2.5
    assert scales["mots"]["insuffisamment maîtrisé"] == 2
    assert "Abs" in scales["manquant"]


def test_empty_cells_are_listed_by_competency_with_names_for_the_pilot_only(
    client: Client, services: Services, school: School
) -> None:
    say(services, school, ("Ana", "LIR", 3))
    search = f"?division={school.divisions['2TNE']}&vue=vides"
    enter_demo(client, "pilote")
    page = open_page(client, "/bilans", search)
    assert f"8{NBSP}cases vides dans le bilan de la 2TNE" in page
    assert "toute la division" in page
    enter_demo(client, "lettres")
    assert f"5{NBSP}cases vides dans le bilan de la 2TNE" in open_page(client, "/bilans", search)


def answer_question(
    client: Client, school: School, question: int, value: str | list[str], student: str = "Ana"
):
    name = {"type": "interview-answer", "question": question}
    who = {"review": school.review, "division": school.divisions["2TNE"], "student": school.students[student]}
    return call(
        client,
        inputs=[[{"id": name, "property": "value", "value": value}]],
        state=[{"id": "interview-who", "property": "data", "value": who}],
    )


def answers_of(services: Services) -> list[tuple]:
    return services.store.read(
        "select question, answers from interview_answer where replaced_at is null order by question"
    ).rows()


def test_each_answer_is_saved_and_the_choice_is_computed_from_three(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "maths")
    answer_question(client, school, 1, "PREMIER")
    said = words_of(answer_question(client, school, 3, "SOUVENT"))
    assert "choix confirmé" in said
    assert f"2{NBSP}réponses sur 10" in said
    assert "bi-circle-half" in said
    assert "Entretiens (1 / " in said
    assert f"1{NBSP}élève sur" in said
    answer_question(client, school, 3, "-")
    assert answers_of(services) == [(1, ["PREMIER"]), (3, [])]


def test_a_third_wish_takes_the_place_of_the_first(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "maths")
    answer_question(client, school, 9, ["REM-LEC", "REM-ECR", "REM-MAT"])
    assert answers_of(services) == [(9, ["REM-ECR", "REM-MAT"])]


def test_answers_are_read_by_the_principal_teacher_and_closed_to_the_others(
    client: Client, services: Services, school: School
) -> None:
    search = f"?division={school.divisions['2TNE']}&vue=entretiens&eleve={school.students['Ana']}"
    enter_demo(client, "maths")
    answer_question(client, school, 1, "PREMIER")
    assert "mon premier choix" in open_page(client, "/bilans", search)
    enter_demo(client, "lettres")
    page = open_page(client, "/bilans", search)
    assert "Entretiens réservés" in page
    assert "mon premier choix" not in page
    answer_question(client, school, 1, "SUBI")
    assert answers_of(services) == [(1, ["PREMIER"])]


def press(client: Client, school: School, button: str, *, search: str | None = None):
    which = {"review": school.review, "division": school.divisions["2TNE"]}
    state = [{"id": "review-which", "property": "data", "value": which}]
    if search is not None:
        state.append({"id": "url", "property": "search", "value": search})
    return words_of(call(client, inputs=[{"id": button, "property": "n_clicks", "value": 1}], state=state))


def test_closing_says_what_it_costs_then_freezes_then_opens_again(
    client: Client, services: Services, school: School
) -> None:
    say(services, school, *[(name, "LIR", 1) for name in ("Ana", "Bilal", "Chloé")])
    search = f"?division={school.divisions['2TNE']}"
    enter_demo(client, "pilote")
    cost = press(client, school, "review-close")
    assert "non calculables" in cost
    assert "Les cases attendues sont remplies à 33" in cost
    closed = press(client, school, "review-close-confirm", search=search)
    assert "Bilan clos le 10" in closed
    assert services.store.read("select count(*) as n from intensity").item() > 0
    press(client, school, "review-reopen", search=search)
    assert services.store.read("select count(*) as n from intensity").item() == 0


def test_a_teacher_does_not_close_a_bilan(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "lettres")
    assert "review-close" not in open_page(client, "/bilans", f"?division={school.divisions['2TNE']}")
    press(client, school, "review-close-confirm", search="")
    assert services.store.read("select count(closed_at) as n from review_division").item() == 0


def test_a_late_value_is_kept_and_what_it_would_have_changed_is_told(
    client: Client, services: Services, school: School
) -> None:
    say(services, school, *[(name, "LIR", 4) for name in ("Ana", "Bilal", "Chloé")])
    division = school.divisions["2TNE"]
    close_division(services.store, PILOT, services.reference, review=school.review, division=division, now=AT)
    enter_demo(client, "lettres")
    late = type_in(
        client,
        school,
        [school.students["Ana"], "LIR", {"state": "level", "level": 1}],
        [school.students["Ana"], "ECR", {"state": "level", "level": 1}],
    )
    assert late.get_json()["closed"]
    enter_demo(client, "pilote")
    page = open_page(client, "/bilans", f"?division={division}")
    assert f"1{NBSP}élève aurait changé avec les saisies arrivées depuis" in page


def test_shares_count_what_is_mine_and_an_empty_bilan_has_its_words(
    services: Services, school: School
) -> None:
    divisions = pl.DataFrame(
        {
            "division": [1, 2],
            "code": ["A", "B"],
            "grade": ["2de", "2de"],
            "students": [10, 0],
            "closed_at": [None, None],
        }
    )
    filled = pl.DataFrame({"division": [1], "expected": [40], "filled": [10], "share": [0.25]})
    own = pl.DataFrame({"division": [1], "expected": [20], "filled": [10]})
    shares = division_shares(divisions, filled, own)
    assert shares.select("share", "mine", "left").rows() == [(0.25, 20, 10), (0.0, 0, 0)]
    assert my_shares(shares)["share"].to_list() == [0.5, 0.0]
    assert "rien n’est encore attendu" in finding(
        {"label": "Bilan 1"}, division_shares(divisions, filled.head(0), own.head(0))
    )
    staff = pl.DataFrame(
        {
            "name": ["Mme R.", "M. D."],
            "division": [1, 1],
            "code": ["A", "A"],
            "expected": [20, 20],
            "filled": [20, 5],
        }
    )
    assert late_adults(staff).rows() == [("M. D.", 1, "A", 15)]


def test_the_viewer_without_a_row_among_adults_only_reads(
    client: Client, services: Services, school: School, add_account
) -> None:
    add_account("direction", "direction")
    assert Viewer(login="direction", name="d", role="direction").staff is None
    enter_demo(client, "direction")
    assert not look(client, school)["editable"]


def test_a_window_left_by_one_adult_shows_nothing_of_the_next_one(client: Client, school: School) -> None:
    enter_demo(client, "lettres")
    left = look(client, school)
    enter_demo(client, "maths")
    answer = look(client, school, version=left["version"], assessor=left["assessor"])
    assert set(answer) == {"title", "message"}

"""The needs page: who sees whom, what is counted, what a number is made of."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from apdash.components.parts import whole_points
from apdash.errors import ApdashError
from apdash.pages.needs.asked import read_asked
from apdash.pages.needs.figures import needs_change, needs_distribution
from apdash.pages.needs.heat_head import breakable
from apdash.pages.needs.layout import layout
from apdash.pages.needs.order import BY_NAME, first_opened, ordered
from apdash.pages.needs.picture import Picture, draw
from apdash.pages.needs.summary import (
    class_counts,
    finding,
    first_need,
    need_counts,
    priorities,
    shares_by_review,
    waiting_words,
)
from apdash.pages.needs.why import why
from apdash.rights import Role, Viewer
from apdash.services import Services, open_services
from apdash.settings import Settings
from tests.conftest import Client, call, enter_demo, open_page
from tests.factories import PILOT, School

NBSP = "\u00a0"
NEEDS = pl.DataFrame(
    {
        "code": ["REM-LEC", "REM-ECR"],
        "axis": ["REM", "REM"],
        "label": ["Lire et comprendre : consignes", "Écrire : la phrase"],
        "short_name": ["Lecture", "Écriture"],
    }
)
CELLS = pl.DataFrame(
    {
        "student": [1, 1, 2, 2, 3, 3],
        "need": ["REM-LEC", "REM-ECR"] * 3,
        "value": [80, 76, 60, None, 10, 90],
        "coverage": [1.0, 1.0, 0.7, 0.2, 1.0, 1.0],
        "served": [False, True, False, False, True, False],
    }
)


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
    text = json.dumps(
        component.to_plotly_json(), default=lambda part: part.to_plotly_json(), ensure_ascii=False
    )
    return text.replace(NBSP, " ")


def picture(services: Services, viewer: Viewer = PILOT, **params: str) -> Picture:
    return draw(services, viewer, read_asked(params))


def cell(drawn: Picture, student: int, need: str = "REM-LEC") -> dict:
    return drawn.cells.row(by_predicate=(pl.col("student") == student) & (pl.col("need") == need), named=True)


def test_a_need_is_counted_at_60_and_at_75_and_unknown_ones_apart() -> None:
    counts = need_counts(CELLS, NEEDS).select(
        "code", "students", "known", "unknown", "strong", "urgent", "served"
    )
    assert counts.rows() == [("REM-LEC", 3, 3, 0, 2, 1, 0), ("REM-ECR", 3, 2, 1, 2, 2, 1)]


def test_a_need_nobody_was_asked_about_counts_zero_students() -> None:
    counts = need_counts(CELLS.head(0), NEEDS)
    assert counts.select("students", "known", "strong", "median").rows() == [(0, 0, 0, None), (0, 0, 0, None)]


def test_who_is_served_on_one_of_two_urgent_needs_does_not_wait() -> None:
    found = priorities(CELLS, groupable=["REM-LEC", "REM-ECR"], strong_from=75)
    assert found.filter("waits")["student"].to_list() == [3]


def test_a_need_that_no_group_works_on_makes_nobody_a_priority() -> None:
    found = priorities(CELLS, groupable=["REM-LEC"], strong_from=75)
    assert found["student"].to_list() == [1]


def test_groups_decided_for_a_coming_day_are_told_apart_from_those_of_today() -> None:
    later = CELLS.with_columns(served_then=pl.lit(True))
    found = priorities(later, groupable=["REM-LEC", "REM-ECR"], strong_from=75)
    assert found.filter("waits").height == 1
    assert found.filter("waits_then").is_empty()
    assert waiting_words(3, 0, date(2026, 11, 23)) == (
        f"3{NBSP}élèves prioritaires non servis aujourd’hui, "
        f"plus aucun avec les groupes décidés pour le 23{NBSP}nov."
    )


def test_every_student_stands_in_one_class_of_each_need() -> None:
    classes = class_counts(CELLS, NEEDS)
    assert classes.group_by("need", maintain_order=True).agg(pl.col("students").sum()).rows() == [
        ("REM-LEC", 3),
        ("REM-ECR", 3),
    ]
    assert classes.filter(need="REM-ECR", rank=0)["students"].item() == 1
    assert classes.filter(need="REM-LEC", rank=4)["students"].item() == 1


def test_the_title_is_the_finding() -> None:
    counts = need_counts(CELLS.with_columns(pl.col("value").fill_null(70)), NEEDS)
    assert first_need(counts) == "REM-ECR"
    assert finding(counts, scope="En 2de") == (
        f"En 2de, écrire est le premier besoin{NBSP}: 3{NBSP}élèves à 60 ou plus"
    )


def test_the_title_says_when_nothing_is_strong_or_known() -> None:
    low = CELLS.with_columns(value=pl.lit(12, pl.Int64))
    unknown = CELLS.with_columns(value=pl.lit(None, pl.Int64))
    assert finding(need_counts(low, NEEDS), scope="En 2de") == "En 2de, aucun besoin n’atteint 60"
    assert "aucun besoin n’est encore calculé" in finding(need_counts(unknown, NEEDS), scope="En 2de")


def test_shares_compare_the_informed_students_only() -> None:
    past = pl.DataFrame({"review": [1, 1], "student": [1, 2], "need": ["REM-LEC"] * 2, "value": [90, None]})
    shares = shares_by_review(past, CELLS, review=2).filter(need="REM-LEC")
    assert shares.select("review", "known", "strong").rows() == [(1, 1, 1), (2, 3, 2)]


def test_points_rounded_one_by_one_still_sum_to_the_number() -> None:
    assert whole_points([33.4, 33.4, 33.2], 100) == [34, 33, 33]
    assert whole_points([70.0, 15.0, 10.05], 95) == [70, 15, 10]
    assert sum(whole_points([55.5, 44.4, -25.0, 10.0], 85)) == 85
    assert whole_points([], 0) == []


def test_students_stand_by_need_with_unknown_ones_last_or_by_name() -> None:
    students = pl.DataFrame(
        {"student": [1, 2, 3], "last_name": ["C", "A", "B"], "first_name": ["x", "x", "x"]}
    )
    by_need = ordered(students, CELLS, sort="REM-ECR", turned=False)["student"].to_list()
    upwards = ordered(students, CELLS, sort="REM-ECR", turned=True)["student"].to_list()
    by_name = ordered(students, CELLS, sort=BY_NAME, turned=False)["student"].to_list()
    assert (by_need, upwards, by_name) == ([3, 1, 2], [1, 3, 2], [2, 3, 1])


@pytest.mark.parametrize(
    ("word", "broken"),
    [
        ("Organisation", "Organi|sation"),
        ("Coopération", "Coopé|ration"),
        ("Lecture", "Lecture"),
        ("Vers le BTS", "Vers le BTS"),
    ],
)
def test_a_long_name_of_column_may_break_where_it_is_said(word: str, broken: str) -> None:
    assert breakable(word).replace("\u00ad", "|") == broken


def test_the_first_division_is_unfolded_when_the_address_is_silent() -> None:
    divisions = pl.DataFrame({"division": [4, 7]})
    assert first_opened(divisions, None) == {4}
    assert first_opened(divisions, frozenset({7, 99})) == {7}
    assert first_opened(divisions, frozenset()) == frozenset()


def test_an_address_that_cannot_be_read_is_an_address_that_says_nothing() -> None:
    asked = read_asked({"division": "1; drop", "bilan": "٣", "vue": "autre", "ouvre": "12,x"})
    assert (asked.division, asked.review, asked.view, asked.opened) == (None, None, "carte", frozenset({12}))


def test_a_closed_division_shows_what_was_frozen_and_an_open_one_what_is_known_now(
    services: Services, school: School
) -> None:
    with services.store.write() as tx:
        tx.run("update assessment set level = 4")
    drawn = picture(services)
    assert cell(drawn, school.students["Ana"])["value"] == 95
    assert cell(drawn, school.students["Driss"])["value"] == 0
    assert drawn.provisional == {school.divisions["2MRC"]}


def test_what_is_too_little_informed_is_to_be_confirmed_and_never_zero(
    services: Services, school: School
) -> None:
    drawn = picture(services)
    assert cell(drawn, school.students["Chloé"])["value"] is None
    assert cell(drawn, school.students["Farid"])["value"] is None
    page = shown(layout(services, PILOT, {"division": str(school.divisions["2TNE"]), "axe": "REM"}))
    assert "à confirmer : renseigné à 15 %" in page


def test_a_need_is_served_by_a_group_attended_that_day(services: Services, school: School) -> None:
    drawn = picture(services)
    assert cell(drawn, school.students["Ana"])["served"]
    assert not cell(drawn, school.students["Emma"])["served"]
    groups = dict(drawn.students.select("first_name", "groups").iter_rows())
    assert groups["Ana"] == ["Atelier lecture"]
    assert groups["Bilal"] == []


def test_a_student_who_arrived_after_the_bilan_is_shown_to_be_confirmed(
    services: Services, school: School
) -> None:
    with services.store.write() as tx:
        tx.run(
            "insert into student (id, last_name, first_name, created_on) values (5, 'NOUVEL', 'Zoé', '2026-11-18')"
        )
        tx.run(
            "insert into enrolment (student, year, division, starts_on) values (5, 2026, $division, '2026-11-18')",
            division=school.divisions["2TNE"],
        )
    assert cell(picture(services), 5)["value"] is None


def test_only_those_who_wait_are_kept_on_demand(services: Services, school: School) -> None:
    kept = picture(services, **{"non-servis": "oui"}).students["first_name"].to_list()
    assert kept == ["Emma"]


def test_an_earlier_bilan_shows_its_own_numbers(services: Services, school: School) -> None:
    first = services.store.read("select id from review where code = 'B0'").item()
    drawn = picture(services, bilan=str(first))
    assert cell(drawn, school.students["Ana"])["value"] == 67
    assert drawn.provisional == frozenset()


def test_a_teacher_sees_the_students_they_teach_and_no_others(services: Services, school: School) -> None:
    seen = picture(services, school.viewer("metier")).students["first_name"].to_list()
    assert seen == ["Driss", "Emma", "Farid"]
    page = shown(layout(services, school.viewer("metier"), {}))
    assert "NOMANA" not in page
    assert "2TNE" not in page


def test_a_stranger_gets_an_empty_page(services: Services, school: School) -> None:
    nobody = Viewer(login="x", name="X", role=Role.TEACHER, staff=None)
    page = shown(layout(services, nobody, {}))
    assert "Aucun élève à montrer" in page
    assert "NOM" not in page


def test_profiles_are_for_the_pilot_and_for_the_principal_teacher_of_the_division(
    services: Services, school: School
) -> None:
    ids = school.students
    everybody = picture(services).profiles["student"].to_list()
    own = picture(services, school.viewer("maths")).profiles["student"].to_list()
    assert sorted(everybody) == sorted(ids.values())
    assert sorted(own) == sorted([ids["Ana"], ids["Bilal"], ids["Chloé"]])
    assert picture(services, school.viewer("lettres")).profiles.is_empty()
    assert "Profil" not in shown(layout(services, school.viewer("lettres"), {}))


def test_asking_for_a_profile_without_the_right_tells_nothing(services: Services, school: School) -> None:
    plain = picture(services, school.viewer("lettres")).students["student"].to_list()
    asked = (
        picture(services, school.viewer("lettres"), profil="parcours à sécuriser")
        .students["student"]
        .to_list()
    )
    assert asked == plain


@pytest.mark.parametrize("view", ["carte", "tableau", "repartition"])
def test_every_view_says_the_same_finding(services: Services, school: School, view: str) -> None:
    page = shown(layout(services, PILOT, {"vue": view}))
    assert "En 2de, lire et comprendre est le premier besoin : 3 élèves à 60 ou plus" in page
    assert "provisoires" in page


@pytest.mark.parametrize("view", ["carte", "tableau", "repartition"])
def test_a_school_without_any_bilan_says_what_to_expect(tmp_path: Path, view: str) -> None:
    empty = open_services(Settings(db=tmp_path / "empty.duckdb"))
    assert "Aucun bilan n’est encore ouvert" in shown(layout(empty, PILOT, {"vue": view}))
    empty.store.close()


def test_filters_that_leave_nobody_offer_a_way_back(services: Services, school: School) -> None:
    page = shown(layout(services, PILOT, {"profil": "parcours consolidé", "axe": "REM"}))
    assert "Aucun élève ne répond à ces filtres" in page
    assert "Effacer les filtres" in page


def test_rows_are_rendered_for_unfolded_divisions_only(services: Services, school: School) -> None:
    mrc = str(school.divisions["2MRC"])
    page = shown(layout(services, PILOT, {"ouvre": mrc}))
    assert "NOMDRISS" in page
    assert "NOMANA" not in page
    assert "NOMDRISS" not in shown(layout(services, PILOT, {"ouvre": "aucune"}))


def test_a_number_unfolds_into_parts_that_sum_to_it(services: Services, school: School) -> None:
    title, body = why(services, PILOT, {}, student=school.students["Ana"], need="REM-LEC")
    text = shown(body)
    assert title == "De quoi est fait ce 95"
    assert all(words in text for words in ("Lire et comprendre", "poids 70", "Entrer dans la tâche", "Somme"))


def test_the_number_of_an_open_division_unfolds_too(services: Services, school: School) -> None:
    title, body = why(services, PILOT, {}, student=school.students["Driss"], need="REM-LEC")
    assert title == "De quoi est fait ce 67"
    assert "renseigné à 70 %" in shown(body)


def test_a_number_to_be_confirmed_says_what_is_missing(services: Services, school: School) -> None:
    title, body = why(services, PILOT, {}, student=school.students["Chloé"], need="REM-LEC")
    assert title == "De quoi est fait ce ?"
    assert "trop peu pour donner un nombre" in shown(body)


@pytest.mark.parametrize("who", ["Ana", None])
def test_another_teacher_unfolds_nothing_and_learns_nothing(
    services: Services, school: School, who: str | None
) -> None:
    student = school.students[who] if who else 987_654
    with pytest.raises(ApdashError, match="Ce chiffre n’est pas accessible"):
        why(services, school.viewer("metier"), {}, student=student, need="REM-LEC")


def test_the_page_and_its_panel_answer_through_the_guard(
    services: Services, school: School, client: Client, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    add_account("metier", "teacher", staff=school.staff["metier"])
    asked = [
        {
            "id": "needs-asked",
            "property": "data",
            "value": {"student": school.students["Ana"], "need": "REM-LEC"},
        }
    ]
    state = [{"id": "url", "property": "search", "value": ""}]
    output = "..needs-why.is_open...needs-why.title...needs-why-body.children.."
    assert call(client, output=output, inputs=asked, state=state).status_code == 401
    enter_demo(client, "metier")
    refused = call(client, output=output, inputs=asked, state=state).get_data(as_text=True)
    assert "NOMANA" not in refused
    assert "De quoi est fait" not in refused
    client.delete_cookie("session")
    enter_demo(client, "pilote")
    assert "NOMANA" in open_page(client, "/besoins", f"?division={school.divisions['2TNE']}")
    assert "De quoi est fait ce 95" in call(client, output=output, inputs=asked, state=state).get_data(
        as_text=True
    )
    assert "NOMANA" not in client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)


def test_the_distribution_draws_a_bar_a_need_and_a_trace_a_class() -> None:
    figure = needs_distribution(class_counts(CELLS, NEEDS))
    assert [trace.name for trace in figure.data][::5] == ["à confirmer", "75 et plus"]
    assert figure.layout.xaxis.title.text == "Nombre d’élèves"
    assert list(figure.layout.yaxis.categoryarray) == ["Lecture", "Écriture"]
    assert sum(sum(trace.x) for trace in figure.data) == 6


def test_an_empty_distribution_says_so() -> None:
    for figure in (
        needs_distribution(class_counts(CELLS.head(0), NEEDS)),
        needs_change(
            pl.DataFrame(schema={"short_name": pl.String, "review": pl.Int64, "share": pl.Float64}),
            reviews=[],
        ),
    ):
        assert figure.layout.annotations[0].text == "Aucune donnée"


def test_the_change_is_drawn_from_the_bilan_before_to_this_one() -> None:
    shares = pl.DataFrame(
        {
            "short_name": ["Lecture", "Écriture"] * 3,
            "review": [1, 1, 2, 2, 3, 3],
            "share": [0.1, 0.2, 0.5, 0.2, 0.25, None],
        }
    )
    figure = needs_change(shares, reviews=[(1, "initial"), (2, "novembre"), (3, "avril")])
    assert [trace.name for trace in figure.data] == ["initial", "novembre", "écart", "avril"]
    assert list(figure.data[-1].x) == [25.0]
    assert figure.data[-1].text[0].strip() == f"25{NBSP}%"
    assert figure.layout.xaxis.title.text == "Élèves renseignés à 60 ou plus (%)"

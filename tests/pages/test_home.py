"""The home page: what waits for whom."""

import json
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import parse_qsl, urlsplit

import polars as pl
import pytest
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from apdash.pages.home.next_sessions import day_card
from apdash.pages.home.tasks import tasks
from apdash.pages.home.year_line import year_line
from apdash.pages.regrouping.address import asked
from apdash.pages.student.listing import layout as students_page
from apdash.rights import Role, Viewer
from apdash.services import Services
from tests.conftest import Client, enter_demo, open_page
from tests.school_factory import P2, PILOT, School, adopted, make_school

DAY = date(2026, 11, 18)


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    made = make_school(services.store)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    return made


def titles(services: Services, viewer: Viewer = PILOT) -> list[str]:
    return [task.title for task in tasks(services, viewer, 2026)]


def test_a_closed_bilan_calls_for_groups_in_its_band(services: Services, school: School) -> None:
    assert titles(services) == ["Les groupes de 2-A sont à former"]


def test_the_call_for_groups_opens_the_band_and_the_bilan_it_names(
    services: Services, school: School
) -> None:
    href = tasks(services, PILOT, 2026)[0].href
    params = dict(parse_qsl(urlsplit(href).query))
    found = asked(
        params,
        bands=pl.DataFrame({"code": ["1-A", "2-A"]}),
        reviews=pl.DataFrame({"code": ["B3", "B1"]}),
        step="preparer",
    )
    assert (found.band["code"], found.review["code"]) == ("2-A", "B1")


def test_a_bilan_whose_groups_are_already_in_force_calls_for_nothing(
    services: Services, school: School
) -> None:
    with services.store.write() as tx:
        tx.run("update review set effective_from = '2026-11-18'")
    assert titles(services) == []


def test_priority_students_are_counted_as_on_the_other_pages_with_what_is_decided(
    services: Services, school: School
) -> None:
    school.add_students("2TNE", 6)
    school.add_staff("lecture", ["REM-LEC"], ["mar-10"])
    school.know(school.students[:4], {"REM-LEC": 83})
    school.know(school.students[4:], {"DEV-SUI": 90})
    told = "4\u00a0élèves prioritaires non servis"
    assert titles(services)[1:] == [told]
    assert told in _shown(students_page(services, PILOT, {}))
    adopted(services, school, [("mar-10", "REM-LEC", "lecture", school.students[:3])], on=P2[0])
    told = f"{told} aujourd’hui, 1 avec les groupes décidés pour le 23\u00a0nov."
    assert titles(services)[-1] == told
    assert told in _shown(students_page(services, PILOT, {}))


def test_an_open_bilan_waits_for_its_divisions(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run(
            "update review_division set closed_at = null where division = $one", one=school.divisions["2TNE"]
        )
    assert titles(services) == ["Bilan de novembre\u00a0: 1\u00a0division n’est pas close"]


def test_a_teacher_is_told_how_many_cells_are_left_and_nothing_of_regrouping(
    services: Services, school: School
) -> None:
    adult = school.add_staff("Vidal", [], [])
    division = school.divisions["2TNE"]
    student = _enrol(services, division)
    with services.store.write() as tx:
        tx.run("update review_division set closed_at = null")
        tx.run("insert into service values (2026, $division, $staff, 'M')", division=division, staff=adult)
        tx.run(
            "insert into expected values ($review, $division, $staff, 'CAL')",
            review=school.review,
            division=division,
            staff=adult,
        )
    teacher = Viewer(login="vidal", name="Vidal", role=Role.TEACHER, staff=adult)
    assert titles(services, teacher) == ["Bilan de novembre de 2TNE\u00a0: 1\u00a0case à remplir"]
    with services.store.write() as tx:
        tx.run(
            "update review_division set closed_at = '2026-11-17' where division = $division",
            division=division,
        )
    assert titles(services, teacher) == []
    with services.store.write() as tx:
        tx.run("update review_division set closed_at = null")
    with services.store.write() as tx:
        tx.insert("assessment", _level(school.review, student, adult))
    assert titles(services, teacher) == []


def test_the_page_opens_with_the_year_and_the_next_dates(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/")
    assert "Bonjour Pilote" in page
    assert "11 novembre" not in page
    assert "Noël" in page
    assert "Les groupes de 2-A sont à former" in page


def test_the_line_of_the_year_places_today_between_its_ends() -> None:
    periods = pl.DataFrame(
        {"code": ["P1"], "label": ["Période 1"], "starts_on": [date(2026, 9, 1)], "ends_on": [DAY]}
    )
    reviews = pl.DataFrame({"label": ["B1"], "closes_on": [DAY], "closed": [0], "divisions": [2]})
    line = year_line(periods, reviews, first=date(2026, 9, 1), last=date(2027, 7, 3), today=DAY)
    assert [child.style["left"] for child in line.children] == ["0.00%", "25.57%", "25.57%"]


def _shown(page: Component) -> str:
    return json.dumps(page, cls=PlotlyJSONEncoder, ensure_ascii=False)


def _enrol(services: Services, division: int) -> int:
    with services.store.write() as tx:
        tx.run(
            "insert into student (id, last_name, first_name, created_on) values (9001, 'AUBRY', 'Zoé', '2026-09-01')"
        )
        tx.run(
            "insert into enrolment (student, year, division, starts_on) values (9001, 2026, $d, '2026-09-01')",
            d=division,
        )
    return 9001


def _level(review: int, student: int, adult: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "review": [review], "student": [student], "competency": ["CAL"], "assessor": [f"staff:{adult}"],
            "source": ["adult"], "state": ["level"], "level": [2.0], "recorded_at": [datetime(2026, 11, 10)],
            "recorded_by": ["vidal"],
        }
    )  # fmt: skip


def test_rolls_nobody_called_wait_for_who_leads_and_for_who_pilots(
    services: Services, school: School
) -> None:
    school.add_students("2TNE", 4)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT")):
        school.add_staff(name, [need], ["mar-10"])
    groups = [("mar-10", "REM-LEC", "lecture", school.students[:4])]
    adopted(services, school, groups, on=date(2026, 10, 5), now=datetime(2026, 10, 1, 9))
    late = "3\u00a0appels à faire"  # of the last four weeks: 3, 10 and 17 November
    assert titles(services)[0] == late
    assert late in titles(services, school.teacher("lecture"))
    assert titles(services, school.teacher("calcul")) == []
    with services.store.write() as tx:
        tx.run("update session set state = 'held' where on_day < '2026-11-17'")
    task = tasks(services, school.teacher("lecture"), 2026)[0]
    assert task.title == "1\u00a0appel à faire"
    assert task.href.startswith("/appel?seance=")


def test_the_next_sessions_are_those_of_the_week_and_a_teachers_own(
    services: Services, school: School
) -> None:
    school.add_students("2TNE", 8)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT")):
        school.add_staff(name, [need], ["mar-10"])
    groups = [
        ("mar-10", "REM-LEC", "lecture", school.students[:4]),
        ("mar-10", "REM-MAT", "calcul", school.students[4:]),
    ]
    adopted(services, school, groups, on=date(2026, 10, 5), now=datetime(2026, 10, 1, 9))
    both, own = (
        json.dumps(day_card(services, who), cls=PlotlyJSONEncoder)
        for who in (PILOT, school.teacher("calcul"))
    )
    assert "mardi 24\\u00a0nov." in both
    assert "Mme LECTURE" in both
    assert "Mme CALCUL" in both
    assert "Mme CALCUL" in own
    assert "Mme LECTURE" not in own
    assert "/seances?date=2026-11-24" in own
    with services.store.write() as tx:
        tx.run("update session set state = 'not_held' where on_day = '2026-11-24'")
        tx.run("update setting set value = '2026-12-01' where key = 'today'")
    today = json.dumps(day_card(services, school.teacher("calcul")), cls=PlotlyJSONEncoder)
    assert "Aujourd" in today
    assert "/appel?seance=" in today


def test_a_teacher_without_sessions_is_told_so(services: Services, school: School) -> None:
    school.add_staff("lecture", ["REM-LEC"], ["mar-10"])
    card = json.dumps(
        day_card(services, school.teacher("lecture")), cls=PlotlyJSONEncoder, ensure_ascii=False
    )
    assert "Aucune séance" in card

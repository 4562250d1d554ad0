"""The fictional school: believable, lawful, and the same for the same seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from apdash.calendar import meeting_counts, meetings, slot_dates
from apdash.demo import calendar_plan, make_demo
from apdash.demo.people import Person, populate
from apdash.demo.school import CURRENT, TODAY, School, plan_school
from apdash.demo.seen import expectations, level_of
from apdash.demo.siecle_files import nomenclature_file, structures_file, students_file
from apdash.demo.sts_file import staff_file
from apdash.errors import ApdashError
from apdash.imports import Kind, recognise
from apdash.rights import CONSOLE
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store.commands.closing import closing_cost
from apdash.store.queries.bands import students_in_band
from apdash.store.queries.groups import members
from apdash.store.queries.rolls import rolls_not_called

SIZES = {
    "2TNE": 24, "2GATL": 27, "2MRC": 28, "2ASSP": 22, "1MELEC": 22, "1AGORA": 26, "1MCV": 26, "1ASSP": 22,
    "TMELEC": 20, "TAGORA": 24, "TMCV": 25, "TASSP": 22,
}  # fmt: skip


@pytest.fixture(scope="module")
def school() -> School:
    return plan_school()


@pytest.fixture(scope="module")
def people(school: School) -> list[Person]:
    return populate(school, seed=2026)


def sizes_on(people: list[Person], day: date) -> Counter[str]:
    return Counter(stay.division.code for person in people if (stay := person.stay_on(day)))


def test_today_there_are_288_students_in_twelve_divisions(people: list[Person]) -> None:
    assert sizes_on(people, TODAY) == SIZES


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sizes_hold_for_any_seed(school: School, seed: int) -> None:
    assert sizes_on(populate(school, seed=seed), TODAY) == SIZES


@pytest.mark.parametrize("students", [48, 60, 100, 300, 2000])
def test_the_school_has_the_number_of_students_asked_for(students: int) -> None:
    school = plan_school(students)
    people = populate(school, seed=2026)
    sizes = sizes_on(people, TODAY)
    assert sizes.total() == students
    assert max(sizes.values()) <= 35
    assert min(sizes.values()) >= 3
    assert len({division.code for division in school.divisions}) == len(school.divisions)


def test_a_school_too_small_for_groups_is_refused() -> None:
    with pytest.raises(ApdashError, match="Trop peu d’élèves"):
        plan_school(47)


def test_forty_adults_work_there_each_year(school: School) -> None:
    for year in (2024, 2025, CURRENT):
        staff = school.staff_of(year)
        assert len(staff) == 40
        assert Counter(adult.leads for adult in staff if adult.leads) == dict.fromkeys(SIZES, 1)


def test_nobody_is_in_two_places(people: list[Person]) -> None:
    for person in people:
        for before, after in zip(person.stays, person.stays[1:], strict=False):
            assert (before.year, before.starts_on) < (after.year, after.starts_on)
            if before.year == after.year:
                assert before.ends_on is not None
                assert before.ends_on < after.starts_on


def test_students_go_up_stay_down_arrive_and_leave(people: list[Person]) -> None:
    now = [person for person in people if person.stay_on(TODAY)]
    went_up = [p for p in now if [stay.division.grade for stay in p.stays] == ["2de", "1re", "Tle"]]
    assert len(went_up) >= 40
    assert sum(person.stays[-1].repeating for person in now) >= 5
    assert any(person.stays[-1].starts_on > date(2026, 10, 5) for person in now)
    assert any(stay.moved for person in now for stay in person.stays)
    assert any(p.stays[-1].year == CURRENT and p.stays[-1].ends_on is not None for p in people)


def test_national_numbers_are_distinct_and_of_the_right_shape(people: list[Person]) -> None:
    numbers = pl.Series([person.national_number for person in people])
    assert numbers.is_unique().all()
    assert numbers.str.contains(r"^\d{9}[A-Z]{2}$").all()


def test_the_same_seed_gives_the_same_people_and_another_seed_others(
    school: School, people: list[Person]
) -> None:
    on = date(2026, 11, 16)
    assert students_file(school, populate(school, seed=2026), on=on) == students_file(school, people, on=on)
    assert students_file(school, populate(school, seed=7), on=on) != students_file(school, people, on=on)


def test_its_files_are_recognised_by_their_content(school: School, people: list[Person]) -> None:
    on = date(2026, 9, 4)
    assert recognise("a", students_file(school, people, on=on)) == Kind.STUDENTS
    assert recognise("b", structures_file(school, on=on)) == Kind.STRUCTURES
    assert recognise("c", nomenclature_file(school, on=on)) == Kind.NOMENCLATURES
    assert recognise("d", staff_file(school, year=2026)) == Kind.STS


@pytest.mark.parametrize(
    ("division", "band", "expected"),
    [("1MCV", "1-A", [5, 1, 6, 6, 1]), ("2TNE", "2-A", [5, 5, 3, 6, 4]), ("TAGORA", "T-A", [2, 5, 4, 3, 5])],
)
def test_divisions_attend_the_meetings_their_placements_leave(
    school: School, division: str, band: str, expected: list[int]
) -> None:
    slot = next(slot for slot in school.slots if slot.band == band)
    slots = pl.DataFrame({"slot": [1], "day": [slot.day]})
    divisions = pl.DataFrame({"slot": [1], "division": [division]})
    spans = ["starts_on", "ends_on"]
    closures = pl.DataFrame(
        [span[1:] for span in calendar_plan.closures(CURRENT)], schema=spans, orient="row"
    )
    away = pl.DataFrame(calendar_plan.placements(CURRENT), schema=["division", *spans], orient="row")
    counts = [
        meeting_counts(
            meetings(
                slot_dates(slots, closures, first=p.starts_on, last=p.ends_on), divisions, placements=away
            ),
            divisions,
        )["sessions"].item()
        for p in calendar_plan.periods(CURRENT)[1:]
    ]
    assert counts == expected


def test_nobody_is_asked_for_more_than_a_budget_of_competencies(school: School) -> None:
    plan = calendar_plan.periods(CURRENT)[0].review
    assert plan is not None
    asked = Counter((division.code, adult.key) for division, adult, _code in expectations(school, plan))
    usual = [
        count
        for (_division, key), count in asked.items()
        if not any(a.leads and a.key == key for a in school.adults)
    ]
    assert max(usual) <= 6
    assert max(asked.values()) <= 9


def test_levels_go_from_one_to_four() -> None:
    assert [level_of(value) for value in (-3, -0.95, 0, 0.05, 1, 1.15, 4)] == [1, 2, 2, 3, 3, 4, 4]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A whole demonstration of 60 students, opened."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    make_demo(path, students=60)
    services = open_services(Settings(db=path))
    yield services
    services.store.close()


def count(services: Services, sql: str) -> int:
    return int(services.store.read(sql).item())


def test_the_demonstration_opens_the_day_after_its_latest_bilan_closed(small: Services) -> None:
    assert small.is_demo()
    assert small.today() == date(2026, 11, 18)
    closed = small.store.read(
        """
        select d.code, rd.closed_at::date as closed_on
        from review_division rd join review r on r.id = rd.review join division d on d.id = rd.division
        where r.year = 2026 and r.code = 'P1'
        order by d.code
        """
    )
    still_open = closed.filter(pl.col("closed_on").is_null())["code"].to_list()
    assert still_open == ["1ASSP", "TAGORA", "TASSP"]
    assert set(closed["closed_on"].drop_nulls()) == {date(2026, 11, 17)}


def test_the_bilan_left_open_lacks_what_two_blocks_of_teachers_owe(small: Services) -> None:
    told = closing_cost(
        small.store,
        CONSOLE,
        small.reference,
        review=count(small, "select id from review where year = 2026 and code = 'P1'"),
        division=count(small, "select id from division where year = 2026 and code = '1ASSP'"),
    )
    assert "ORI-ENT" in told.needs["need"].to_list()
    assert told.students > 0


def test_everybody_present_has_a_group_at_each_hour_of_their_bands(small: Services) -> None:
    days = small.store.read("select id, code from band where year = 2026 order by code")
    for band, code in days.iter_rows():
        seated = members(small.store, CONSOLE, on=small.today(), band=band)
        present = students_in_band(small.store, band=band, on=small.today())
        alone = present.join(seated, on="student", how="anti")
        assert alone.height <= 1, code  # an arrival whose division is away in companies waits


def test_three_doors_lead_to_people_of_the_school_without_password(small: Services) -> None:
    doors = small.store.read(
        """
        select u.login, u.role, s.last_name, u.password_hash from user_account u join staff s on s.id = u.staff
        order by u.login
        """
    )
    assert doors["login"].to_list() == ["direction", "enseignant", "pilote"]
    assert doors["role"].to_list() == ["direction", "teacher", "pilot"]
    assert doors["password_hash"].is_null().all()


def test_each_year_has_its_bilans_groups_and_intensities(small: Services) -> None:
    years = small.store.read(
        """
        select r.year, count(distinct r.id) as reviews, count(distinct i.student) as students,
            count(distinct p.id) as regroupings
        from review r
        left join intensity i on i.review = r.id
        left join proposal p on p.review = r.id and p.state = 'in_force'
        group by r.year
        order by r.year
        """
    )
    assert years["year"].to_list() == [2024, 2025, 2026]
    assert years["reviews"].to_list() == [2, 3, 2]
    assert years["regroupings"].to_list() == [3, 6, 5]
    assert years["students"].min() >= 55


def test_the_team_lived_between_its_bilans(small: Services) -> None:
    acts = small.store.read(
        "select kind, count(*) as n from act where effective_on > $on group by kind", on=date(2026, 10, 5)
    )
    assert {"move", "departure", "agreement"} <= set(acts["kind"])
    assert count(small, "select count(*) from student_fact") >= 1


def test_past_years_end_with_results_and_what_leavers_do(small: Services) -> None:
    told = small.store.read(
        "select year, count(*) as n, avg(passed::int) as share from exam_result group by year order by year"
    )
    assert told["year"].to_list() == [2024, 2025]
    assert told["share"].min() > 0.6  # type: ignore[operator]
    assert count(small, "select count(*) from school_leaver where year = 2026") == 0
    assert count(small, "select count(distinct outcome) from school_leaver") >= 3
    assert (
        count(small, "select count(*) from outside_figure where place = 'academie' and indicator = 'ACCES'")
        == 4
    )


def test_rolls_were_called_and_two_of_this_week_wait(small: Services) -> None:
    there = count(small, "select count(*) from attendance where presence in ('present', 'late')")
    assert there / count(small, "select count(*) from attendance") == pytest.approx(0.92, abs=0.03)
    waiting = rolls_not_called(small.store, CONSOLE, first=date(2024, 9, 1), last=TODAY - timedelta(days=1))
    assert waiting.height == 2
    assert waiting["on_day"].min() >= TODAY - timedelta(days=TODAY.weekday())
    past = "from session where replaced_at is null and on_day < '2026-11-18'"
    held, told, off = (
        count(small, f"select count(*) {past} and {which}")
        for which in ("state = 'held'", "state = 'held' and done <> ''", "state = 'not_held' and why <> ''")
    )
    assert 0 < off < held / 20
    assert told > held / 2
    early = (
        "select count(*) from attendance a join session s on s.id = a.session where a.recorded_at < s.on_day"
    )
    assert count(small, early) == 0


def test_objectives_are_few_agreed_for_most_and_some_are_never_seen_again(small: Services) -> None:
    most = (
        "select max(n) from (select count(*) as n from objective where not dropped group by student, period)"
    )
    assert count(small, most) <= 3
    total, agreed = (count(small, f"select count({what}) from objective") for what in ("*", "agreed_on"))
    assert 0.7 * total < agreed < 0.9 * total
    asked, seen = (
        count(small, f"select count(*) from objective_seen{where}") for where in ("", " where seen")
    )
    assert 0 < seen < asked < total
    strange = """
        select count(*) from objective_seen q join objective o on o.id = q.objective
        where q.asked_on < o.set_on or not exists (
            select 1 from enrolment e join service v on v.division = e.division and v.staff = q.staff
            where e.student = o.student and e.year = o.year)
    """
    assert count(small, strange) == 0


def test_every_past_period_has_its_workshop_bilans_and_they_move_intensities(small: Services) -> None:
    told = small.store.read(
        "select distinct p.year, p.code from workshop_result w join period p on p.id = w.period order by 1, 2"
    )
    past = [(year, f"P{n}") for year, last in ((2024, 4), (2025, 4), (2026, 1)) for n in range(1, last + 1)]
    assert told.rows() == past
    moved = small.store.read("select distinct code from intensity_part where code like 'OBJ-%' order by code")
    assert moved["code"].to_list() == ["OBJ-ATTEINT", "OBJ-ENCORE", "OBJ-MANQUE"]
    late = """
        select count(*) from workshop_result w join period p on p.id = w.period
        join review r on r.period = p.id where w.recorded_at::date >= r.closes_on
    """
    assert count(small, late) == 0


def test_the_school_file_knows_the_students_there_are(small: Services) -> None:
    sql = """
        select count(distinct student) from enrolment
        where year = 2026 and starts_on <= date '2026-11-18' and (ends_on is null or ends_on >= date '2026-11-18')
    """
    assert count(small, sql) == 60


@pytest.mark.parametrize("seed", range(8))
def test_departures_are_known_to_the_last_export(school: School, seed: int) -> None:
    last = date(2026, 11, 16)
    for person in populate(school, seed=seed):
        stay = person.stays[-1]
        assert stay.year < CURRENT or stay.ends_on is None or stay.ends_on < last
        assert stay.year < CURRENT or stay.starts_on <= last


def test_no_line_of_its_files_was_refused(small: Services) -> None:
    assert count(small, "select sum((counts ->> '$.refused')::integer) from import_batch") == 0


def test_the_same_seed_makes_the_same_school(small: Services, tmp_path: Path) -> None:
    make_demo(tmp_path / "again.duckdb", students=60)
    again = open_services(Settings(db=tmp_path / "again.duckdb"))
    tables = (
        "student",
        "enrolment",
        "assessment",
        "interview_answer",
        "intensity",
        "ap_group",
        "membership",
        "act",
        "exam_result",
        "school_leaver",
        "outside_figure",
        "session",
        "attendance",
        "programme",
        "objective",
        "objective_seen",
        "workshop_result",
    )
    for table in tables:
        sql = f"select * from {table} order by all"
        assert again.store.read(sql).equals(small.store.read(sql)), table
    again.store.close()


def test_a_demonstration_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    path.write_text("avant")
    with pytest.raises(ApdashError):
        make_demo(path, students=5)
    assert path.read_text() == "avant"
    assert [file.name for file in tmp_path.iterdir()] == ["demo.duckdb"]

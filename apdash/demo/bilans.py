"""Goes through a bilan of the fictional school: opened, entered by each adult, answered by students, closed."""

from datetime import datetime, time, timedelta

import polars as pl

from apdash.demo import seen
from apdash.demo.calendar_plan import ReviewPlan
from apdash.demo.chance import stream
from apdash.demo.people import Person
from apdash.demo.school import CURRENT, Adult, School
from apdash.demo.seen import Cell, Memory
from apdash.demo.setup import division_ids, staff_ids, student_ids
from apdash.demo.tables import import_interviews, import_tests
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.assessments import record_assessments
from apdash.store.commands.closing import close_divisions
from apdash.store.commands.reviews import expect, open_review

LATEST = (CURRENT, "P1")
# The bilan the demonstration opens on: what is still missing in three divisions, left open.
MISSING = {"1ASSP": ("LH", "P1", "P2"), "TAGORA": ("MS", "EPS"), "TASSP": ("LH", "LV")}
_SELF_SEEN = ("ORG", "CON", "AUT", "CSS", "ORA", "PRJ")
_BY_DEFAULT = "EPS2"  # fills a column with 3, then corrects those that differ


def run_review(
    services: Services, school: School, people: list[Person], memory: Memory, *, plan: ReviewPlan
) -> int:
    """Open, fill and close a bilan as planned; return its id. Three divisions of the latest one stay open."""
    divisions = division_ids(services, year=plan.year)
    periods = services.store.read("select code, id from period where year = $year", year=plan.year)
    review = open_review(
        services.store,
        CONSOLE,
        year=plan.year,
        code=plan.code,
        label=plan.label,
        kind=plan.kind,
        period=dict(periods.iter_rows())[plan.code],
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        divisions=list(divisions.values()),
        effective_from=plan.effective_from,
    )
    _fill(services, school, people, memory, plan=plan, review=review)
    still_open = MISSING if (plan.year, plan.code) == LATEST else {}
    close_divisions(
        services.store,
        CONSOLE,
        services.reference,
        review=review,
        divisions=[division for code, division in divisions.items() if code not in still_open],
        now=datetime.combine(plan.closes_on, time(17, 30)),
    )
    return review


def _fill(
    services: Services, school: School, people: list[Person], memory: Memory, *, plan: ReviewPlan, review: int
) -> None:
    there = _there(people, plan)
    wanted = _expect(services, school, plan=plan, review=review)
    record = _recorder(services, review=review, plan=plan)
    if plan.kind == "initial":
        grades = {division.code: division.grade for division in school.divisions}
        young = [person for code, group in there.items() for person in group if grades[code] == "2de"]
        import_tests(services, young, memory, plan=plan, review=review)
        everybody = [person for group in there.values() for person in group]
        record("student", seen.own_view(memory, everybody, list(_SELF_SEEN), plan=plan), "student")
        import_interviews(services, everybody, plan=plan, review=review, seed=memory.seed)
    staff = staff_ids(services, school)
    for adult in school.staff_of(plan.year):
        cells = _entries(adult, wanted, there, memory, plan)
        if cells:
            record(f"staff:{staff[adult.key]}", cells, "adult", by_default=adult.key == _BY_DEFAULT)


def _there(people: list[Person], plan: ReviewPlan) -> dict[str, list[Person]]:
    """Return the students of each division on the day the bilan closes."""
    there: dict[str, list[Person]] = {}
    for person in people:
        stay = person.stay_on(plan.closes_on)
        if stay is not None:
            there.setdefault(stay.division.code, []).append(person)
    return there


def _expect(
    services: Services, school: School, *, plan: ReviewPlan, review: int
) -> dict[str, dict[str, list[str]]]:
    """Say who is to assess what; return adult -> division -> competencies."""
    divisions, staff = division_ids(services, year=plan.year), staff_ids(services, school)
    wanted: dict[str, dict[str, list[str]]] = {}
    rows = []
    for division, adult, code in seen.expectations(school, plan):
        rows.append((divisions[division.code], staff[adult.key], code))
        wanted.setdefault(adult.key, {}).setdefault(division.code, []).append(code)
    frame = pl.DataFrame(rows, schema=["division", "staff", "competency"], orient="row")
    expect(services.store, CONSOLE, services.reference, review=review, rows=frame)
    return wanted


def _entries(
    adult: Adult,
    wanted: dict[str, dict[str, list[str]]],
    there: dict[str, list[Person]],
    memory: Memory,
    plan: ReviewPlan,
) -> list[Cell]:
    """Return what an adult enters for all their divisions, but for what is missing from the latest bilan."""
    missing = MISSING if (plan.year, plan.code) == LATEST else {}
    return [
        cell
        for code, competencies in wanted.get(adult.key, {}).items()
        if adult.profile not in missing.get(code, ())
        for cell in seen.observe(memory, adult, there.get(code, []), competencies, plan=plan)
    ]


def _recorder(services: Services, *, review: int, plan: ReviewPlan):  # noqa: ANN202
    """Return a function that records some cells under the name of an assessor, on a day of the bilan."""
    students = student_ids(services)
    days = (plan.closes_on - plan.opens_on).days

    def record(assessor: str, cells: list[Cell], source: str, *, by_default: bool = False) -> None:
        draw = stream(0, "moment", assessor, plan.year, plan.code)
        day = plan.opens_on + timedelta(days=draw.randrange(days // 2, days))
        rows = [(students[number], code, state, level) for number, code, state, level in cells]
        types = {"student": pl.Int64, "competency": pl.String, "state": pl.String, "level": pl.Float64}
        record_assessments(
            services.store,
            CONSOLE,
            review=review,
            assessor=assessor,
            entries=pl.DataFrame(rows, schema=types, orient="row"),
            source=source,
            by_default=by_default,
            now=datetime.combine(day, time(draw.randrange(8, 19), draw.randrange(60))),
        )

    return record

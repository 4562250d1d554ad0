"""Makes the fictional school, three years of it, up to the day its latest bilan has just closed."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from apdash.demo import gestures, outcomes, setup
from apdash.demo.agenda import live_agenda
from apdash.demo.attendance import call_rolls
from apdash.demo.bilans import run_review
from apdash.demo.calendar_plan import ReviewPlan, periods, school_year, year_of
from apdash.demo.groups import decide_groups, groups_until, welcome_arrivals
from apdash.demo.objectives import live_objectives
from apdash.demo.people import YEARS, Person, populate
from apdash.demo.school import CURRENT, STUDENTS, TODAY, School, plan_school
from apdash.demo.seen import Memory, add_gains
from apdash.demo.tutors import give_tutors, hold_meetings, offer_stages
from apdash.progress import Report, silent
from apdash.rights import CONSOLE, Role
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store.commands.accounts import add_account

SEED = 2026
_DOORS = (
    ("direction", Role.DIRECTION, "DIR1"),
    ("pilote", Role.PILOT, "VT1"),
    ("enseignant", Role.TEACHER, "LH1"),
)
_NEWS = {2024: ((2024, 11, 16), (2025, 6, 14)), 2025: ((2025, 11, 15), (2026, 6, 13)),
         CURRENT: ((2026, 11, 2), (2026, 11, 16))}  # fmt: skip


def make_demo(path: Path, *, seed: int = SEED, students: int = STUDENTS, report: Report = silent) -> None:
    """Make the school of the demonstration in a file, replacing what is there only once the new one is whole.

    The same seed and number of students give the same school. Raises `ApdashError` for fewer than 48 students.
    """
    school = plan_school(students)
    partial = path.with_name(path.name + ".partiel")
    partial.unlink(missing_ok=True)
    services = open_services(Settings(db=partial))
    try:
        _live(services, school, seed=seed, report=report)
    except BaseException:
        services.store.close()
        partial.unlink(missing_ok=True)
        raise
    services.store.close()
    partial.replace(path)


def _live(services: Services, school: School, *, seed: int, report: Report) -> None:
    """Go through the three years, one day after another."""
    people, memory = populate(school, seed=seed), Memory(seed)
    steps = [step for year in YEARS for step in _steps(year)]
    for rank, (day, what, plan) in enumerate(steps):
        report(rank / len(steps), f"{what} du {day:%d/%m/%Y}")
        _set_today(services, day)
        if what == "Rentrée":
            _begin(services, school, people, day=day)
            outcomes.tell(services, people, year=school_year(day) - 1, on=day, seed=seed)
        elif what == "Import":
            setup.import_students(services, school, people, on=day)
            welcome_arrivals(services, since=year_of(school_year(day))[0], on=day)
        elif what == "Gestes":
            gestures.live(services, on=day, seed=seed)
            live_agenda(services, on=day)
        elif plan is not None:
            _review(services, school, people, memory, plan=plan)
    _finish(services, school)
    call_rolls(services, people, seed=seed)


def _steps(year: int) -> Iterator[tuple[date, str, ReviewPlan | None]]:
    """Return what happens in a year, in the order of time: beginning, imports, bilans; nothing after today."""
    news = [(date(*day), "Import", None) for day in _NEWS[year]]
    reviews = [(plan.closes_on, "Bilan", plan) for period in periods(year) if (plan := period.review)]
    if year == CURRENT:
        news.append((date(CURRENT, 11, 9), "Gestes", None))
    start = year_of(year)[0]
    events = [(start.replace(day=start.day + 3), "Rentrée", None), *news, *reviews]
    yield from (event for event in sorted(events, key=lambda event: event[0]) if event[0] <= TODAY)


def _begin(services: Services, school: School, people: list[Person], *, day: date) -> None:
    setup.import_year(services, school, people, on=day)
    year = school_year(day)
    setup.set_calendar(services, school, year=year)
    setup.set_needs(services, school, year=year)
    setup.set_bands(services, school, year=year)
    give_tutors(services, year=year, on=day)


def _review(
    services: Services, school: School, people: list[Person], memory: Memory, *, plan: ReviewPlan
) -> None:
    add_gains(memory, groups_until(services, plan=plan))
    live_objectives(services, school, people, plan=plan, seed=memory.seed)
    review = run_review(services, school, people, memory, plan=plan)
    # The groups the latest bilan decides are what the demonstration leaves to be done.
    if plan.effective_from is not None and plan.effective_from <= TODAY:
        decide_groups(services, plan=plan, review=review)


def _finish(services: Services, school: School) -> None:
    """Open the doors of the demonstration, on its day."""
    staff = setup.staff_ids(services, school)
    adults = {adult.key: adult for adult in school.adults}
    for login, role, key in _DOORS:
        name = f"{adults[key].title} {adults[key].last_name}"
        moment = datetime.combine(TODAY, time(7, 30))
        add_account(
            services.store,
            CONSOLE,
            login=login,
            name=name,
            role=role,
            staff=staff[key],
            password_hash=None,
            now=moment,
        )
    for year in YEARS:
        hold_meetings(services, since=year_of(year)[0], until=min(year_of(year)[1], TODAY), seed=SEED)
    offer_stages(services, year=CURRENT, on=TODAY)
    outcomes.import_open_data(services, school, on=TODAY, seed=SEED)
    _set_today(services, TODAY)
    setup.choose_envelopes(services, year=CURRENT)
    _put_setting(services, "demo", "oui")


def _set_today(services: Services, day: date) -> None:
    _put_setting(services, "today", day.isoformat())


def _put_setting(services: Services, key: str, value: str) -> None:
    with services.store.write() as tx:
        tx.run(
            "insert into setting (key, value) values ($key, $value) "
            "on conflict (key) do update set value = excluded.value",
            key=key,
            value=value,
        )

"""Students of the fictional school: who came when, who went up, stayed down, changed course or left."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from apdash.demo.calendar_plan import school_year, year_of
from apdash.demo.chance import stream
from apdash.demo.names import birthday, full_name, national_number
from apdash.demo.profile import Profile, draw_profile
from apdash.demo.school import CURRENT, Division, School

YEARS = (2024, 2025, CURRENT)
COLLEGE_MEF = "10310019110"
CAP_MEF = "24123403222"
_AGE = {"2de": 15, "1re": 16, "Tle": 17}
_REPEAT = {"2de": 0.03, "1re": 0.02, "Tle": 0.04}
_LEAVE = {"2de": 0.08, "1re": 0.05}


@dataclass(slots=True)
class Stay:
    """A student in a division, for a year or a part of it."""

    year: int
    division: Division
    starts_on: date
    ends_on: date | None = None
    repeating: bool = False
    previous_division: str = ""
    previous_mef: str = COLLEGE_MEF
    moved: bool = False  # went to another division of the school in the course of the year


@dataclass(slots=True)
class Person:
    """A student; stays in the order of time."""

    number: int
    national_number: str
    last_name: str
    first_name: str
    sex: str
    born_on: date
    profile: Profile
    stays: list[Stay] = field(default_factory=list)

    def stay_on(self, day: date) -> Stay | None:
        """Return where the student is that day, or none."""
        for stay in self.stays:
            if stay.year == school_year(day) and stay.starts_on <= day <= (stay.ends_on or day):
                return stay
        return None


def populate(school: School, *, seed: int) -> list[Person]:
    """Return all the students of three years, in the order in which they came."""
    people: list[Person] = []
    for year in YEARS:
        incoming = _going_on(school, people, year=year, seed=seed)
        for division in school.divisions:
            draw = stream(seed, "division", division.code, year)
            known = incoming.get(division.code, [])
            size = division.sizes[year]
            for person, repeating in known[:size]:
                person.stays.append(_next_stay(person, division, year=year, repeating=repeating))
            newcomers = [
                _newcomer(people, division, year=year, seed=seed) for _ in range(size - len(known[:size]))
            ]
            _arrive_late(newcomers, draw, year=year)
            _leave_early(people, division, draw, year=year, seed=seed)
    _change_course(school, people, seed=seed)
    return people


def _going_on(
    school: School, people: list[Person], *, year: int, seed: int
) -> dict[str, list[tuple[Person, bool]]]:
    """Return, for each division, who comes into it from last year, and whether they repeat it."""
    after = {division.comes_from: division.code for division in school.divisions if division.comes_from}
    incoming: dict[str, list[tuple[Person, bool]]] = {}
    for person in people:
        stay = person.stays[-1]
        if stay.year != year - 1 or stay.ends_on is not None:
            continue
        chance, code = stream(seed, "passage", person.number, year).random(), stay.division.code
        fragile = 1 + max(0.0, -person.profile.work)  # those who disengage leave or repeat more often
        repeat, leave = _REPEAT[stay.division.grade] * fragile, _LEAVE.get(stay.division.grade, 1) * fragile
        if chance < repeat:
            incoming.setdefault(code, []).append((person, True))
        elif chance >= repeat + leave and code in after:
            incoming.setdefault(after[code], []).append((person, False))
    return incoming


def _next_stay(person: Person, division: Division, *, year: int, repeating: bool) -> Stay:
    last = person.stays[-1]
    return Stay(
        year=year,
        division=division,
        starts_on=year_of(year)[0],
        repeating=repeating,
        previous_division=last.division.code,
        previous_mef=last.division.mef,
    )


def _newcomer(people: list[Person], division: Division, *, year: int, seed: int) -> Person:
    """Add a student nobody knew yet: from collège in 2de, from a CAP or another lycée later."""
    number = 1000001 + len(people)
    draw = stream(seed, "person", number)
    sex = "F" if draw.random() < division.girls else "M"
    last_name, first_name = full_name(draw, sex)
    late = draw.choices((0, 1, 2), weights=(70, 25, 5))[0]
    person = Person(
        number=number,
        national_number=national_number(draw, number - 1000000),
        last_name=last_name,
        first_name=first_name,
        sex=sex,
        born_on=birthday(draw, year - _AGE[division.grade] - late),
        profile=draw_profile(draw, division.track),
    )
    before = (
        COLLEGE_MEF
        if division.grade == "2de"
        else (CAP_MEF if draw.random() < 0.5 else _mef_before(division))
    )
    person.stays.append(Stay(year=year, division=division, starts_on=year_of(year)[0], previous_mef=before))
    people.append(person)
    return person


def _arrive_late(newcomers: list[Person], draw: Random, *, year: int) -> None:
    """Let a few of those who are new come after the others, in the first weeks of the groups."""
    for person in newcomers:
        if draw.random() < 0.035:
            person.stays[-1].starts_on = date(year, 10, 6) + timedelta(
                days=draw.choice((0, 1, 2, 8, 28, 30, 36))
            )


def _leave_early(people: list[Person], division: Division, draw: Random, *, year: int, seed: int) -> None:
    """Add the few students who were there in September and have left since."""
    # Before the last export of the year, which has to know it.
    last = date(CURRENT, 11, 15) if year == CURRENT else date(year + 1, 5, 15)
    rate = 0.04 if division.grade == "2de" else 0.018
    for _ in range(sum(draw.random() < rate for _ in range(division.sizes[year]))):
        person = _newcomer(people, division, year=year, seed=seed)
        person.profile = person.profile.disengaged()
        person.stays[-1].ends_on = date(year, 9, 18) + timedelta(
            days=draw.randrange((last - date(year, 9, 18)).days)
        )


def _change_course(school: School, people: list[Person], *, seed: int) -> None:
    """Move two students of 2de to the other trade of their bands after the autumn holidays, sizes unchanged."""
    draw = stream(seed, "course")
    day = date(CURRENT, 11, 2)
    young = [division for division in school.divisions if division.grade == "2de"]
    for target in draw.sample(young, k=min(2, len(young))):
        others = [d for d in young if d is not target and _bands(school, d) == _bands(school, target)]
        settled = [p for p in people if _settled(p.stays[-1], target)]
        if not others or not settled:
            continue
        person, other = draw.choice(settled), draw.choice(others)
        here = person.stays.pop()
        person.stays.append(Stay(CURRENT, other, here.starts_on, day - timedelta(days=1), moved=True))
        person.stays.append(Stay(CURRENT, target, day, previous_mef=here.previous_mef))


def _bands(school: School, division: Division) -> set[str]:
    return {slot.band for slot in school.slots if division.code in slot.divisions and CURRENT in slot.years}


def _settled(stay: Stay, division: Division) -> bool:
    """True for a student who has been in that division since September and is still there."""
    since_september = stay.starts_on == year_of(CURRENT)[0]
    return stay.division is division and stay.year == CURRENT and since_september and stay.ends_on is None


def _mef_before(division: Division) -> str:
    """Return the formation of the year before: the tenth character of a MEF is the year of the course."""
    return f"{division.mef[:9]}{int(division.mef[9]) - 1}{division.mef[10:]}"

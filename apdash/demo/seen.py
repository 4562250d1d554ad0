"""What adults see of a student at a bilan: a level from 1 to 4, more or less severe, now and then nothing."""

from dataclasses import dataclass, field
from datetime import date

from apdash.demo.calendar_plan import ReviewPlan, school_year, year_of
from apdash.demo.chance import stream
from apdash.demo.files import rows
from apdash.demo.people import Person
from apdash.demo.school import Adult, Division, School

LIMITS = (-0.95, 0.05, 1.15)  # on the scale of `Profile.mastery`: under the first, level 1
PERIOD_GAIN = 0.22  # what a period in a group adds to the competencies it works on
_YEARLY = 0.15  # expectations rise with the grade: little is left of a year's progress
_NOT_YET_IN_2DE = ("EXP", "SUP")  # no placement behind them yet
_NOT_IN_SEPTEMBER = ("DEM",)

Cell = tuple[int, str, str, float | None]  # student's number, competency, state, level


@dataclass(slots=True)
class Memory:
    """What each adult last put for each student and competency, and what groups have brought."""

    seed: int
    last: dict[tuple[int, str, int, str], int] = field(default_factory=dict)
    gains: dict[tuple[int, str], float] = field(default_factory=dict)


def level_of(value: float) -> int:
    """Return the level, 1 to 4, of a value seen."""
    return 1 + sum(value >= limit for limit in LIMITS)


def expectations(school: School, plan: ReviewPlan) -> list[tuple[Division, Adult, str]]:
    """Return who is to assess what at a bilan: division, adult, competency; each once."""
    lines = {row["profil"]: row["compétences"].split() for row in _lines(plan)}
    found: dict[tuple[str, str, str], tuple[Division, Adult, str]] = {}
    for division in school.divisions:
        for adult in school.staff_of(plan.year):
            codes = list(lines.get(adult.profile, [])) if _meets(adult, division) else []
            if adult.leads == division.code:
                codes += lines["PP"]
            for code in codes:
                if _observable(code, division, plan):
                    found[(division.code, adult.key, code)] = (division, adult, code)
    return list(found.values())


def _lines(plan: ReviewPlan) -> list[dict[str, str]]:
    french = {"initial": "initial", "intermediate": "intermédiaire", "final": "final"}[plan.kind]
    asked = [row for row in rows("attendus") if row["bilan"] == french]
    return [row for row in asked if str(plan.year) in row["années"].split()]


def _meets(adult: Adult, division: Division) -> bool:
    """True when the adult sees the division enough to assess it."""
    same_copy = adult.key.partition("-")[2] == division.mark
    if adult.profile == "CPE":
        return same_copy and (division.grade == "2de") == adult.key.startswith("CPE1")
    if adult.profile == "DOC":
        return same_copy and division.grade == "2de"
    return division.code in adult.divisions


def _observable(code: str, division: Division, plan: ReviewPlan) -> bool:
    if division.grade != "2de" or plan.kind == "final":
        return True
    return code not in _NOT_YET_IN_2DE and not (plan.kind == "initial" and code in _NOT_IN_SEPTEMBER)


def observe(
    memory: Memory, adult: Adult, people: list[Person], codes: list[str], *, plan: ReviewPlan
) -> list[Cell]:
    """Return what an adult enters for some students of a division; whoever was away is absent, a few are forgotten."""
    severity = stream(memory.seed, "severity", adult.key).gauss(0, 0.22)
    cells: list[Cell] = []
    for person in people:
        draw = stream(memory.seed, "seen", adult.key, person.number, plan.year, plan.code)
        away, halo = draw.random() < 0.6 * (1 - person.profile.presence), draw.gauss(0, 0.15)
        for code in codes:
            noise, forgotten, keep = draw.gauss(0, 0.32), draw.random() < 0.008, draw.random() < 0.7
            if forgotten:
                continue
            if away:
                cells.append((person.number, code, "absent", None))
                continue
            level = level_of(true_value(memory, person, code, on=plan.closes_on) + severity + halo + noise)
            key = (plan.year, adult.key, person.number, code)
            same = plan.kind == "intermediate" and keep and memory.last.get(key) == level
            memory.last[key] = level
            cells.append((person.number, code, "unchanged" if same else "level", None if same else level))
    return cells


def own_view(memory: Memory, people: list[Person], codes: list[str], *, plan: ReviewPlan) -> list[Cell]:
    """Return how students place themselves: who lacks confidence goes low, a few far too high."""
    cells: list[Cell] = []
    for person in people:
        draw = stream(memory.seed, "self", person.number, plan.year, plan.code)
        bias = 0.35 * person.profile.confidence + draw.gauss(0.1, 0.3)
        for code in codes:
            value = true_value(memory, person, code, on=plan.closes_on) + bias + draw.gauss(0, 0.5)
            cells.append((person.number, code, "level", level_of(value)))
    return cells


def true_value(memory: Memory, person: Person, code: str, *, on: date) -> float:
    """Return a student's hidden mastery of a competency on a day."""
    year = school_year(on)
    first, last = year_of(year)
    grown = _YEARLY * (year - person.stays[0].year) + 0.1 * (on - first).days / (last - first).days
    return person.profile.mastery[code] + grown + memory.gains.get((person.number, code), 0.0)


def add_gains(memory: Memory, attended: list[tuple[int, str, float]]) -> None:
    """Add what groups brought. attended: student's number, need, share of a period spent in it."""
    works_on = {row["besoin"]: row["compétences qui progressent"].split() for row in rows("besoins")}
    for number, need, share in attended:
        draw = stream(memory.seed, "gain", number, need, len(memory.last))
        for code in works_on.get(need, []):
            gain = max(0.0, draw.gauss(PERIOD_GAIN, 0.15)) * share
            memory.gains[(number, code)] = memory.gains.get((number, code), 0.0) + gain

"""What became of the students of past years in the fictional school, and the open data of its fictional académie."""

from datetime import date, datetime, time

import polars as pl

from apdash.demo.chance import stream
from apdash.demo.people import Person
from apdash.demo.school import School
from apdash.demo.setup import student_ids
from apdash.imports import ImportFile, commit, preview
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.success import write_outcomes

_LAST_GRADE = "Tle"
_AFTER = ("studies", "apprenticeship", "employment", "other", "unknown")
_WITH, _WITHOUT = (38, 14, 30, 8, 10), (6, 20, 34, 22, 18)  # with the diploma, without
_ACADEMIES = (("ACADÉMIE DES TROIS-ÉCLUSES", 9), ("ACADÉMIE DU LITTORAL", 8), ("ACADÉMIE DES COLLINES", 8))
_SESSIONS = (2022, 2023, 2024, 2025)
_OURS = {2022: (58.0, 79.0), 2023: (60.0, 81.0), 2024: (59.0, 82.0), 2025: (62.0, 84.0)}  # access, passed
_TITLES = (
    "annee;uai;libelle_uai;secteur;libelle_commune;libelle_departement;libelle_academie;presents_total;"
    "taux_reu_total;va_reu_total;taux_acces_2nde;va_acces_2nde;eff_2nde"
)


def tell(services: Services, people: list[Person], *, year: int, on: date, seed: int) -> None:
    """Write what became of those who ended a year: results of the last grade, situation of whoever is gone."""
    ids = student_ids(services)
    results, leavers = [], []
    for person in people:
        stay = next((one for one in reversed(person.stays) if one.year == year), None)
        if stay is None or person.number not in ids:
            continue
        back = any(one.year == year + 1 for one in person.stays)
        draw = stream(seed, "outcome", person.number, year)
        passed = False
        if stay.division.grade == _LAST_GRADE and stay.ends_on is None:
            passed = not back and draw.random() < 0.86 + 0.1 * person.profile.work
            results.append((ids[person.number], year, passed))
        if not back:
            outcome = draw.choices(_AFTER, weights=_WITH if passed else _WITHOUT)[0]
            leavers.append((ids[person.number], year, outcome))
    with services.store.write() as tx:
        write_outcomes(
            tx,
            CONSOLE,
            results=pl.DataFrame(results, schema=["student", "year", "passed"], orient="row"),
            leavers=pl.DataFrame(leavers, schema=["student", "year", "outcome"], orient="row"),
            now=datetime.combine(on, time(14, 0)),
        )


def import_open_data(services: Services, school: School, *, on: date, seed: int) -> None:
    """Import the open data of the school, its académie and two others, all fictional."""
    shown = preview(services, CONSOLE, files=[open_data(school, seed=seed)])
    commit(services, CONSOLE, shown, now=datetime.combine(on, time(15, 0)))


def open_data(school: School, *, seed: int) -> ImportFile:
    """Return the file: a line a school and session, the real one's titles."""
    lines = [_TITLES]
    for academie, schools in _ACADEMIES:
        for rank in range(schools):
            ours = rank == 0 and academie == _ACADEMIES[0][0]
            uai = school.uai if ours else f"999{_ACADEMIES.index((academie, schools))}{rank:03d}Z"
            draw = stream(seed, "ival", uai)
            level = draw.gauss(0, 3)
            for session in _SESSIONS:
                access, passed = _OURS[session] if ours else (62 + level + (session - 2022), 80 + level)
                lines.append(
                    f"{session};{uai};LP FICTIF {uai};public;;;{academie};{draw.randrange(70, 160)};"
                    f"{passed:.0f};0;{access:.0f};0;{draw.randrange(80, 170)}"
                )
    return ImportFile("ival-fictif.csv", "\r\n".join(lines).encode("utf-8-sig"))

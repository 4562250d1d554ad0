"""A tiny school in a store, for tests: two divisions, three students each, three adults, one bilan.

    school = tiny_school(store)                    everything below, on 1 September 2026
    school.students["Ana"], school.staff["lettres"], school.divisions["2TNE"], school.review

Divisions: 2TNE (Ana, Bilal, Chloé) and 2MRC (Driss, Emma, Farid), both 2de, in the band 2-A with the slots mar-10 and
jeu-14. Adults: lettres teaches both divisions, maths teaches 2TNE, and leads it as professeur principal; metier teaches
2MRC. Bilan B1 (opens 3 November, closes 17 November 2026, groups from the 23rd) of both divisions: lettres is expected
for LIR and ECR, maths for CAL in 2TNE. The viewers: DIRECTION, PILOT, and school.viewer("lettres").
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

import polars as pl

from apdash.rights import Role, Viewer
from apdash.store import Store, Transaction

DIRECTION = Viewer(login="direction", name="La direction", role=Role.DIRECTION)
PILOT = Viewer(login="pilote", name="Le pilote", role=Role.PILOT)
STUDENTS = {"2TNE": ("Ana", "Bilal", "Chloé"), "2MRC": ("Driss", "Emma", "Farid")}
SERVICES = (("lettres", "2TNE"), ("lettres", "2MRC"), ("maths", "2TNE"), ("metier", "2MRC"))
AT = datetime(2026, 11, 10, 9, 0)


@dataclass(slots=True)
class School:
    """Numbers of the rows, by the names used in tests."""

    divisions: dict[str, int] = field(default_factory=dict)
    students: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    period: int = 0
    band: int = 0
    review: int = 0

    def viewer(self, name: str) -> Viewer:
        """Return the teacher of that name as the person who looks or acts."""
        return Viewer(login=name, name=name.capitalize(), role=Role.TEACHER, staff=self.staff[name])


def tiny_school(store: Store) -> School:
    """Write the school of this file's first lines and return its numbers."""
    school = School()
    with store.write() as tx:
        tx.run("insert into school (uai, name, zone) values ('9990001X', 'Lycée des Trois Ponts', 'B')")
        tx.run("insert into school_year values (2026, date '2026-09-01', date '2027-07-03')")
        _divisions_and_students(tx, school)
        _adults(tx, school)
        school.period = add(
            tx,
            "period",
            year=2026,
            code="P1",
            label="Période 1",
            starts_on=date(2026, 10, 5),
            ends_on=date(2026, 11, 20),
        )
        _band(tx, school)
    school.review = add_review(
        store, school, code="B1", opens_on=date(2026, 11, 3), closes_on=date(2026, 11, 17)
    )
    return school


def add(tx: Transaction, table: str, **values: object) -> int:
    """Insert one row into a table that has an `id`, and return it."""
    number = tx.read("select nextval('ids') as id").item()
    tx.insert(table, pl.DataFrame({"id": [number]} | {name: [value] for name, value in values.items()}))
    return int(number)


def add_review(
    store: Store,
    school: School,
    *,
    code: str,
    opens_on: date,
    closes_on: date,
    kind: str = "intermediate",
    effective_from: date | None = None,
    year: int = 2026,
) -> int:
    """Add a bilan of both divisions, with the expectations of the first lines, and return its number."""
    with store.write() as tx:
        review = add(
            tx,
            "review",
            year=year,
            code=code,
            label=f"Bilan {code}",
            kind=kind,
            period=school.period,
            opens_on=opens_on,
            closes_on=closes_on,
            effective_from=effective_from,
        )
        divisions = list(school.divisions.values())
        tx.insert("review_division", pl.DataFrame({"review": [review] * 2, "division": divisions}))
        rows = [(review, d, school.staff["lettres"], code) for d in divisions for code in ("LIR", "ECR")]
        rows.append((review, school.divisions["2TNE"], school.staff["maths"], "CAL"))
        tx.insert("expected", pl.DataFrame(rows, ["review", "division", "staff", "competency"], orient="row"))
    return review


def add_membership(
    store: Store,
    school: School,
    *,
    student: str,
    need: str,
    starts_on: date,
    ends_on: date | None = None,
    code: str = "2AP01",
) -> int:
    """Put a student in a new group of a need, and return the group."""
    with store.write() as tx:
        act = add(tx, "act", kind="move", effective_on=starts_on, recorded_at=AT, recorded_by="pilote")
        group = add(
            tx,
            "ap_group",
            band=school.band,
            slot=school.slots["mar-10"],
            need=need,
            code=code,
            name="Atelier",
        )
        tx.insert("group_state", pl.DataFrame({"ap_group": [group], "starts_on": [starts_on], "act": [act]}))
        tx.insert(
            "membership",
            pl.DataFrame(
                {
                    "id": [tx.read("select nextval('ids') as id").item()],
                    "ap_group": [group],
                    "student": [school.students[student]],
                    "starts_on": [starts_on],
                    "ends_on": [ends_on],
                    "why_began": ["BES"],
                    "why_ended": ["OBJ" if ends_on else None],
                    "act": [act],
                }
            ),
        )
    return group


def _divisions_and_students(tx: Transaction, school: School) -> None:
    for code, names in STUDENTS.items():
        school.divisions[code] = add(tx, "division", year=2026, code=code, label=code, grade="2de")
        for name in names:
            student = add(
                tx,
                "student",
                last_name=f"NOM{name.upper()}",
                first_name=name,
                sex="F",
                created_on=date(2026, 9, 1),
            )
            school.students[name] = student
            add(
                tx,
                "enrolment",
                student=student,
                year=2026,
                division=school.divisions[code],
                starts_on=date(2026, 9, 1),
            )


def _adults(tx: Transaction, school: School) -> None:
    for name, discipline in (
        ("lettres", "LETTRES HISTOIRE"),
        ("maths", "MATHEMATIQUES"),
        ("metier", "VENTE"),
    ):
        school.staff[name] = add(
            tx,
            "staff",
            title="M.",
            last_name=name.capitalize(),
            first_name="A",
            discipline=discipline,
            initials=name[:2],
        )
    services = [(2026, school.divisions[d], school.staff[a], "AP") for a, d in SERVICES]
    tx.insert("service", pl.DataFrame(services, ["year", "division", "staff", "subject"], orient="row"))
    tx.insert(
        "principal_teacher",
        pl.DataFrame({"division": [school.divisions["2TNE"]], "staff": [school.staff["maths"]]}),
    )


def _band(tx: Transaction, school: School) -> None:
    school.band = add(tx, "band", year=2026, code="2-A", label="Secondes")
    tx.insert(
        "band_division",
        pl.DataFrame({"band": [school.band] * 2, "division": list(school.divisions.values())}),
    )
    for code, weekday, hour in (("mar-10", "mardi", 10), ("jeu-14", "jeudi", 14)):
        school.slots[code] = add(tx, "slot", band=school.band, code=code, day=weekday, starts_at=time(hour))

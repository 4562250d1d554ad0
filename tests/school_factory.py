"""A small school written straight into the tables: one band, two slots, groups of students with needs given."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count

import polars as pl

from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store import Store
from apdash.store.commands.adoption import Adoption, put_in_force
from apdash.store.commands.proposals import propose, publish, save_draft, validate
from apdash.store.queries.proposals import fingerprint

YEAR = 2026
DIRECTION = Viewer(login="proviseure", name="Mme Proviseure", role=Role.DIRECTION)
PILOT = Viewer(login="pilote", name="M. Pilote", role=Role.PILOT)
NOW = datetime(2026, 11, 18, 9, 0)
P1, P2 = (date(2026, 10, 5), date(2026, 11, 20)), (date(2026, 11, 23), date(2027, 1, 8))
LAST_NAMES = (
    "ABADIE",
    "BOULANGER",
    "COURTOIS",
    "DELMAS",
    "ESTÈVE",
    "FAVRE",
    "GIRAUD",
    "HUMBERT",
    "IMBERT",
    "JOLY",
)
FIRST_NAMES = ("Zoé", "Yanis", "Léa", "Noé", "Maëlle", "Ilyès", "Chloé", "Sacha", "Inès", "Loïc")


@dataclass
class School:
    """Ids of what the factory wrote, by short names; `add` writes more."""

    store: Store
    ids: count = field(default_factory=lambda: count(1001))
    divisions: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    students: list[int] = field(default_factory=list)
    rooms: dict[str, int] = field(default_factory=dict)
    band: int = 0
    review: int = 0

    def add(self, table: str, *rows: dict[str, object]) -> None:
        """Insert rows given as dictionaries with the same keys."""
        with self.store.write() as tx:
            tx.insert(table, pl.DataFrame(list(rows), infer_schema_length=None))

    def teacher(self, name: str) -> Viewer:
        """The account of one of the adults."""
        return Viewer(login=name, name=name, role=Role.TEACHER, staff=self.staff[name])

    def add_students(self, division: str, number: int, *, since: date = date(2026, 9, 1)) -> list[int]:
        """Enrol new students in a division and return their ids."""
        people, added = [], []
        for _ in range(number):
            key, rank = next(self.ids), len(self.students)
            last = LAST_NAMES[rank % 10] + ("" if rank < 10 else f"-{chr(64 + rank // 10)}")
            people.append(
                {
                    "id": key, "siecle_id": str(900_000 + rank), "ine": f"{rank:09d}AA", "last_name": last,
                    "first_name": FIRST_NAMES[rank * 3 % 10], "born_on": date(2010, 1 + rank % 12, 1 + rank % 28),
                    "sex": "FM"[rank % 2], "created_on": since,
                }
            )  # fmt: skip
            self.students.append(key)
            added.append(key)
        place = {"year": YEAR, "division": self.divisions[division], "starts_on": since}
        self.add("student", *people)
        self.add("enrolment", *({"student": key} | place for key in added))
        return added

    def add_staff(self, name: str, needs: list[str], slots: list[str], *, cost: int = 0) -> int:
        """Add an adult who leads these needs at these slots."""
        key = next(self.ids)
        self.staff[name] = key
        self.add("staff", {"id": key, "title": "Mme", "last_name": name.upper(), "first_name": "A."})
        if needs:
            self.add("staff_need", *({"staff": key, "need": need} for need in needs))
        if slots:
            self.add(
                "band_staff", *({"slot": self.slots[slot], "staff": key, "cost": cost} for slot in slots)
            )
        return key

    def add_room(self, code: str, capacity: int, slots: list[str]) -> int:
        """Add a room kept for these slots."""
        key = next(self.ids)
        self.rooms[code] = key
        self.add("room", {"id": key, "code": code, "capacity": capacity})
        self.add("band_room", *({"slot": self.slots[slot], "room": key} for slot in slots))
        return key

    def know(
        self, student: int | list[int], needs: dict[str, int | None], *, review: int | None = None
    ) -> None:
        """Record the intensities of students as they stood when the bilan was closed."""
        rows = [
            {
                "review": review or self.review, "student": one, "need": need, "value": value,
                "coverage": 1.0 if value is not None else 0.2, "priority": 1.0, "computed_at": NOW,
            }
            for one in ([student] if isinstance(student, int) else student)
            for need, value in needs.items()
        ]  # fmt: skip
        with self.store.write() as tx:
            tx.insert("intensity", pl.DataFrame(rows, schema_overrides={"value": pl.Int64}))


def make_school(
    store: Store, *, divisions: tuple[str, ...] = ("2TNE", "2MRC"), slots: tuple[str, ...] = ("mar-10",)
) -> School:
    """Write a year, its periods and closures, one band with its slots, one bilan closed at the end of P1."""
    school = School(store)
    days = {"lun": "lundi", "mar": "mardi", "jeu": "jeudi", "ven": "vendredi"}
    school.add("school", {"uai": "9990001X", "name": "Lycée d’essai", "zone": "B"})
    school.add("school_year", {"year": YEAR, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 7, 2)})
    for place, (first, last) in enumerate((P1, P2), start=1):
        row = {"id": 100 + place, "year": YEAR, "code": f"P{place}", "label": f"Période {place}"}
        school.add("period", row | {"starts_on": first, "ends_on": last})
    school.add(
        "closure",
        {"year": YEAR, "label": "Toussaint", "starts_on": date(2026, 10, 17), "ends_on": date(2026, 11, 1)},
        {
            "year": YEAR,
            "label": "11 novembre",
            "starts_on": date(2026, 11, 11),
            "ends_on": date(2026, 11, 11),
        },
        {"year": YEAR, "label": "Noël", "starts_on": date(2026, 12, 19), "ends_on": date(2027, 1, 3)},
    )
    school.band = next(school.ids)
    school.add("band", {"id": school.band, "year": YEAR, "code": "2-A", "label": "Secondes"})
    for code in divisions:
        school.divisions[code] = next(school.ids)
        row = {"id": school.divisions[code], "year": YEAR, "code": code, "label": code, "grade": "2de"}
        school.add("division", row)
        school.add("band_division", {"band": school.band, "division": school.divisions[code]})
    for code in slots:
        school.slots[code] = next(school.ids)
        hour = time(int(code[4:]), 10)
        row = {"id": school.slots[code], "band": school.band, "code": code, "day": days[code[:3]]}
        school.add("slot", row | {"starts_at": hour})
    school.review = next(school.ids)
    review = {
        "id": school.review,
        "year": YEAR,
        "code": "B1",
        "label": "Bilan de novembre",
        "kind": "intermediate",
    }
    dates = {"opens_on": date(2026, 11, 2), "closes_on": date(2026, 11, 17), "effective_from": P2[0]}
    school.add("review", review | {"period": 101} | dates)
    for key in school.divisions.values():
        closing = {"review": school.review, "division": key, "closed_at": NOW, "closed_by": "pilote"}
        school.add("review_division", closing)
    return school


Group = tuple[str, str, str, list[int]]


def draft(
    services: Services,
    school: School,
    groups: list[Group],
    *,
    on: date,
    now: datetime = NOW,
    unplaced: tuple = (),
) -> int:
    """Save a draft written by hand. groups: slot code, need, name of the adult, students; unplaced: (student, slot)."""
    problem = {
        "rules": {"max_moves": None},
        "staff": [{"id": str(key), "members": [str(key)]} for key in school.staff.values()],
        "needs": [
            {"id": code, "max_size": most, "reception": reception}
            for code, most, reception in services.reference.needs.select(
                "code", "max_size", "reception"
            ).iter_rows()
        ],
    }
    solution = {
        "status": "optimal",
        "score": 0,
        "groups": [
            {
                "slot": slot, "need": need, "staff": str(school.staff[adult]), "room": None,
                "students": [str(student) for student in students],
            }
            for slot, need, adult, students in groups
        ],
        "unplaced": [{"student": str(student), "slot": slot} for student, slot in unplaced],
    }  # fmt: skip
    digest = fingerprint(services.store, band=school.band, review=school.review, effective_from=on)
    return save_draft(
        services.store, PILOT, band=school.band, review=school.review, label="À la main", parameters={},
        problem=problem, solution=solution, fingerprint=digest, effective_from=on, now=now,
    )  # fmt: skip


def published(services: Services, proposal: int, *, now: datetime = NOW) -> None:
    """Take a draft through the direction to the day before it is put in force."""
    propose(services.store, PILOT, proposal=proposal, now=now)
    validate(services.store, DIRECTION, proposal=proposal, now=now)
    publish(services.store, PILOT, proposal=proposal, now=now)


def adopted(
    services: Services,
    school: School,
    groups: list[Group],
    *,
    on: date,
    now: datetime = NOW,
    unplaced: tuple = (),
) -> Adoption:
    """Put groups written by hand in force from a day on, through every step."""
    proposal = draft(services, school, groups, on=on, now=now, unplaced=unplaced)
    published(services, proposal, now=now)
    return put_in_force(services.store, PILOT, services.reference, proposal=proposal, now=now)

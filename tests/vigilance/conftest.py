"""Two divisions of eight, in reading, maths and étude on Tuesdays since 5 October."""

from datetime import date, datetime

import polars as pl
import pytest

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.queries.groups import ALWAYS, groups_in_force
from apdash.vigilance import RULES, Look
from tests.school_factory import NOW, P1, YEAR, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
SLOT = "mar-10"


@pytest.fixture
def bare(services: Services) -> School:
    """The school, its adults, no group yet."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 8)
    for name, need in (
        ("lecture", "REM-LEC"),
        ("calcul", "REM-MAT"),
        ("culture", "APP-CUL"),
        ("cdi", "ACC-ETU"),
    ):
        made.add_staff(name, [need], [SLOT])
    return made


def crossed(made: School) -> list[tuple[str, str, str, list[int]]]:
    """Reading and maths, each with four students of both divisions; the others in étude."""
    a, b = made.students[:8], made.students[8:]
    return [
        (SLOT, "REM-LEC", "lecture", a[:4] + b[:4]),
        (SLOT, "REM-MAT", "calcul", a[4:6] + b[4:7]),
        (SLOT, "ACC-ETU", "cdi", a[6:] + b[7:]),
    ]


@pytest.fixture
def school(services: Services, bare: School) -> School:
    adopted(services, bare, crossed(bare), on=P1[0], now=BEFORE)
    return bare


def fired(services: Services, code: str, on: date, *, known_at: datetime = ALWAYS) -> list[tuple[str, str]]:
    """Return the rows of a rule on a day: label and level."""
    look = Look(services.store, services.reference, YEAR, on, known_at)
    return RULES[code](look).select("label", "level").rows()


def group(services: Services, need: str, on: date = P1[0]) -> int:
    found = groups_in_force(services.store, CONSOLE, on=on)
    return found.filter(pl.col("need") == need)["ap_group"][0]


def tell(
    services: Services, need: str, days: list[date], *, state: str = "held", absent: list[int] | None = None
) -> None:
    """Say that the sessions of a group were held or not, and call the roll of those held when absent is given."""
    key = group(services, need)
    with services.store.write() as tx:
        for day in days:
            row = tx.read(
                "select * exclude (replaced_at) from session "
                "where ap_group = $key and on_day = $day and replaced_at is null",
                key=key, day=day,
            ).row(0, named=True)  # fmt: skip
            tx.run("update session set replaced_at = $now where id = $id", now=NOW, id=row["id"])
            told = row | {"state": state, "recorded_at": NOW}
            tx.insert("session", pl.DataFrame([told], infer_schema_length=None))
            if absent is None or state != "held":
                continue
            called = tx.read(
                "select student from session_places($at) where host = $id order by 1", at=ALWAYS, id=row["id"]
            )
            calls = [
                {
                    "session": row["id"], "student": one, "presence": "absent" if one in absent else "present",
                    "source": "roll", "entry": f"{row['id']}-{one}", "recorded_at": NOW, "recorded_by": "test",
                }
                for one in called["student"]
            ]  # fmt: skip
            tx.insert("attendance", pl.DataFrame(calls))

"""Eight students in two groups of Tuesday since 5 October: reading (2TNE) and maths (2MRC), each led by its adult.

« lettres » teaches 2TNE and leads no group; « titulaire » is professeur principal of 2TNE.
"""

from datetime import date, datetime

import polars as pl

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.queries.groups import groups_in_force
from tests.school_factory import P1, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
ON, NOW = date(2026, 11, 10), datetime(2026, 11, 10, 9, 0)
PERIOD = 101


def workshop_school(services: Services) -> School:
    """Write the school of the first lines."""
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_students("2MRC", 4)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT")):
        made.add_staff(name, [need], ["mar-10"])
    for name in ("lettres", "titulaire"):
        made.add_staff(name, [], [])
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 60})
    made.add("service", *(
        {"year": 2026, "division": made.divisions["2TNE"], "staff": made.staff[name], "subject": "FR"}
        for name in ("lettres", "titulaire")
    ))  # fmt: skip
    made.add("principal_teacher", {"division": made.divisions["2TNE"], "staff": made.staff["titulaire"]})
    groups = [
        ("mar-10", "REM-LEC", "lecture", made.students[:4]),
        ("mar-10", "REM-MAT", "calcul", made.students[4:]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    return made


def group_of(services: Services, need: str) -> int:
    """Return the group of a need in force."""
    return groups_in_force(services.store, CONSOLE, on=P1[0]).filter(pl.col("need") == need)["ap_group"][0]

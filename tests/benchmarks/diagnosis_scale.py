"""How long a bilan takes to enter, measure and diagnose in a file of more than a million assessments.

    python -m tests.benchmarks.diagnosis_scale

1,200 students in 48 divisions, 24 bilans over five years, two adults on every competency. Prints milliseconds, best of
three; nothing is asserted, the figures go into the words of a commit.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl

from apdash.diagnosis import diagnose_review
from apdash.reference import Reference, load_reference
from apdash.settings import REFERENCE
from apdash.store import Store, open_store
from apdash.store.commands.reviews import close_division, late_changes, record_assessments
from apdash.store.queries import completeness, needs, reviews
from tests.factories import PILOT

SCHOOL = (
    "insert into school_year select y, make_date(y::int, 9, 1), make_date((y + 1)::int, 7, 3) "
    "from range(2022, 2027) t(y)",
    "insert into division (id, year, code, label, grade) "
    "select 1000 + d, 2026, 'D' || d, 'D' || d, ['2de', '1re', 'Tle'][1 + d % 3] from range(48) t(d)",
    "insert into student (id, last_name, first_name, created_on) "
    "select i, 'N' || i, 'P' || i, date '2026-09-01' from range(1, 1201) t(i)",
    "insert into enrolment (student, year, division, starts_on) "
    "select i, 2026, 1000 + i % 48, date '2026-09-01' from range(1, 1201) t(i)",
    "insert into staff (id, last_name) select 5000 + i, 'A' || i from range(100) t(i)",
    "insert into review (id, year, code, label, kind, period, opens_on, closes_on) "
    "select 10 * y + k, y, 'B' || k, 'B' || k, 'intermediate', 1, make_date(y::int, 9, 15) + (45 * k)::int, "
    "make_date(y::int, 9, 29) + (45 * k)::int from range(2022, 2027) t(y), range(5) u(k)",
    "insert into review_division (review, division) select r.id, d.id from review r, division d where r.year = 2026",
)
EXPECTED = (
    "insert into expected select r.id, 1000 + d.d, 5000 + (2 * d.d + k.k) % 100, c.c from review r, range(48) d(d), "
    "range(2) k(k), (select unnest($codes) as c) c where r.year = 2026"
)
ASSESSED = (
    "insert into assessment select r.id, s.id, c.c, 'staff:' || (5000 + (2 * (s.id % 48) + k.k) % 100), 'adult', "
    "'level', 1 + hash(s.id, c.c, r.id, k.k) % 4, false, r.opens_on::timestamp, 'x', null "
    "from review r, student s, (select unnest($codes) as c) c, range(2) k(k) where r.id <> 20264"
)


def main() -> None:
    """Build the file, then print what each gesture takes."""
    reference = load_reference(REFERENCE)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "big.duckdb")
        codes = reference.competencies["code"].to_list()
        with store.write() as tx:
            for statement in SCHOOL:
                tx.run(statement)
            tx.run(EXPECTED, codes=codes)
            tx.run(ASSESSED, codes=codes)
        print(f"{store.read('select count(*) from assessment').item():,} assessments")
        measure(store, reference)
        store.close()


def measure(store: Store, reference: Reference) -> None:
    """Print the time of each gesture on the bilan before last (complete) and the last (empty)."""
    full, empty, one = 20263, 20264, 1000
    twelve = [1000 + number for number in range(12)]
    told("diagnose 25 students", lambda: diagnose_review(store, reference, review=full, divisions=[one]))
    told("diagnose 300 students", lambda: diagnose_review(store, reference, review=full, divisions=twelve))
    told("diagnose 1200 students", lambda: diagnose_review(store, reference, review=full))
    told(
        "grid of a division", lambda: reviews.assessments_of_division(store, PILOT, review=full, division=one)
    )
    told("completeness", lambda: completeness.completeness_by_division(store, PILOT, review=full))
    students = store.read("select student from enrolment where division = 1000 order by student")
    cells = students.join(reference.competencies.select(competency="code"), how="cross").with_columns(
        state=pl.lit("level"), level=pl.lit(3.0)
    )
    record = {"review": empty, "assessor": "staff:5000", "now": datetime(2026, 11, 1)}
    told(
        f"record {cells.height} cells",
        lambda: record_assessments(store, PILOT, entries=cells, **record),
        times=1,
    )
    told("record them again", lambda: record_assessments(store, PILOT, entries=cells, **record))
    now = datetime(2026, 11, 1)
    told(
        "close", lambda: close_division(store, PILOT, reference, review=full, division=one, now=now), times=1
    )
    told("frozen needs", lambda: needs.needs_of_review(store, PILOT, review=full, division=one))
    told("late changes", lambda: late_changes(store, PILOT, reference, review=full, division=one))


def told(name: str, gesture: Callable[[], object], *, times: int = 3) -> None:
    """Print the best time of a gesture, in milliseconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        gesture()
        spent.append(time.perf_counter() - start)
    print(f"{name:<24} {1000 * min(spent):6.0f} ms")


if __name__ == "__main__":
    main()

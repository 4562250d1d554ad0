"""What became of students, and figures from elsewhere: typed on a page, or read from a file."""

from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.bulk import delete
from apdash.store.commands.records import retire, revise
from apdash.store.store import Store, Transaction

OUTCOMES = ("studies", "apprenticeship", "employment", "other", "unknown")
_KEY = ("student", "year")
_FIGURE = ("indicator", "year", "place", "scope")


def record_outcomes(
    store: Store,
    viewer: Viewer,
    *,
    student: int,
    year: int,
    passed: bool | None,
    outcome: str | None,
    now: datetime,
) -> None:
    """Write the result at the diploma of a school year and what the student does after leaving it; None: not said.

    Raises `ApdashError` for a year the student was not enrolled in, or an unknown outcome.
    """
    viewer.require(Action.IMPORT)
    if outcome is not None and outcome not in OUTCOMES:
        raise ApdashError("Situation inconnue.", "Choisissez-la dans la liste.")
    with store.write() as tx:
        known = tx.read(
            "select 1 as one from enrolment where student = $student and year = $year limit 1",
            student=student,
            year=year,
        )
        if known.is_empty():
            raise ApdashError("Année inconnue.", "L’élève n’était pas inscrit cette année-là.")
        for table, column, value in (
            ("exam_result", "passed", passed),
            ("school_leaver", "outcome", outcome),
        ):
            row = pl.DataFrame({"student": [student], "year": [year], column: [value]})
            if value is None:
                retire(tx, table, _KEY, row, now=now)
            else:
                revise(tx, table, _KEY, row, viewer=viewer, now=now)


def write_outcomes(
    tx: Transaction, viewer: Viewer, *, results: pl.DataFrame, leavers: pl.DataFrame, now: datetime
) -> None:
    """Write results (student, year, passed) and leavers (student, year, outcome) within a transaction."""
    revise(tx, "exam_result", _KEY, results, viewer=viewer, now=now)
    revise(tx, "school_leaver", _KEY, leavers, viewer=viewer, now=now)


def write_figures(tx: Transaction, viewer: Viewer, *, figures: pl.DataFrame, now: datetime) -> None:
    """Write figures from elsewhere within a transaction; those they replace are kept with the moment.

    figures: indicator, year (it ends in), place, scope, value, people, source.
    """
    if figures.is_empty():
        return
    keys = ", ".join(f"unnest(${name}) as {name}" for name in _FIGURE)
    same = " and ".join(f"o.{name} = x.{name}" for name in _FIGURE)
    tx.run(
        f"insert into outside_figure_past select o.*, $now from outside_figure o join (select {keys}) x on {same}",
        now=now,
        **{name: figures[name].to_list() for name in _FIGURE},
    )
    delete(tx, "outside_figure", figures.select(_FIGURE))
    tx.insert(
        "outside_figure", figures.with_columns(imported_at=pl.lit(now), imported_by=pl.lit(viewer.login))
    )

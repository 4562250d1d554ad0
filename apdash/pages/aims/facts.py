"""Everything the card « Programme et objectifs » shows of a student, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import objectives as queries
from apdash.store.queries.following import follows
from apdash.store.queries.groups import group_history
from apdash.store.queries.periods import period_of
from apdash.store.queries.workshops import results_of_student


@dataclass(frozen=True, slots=True)
class Aims:
    """One student. reads: this person follows them; may: and changes, while they are here.

    period: of the day, None without calendar; objectives, programmes, results: as the queries, of all years;
    seen: by objective; teachers: who can be asked;
    groups: of the day (ap_group, code, name, need).
    """

    student: int
    name: str
    today: date
    viewer: Viewer
    reads: bool
    may: bool
    period: dict[str, Any] | None
    objectives: pl.DataFrame
    programmes: pl.DataFrame
    results: pl.DataFrame
    seen: dict[int, list[dict[str, Any]]]
    teachers: list[dict[str, Any]]
    groups: list[dict[str, Any]]


def to_reshape(results: pl.DataFrame, *, year: int) -> list[str]:
    """Return the workshops whose objective was missed twice or more this year since it was last attained, by name.

    results: as `results_of_student`.
    """
    found = []
    for (_, name), part in (
        results.filter(pl.col("outcome").is_not_null() & (pl.col("year") == year))
        .group_by("period", "need", "name", maintain_order=True)
        .agg(pl.col("outcome").unique())
        .group_by("need", "name", maintain_order=True)
    ):
        told = part["outcome"].to_list()
        since = next((rank for rank, said in enumerate(told) if said == ["attained"]), len(told))
        misses = sum("not_yet" in said for said in told[:since])
        if misses > 1 and "not_yet" in told[0]:
            found.append(str(name))
    return found


def read_aims(services: Services, viewer: Viewer, *, who: Mapping[str, Any]) -> Aims:
    """Return the programme and the objectives of a student this person may see: a row of `student_on`."""
    store, today = services.store, services.today()
    student, year = who["student"], who["year"]
    reads = viewer.can(Action.FOLLOW) and follows(store, viewer, student=student, on=today)
    may = reads and (who["ends_on"] is None or who["ends_on"] >= today)
    try:
        period = period_of(store, year=year, on=today)
    except ApdashError:
        period = None
    seen: dict[int, list[dict[str, Any]]] = {}
    for row in queries.seen_in_class(store, viewer, student=student).iter_rows(named=True):
        seen.setdefault(row["objective"], []).append(row)
    history = group_history(store, viewer, student=student)
    here = (pl.col("starts_on") <= today) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= today))
    return Aims(
        student=student,
        name=f"{who['first_name']} {who['last_name']}",
        today=today,
        viewer=viewer,
        reads=reads,
        may=may,
        period=period,
        objectives=queries.objectives_of_student(store, viewer, student=student, on=today),
        programmes=queries.programmes_of_student(store, viewer, student=student),
        results=results_of_student(store, viewer, student=student, on=today),
        seen=seen,
        teachers=queries.teachers_to_ask(store, viewer, student=student, on=today).to_dicts() if may else [],
        groups=history.filter(here).select("ap_group", "code", "name", "need").to_dicts(),
    )

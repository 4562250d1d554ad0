"""What was observed between two bilans of a year: by need beside others of a like start, by group, by dispositif."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash.diagnosis.levels import retained_levels
from apdash.effect.progress import compared, observed, progress, shown
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store import Store
from apdash.store.queries import effect as facts
from apdash.store.queries.diagnosis import review_answers, review_assessments
from apdash.store.queries.groups import ALWAYS

LEAST_SESSIONS = 3
"""Sessions attended between two bilans from which a student was worked with."""


@dataclass(frozen=True, slots=True)
class Evolution:
    """Between two bilans. needs: as `compared`, with groups and led (minutes of groups): only those that say nothing of
    one adult; groups, schemes: as `observed` (keys ap_group and scheme); overall: one row, every student.

    before, after: label and day of each bilan; hidden: needs left out because too few groups or students.
    """

    before: tuple[str, date]
    after: tuple[str, date]
    needs: pl.DataFrame
    groups: pl.DataFrame
    schemes: pl.DataFrame
    overall: pl.DataFrame
    hidden: tuple[str, ...]


def evolution(
    store: Store, viewer: Viewer, reference: Reference, *, year: int, known_at: datetime | None = None
) -> Evolution | None:
    """Return what changed between the last two bilans closed in a year; None while there are not two.

    known_at: what was recorded by then (None: by now). Raises `ApdashError` for whoever may not see the indicators.
    """
    viewer.require(Action.SEE_INDICATORS)
    moment = known_at or ALWAYS
    bilans = facts.bilan_pairs(store, year=year, known_at=moment).tail(2).to_dicts()
    if len(bilans) < 2:
        return None
    first, second = bilans
    span = {"year": year, "first": first["closes_on"], "last": second["closes_on"], "known_at": moment}
    students = _students(store, [one["review"] for one in bilans])
    levels = [_levels(store, reference, one["review"], students, moment) for one in bilans]
    moved = progress(levels[0], levels[1], reference.weights)
    attended = facts.minutes_worked(store, **span)
    worked = attended.group_by("student", "need").agg(pl.col("minutes").sum(), pl.col("sessions").sum())
    worked = worked.filter(pl.col("sessions") >= LEAST_SESSIONS).select("student", "need", "minutes")
    led = facts.minutes_led(store, **span)
    every = compared(moved, worked)
    kept = shown(every, led)
    inside = moved.join(attended.filter(pl.col("sessions") >= LEAST_SESSIONS), on=["student", "need"])
    named = inside.filter(pl.col("scheme") != "")
    return Evolution(
        before=(first["label"], first["closes_on"]),
        after=(second["label"], second["closes_on"]),
        needs=kept.join(
            led.select("need", "groups", led="minutes"), on="need", how="left", maintain_order="left"
        ),
        groups=observed(inside, "ap_group"),
        schemes=observed(named, "scheme"),
        overall=observed(_by_student(moved), "all"),
        hidden=tuple(every.join(kept, on="need", how="anti")["need"]),
    )


def _by_student(moved: pl.DataFrame) -> pl.DataFrame:
    """Return one change a student, the mean over needs, so that nobody counts for more than another."""
    return (
        moved.group_by("student").agg(pl.col("change").mean()).with_columns(all=pl.lit("all")).sort("student")
    )


def _students(store: Store, reviews: list[int]) -> list[int]:
    found = store.read(
        "select distinct student from assessment where review in (select unnest($reviews::bigint[])) order by student",
        reviews=reviews,
    )
    return found["student"].to_list()


def _levels(
    store: Store, reference: Reference, review: int, students: list[int], at: datetime
) -> pl.DataFrame:
    """Return the levels observed at a bilan itself, not taken over from an earlier one."""
    known = {"review": review, "students": students, "at": at}
    retained = retained_levels(
        reference, review_assessments(store, reference, **known), review_answers(store, **known)
    )
    return retained.filter(pl.col("age") == 0).select("student", "competency", "level")


__all__ = ["LEAST_SESSIONS", "Evolution", "evolution"]

"""What was observed between two bilans of a year: by need beside others of a like start, by group, by dispositif."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash.diagnosis.levels import retained_levels
from apdash.effect.progress import compared, observed, progress, shown
from apdash.reference import Reference
from apdash.rights import Action, Role, Viewer
from apdash.store import Store
from apdash.store.queries import effect as facts
from apdash.store.queries.diagnosis import review_answers, review_assessments
from apdash.store.queries.groups import ALWAYS

LEAST_SESSIONS = 3
"""Sessions attended between two bilans from which a student was worked with."""
_COST = {"groups": pl.col("ap_group").n_unique().cast(pl.Int64), "led": pl.col("minutes").sum()}


@dataclass(frozen=True, slots=True)
class Evolution:
    """Between two bilans. needs: as `compared`; schemes: as `observed` with scheme; both with groups (how many) and led
    (minutes of held sessions), and only where they say nothing of one adult.
    groups: as `observed` with ap_group, code, name, need, led: those this person may see, their own or the pilot's.

    before, after: label and day of each bilan; overall: one row, every student; people: student, division,
    division_code, grade, sex, change (mean over needs); hidden: needs left out because of too few groups or students.
    """

    before: tuple[str, date]
    after: tuple[str, date]
    needs: pl.DataFrame
    groups: pl.DataFrame
    schemes: pl.DataFrame
    overall: pl.DataFrame
    people: pl.DataFrame
    hidden: tuple[str, ...]


def evolution(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    year: int,
    known_at: datetime | None = None,
    divisions: Collection[int] | None = None,
) -> Evolution | None:
    """Return what changed between the last two bilans closed in a year; None while there are not two.

    Only students of divisions that closed both. known_at: what was recorded by then (None: by now); divisions: only
    these (None: all). Raises `ApdashError` for whoever may not see the indicators.
    """
    viewer.require(Action.SEE_INDICATORS)
    moment = known_at or ALWAYS
    bilans = facts.bilan_pairs(store, year=year, known_at=moment).tail(2).to_dicts()
    if len(bilans) < 2:
        return None
    first, second = bilans
    both = set(first["divisions"]) & set(second["divisions"])
    wanted = sorted(both if divisions is None else both & set(divisions))
    span = {"year": year, "first": first["closes_on"], "last": second["closes_on"], "known_at": moment}
    people = facts.students_on(store, divisions=wanted, on=second["closes_on"], known_at=moment)
    levels = [_levels(store, reference, one["review"], people["student"].to_list(), moment) for one in bilans]
    moved = progress(levels[0], levels[1], reference.weights)
    attended = facts.minutes_worked(store, **span).filter(
        (pl.col("sessions") >= LEAST_SESSIONS) & pl.col("student").is_in(people["student"].to_list())
    )
    cost = facts.minutes_led(store, **span).join(
        attended.select("ap_group").unique(), on="ap_group", how="semi"
    )
    every = compared(moved, attended.group_by("student", "need").agg(pl.col("minutes").sum()))
    every = every.join(cost.group_by("need").agg(**_COST), on="need", how="left", maintain_order="left")
    inside = moved.join(attended, on=["student", "need"])
    single = moved.group_by("student").agg(pl.col("change").mean()).sort("student")
    return Evolution(
        before=(first["label"], first["closes_on"]),
        after=(second["label"], second["closes_on"]),
        needs=shown(every),
        groups=_groups(store, viewer, inside, cost, year=year, known_at=moment),
        schemes=_schemes(inside, cost),
        overall=observed(single.with_columns(all=pl.lit("all")), "all"),
        people=people.join(single, on="student", maintain_order="left"),
        hidden=tuple(every.join(shown(every), on="need", how="anti", maintain_order="left")["need"]),
    )


def _groups(
    store: Store, viewer: Viewer, inside: pl.DataFrame, cost: pl.DataFrame, *, year: int, known_at: datetime
) -> pl.DataFrame:
    """Return what was observed group by group: every one to the pilot, to others those they have led."""
    rows = observed(inside, "ap_group").join(
        cost.select("ap_group", led="minutes"), on="ap_group", how="left"
    )
    named = facts.group_names(store, year=year).join(rows, on="ap_group", maintain_order="left")
    if viewer.role == Role.PILOT:
        return named
    own = facts.groups_led_by(store, staff=viewer.staff, known_at=known_at) if viewer.staff else []
    return named.filter(pl.col("ap_group").is_in(own))


def _schemes(inside: pl.DataFrame, cost: pl.DataFrame) -> pl.DataFrame:
    rows = observed(inside.filter(pl.col("scheme") != ""), "scheme")
    return shown(
        rows.join(cost.group_by("scheme").agg(**_COST), on="scheme", how="left", maintain_order="left")
    )


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

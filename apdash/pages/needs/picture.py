"""Everything the needs page shows, read once: students, needs, cells, groups, of one bilan."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.pages.needs.asked import ALL, Asked
from apdash.pages.needs.profiles import profiles_of
from apdash.pages.needs.summary import priorities
from apdash.reference import Reference
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.queries.groups import next_groups_day
from apdash.store.queries.needs import needs_of_review, needs_worked
from apdash.store.queries.reviews import closed_divisions, reviews
from apdash.store.queries.students import divisions_known_well, groups_attended, roster

CELLS = {
    "student": pl.Int64,
    "need": pl.String,
    "value": pl.Int64,
    "coverage": pl.Float64,
    "served": pl.Boolean,
    "served_then": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the address asks for, and the frames that answer it.

    reviews: those opened by now, latest first; review: the row chosen; groups_on: the day groups are read at;
    coming: the next day decided groups come into force, None without any; grade: code, None for all; roster: every
    student this person may see that day; students: those the filters keep, with groups (names), priority, waits and
    waits_then (see `priorities`), profile (nullable); cells: student, need, value, coverage, served, served_then (on
    the coming day); needs: the columns shown; provisional: divisions whose bilan is still open; profiles: those this
    person may read.
    """

    asked: Asked
    reviews: pl.DataFrame
    review: dict | None
    groups_on: date
    coming: date | None
    grade: str | None
    roster: pl.DataFrame
    students: pl.DataFrame
    cells: pl.DataFrame
    needs: pl.DataFrame
    provisional: frozenset[int]
    profiles: pl.DataFrame
    may_read_profiles: bool
    whole_school: bool

    @property
    def divisions(self) -> pl.DataFrame:
        """The divisions of the students shown: division, division_code."""
        return self.students.select("division", "division_code").unique(maintain_order=True)


def draw(services: Services, viewer: Viewer, asked: Asked) -> Picture:
    """Read what an address asks for, for the students this person may see."""
    store, today = services.store, services.today()
    opened = _opened(services)
    review = _chosen(opened, asked.review)
    seen_on, groups_on = _days(opened, review, today)
    everybody = roster(store, viewer, on=seen_on)
    grade = _grade(services.reference, everybody, asked)
    shown = _filtered(everybody, grade=grade, division=asked.division)
    needs = _needs(services.reference, shown, asked.axis)
    coming = next_groups_day(store, after=today) if groups_on == today else None
    values = _values(
        services, viewer, review=review, asked=asked, grade=grade, groups_on=groups_on, coming=coming
    )
    readable = shown.join(divisions_known_well(store, viewer), on="division", how="semi")
    wanted = review is not None and (asked.view == "carte" or asked.profile is not None)
    profiles = profiles_of(
        services, review=review["review"] if wanted else None, students=readable, values=values
    )
    every = _cells(shown, services.reference.needs.filter(~pl.col("reception")), values)
    waits = _waits(services.reference, every)
    students = _with_details(shown, waits, groups_attended(store, viewer, on=groups_on), profiles, asked)
    kept = every.join(students.select("student"), on="student", how="semi")
    return Picture(
        asked=asked,
        reviews=opened,
        review=review,
        groups_on=groups_on,
        coming=coming,
        grade=grade,
        roster=everybody,
        students=students,
        cells=kept.join(needs.select(need="code"), on="need", how="semi"),
        needs=needs,
        provisional=_provisional(services, review, shown),
        profiles=profiles,
        may_read_profiles=readable.height > 0,
        whole_school=viewer.role in (Role.DIRECTION, Role.PILOT),
    )


def review_asked(services: Services, asked: Asked) -> int | None:
    """Return the bilan an address asks for, the latest one opened when it does not."""
    review = _chosen(_opened(services), asked.review)
    return review["review"] if review else None


def _opened(services: Services) -> pl.DataFrame:
    return reviews(services.store).filter(pl.col("opens_on") <= services.today())


def _values(
    services: Services,
    viewer: Viewer,
    *,
    review: dict | None,
    asked: Asked,
    grade: str | None,
    groups_on: date,
    coming: date | None,
) -> pl.DataFrame:
    """Return the rows of CELLS: frozen for closed divisions, computed now for open ones."""
    if review is None:
        return pl.DataFrame(schema=CELLS)
    rows = needs_of_review(
        services.store,
        viewer,
        review=review["review"],
        grade=grade,
        division=asked.division,
        on=groups_on,
        reference=services.reference,
    )
    if coming is None:
        return rows.with_columns(served_then="served").select(*CELLS).cast(CELLS)
    then = needs_worked(services.store, review=review["review"], on=coming).rename({"served": "served_then"})
    later = rows.join(then, on=["student", "need"], how="left", maintain_order="left")
    return later.with_columns(pl.col("served_then").fill_null(False)).select(*CELLS).cast(CELLS)


def _provisional(services: Services, review: dict | None, shown: pl.DataFrame) -> frozenset[int]:
    """Return the divisions of these students whose bilan is still open."""
    if review is None:
        return frozenset()
    closed = closed_divisions(services.store, review=review["review"])
    return frozenset(shown["division"].to_list()) - frozenset(closed)


def _chosen(reviews: pl.DataFrame, wanted: int | None) -> dict | None:
    found = reviews.filter(review=wanted) if wanted is not None else reviews
    found = found if found.height else reviews
    return found.row(0, named=True) if found.height else None


def _days(reviews: pl.DataFrame, review: dict | None, today: date) -> tuple[date, date]:
    """Return the day students are read at, and the day groups are.

    Both are today for the latest bilan; for an earlier one, the day it closed, and the day of the groups it decided.
    """
    if review is None or review["review"] == reviews["review"][0]:
        return today, today
    return review["closes_on"], min(review["effective_from"] or review["closes_on"], today)


def _grade(reference: Reference, roster: pl.DataFrame, asked: Asked) -> str | None:
    """Return the grade asked for, that of the division asked for, else the first one seen; None for all."""
    if asked.division is not None:
        mine = roster.filter(division=asked.division)
        return mine["grade"][0] if mine.height else asked.grade
    if asked.grade == ALL:
        return None
    seen = grades_seen(reference, roster)
    return asked.grade if asked.grade in seen else next(iter(seen), None)


def grades_seen(reference: Reference, roster: pl.DataFrame) -> list[str]:
    """Return the grades of some students, in the order of the reference data."""
    return reference.grades.filter(pl.col("code").is_in(roster["grade"].unique().to_list()))["code"].to_list()


def _filtered(roster: pl.DataFrame, *, grade: str | None, division: int | None) -> pl.DataFrame:
    kept = roster if grade is None else roster.filter(grade=grade)
    return kept if division is None else kept.filter(division=division)


def _needs(reference: Reference, shown: pl.DataFrame, axis: str | None) -> pl.DataFrame:
    """Return the needs that concern these students: axes in their order, then needs in theirs."""
    grades = shown["grade"].drop_nulls().unique().to_list()
    concerned = (pl.col("grades").list.len() == 0) | (
        pl.col("grades").list.set_intersection(grades).list.len() > 0
    )
    axes = reference.axes.select(axis="code", axis_label="label", axis_rank="position")
    needs = reference.needs.filter(~pl.col("reception") & concerned).join(axes, on="axis")
    return needs.filter(axis=axis) if axis else needs.sort("axis_rank", "position")


def _cells(shown: pl.DataFrame, needs: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Return student, need, value, coverage, served; whoever was not in the bilan is « à confirmer » everywhere."""
    strangers = shown.join(values, on="student", how="anti").select("student", "grade")
    pairs = strangers.join(needs.select("grades", need="code"), how="cross")
    open_to = (pl.col("grades").list.len() == 0) | pl.col("grades").list.contains(pl.col("grade"))
    unknown = pairs.filter(open_to.fill_null(True)).select(
        "student", "need", value=pl.lit(None, pl.Int64), coverage=pl.lit(0.0), served=pl.lit(False),
        served_then=pl.lit(False),
    )  # fmt: skip
    known = values.join(shown, on="student", how="semi").join(
        needs.select(need="code"), on="need", how="semi"
    )
    return pl.concat([known, unknown])


def _waits(reference: Reference, cells: pl.DataFrame) -> pl.DataFrame:
    groupable = reference.needs.filter(pl.col("in_band") & ~pl.col("reception"))["code"].to_list()
    return priorities(cells, groupable=groupable, strong_from=reference.rules.strong_from)


def _with_details(
    shown: pl.DataFrame, waits: pl.DataFrame, groups: pl.DataFrame, profiles: pl.DataFrame, asked: Asked
) -> pl.DataFrame:
    """Return the students with their groups, whether they wait, their profile; then the filters on these."""
    names = groups.group_by("student", maintain_order=True).agg(groups=pl.col("name"))
    detailed = (
        shown.join(names, on="student", how="left", maintain_order="left")
        .join(waits.with_columns(priority=True), on="student", how="left", maintain_order="left")
        .join(profiles, on="student", how="left", maintain_order="left")
        .with_columns(
            pl.col("priority", "waits", "waits_then").fill_null(False), pl.col("groups").fill_null([])
        )
    )
    if asked.only_waiting:
        detailed = detailed.filter("waits")
    return detailed.filter(profile=asked.profile) if asked.profile and profiles.height else detailed

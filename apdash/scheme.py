"""The evaluation of the scheme on a day: who is served, what moves, what was held, without any name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.store import Store
from apdash.store.queries import scheme as facts
from apdash.store.queries import vigilance
from apdash.vigilance import Look, look_at
from apdash.vigilance.of_change import moved_seats, periods_in_need
from apdash.vigilance.serving import spans_of_bilans, unmet

LEAST = 5
"""Students under which nothing is said of a part of the school."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scheme on a day. Shares are 0 to 1, None when there is nothing to divide.

    people: student, division_code, grade, sex, strong (has a strong need), served (of those) · dominant: family,
    students, need, strong, share: the first needs of each family of trades · hours: axis, planned, held (minutes of
    groups), attended (minutes of students) · moved, seats: at the last regrouping of each band · ages: periods, seats ·
    told, held: sessions said held or not, and held · called, came: students in rolls · objectives: set, attained, seen
    again · tutored: students with a tutor.
    """

    year: int
    on: date
    people: pl.DataFrame
    dominant: pl.DataFrame
    hours: pl.DataFrame
    ages: pl.DataFrame
    moved: int
    seats: int
    told: int
    held: int
    called: int
    came: int
    objectives: tuple[int, int, int]
    tutored: int

    @property
    def served(self) -> tuple[int, int]:
        """Students with a strong need, and those of them served."""
        strong = self.people.filter("strong")
        return strong.height, strong["served"].sum()


def scheme(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    on: date,
    known_at: datetime | None = None,
    divisions: Collection[int] | None = None,
) -> Scheme | None:
    """Return the scheme on a day, as known at a moment (None: now); None without a school year.

    divisions: only the students of these, and the groups they sit in. Raises `ApdashError` for whoever may not see
    the indicators.
    """
    look = look_at(store, viewer, reference, on=on, known_at=known_at)
    return None if look is None else scheme_of(look, divisions=divisions)


def scheme_of(look: Look, *, divisions: Collection[int] | None = None) -> Scheme:
    """Return the scheme of a school already looked at; divisions: as `scheme`."""
    store, reference, year, on = look.store, look.reference, look.year, look.on
    kept = look.people if divisions is None else look.people.filter(pl.col("division").is_in(list(divisions)))
    wanted = sorted(kept["division"].unique())
    span = {"first": look.begins, "last": on, "divisions": wanted, "known_at": look.known_at}
    students = kept["student"].to_list()
    rolls = facts.rolls(store, **span)
    sat = look.seated.filter(pl.col("student").is_in(students))
    theirs = look.worked.filter(pl.col("student").is_in(students))["ap_group"].unique().to_list()
    told = look.sessions.filter(pl.col("ap_group").is_in(theirs) & (pl.col("state") != "planned"))
    moved, seats = _moves(look, bands=sat["band"].unique().to_list())
    return Scheme(
        year=year,
        on=on,
        people=_served(look, kept),
        dominant=_dominant(look, kept),
        hours=_by_axis(reference, facts.minutes_by_need(store, **span), rolls),
        ages=_ages(look, students),
        moved=moved,
        seats=seats,
        told=told.height,
        held=told.filter(state="held").height,
        called=rolls["called"].sum(),
        came=rolls["came"].sum(),
        objectives=facts.objectives_followed(store, year=year, students=students, known_at=look.known_at),
        tutored=facts.tutored_students(store, on=on, students=students, known_at=look.known_at),
    )


def by_part(people: pl.DataFrame, part: str) -> pl.DataFrame:
    """Return who is served, by sex, division_code or grade: part, strong, served, share; parts of five at least."""
    return (
        people.filter(pl.col("strong") & pl.col(part).is_not_null())
        .group_by(part)
        .agg(strong=pl.len().cast(pl.Int64), served=pl.col("served").sum().cast(pl.Int64))
        .filter(pl.col("strong") >= LEAST)
        .with_columns(share=pl.col("served") / pl.col("strong"))
        .sort(part)
        .rename({part: "part"})
    )


def _latest(look: Look) -> pl.DataFrame:
    """Return the intensities of the bilan in force of each division, with the days it has been so."""
    in_force = spans_of_bilans(look).filter(pl.col("rank") == 0)
    return look.intensities.join(in_force, on=["division", "review"], maintain_order="left")


def _served(look: Look, people: pl.DataFrame) -> pl.DataFrame:
    strong = _latest(look).filter(pl.col("value") >= look.threshold("NON-SERVI"))
    waiting = unmet(strong, look.served)["student"].unique().to_list()
    return people.select(
        "student",
        "division_code",
        "grade",
        "sex",
        strong=pl.col("student").is_in(strong["student"].unique().to_list()),
        served=~pl.col("student").is_in(waiting),
    )


def _dominant(look: Look, people: pl.DataFrame, shown: int = 3) -> pl.DataFrame:
    """Return the needs most often strong in each family of trades of five students at least, as the last bilan says."""
    family = facts.families(look.store, year=look.year).select("division", "family")
    here = people.join(family, on="division").select("student", "family")
    sizes = here.group_by("family").len("students").filter(pl.col("students") >= LEAST)
    strong = look.intensities.filter((pl.col("age") == 0) & (pl.col("value") >= look.threshold("NON-SERVI")))
    return (
        strong.join(here, on="student")
        .group_by("family", "need")
        .agg(strong=pl.len().cast(pl.Int64))
        .join(sizes, on="family")
        .with_columns(share=pl.col("strong") / pl.col("students"))
        .sort("family", "strong", "need", descending=[False, True, False])
        .group_by("family", maintain_order=True)
        .head(shown)
        .select("family", "students", "need", "strong", "share")
    )


def _by_axis(reference: Reference, minutes: pl.DataFrame, rolls: pl.DataFrame) -> pl.DataFrame:
    axes = reference.needs.select(pl.col("axis").fill_null(""), need="code")
    names = pl.concat(
        [reference.axes.select("code", "label"), pl.DataFrame({"code": [""], "label": ["Étude"]})]
    )
    held = minutes.join(axes, on="need").group_by("axis").agg(pl.col("planned", "held").sum())
    came = rolls.join(axes, on="need").group_by("axis").agg(attended=pl.col("minutes").sum())
    return (
        names.rename({"code": "axis"})
        .join(held, on="axis", maintain_order="left")
        .join(came, on="axis", how="left", maintain_order="left")
        .with_columns(pl.col("attended").fill_null(0))
    )


def _ages(look: Look, students: list[int]) -> pl.DataFrame:
    """Return in how many seats students are in the same need for how many periods in a row: periods, seats."""
    seated = look.seated.join(
        look.reference.needs.filter(~pl.col("reception")).select(need="code"), on="need", how="semi"
    ).select("student", "need")
    return (
        periods_in_need(look)
        .filter(pl.col("student").is_in(students))
        .join(seated.unique(), on=["student", "need"], how="semi")
        .group_by(periods="in_row")
        .agg(seats=pl.len().cast(pl.Int64))
        .sort("periods")
    )


def _moves(look: Look, *, bands: list[int]) -> tuple[int, int]:
    """Return how many seats changed need at the last regrouping of some bands, of how many."""
    last = vigilance.last_adoptions(look.store, on=look.on, known_at=look.known_at)
    pairs = [moved_seats(look, band, since) for band, _, since in last.iter_rows() if band in bands]
    return sum(moved for moved, _ in pairs), sum(seats for _, seats in pairs)

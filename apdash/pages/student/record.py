"""Everything one student's page shows, read once."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.diagnosis import choices
from apdash.errors import ApdashError
from apdash.pages.needs.asked import whole
from apdash.pages.needs.profiles import profiles_of
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries.bands import band_slots
from apdash.store.queries.diagnosis import NOW, review_answers
from apdash.store.queries.groups import group_history, groups_in_force
from apdash.store.queries.intensities import intensities_of_student
from apdash.store.queries.needs import need_parts, needs_of_review
from apdash.store.queries.reviews import closed_divisions, reviews
from apdash.store.queries.students import (
    divisions_known_well,
    interview_of_student,
    principal_teachers,
    roster,
    student_on,
)

CELLS = ["need", "value", "coverage", "served", "axis", "label", "short_name", "public_name"]


@dataclass(frozen=True, slots=True)
class Record:
    """One student at one bilan.

    who: row of `student_on`; reviews: those of the year opened by now, latest first; review: the one shown, or None;
    provisional: it is still open in this division; cells: a row a need, highest first, « à confirmer » last;
    past: intensities frozen at each closed bilan; need: the need unfolded, or None; parts: what it is made of;
    groups: groups in force today; history: every group since the student came; hours: starts_at of slots;
    neighbours: roster of the division; known_well: profile and interview may be read.
    """

    who: dict
    today: date
    reviews: pl.DataFrame
    review: dict | None
    provisional: bool
    cells: pl.DataFrame
    past: pl.DataFrame
    need: dict | None
    parts: pl.DataFrame
    groups: pl.DataFrame
    history: pl.DataFrame
    hours: pl.DataFrame
    neighbours: pl.DataFrame
    teachers: list[str]
    known_well: bool
    profile: str | None
    choice: str | None
    interview: pl.DataFrame


def read_record(services: Services, viewer: Viewer, params: Params) -> Record:
    """Return what the page shows; raises the same `ApdashError` for a stranger and for somebody one may not see."""
    store, today = services.store, services.today()
    student = whole(params.get("id"))
    found = student_on(store, viewer, student=student, on=today) if student is not None else pl.DataFrame()
    if found.is_empty():
        raise ApdashError(
            "Cette fiche n’est pas accessible.",
            "L’adresse ne mène à aucun élève de vos divisions ou de vos groupes.",
        )
    who = found.row(0, named=True)
    opened = reviews(store, year=who["year"]).filter(pl.col("opens_on") <= today)
    review = _chosen(opened, whole(params.get("bilan")))
    cells = _cells(services, viewer, who, review, today)
    need = _need(cells, params.get("besoin"))
    known_well = not divisions_known_well(store, viewer).filter(division=who["division"]).is_empty()
    profile, choice = _words(services, who, review, cells) if known_well else (None, None)
    history = group_history(store, viewer, student=who["student"])
    return Record(
        who=who,
        today=today,
        reviews=opened,
        review=review,
        provisional=bool(review) and who["division"] not in closed_divisions(store, review=review["review"]),
        cells=cells,
        past=intensities_of_student(store, viewer, student=who["student"]),
        need=need,
        parts=_parts(services, viewer, who, review, need),
        groups=_groups(services, viewer, history, today),
        history=history,
        hours=_hours(services, history),
        neighbours=roster(store, viewer, on=today, division=who["division"]),
        teachers=principal_teachers(store, division=who["division"]),
        known_well=known_well,
        profile=profile,
        choice=choice,
        interview=interview_of_student(store, viewer, student=who["student"], on=today),
    )


def year_spans(services: Services, record: Record) -> dict[str, pl.DataFrame]:
    """Return the calendar of the student's year: year, periods, closures, placements of the division."""
    year = record.who["year"]
    placements = calendar.placements(services.store, year=year)
    return {
        "year": calendar.school_years(services.store).filter(year=year),
        "periods": calendar.periods(services.store, year=year),
        "closures": calendar.closures(services.store, year=year),
        "placements": placements.filter(division=record.who["division"]),
    }


def _chosen(opened: pl.DataFrame, wanted: int | None) -> dict | None:
    found = opened.filter(review=wanted) if wanted is not None else opened
    found = found if found.height else opened
    return found.row(0, named=True) if found.height else None


def _cells(services: Services, viewer: Viewer, who: dict, review: dict | None, today: date) -> pl.DataFrame:
    names = services.reference.needs.filter(~pl.col("reception")).select(
        "axis", "label", "short_name", "public_name", "position", need="code"
    )
    if review is None:
        return pl.DataFrame(schema=dict.fromkeys(CELLS, pl.String))
    rows = needs_of_review(
        services.store,
        viewer,
        review=review["review"],
        division=who["division"],
        on=today,
        reference=services.reference,
    )
    mine = rows.filter(student=who["student"]).join(names, on="need")
    return mine.sort("value", "position", descending=[True, False], nulls_last=True).select(CELLS)


def _need(cells: pl.DataFrame, wanted: str | None) -> dict | None:
    asked = cells.filter(pl.col("need") == wanted) if wanted else cells.head(0)
    found = asked if asked.height else cells
    return found.row(0, named=True) if found.height else None


def _parts(
    services: Services, viewer: Viewer, who: dict, review: dict | None, need: dict | None
) -> pl.DataFrame:
    if review is None or need is None:
        return pl.DataFrame()
    return need_parts(
        services.store,
        viewer,
        review=review["review"],
        student=who["student"],
        need=need["need"],
        reference=services.reference,
    )


def _words(
    services: Services, who: dict, review: dict | None, cells: pl.DataFrame
) -> tuple[str | None, str | None]:
    """Return the words of the profile and of the choice, computed now, None where too little is known."""
    if review is None:
        return None, None
    one = pl.DataFrame({"student": [who["student"]]})
    values = cells.select(pl.lit(who["student"]).alias("student"), "need", "value", "coverage")
    found = (
        profiles_of(services, review=review["review"], students=one, values=values) if cells.height else one
    )
    answers = review_answers(services.store, review=review["review"], students=[who["student"]], at=NOW)
    said = choices(services.reference, answers)
    return (
        found["profile"].item() if "profile" in found.columns and found.height else None,
        said["label"].item() if said.height else None,
    )


def _groups(services: Services, viewer: Viewer, history: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the memberships of today with their group: room, adults, hour, objective, suspended, merged_into_code."""
    now = history.filter(
        (pl.col("starts_on") <= today) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= today))
    )
    if now.is_empty():
        return now
    details = groups_in_force(services.store, viewer, on=today).select(
        "ap_group",
        "starts_at",
        "room_code",
        "objective",
        "suspended",
        "merged_into_code",
        adults="staff_names",
    )
    return now.join(details, on="ap_group", maintain_order="left")


def _hours(services: Services, history: pl.DataFrame) -> pl.DataFrame:
    """Return band, slot_code, starts_at for the slots of these groups."""
    schema = {"band": pl.Int64, "slot_code": pl.String, "starts_at": pl.Time}
    bands = history["band"].unique().to_list()
    found = [
        band_slots(services.store, band=band).select(
            pl.lit(band).alias("band"), "starts_at", slot_code="code"
        )
        for band in bands
    ]
    return (
        pl.concat([frame.select(*schema).cast(schema) for frame in found])
        if found
        else pl.DataFrame(schema=schema)
    )

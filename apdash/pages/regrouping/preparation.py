"""Reads what step 1 shows: the bilan, the meetings of the coming period, the adults and rooms, the demands."""

from datetime import date, timedelta

import polars as pl

from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.prepare import Readiness
from apdash.pages.regrouping.words import slot_names
from apdash.store.queries.bands import (
    band_divisions,
    band_meetings,
    band_rooms,
    band_slots,
    band_staff,
    placements,
)
from apdash.store.queries.calendar import periods
from apdash.store.queries.completeness import completeness_by_division
from apdash.store.queries.needs import needs_of_review
from apdash.store.queries.reviews import review_divisions


def coming_period(services: Services, *, band: dict, review: dict) -> tuple[date, date]:
    """Return the first and last day of the groups a bilan decides: from its date to the end of that period."""
    first = review["effective_from"] or _next_monday(services.today())
    rows = periods(services.store, year=band["year"]).filter(pl.col("ends_on") >= first)
    return first, rows["ends_on"].min() or first + timedelta(weeks=6)  # type: ignore[return-value]


def readiness(services: Services, viewer: Viewer, *, band: dict, review: dict) -> Readiness:
    """Return all that has to be there before looking for groups."""
    store, reference = services.store, services.reference
    first, last = coming_period(services, band=band, review=review)
    slots = band_slots(store, band=band["band"])
    return Readiness(
        first=first,
        last=last,
        divisions=_divisions(services, viewer, band=band, review=review),
        meetings=band_meetings(store, band=band["band"], first=first, last=last),
        placements=placements(store, band=band["band"]),
        staff=band_staff(store, band=band["band"]),
        rooms=band_rooms(store, band=band["band"]),
        slots=slot_names(slots),
        needs={
            code: (short, axis or "none")
            for code, short, axis in reference.needs.select("code", "short_name", "axis").iter_rows()
        },
    )


def _divisions(services: Services, viewer: Viewer, *, band: dict, review: dict) -> pl.DataFrame:
    """Return division, code, students, closed_at, share (entries made), unsure (students), by code."""
    store = services.store
    mine = band_divisions(store, band=band["band"]).select("division", "code")
    state = review_divisions(store, viewer, review=review["review"]).select(
        "division", "students", "closed_at"
    )
    share = completeness_by_division(store, viewer, review=review["review"]).select("division", "share")
    needs = needs_of_review(store, viewer, review=review["review"]).filter(pl.col("value").is_null())
    unsure = needs.group_by("division").agg(unsure=pl.col("student").n_unique())
    return (
        mine.join(state, on="division", how="left", maintain_order="left")
        .join(share, on="division", how="left", maintain_order="left")
        .join(unsure, on="division", how="left", maintain_order="left")
        .with_columns(pl.col("students", "unsure").fill_null(0))
    )


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())

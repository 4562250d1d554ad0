"""What the page shows of a week: sessions a person may see, filtered, with their divisions, letters and holidays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from apdash.pages.agenda.asked import Asked
from apdash.pages.agenda.words import hosts_of
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import calendar as calendars
from apdash.store.queries.agenda import action_places, session_days, session_divisions
from apdash.store.queries.bands import band_divisions, bands
from apdash.store.queries.sessions import sessions


@dataclass(frozen=True, slots=True)
class Picture:
    """A week. every: sessions before filters; rows: those asked for; hosts: session -> how it is named.

    places: action -> where it is; letter: of the week, or nothing; closures: rows that touch it; divisions: session ->
    codes; before, after: the nearest days with sessions outside it.
    """

    today: date
    every: pl.DataFrame
    rows: list[dict]
    hosts: Mapping[int, str]
    places: Mapping[int, str]
    letter: str
    closures: list[dict]
    divisions: Mapping[int, list[str]]
    choices: pl.DataFrame
    bands: pl.DataFrame
    reasons: Mapping[str, str]
    before: date | None
    after: date | None
    may_plan: bool


def read_picture(services: Services, viewer: Viewer, at: Asked, *, year: int) -> Picture:
    """Return the week the address asks for, restricted to what this person may see."""
    store = services.store
    every = sessions(store, viewer, first=at.monday, last=at.saturday)
    places = session_divisions(store, first=at.monday, last=at.saturday)
    known = bands(store, year=year)
    letters = dict(calendars.week_letters(store, year=year).iter_rows())
    off = calendars.closures(store, year=year).filter(
        (pl.col("ends_on") >= at.monday) & (pl.col("starts_on") <= at.saturday)
    )
    before, after = session_days(store, first=at.monday, last=at.saturday)
    return Picture(
        today=services.today(),
        every=every,
        rows=_kept(services, viewer, at, every, places).to_dicts(),
        hosts=hosts_of(every.to_dicts()),
        places=action_places(store, first=at.monday, last=at.saturday),
        letter=letters.get(at.monday, ""),
        closures=off.to_dicts(),
        divisions=dict(places.group_by("session", maintain_order=True).agg("code").iter_rows()),
        choices=calendars.divisions(store, year=year),
        bands=known,
        reasons=dict(services.reference.session_reasons.select("code", "label").iter_rows()),
        before=before,
        after=after,
        may_plan=viewer.can(Action.PLAN_SESSIONS),
    )


def _kept(
    services: Services, viewer: Viewer, at: Asked, every: pl.DataFrame, places: pl.DataFrame
) -> pl.DataFrame:
    """Return the sessions the filters keep: a grade, a division, a band, an adult, one's own."""
    kept = every
    if at.mine:
        kept = kept.filter(pl.col("staff").list.contains(viewer.staff))
    if at.adult is not None:
        kept = kept.filter(pl.col("staff").list.contains(at.adult))
    if at.grade:
        kept = kept.join(places.filter(pl.col("grade") == at.grade), on="session", how="semi")
    if at.division is not None:
        kept = kept.join(places.filter(pl.col("division") == at.division), on="session", how="semi")
    if at.band is not None:
        inside = band_divisions(services.store, band=at.band)["division"]
        there = places.filter(pl.col("division").is_in(inside.implode()))["session"]
        mine = (pl.col("band") == at.band) | (
            pl.col("action").is_not_null() & pl.col("session").is_in(there.implode())
        )
        kept = kept.filter(mine)
    return kept.sort("on_day", "starts_at", "band", "code", "session", nulls_last=True)


def days_of(at: Asked, rows: list[dict]) -> list[date]:
    """Return the days of the week shown: Monday to Friday, and Saturday when something is on it."""
    saturday = at.day == at.saturday or any(row["on_day"] == at.saturday for row in rows)
    return [at.monday + timedelta(days=place) for place in range(6 if saturday else 5)]


def closed_on(picture: Picture, day: date) -> str:
    """Return why there is no class on a day, or nothing."""
    return next((row["label"] for row in picture.closures if row["starts_on"] <= day <= row["ends_on"]), "")

"""What the page shows of a day: groups, their members, who has none, and what may be said of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.pages.groups.asked import Asked
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.bands import band_divisions
from apdash.store.queries.groups import groups_in_force, members, students_without_group
from apdash.store.queries.journal import composition_days, seat_intensities
from apdash.store.queries.moves import group_ages


@dataclass(frozen=True, slots=True)
class Picture:
    """A day. every: groups before filters; groups, seated: what is asked for; lone: students without a group.

    values: (own group, student) -> intensity, for those who may read it; ages: group -> (periods, share of the same
    students); needs: code -> row of the reference data; compositions: days when a new one takes effect.
    """

    today: date
    bands: pl.DataFrame
    divisions: pl.DataFrame
    every: pl.DataFrame
    groups: pl.DataFrame
    seated: pl.DataFrame
    lone: pl.DataFrame
    values: Mapping[tuple[int, int], int]
    ages: Mapping[int, tuple[int, float | None]]
    needs: Mapping[str, Mapping]
    compositions: list[date]
    staff: int | None
    may_change: bool

    def knows_need(self, group: Mapping) -> bool:
        """True when this person may read what a group works on: those who change groups, and its adults."""
        return self.may_change or self.staff in group["staff"]

    def band_code(self, band: int | None) -> str | None:
        """Return the code of a band, None for all of them."""
        return dict(self.bands.select("band", "code").iter_rows()).get(band)


def read_picture(services: Services, viewer: Viewer, at: Asked, *, bands: pl.DataFrame, year: int) -> Picture:
    """Return the day the address asks for, restricted to what this person may see."""
    store = services.store
    every = groups_in_force(store, viewer, on=at.on, band=at.band)
    seated = members(store, viewer, on=at.on, band=at.band)
    groups, seated = _kept(viewer, at, every, seated)
    shown = bands if at.band is None else bands.filter(pl.col("band") == at.band)
    divisions = _divisions(services, shown)
    return Picture(
        today=services.today(),
        bands=bands,
        divisions=divisions,
        every=every,
        groups=groups,
        seated=seated,
        lone=_lone(services, viewer, at, shown, divisions),
        values={
            (g, s): v for g, s, v in seat_intensities(store, viewer, on=at.on).iter_rows() if v is not None
        },
        ages=_ages(services, viewer, at, groups),
        needs={row["code"]: row for row in services.reference.needs.to_dicts()},
        compositions=composition_days(store, year=year, band=at.band),
        staff=viewer.staff,
        may_change=viewer.can(Action.CHANGE_GROUPS),
    )


def _kept(
    viewer: Viewer, at: Asked, groups: pl.DataFrame, seated: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the groups and members the filters keep: one's own, an hour, a division."""
    if at.mine:
        groups = groups.filter(pl.col("staff").list.contains(viewer.staff))
    if at.slot is not None:
        groups = groups.filter(pl.col("slot") == at.slot)
    if at.division is not None:
        seated = seated.filter(pl.col("division") == at.division)
    seated = seated.join(groups, on="ap_group", how="semi", maintain_order="left")
    if at.division is not None:
        groups = groups.join(seated, on="ap_group", how="semi", maintain_order="left")
    return groups, seated


def _divisions(services: Services, bands: pl.DataFrame) -> pl.DataFrame:
    frames = [band_divisions(services.store, band=band) for band in bands["band"].to_list()]
    empty = pl.DataFrame(schema={"division": pl.Int64, "code": pl.String})
    found = pl.concat([frame.select("division", "code") for frame in frames]) if frames else empty
    return found.unique().sort("code")


def _lone(
    services: Services, viewer: Viewer, at: Asked, bands: pl.DataFrame, divisions: pl.DataFrame
) -> pl.DataFrame:
    """Return the students without a group at some hour, with their band; none when one's own groups are asked for."""
    frames = [
        students_without_group(services.store, viewer, band=band, on=at.on).with_columns(
            band=pl.lit(band, pl.Int64), band_code=pl.lit(code)
        )
        for band, code in bands.select("band", "code").iter_rows()
    ]
    if at.mine or not frames:
        return pl.DataFrame(schema={"student": pl.Int64, "slot": pl.Int64, "division_code": pl.String})
    found = pl.concat(frames)
    if at.slot is not None:
        found = found.filter(pl.col("slot") == at.slot)
    if at.division is not None:
        found = found.filter(pl.col("division_code").is_in(_codes(divisions, at.division)))
    return found


def _codes(divisions: pl.DataFrame, division: int) -> list[str]:
    return divisions.filter(pl.col("division") == division)["code"].to_list()


def _ages(
    services: Services, viewer: Viewer, at: Asked, groups: pl.DataFrame
) -> dict[int, tuple[int, float | None]]:
    frames = [
        group_ages(services.store, viewer, band=band, on=at.on)
        for band in groups["band"].unique(maintain_order=True).to_list()
    ]
    return {
        row["ap_group"]: (row["periods"], row["same"])
        for frame in frames
        for row in frame.iter_rows(named=True)
    }

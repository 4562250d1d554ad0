"""What the address of the page asks for."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.components.filters import address
from apdash.errors import ApdashError
from apdash.pages.page import Params, day_in, whole
from apdash.rights import Role, Viewer

PATH = "/groupes"
ALL = "toutes"
BOARD, LISTS, MOVES, JOURNAL = "", "listes", "mouvements", "journal"
VIEWS = {BOARD: "Groupes", LISTS: "Listes", MOVES: "Mouvements", JOURNAL: "Journal"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The address, read: band None is all of them; mine keeps the groups of the person looking."""

    params: Params
    view: str
    on: date
    band: int | None
    slot: int | None
    division: int | None
    mine: bool

    def href(self, **changes: str | None) -> str:
        """Return the address with some parameters changed; None removes one."""
        return address(PATH, self.params, **changes)


def asked(viewer: Viewer, params: Params, *, today: date, bands: pl.DataFrame) -> Asked:
    """Return what the address asks for; a silent address gives a teacher their own groups, others the first band."""
    on = day_in(params, "date", today)
    view = params.get("vue", BOARD)
    if view not in VIEWS:
        raise ApdashError("Adresse incomplète.", "Cette adresse ne mène nulle part ; reprenez par le menu.")
    teacher = viewer.role == Role.TEACHER
    return Asked(
        params=params,
        view=view,
        on=on,
        band=_band(params, bands, default=None if teacher else _first(bands)),
        slot=whole(params, "creneau"),
        division=whole(params, "division"),
        mine=viewer.staff is not None and params.get("miens", "1" if teacher else "0") == "1",
    )


def _band(params: Params, bands: pl.DataFrame, *, default: int | None) -> int | None:
    """Return the band asked for by its code or its number; one of another year gives way to the default."""
    if params.get("bande") == ALL:
        return None
    wanted = params.get("bande", "")
    found = bands.filter((pl.col("code") == wanted) | (pl.col("band").cast(pl.String) == wanted))
    if found.height:
        return found["band"][0]
    whole(params, "bande")  # refuses what is neither a code of this year nor a number
    return default


def _first(bands: pl.DataFrame) -> int | None:
    return bands["band"][0] if bands.height else None

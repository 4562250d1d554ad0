"""Which period, which group and which view an address of the page asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from apdash.errors import ApdashError
from apdash.pages.page import Params, whole
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries.periods import period_of
from apdash.store.queries.workshops import workshops

PATH = "/ateliers"
OBJECTIVES, BULLETINS = "objectifs", "bulletins"


@dataclass(frozen=True, slots=True)
class Where:
    """Where one is. periods: of the year begun by now; period: the row of the one looked at."""

    services: Services
    viewer: Viewer
    params: Params
    year: int
    periods: pl.DataFrame
    period: dict[str, Any]


def where(services: Services, viewer: Viewer, params: Params) -> Where | None:
    """Return what the address asks for, the period of the day by default; None while the year has no period."""
    today = services.today()
    year = calendar.current_year(services.store, today)
    known = calendar.periods(services.store, year=year) if year is not None else pl.DataFrame()
    if year is None or known.is_empty():
        return None
    begun = known.filter(pl.col("starts_on") <= today)
    shown = begun if begun.height else known.head(1)
    asked = whole(params, "periode")
    if asked is not None and asked not in shown["id"]:
        raise ApdashError("Cette période n’existe pas.", "Le menu mène à celles de l’année déjà commencées.")
    chosen = period_of(services.store, year=year, on=today, period=asked)
    if asked is None and chosen["period"] not in shown["id"]:
        chosen = period_of(services.store, year=year, on=today, period=shown["id"][-1])
    said = {**params, "periode": str(chosen["period"])}
    return Where(services, viewer, said, year, shown, chosen)


def group_row(at: Where, group: int) -> Mapping[str, Any]:
    """Return the row of `workshops` of a group; raises `ApdashError` when this person does not lead it."""
    found = workshops(at.services.store, at.viewer, year=at.year, period=at.period["period"], group=group)
    if found.is_empty():
        raise ApdashError(
            "Ce bilan d’atelier n’est pas le vôtre.",
            "Vous voyez ceux des groupes que vous animez, pour les périodes où ils ont eu lieu.",
        )
    return found.row(0, named=True)

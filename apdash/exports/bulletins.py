"""The lines of the bulletins as a file, by division, for the conseil de classe."""

from datetime import date

import polars as pl

from apdash.bulletin import bulletin_lines
from apdash.errors import ApdashError
from apdash.exports.tables import csv_bytes
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import divisions
from apdash.store.queries.periods import period_of
from apdash.store.queries.workshop_sums import results_of_division


def bulletin_rows(
    services: Services, viewer: Viewer, *, division: int, code: str, period: dict
) -> pl.DataFrame:
    """Return the lines of a division: Classe, Nom, Prénom, INE, Période, Appréciation; by name, empty ones left out."""
    found = results_of_division(services.store, viewer, division=division, period=period["period"])
    lines = bulletin_lines(services.reference, found, period=period["period"])
    return lines.filter(pl.col("line") != "").select(
        pl.lit(code).alias("Classe"),
        pl.col("last_name").alias("Nom"),
        pl.col("first_name").alias("Prénom"),
        pl.col("ine").fill_null("").alias("INE"),
        pl.lit(period["label"]).alias("Période"),
        pl.col("line").alias("Appréciation"),
    )


def bulletin_bytes(
    services: Services, viewer: Viewer, *, year: int, on: date, division: int | None = None
) -> bytes:
    """Return the lines of the period of a day, of one division or of all those this person may export, as CSV.

    Raises `ApdashError` when there is none.
    """
    period = period_of(services.store, year=year, on=on)
    wanted = divisions(services.store, year=year)
    if division is not None:
        wanted = wanted.filter(pl.col("id") == division)
    parts = [
        bulletin_rows(services, viewer, division=key, code=code, period=period)
        for key, code in wanted.select("id", "code").iter_rows()
    ]
    rows = pl.concat(parts) if parts else pl.DataFrame()
    if rows.is_empty():
        raise ApdashError(
            "Rien à exporter.", f"Aucun bilan d’atelier n’est rempli pour la {period['label'].lower()}."
        )
    return csv_bytes(rows, encoding="utf-8-sig")

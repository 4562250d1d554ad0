"""The table of hours as a file: hours and minutes as a decimal number of hours, one line a row."""

from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.exports.tables import csv_bytes, xlsx_bytes

_HEADS = {"divisions": "Division", "eleves": "Élève", "groupes": "Groupe", "axes": "Axe", "adultes": "Adulte"}
_COLUMNS = {
    "students": "Élèves", "sessions": "Séances", "planned": "Prévues (h)", "held": "Tenues (h)",
    "attended": "Suivies (h)",
    "missed": "Manquées (h)", "uncalled": "Tenues sans appel (h)", "not_held": "Non tenues (h)",
    "lost": "Non tenues et non rattrapées (h)", "in_service": "Tenues en service (h)", "overtime": "Tenues en HSE (h)",
    "untold": "Sans nouvelle (h)", "left": "À venir (h)", "beside": "Hors enveloppe (h)",
}  # fmt: skip
_COUNTS = ("students", "sessions")


def hours_rows(table: pl.DataFrame, *, by: str) -> pl.DataFrame:
    """Return the rows of a file: what the row is called, its detail, then hours (of students; of adults led).

    table: a ledger with words and detail; by: divisions, eleves, groupes, axes or adultes.
    """
    hours = [
        pl.col(name).alias(title) if name in _COUNTS else (pl.col(name) / 60).round(2).alias(title)
        for name, title in _COLUMNS.items()
        if name in table.columns
    ]
    return table.select(pl.col("words").alias(_HEADS[by]), pl.col("detail").alias("Précision"), *hours)


def hours_file(table: pl.DataFrame, *, kind: str, by: str, made_at: datetime) -> bytes:
    """Return the table of hours as csv or xlsx; raises `ApdashError` when there is nothing to write."""
    if table.is_empty():
        raise ApdashError("Rien à exporter.", "Ce tableau est vide.")
    rows = hours_rows(table, by=by)
    if kind == "xlsx":
        return xlsx_bytes(rows, title="Heures", made_at=made_at)
    decimal = [
        pl.col(name).cast(pl.String).str.replace(".", ",", literal=True)
        for name, dtype in rows.schema.items() if dtype == pl.Float64
    ]  # fmt: skip
    return csv_bytes(rows.with_columns(decimal), encoding="utf-8-sig")

"""What every gesture on a programme, an objective or a workshop bilan is checked against."""

from datetime import date
from typing import Any

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.queries.following import FOLLOWED, leads, who
from apdash.store.store import Transaction


def check_followed(tx: Transaction, viewer: Viewer, *, students: list[int], on: date) -> None:
    """Raise `ApdashError` unless this person follows every one of these students."""
    viewer.require(Action.FOLLOW)
    strange = tx.read(
        f"select unnest($students) as student except ({FOLLOWED})", students=students, on=on, **who(viewer)
    )
    if strange.height:
        raise ApdashError(
            "Geste réservé.",
            "Il revient aux adultes de ses groupes, au tuteur, au professeur principal ou au pilote.",
        )


def current_row(tx: Transaction, table: str, key: int) -> dict[str, Any]:
    """Return the current version of a row by its id; raises `ApdashError` when there is none."""
    found = tx.read(
        f"select * exclude (replaced_at, recorded_at, recorded_by) from {table} "
        "where id = $key and replaced_at is null",
        key=key,
    )
    if found.is_empty():
        raise ApdashError("Ligne introuvable.", "Elle a été retirée ou changée\u00a0: rechargez la page.")
    return found.row(0, named=True)


def one_row(tx: Transaction, table: str, values: dict[str, Any]) -> pl.DataFrame:
    """Return one row of a table, with the types of the table for what is empty."""
    kinds = {
        "bigint": pl.Int64,
        "date": pl.Date,
        "varchar": pl.String,
        "boolean": pl.Boolean,
        "integer": pl.Int64,
    }
    types = tx.read(
        "select column_name as name, lower(data_type) as type from duckdb_columns() where table_name = $table",
        table=table,
    )
    known = dict(types.iter_rows())
    return pl.DataFrame({name: [value] for name, value in values.items()}).cast(
        {name: kinds[known[name]] for name in values if known[name] in kinds}
    )


def year_of_day(tx: Transaction, on: date) -> int:
    """Return the school year of a day; raises `ApdashError` when the calendar has none."""
    found = tx.read(
        "select year from school_year where starts_on - 31 <= $on order by year desc limit 1", on=on
    )
    if found.is_empty():
        raise ApdashError("Aucune année scolaire.", "Le calendrier de l’année n’est pas encore saisi.")
    return int(found.item())


def check_leads(tx: Transaction, viewer: Viewer, *, group: int) -> None:
    """Raise `ApdashError` unless this person leads the group."""
    viewer.require(Action.FOLLOW)
    if tx.read("select 1 from ap_group where id = $group", group=group).is_empty():
        raise ApdashError("Groupe introuvable.", "Rechargez la page, puis recommencez.")
    if not leads(tx, viewer, group=group):
        raise ApdashError("Geste réservé.", "Il revient aux adultes de ce groupe ou au pilote.")

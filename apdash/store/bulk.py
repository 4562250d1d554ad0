"""Set-based writes: a frame in, one statement out, whatever the number of rows."""

import polars as pl

from apdash.store.store import Transaction


def new_ids(tx: Transaction, *, count: int) -> pl.Series:
    """Return that many numbers never used before."""
    return tx.read("select nextval('ids') as id from range($count)", count=count)["id"].cast(pl.Int64)


def upsert(tx: Transaction, table: str, keys: tuple[str, ...], rows: pl.DataFrame) -> None:
    """Insert the rows, or overwrite those with the same key."""
    if rows.is_empty():
        return
    columns = ", ".join(rows.columns)
    values = ", ".join(f"unnest(${name})" for name in rows.columns)
    others = ", ".join(f"{name} = excluded.{name}" for name in rows.columns if name not in keys)
    tx.run(
        f"insert into {table} ({columns}) select {values} on conflict ({', '.join(keys)}) do update set {others}",
        **{name: rows[name].to_list() for name in rows.columns},
    )


def update(tx: Transaction, table: str, rows: pl.DataFrame) -> None:
    """Overwrite, by id, the other columns of the frame."""
    if rows.is_empty():
        return
    wanted = ", ".join(f"unnest(${name}) as {name}" for name in rows.columns)
    types = tx.read(
        "select column_name as name, data_type as type from duckdb_columns() where table_name = $table order by 1",
        table=table,
    )
    kinds = dict(types.rows())
    changes = ", ".join(f"{name} = n.{name}::{kinds[name]}" for name in rows.columns if name != "id")
    tx.run(
        f"update {table} set {changes} from (select {wanted}) n where {table}.id = n.id",
        **{name: rows[name].to_list() for name in rows.columns},
    )


def delete(tx: Transaction, table: str, rows: pl.DataFrame) -> None:
    """Delete the rows whose columns equal those of the frame; only for tables that hold no history."""
    if rows.is_empty():
        return
    wanted = ", ".join(f"unnest(${name}) as {name}" for name in rows.columns)
    same = " and ".join(f"{table}.{name} = n.{name}" for name in rows.columns)
    tx.run(
        f"delete from {table} using (select {wanted}) n where {same}",
        **{name: rows[name].to_list() for name in rows.columns},
    )

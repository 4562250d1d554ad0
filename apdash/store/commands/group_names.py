"""Neutral codes and public names of new groups: what is posted on a door says nothing of a level."""

import polars as pl

from apdash.reference import Reference
from apdash.store.store import Transaction


def name_groups(
    tx: Transaction, reference: Reference, *, band: int, fresh: pl.DataFrame, kept: pl.DataFrame
) -> pl.DataFrame:
    """Return rows of ap_group for new groups: id, band, slot, need, code, name, with their `place`.

    fresh, kept: place, ap_group, slot, need, room; code: `2AP01`, unique in the year; name: the need's public name,
    numbered when the band has several groups of the need, never ranked.
    """
    if fresh.is_empty():
        ids = {"id": pl.Int64, "band": pl.Int64, "code": pl.String, "name": pl.String}
        return fresh.select("place", "slot", "need").with_columns(
            *(pl.lit(None, kind).alias(name) for name, kind in ids.items())
        )
    ids = tx.read("select nextval('ids') as id from range($count) order by id", count=fresh.height)
    ordered = fresh.select("place", "slot", "need").sort("slot", "need", "place")
    return ordered.with_columns(
        id=ids["id"],
        band=pl.lit(band),
        code=_codes(tx, band=band, count=fresh.height),
        name=_names(tx, reference, ordered, kept=kept["ap_group"].to_list()),
    )


def _codes(tx: Transaction, *, band: int, count: int) -> pl.Series:
    """Return the next free codes of the year for a band, like 2AP01."""
    prefix = _prefix(tx, band=band)
    used = tx.read(
        """
        select coalesce(max(try_cast(regexp_extract(g.code, '^' || $prefix || '(\\d+)$', 1) as integer)), 0) as last
        from ap_group g join band b on b.id = g.band
        where b.year = (select year from band where id = $band)
        """,
        prefix=prefix,
        band=band,
    ).item()
    return pl.Series("code", [f"{prefix}{number:02d}" for number in range(used + 1, used + count + 1)])


def _prefix(tx: Transaction, *, band: int) -> str:
    grade = tx.read(
        """
        select d.grade from band_division bd join division d on d.id = bd.division
        where bd.band = $band and d.grade is not null
        group by d.grade order by count(*) desc, d.grade limit 1
        """,
        band=band,
    )
    code = str(grade.item()) if grade.height else ""
    short = code[:2] if code[1:4] == "CAP" else code[:1]
    return f"{short}AP"


def _names(tx: Transaction, reference: Reference, fresh: pl.DataFrame, *, kept: list[int]) -> pl.Series:
    """Return the public names, in the order of `fresh`: numbered from the first when several open at once."""
    taken = tx.read(
        "select need, name from ap_group where id in (select unnest($kept::bigint[])) order by id", kept=kept
    )
    public = dict(reference.needs.select("code", "public_name").iter_rows())
    counts = taken.group_by("need").agg(had=pl.len())
    ranked = (
        fresh.join(counts, on="need", how="left", maintain_order="left")
        .with_columns(pl.col("had").fill_null(0), many=pl.len().over("need"))
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("need"))
        .with_columns(
            number=pl.col("had") + pl.col("rank"), alone=(pl.col("had") == 0) & (pl.col("many") == 1)
        )
    )
    used = set(taken["name"])
    found = []
    for need, number, alone in ranked.select("need", "number", "alone").iter_rows():
        base = public.get(need, "Atelier")
        name = base if alone else f"{base} {number}"
        while name in used:
            number += 1
            name = f"{base} {number}"
        used.add(name)
        found.append(name)
    return pl.Series("name", found)

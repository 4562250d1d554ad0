"""What a proposal changes, place by place, group by group, need by need. Frames in, frames out."""

import polars as pl

from apdash.rebalancing.words import Names

SEATS = {"student": pl.String, "slot": pl.String, "need": pl.String, "staff": pl.String}


def moves_of(
    problem: dict,
    places: pl.DataFrame,
    before: pl.DataFrame,
    after: pl.DataFrame,
    levels: pl.DataFrame,
    names: Names,
) -> pl.DataFrame:
    """Return each place before and after, with what it is worth and why it is so. The frames are those of seats."""
    keys = ["student", "slot"]
    had = before.rename({"need": "need_before", "staff": "staff_before"})
    has = after.rename({"need": "need_after", "staff": "staff_after"})
    values = levels.select("student", "need", "value")
    left = values.rename({"need": "need_before", "value": "level_before"})
    found = values.rename({"need": "need_after", "value": "level_after"})
    limits = {
        need["id"]: need.get("max_periods", problem["rules"]["max_periods"]) for need in problem["needs"]
    }
    pinned = pl.DataFrame(problem["pins"], schema=SEATS).select(*keys, pinned=pl.lit(True))
    return (
        places.join(had, on=keys, how="left", maintain_order="left")
        .join(has, on=keys, how="left", maintain_order="left")
        .join(left, on=["student", "need_before"], how="left", maintain_order="left")
        .join(found, on=["student", "need_after"], how="left", maintain_order="left")
        .join(pinned, on=keys, how="left", maintain_order="left")
        .with_columns(
            move=_move(),
            limit=pl.col("need_before").replace_strict(limits, default=None, return_dtype=pl.Int64),
            slot_name=pl.col("slot").replace(names.slots),
        )
        .with_columns(why=_why())
    )


def _move() -> pl.Expr:
    had, has = pl.col("need_before").is_not_null(), pl.col("need_after").is_not_null()
    return (
        pl.when(~had & ~has).then(pl.lit("none"))
        .when(~had).then(pl.lit("enters"))
        .when(~has).then(pl.lit("leaves"))
        .when(pl.col("need_before") != pl.col("need_after")).then(pl.lit("need"))
        .when(pl.col("staff_before") != pl.col("staff_after")).then(pl.lit("staff"))
        .otherwise(pl.lit("stays"))
    )  # fmt: skip


def _why() -> pl.Expr:
    """Return the fact behind a place, in French: a demand, time already spent, intensities."""
    before, after = (
        pl.col(f"level_{when}").cast(pl.String).fill_null("non établi") for when in ("before", "after")
    )
    worn = (pl.col("need_periods") >= pl.col("limit")) & (pl.col("need_before") != pl.col("need_after"))
    compared = pl.format("besoin {}, contre {} dans le groupe quitté", after, before)
    return (
        pl.when("pinned").then(pl.lit("place fixée à la demande"))
        .when(pl.col("move") == "stays").then(pl.format("garde son groupe, besoin {}", after))
        .when(pl.col("move") == "staff").then(pl.lit("même besoin, autre adulte"))
        .when(pl.col("need_after").is_null()).then(pl.lit("aucune place ne convient dans les groupes ouverts"))
        .when(worn).then(pl.format("{} périodes déjà passées sur ce besoin", pl.col("need_periods")))
        .when(pl.col("move") == "need").then(compared)
        .otherwise(pl.format("besoin {}", after))
    )  # fmt: skip


def groups_of(solution: dict, moves: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Return the groups of the proposal with their size and who is in them, in the order of the file."""
    keys = ["slot", "need", "staff"]
    schema = {**dict.fromkeys(keys, pl.String), "room": pl.String, "size": pl.Int64}
    rows = [
        {name: group.get(name) for name in (*keys, "room")} | {"size": len(group["students"])}
        for group in solution["groups"]
    ]
    seated = moves.rename({"need_after": "need", "staff_after": "staff"})
    mix = seated.group_by(*keys, "division").len().sort("division")
    told = pl.format("{} {}", "division", "len").str.join(", ")
    counts = seated.group_by(keys).agg(newcomers=(pl.col("move") != "stays").sum().cast(pl.Int64))
    return (
        pl.DataFrame(rows, schema=schema)
        .with_columns(staff_name=pl.col("staff").replace(names.staff))
        .join(counts, on=keys, how="left", maintain_order="left")
        .join(mix.group_by(keys).agg(divisions=told), on=keys, how="left", maintain_order="left")
        .select(*keys, "staff_name", "room", "size", "newcomers", "divisions")
    )


def needs_of(problem: dict, levels: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return for each need who is served before and after, in the order of the problem."""
    strong = levels.filter(pl.col("value") >= problem["rules"]["urgent_from"]).select("student", "need")
    found = pl.DataFrame({"need": [need["id"] for need in problem["needs"]]}, schema={"need": pl.String})
    counts = [("strong", strong)]
    for when, seats in (("before", before), ("after", after)):
        met = seats.select("student", "need").join(strong, on=["student", "need"], how="semi").unique()
        counts += [(f"served_{when}", met), (f"places_{when}", seats)]
    for name, rows in counts:
        counted = rows.group_by("need").agg(pl.len().cast(pl.Int64).alias(name))
        found = found.join(counted, on="need", how="left", maintain_order="left")
    columns = ("need", "strong", "served_before", "served_after", "places_before", "places_after")
    return found.with_columns(pl.exclude("need").fill_null(0)).select(columns)

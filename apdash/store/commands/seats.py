"""Who sits where when a proposal takes effect: whose membership goes on, whose ends, whose begins, and why."""

from datetime import date

import polars as pl

from apdash.store.commands.versions import MEMBERSHIPS, carve, current_rows, replace_rows
from apdash.store.queries.bands import band_slots, students_in_band
from apdash.store.queries.proposals import Proposal
from apdash.store.store import Transaction

SEATS = {"student": pl.Int64, "slot": pl.Int64, "ap_group": pl.Int64}


def write_memberships(
    tx: Transaction, act: int, row: Proposal, matched: pl.DataFrame, *, before: pl.DataFrame, on: date
) -> tuple[int, int]:
    """Move who moves, leave the others' rows as they are; return how many moved, how many are left in no group."""
    groups = before["ap_group"].to_list()
    rows = current_rows(tx, MEMBERSHIPS, groups=groups).filter(
        pl.col("ends_on").is_null() | (pl.col("ends_on") >= on)
    )
    columns = ["ap_group", "slot", "need"]
    places = pl.concat([before.select(columns), matched.select(columns)]).unique()
    held = rows.join(places, on="ap_group").with_columns(now=pl.col("starts_on") <= on)
    seats = _seats(tx, row, matched, held=held, on=on)
    stays = held.filter("now").join(seats, on=["student", "slot", "ap_group"], how="semi")
    leaves = held.join(stays, on="id", how="anti")
    reasons = _reasons(leaves, seats, places)
    ended = carve(leaves.filter("now").join(reasons, on=["student", "slot"]), first=on, last=None)
    ended = ended.with_columns(why_ended=pl.col("reason"))
    began = seats.join(stays, on=["student", "slot", "ap_group"], how="anti").drop_nulls("ap_group")
    began = began.join(reasons, on=["student", "slot"], how="left").with_columns(
        pl.col("reason").fill_null("BES")
    )
    made = _new_rows(tx, began, on=on)
    parts = [part.select(MEMBERSHIPS.columns) for part in (stays, ended, made)]
    replace_rows(tx, MEMBERSHIPS, act=act, old=rows, new=pl.concat(parts, how="vertical_relaxed"))
    without = leaves.filter("now").join(began, on=["student", "slot"], how="anti")
    return leaves.filter("now").height, without.height


def _seats(
    tx: Transaction, row: Proposal, matched: pl.DataFrame, *, held: pl.DataFrame, on: date
) -> pl.DataFrame:
    """Return where each student is to sit at each slot (null: nowhere); away: they are outside the problem.

    Who is away for too long to be in the problem keeps their group. If it stops: a free seat in the same need, else
    the reception group, else the same need though it is full, since they do not come before they are placed again.
    """
    placed = matched.select("slot", "ap_group", student="students").explode("student").drop_nulls("student")
    slots = dict(band_slots(tx, band=row.band).select("code", "slot").iter_rows())
    nowhere = pl.DataFrame(
        [(int(gap["student"]), slots[gap["slot"]], None) for gap in row.solution["unplaced"]],
        schema=SEATS,
        orient="row",
    )
    decided = pl.concat([placed.select(*SEATS), nowhere]).with_columns(away=pl.lit(False))
    present = students_in_band(tx, band=row.band, on=on).select("student")
    others = (
        held.filter("now")
        .join(decided, on=["student", "slot"], how="anti")
        .join(present, on="student", how="semi")
        .select(*SEATS, "need")
    )
    keeps = others.join(matched, on="ap_group", how="semi")
    moved = _seated_again(
        row, matched, keeps=keeps, displaced=others.join(matched, on="ap_group", how="anti")
    )
    kept = pl.concat([keeps.select(*SEATS), moved.select(*SEATS)]).with_columns(away=pl.lit(True))
    return pl.concat([decided, kept])


def _seated_again(
    row: Proposal, matched: pl.DataFrame, *, keeps: pl.DataFrame, displaced: pl.DataFrame
) -> pl.DataFrame:
    """Return new seats for absent students whose group stops: student, slot, ap_group (null: none is open)."""
    sizes = {need["id"]: need["max_size"] for need in row.problem["needs"]}
    reception = [need["id"] for need in row.problem["needs"] if need.get("reception")]
    taken = pl.col("students").list.len().cast(pl.Int64) + pl.col("keeping").fill_null(0)
    rank = pl.int_range(pl.len()).over("slot", "need")
    free = (
        matched.join(keeps.group_by("ap_group").agg(keeping=pl.len()), on="ap_group", how="left")
        .with_columns(most=pl.col("need").replace_strict(sizes, default=0, return_dtype=pl.Int64))
        .select(
            "slot",
            "need",
            seated="ap_group",
            seat=pl.int_ranges(0, pl.max_horizontal(pl.col("most") - taken, 0)),
        )
        .explode("seat", empty_as_null=False)
        .sort("seat", "seated")
        .with_columns(rank=rank)
    )
    welcome = matched.filter(pl.col("need").is_in(reception)).sort("ap_group")
    first = welcome.unique("slot", keep="first", maintain_order=True).select("slot", welcome="ap_group")
    fewest = matched.sort(pl.col("students").list.len(), "ap_group")
    crowded = fewest.unique(["slot", "need"], keep="first", maintain_order=True)
    return (
        displaced.sort("student")
        .with_columns(rank=rank)
        .join(free, on=["slot", "need", "rank"], how="left", maintain_order="left")
        .join(first, on="slot", how="left", maintain_order="left")
        .join(
            crowded.select("slot", "need", crowded="ap_group"),
            on=["slot", "need"],
            how="left",
            maintain_order="left",
        )
        .select("student", "slot", ap_group=pl.coalesce("seated", "welcome", "crowded"))
    )


def _reasons(leaves: pl.DataFrame, seats: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return why each student leaves each slot's group: departure, absence or group of the same need, other need."""
    needs = places.select("ap_group", to="need")
    targets = seats.join(needs, on="ap_group", how="left").select("student", "slot", "to", "away")
    same = (pl.col("to") == pl.col("need")) | pl.col("to").is_null() | pl.col("away")
    reason = (
        pl.when(pl.col("away").is_null())
        .then(pl.lit("DEP"))
        .when(same)
        .then(pl.lit("PFMP"))
        .otherwise(pl.lit("BES"))
    )
    return (
        leaves.filter("now")
        .join(targets, on=["student", "slot"], how="left")
        .select("student", "slot", reason=reason)
        .unique(["student", "slot"])
    )


def _new_rows(tx: Transaction, began: pl.DataFrame, *, on: date) -> pl.DataFrame:
    ids = tx.read("select nextval('ids') as id from range($count) order by id", count=began.height)
    return began.sort("slot", "student").with_columns(
        id=ids["id"],
        starts_on=pl.lit(on),
        ends_on=pl.lit(None, pl.Date),
        why_began=pl.col("reason"),
        why_ended=pl.lit(None, pl.String),
        agreement=pl.lit("not_asked"),
    )

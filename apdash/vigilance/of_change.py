"""Points of vigilance about change: groups frozen too long, groups that move too much."""

from datetime import date

import polars as pl

from apdash.labels import count, day, percent
from apdash.store.queries import vigilance as facts
from apdash.vigilance.look import Look
from apdash.vigilance.point import group_row, listed, student_row


def frozen(look: Look) -> pl.DataFrame:
    """Students too long in one need, and groups with nearly the same members after some bilans."""
    rows = []
    share, bilans = look.threshold("GROUPE-FIGE") / 100, int(look.threshold("GROUPE-FIGE", 2))
    ages = periods_in_need(look)
    limits = look.reference.needs.filter(~pl.col("reception")).select(
        "max_periods", "short_name", need="code"
    )
    over = (
        ages.join(limits, on="need")
        .filter(pl.col("in_row") > pl.col("max_periods"))
        .join(look.people, on="student")
        .sort("division_code", "name")
    )
    rows += [
        student_row(row, f"{row['short_name']}, {row['in_row']}e période de suite", level="alert")
        for row in over.to_dicts()
    ]
    if look.periods.height > bilans:
        then = look.periods["starts_on"][-1 - bilans]
        rows += [
            group_row(row, f"{percent(row['same'])} des mêmes élèves qu’au {day(then)}")
            for row in _same_since(look, then).to_dicts()
            if row["same"] >= share
        ]
    return listed(rows)


def unsettled(look: Look) -> pl.DataFrame:
    """Bands whose last regrouping moved too many, and students moved before a few sessions took place."""
    most = look.threshold("MOUVANT") / 100
    rows = []
    for band, _, since in facts.last_adoptions(look.store, on=look.on, known_at=look.known_at).iter_rows():
        moved, seats = moved_seats(look, band, since)
        code = look.groups.filter(pl.col("band") == band)["band_code"]
        if seats and moved / seats > most and code.len():
            places = count(moved, "place changée", "places changées")
            said = f"{places} le {day(since)}, soit {percent(moved / seats)}"
            rows.append({"label": f"Bande {code[0]}", "detail": said, "band": band})
    early = _moved_early(look)
    rows += [
        student_row(row, f"a quitté {row['code']} après {count(row['held'], 'séance')}")
        for row in early.to_dicts()
    ]
    return listed(rows)


def periods_in_need(look: Look) -> pl.DataFrame:
    """Return how many periods in a row, the present one included, each student has spent in a need they are in now."""
    spans = look.periods.with_columns(
        age=pl.lit(look.periods.height - 1) - pl.int_range(pl.len()),
        until=pl.min_horizontal("ends_on", pl.lit(look.on)),
    ).select("age", "until", begins="starts_on")
    spent = (
        look.worked.join(spans, how="cross")
        .with_columns(
            days=(
                pl.min_horizontal("ends_on", "until") - pl.max_horizontal("starts_on", "begins")
            ).dt.total_days()
            + 1,
            possible=(pl.col("until") - pl.col("begins")).dt.total_days() + 1,
        )
        .filter(2 * pl.col("days") >= pl.col("possible"))
        .select("student", "need", "age")
        .unique()
        .sort("student", "need", "age")
    )
    rank = pl.int_range(pl.len()).over("student", "need")
    return spent.filter(pl.col("age") == rank).group_by("student", "need").agg(in_row=pl.len().cast(pl.Int64))


def _same_since(look: Look, then: date) -> pl.DataFrame:
    """Return the share of each group's members who were in it on an earlier day, for groups that existed then."""
    before = look.worked.filter((pl.col("starts_on") <= then) & (pl.col("ends_on") >= then))
    known = before.select("ap_group").unique()
    was = before.select("ap_group", "student", was=pl.lit(value=True))
    return (
        look.seated.select("ap_group", "student")
        .join(known, on="ap_group", how="semi")
        .join(was, on=["ap_group", "student"], how="left")
        .group_by("ap_group")
        .agg(same=pl.col("was").fill_null(value=False).mean())
        .join(look.groups.filter(~pl.col("reception")), on="ap_group")
        .sort("code")
    )


def moved_seats(look: Look, band: int, since: date) -> tuple[int, int]:
    """Return, of the seats of a band taken both before and after a regrouping, how many changed need, and how many."""
    every = look.store.read("select id as ap_group, slot from ap_group where band = $band", band=band)
    seats = look.worked.join(every, on="ap_group")
    after = seats.filter((pl.col("starts_on") <= since) & (pl.col("ends_on") >= since))
    before = seats.filter(pl.col("ends_on") >= pl.lit(since) - pl.duration(days=1)).filter(
        pl.col("starts_on") < since
    )
    both = before.join(after, on=["student", "slot"], suffix="_after")
    return both.filter(pl.col("need") != pl.col("need_after")).height, both.height


def _moved_early(look: Look) -> pl.DataFrame:
    """Return who left a group in this period after too few of its sessions, and is still here."""
    if look.periods.is_empty():
        return pl.DataFrame(schema={"student": pl.Int64})
    start = look.periods["starts_on"][-1]
    left = look.worked.filter((pl.col("ends_on") < look.on) & (pl.col("ends_on") >= start))
    held = look.met.select("ap_group", "on_day")
    counts = (
        left.join(held, on="ap_group", how="left")
        .with_columns(inside=pl.col("on_day").is_between("starts_on", "ends_on").fill_null(value=False))
        .group_by("student", "ap_group", "starts_on", "ends_on")
        .agg(held=pl.col("inside").sum().cast(pl.Int64))
        .filter(pl.col("held") < look.threshold("MOUVANT", 2))
    )
    codes = look.store.read("select id as ap_group, code from ap_group")
    return (
        counts.join(codes, on="ap_group")
        .join(look.people, on="student")
        .sort("division_code", "name", "code")
    )

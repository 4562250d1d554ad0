"""Points of vigilance about groups: too many, without objective, too small, unbalanced."""

import polars as pl

from apdash.labels import day, percent
from apdash.store.queries import vigilance as facts
from apdash.vigilance.look import Look
from apdash.vigilance.point import group_row, listed, student_row


def too_many_actions(look: Look) -> pl.DataFrame:
    """Bands with more needs open than a team prepares, and students with too many actions."""
    most, most_actions = look.threshold("TROP-ACTIONS"), look.threshold("TROP-ACTIONS", 2)
    working = look.groups.filter(~pl.col("reception"))
    rows = [
        {
            "label": f"Bande {code}",
            "detail": f"{needs} besoins ouverts, pour {most:.0f} au plus",
            "level": "alert",
            "band": band,
        }
        for band, code, needs in working.group_by("band", "band_code")
        .agg(pl.col("need").n_unique())
        .sort("band_code")
        .iter_rows()
        if needs > most
    ]
    in_groups = look.seated.join(working, on="ap_group", how="semi").group_by("student").agg(groups=pl.len())
    others = facts.programmes_on(look.store, on=look.on, known_at=look.known_at)
    busy = (
        look.people.join(in_groups, on="student", how="left", maintain_order="left")
        .join(others, on="student", how="left", maintain_order="left")
        .with_columns(total=pl.col("groups").fill_null(0) + pl.col("actions").fill_null(0))
        .filter(pl.col("total") > most_actions)
    )
    return listed(rows + [student_row(row, f"{row['total']} actions à la fois") for row in busy.to_dicts()])


def without_objective(look: Look) -> pl.DataFrame:
    """Groups that have met for some days without an objective, of the group or of any member."""
    days = int(look.threshold("SANS-OBJECTIF"))
    met = look.met.group_by("ap_group").agg(since=pl.col("on_day").min())
    known = facts.groups_with_objectives(look.store, known_at=look.known_at)
    late = (
        look.groups.filter(
            ~pl.col("reception") & (pl.col("objective") == "") & ~pl.col("ap_group").is_in(list(known))
        )
        .join(met, on="ap_group", maintain_order="left")
        .filter(pl.lit(look.on) - pl.col("since") > pl.duration(days=days))
    )
    return listed([group_row(row, f"se réunit depuis le {day(row['since'])}") for row in late.to_dicts()])


def under_minimum(look: Look) -> pl.DataFrame:
    """Groups whose last sessions were too small for their need, so many in a row.

    Étude is left out: it takes who remains. Counted: who came when the roll was called, else who was expected;
    students of merged groups included.
    """
    running = int(look.threshold("SOUS-MINIMUM"))
    last = (
        look.met.with_columns(came=pl.coalesce("present", "expected"))
        .group_by("ap_group", maintain_order=True)
        .tail(running)
        .group_by("ap_group")
        .agg(pl.col("came"), met=pl.len(), called=pl.col("present").is_not_null().all())
        .filter(pl.col("met") == running)
    )
    small = look.groups.join(last, on="ap_group", maintain_order="left").filter(
        ~pl.col("reception") & (pl.col("came").list.max() < pl.col("min_size"))
    )
    return listed(
        [
            group_row(
                row,
                f"{' puis '.join(str(came) for came in row['came'])} "
                f"{'présents' if row['called'] else 'attendus'}, pour {row['min_size']} au moins",
            )
            for row in small.to_dicts()
        ]
    )


def unbalanced(look: Look) -> pl.DataFrame:
    """Groups held by one division where several share the hour, or far from their band's share of girls."""
    working = look.groups.filter(~pl.col("reception"))
    heavy = working.join(_held_by_one(look), on="ap_group", maintain_order="left").filter(
        pl.col("share") > pl.max_horizontal("most", "max_division_share")
    )
    far = working.join(_far_from_band(look), on="ap_group", maintain_order="left")
    return listed(
        [group_row(row, f"{percent(row['share'])} de {row['division_code']}") for row in heavy.to_dicts()]
        + [
            group_row(row, f"{percent(row['share'])} de filles, {percent(row['band_share'])} dans la bande")
            for row in far.to_dicts()
        ]
    )


def _held_by_one(look: Look) -> pl.DataFrame:
    """Return ap_group, division_code, share (of its members in that division), most (allowed) at crossed hours."""
    sat = look.seated
    crossed = sat.group_by("slot").agg(divisions=pl.col("division").n_unique())
    return (
        sat.group_by("ap_group", "slot", "division_code")
        .len("here")
        .with_columns(share=pl.col("here") / pl.col("here").sum().over("ap_group"))
        .join(crossed, on="slot")
        .filter(pl.col("divisions") >= look.threshold("DESEQUILIBRE", 3))
        .select("ap_group", "division_code", "share", most=pl.lit(look.threshold("DESEQUILIBRE") / 100))
    )


def _far_from_band(look: Look) -> pl.DataFrame:
    """Return ap_group, share and band_share (of girls) of the groups too far from their band."""
    sat = look.seated.join(look.people.select("student", "sex"), on="student", how="left")
    known = sat.filter(pl.col("sex").is_not_null()).with_columns(girl=pl.col("sex") == "F")
    whole = known.group_by("band").agg(band_share=pl.col("girl").mean())
    mixed = known.group_by("ap_group", "band").agg(share=pl.col("girl").mean()).join(whole, on="band")
    gap = look.threshold("DESEQUILIBRE", 2) / 100
    return mixed.filter((pl.col("share") - pl.col("band_share")).abs() > gap + 1e-9).drop("band")

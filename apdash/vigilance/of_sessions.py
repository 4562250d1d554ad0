"""Points of vigilance about sessions: too many not held."""

import polars as pl

from apdash.labels import percent
from apdash.vigilance.look import Look
from apdash.vigilance.point import listed


def lost_sessions(look: Look) -> pl.DataFrame:
    """Groups whose sessions of the present period were too often not held."""
    most = look.threshold("SEANCES-PERDUES") / 100
    if look.periods.is_empty():
        return listed([])
    start = look.periods["starts_on"][-1]
    told = look.sessions.filter((pl.col("on_day") >= start) & pl.col("state").is_in(["held", "not_held"]))
    lost = (
        told.group_by("ap_group")
        .agg(lost=(pl.col("state") == "not_held").sum().cast(pl.Int64), told=pl.len())
        .with_columns(share=pl.col("lost") / pl.col("told"))
        .filter(pl.col("share") > most)
    )
    rows = look.groups.join(lost, on="ap_group", maintain_order="left")
    return listed(
        [
            {
                "label": f"{row['code']} {row['name']}",
                "detail": f"{row['lost']} sur {row['told']} cette période, soit {percent(row['share'])}",
                "level": "alert" if row["lost"] > 1 else "watch",
                "ap_group": row["ap_group"],
            }
            for row in rows.to_dicts()
        ]
    )

"""Points of vigilance about groups: too many, without objective, frozen, unsettled, too small, unbalanced."""

import polars as pl

from apdash.labels import count, day, percent
from apdash.store.queries import vigilance as facts
from apdash.vigilance.look import Look
from apdash.vigilance.point import listed

_ACTIONS = 2
_SETTLED = 4
_SAME_BILANS = 2
_SEX_GAP = 0.25
_DIVISIONS = 3


def too_many_actions(look: Look) -> pl.DataFrame:
    """Bands with more needs open than they allow, and students with more than two actions."""
    most = look.threshold("TROP-ACTIONS")
    working = look.groups.filter(~pl.col("reception"))
    rows = [
        {
            "label": f"Bande {code}",
            "detail": f"{needs} besoins ouverts, pour {most:.0f} au plus",
            "level": "alert",
        }
        for code, needs in working.group_by("band_code")
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
        .filter(pl.col("total") > _ACTIONS)
    )
    return listed(rows + [_student(row, f"{row['total']} actions à la fois") for row in busy.to_dicts()])


def without_objective(look: Look) -> pl.DataFrame:
    """Groups that have met for some days without an objective, of the group or of any member."""
    days = int(look.threshold("SANS-OBJECTIF"))
    met = look.sessions.group_by("ap_group").agg(since=pl.col("on_day").min())
    known = facts.groups_with_objectives(look.store, known_at=look.known_at)
    late = (
        look.groups.filter(
            ~pl.col("reception") & (pl.col("objective") == "") & ~pl.col("ap_group").is_in(list(known))
        )
        .join(met, on="ap_group", maintain_order="left")
        .filter(pl.lit(look.on) - pl.col("since") > pl.duration(days=days))
    )
    return listed([_group(row, f"se réunit depuis le {day(row['since'])}") for row in late.to_dicts()])


def frozen(look: Look) -> pl.DataFrame:
    """Students too long in one need, and groups with nearly the same members after two bilans."""
    rows = []
    share = look.threshold("GROUPE-FIGE") / 100
    ages = _periods_in_need(look)
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
        _student(row, f"{row['short_name']}, {row['in_row']}e période de suite", level="alert")
        for row in over.to_dicts()
    ]
    if look.periods.height > _SAME_BILANS:
        then = look.periods["starts_on"][-1 - _SAME_BILANS]
        rows += [
            _group(row, f"{percent(row['same'])} des mêmes élèves qu’au {day(then)}")
            for row in _same_since(look, then).to_dicts()
            if row["same"] >= share
        ]
    return listed(rows)


def unsettled(look: Look) -> pl.DataFrame:
    """Bands whose last regrouping moved too many, and students moved before four sessions were held."""
    most = look.threshold("MOUVANT") / 100
    rows = []
    for band, _, since in facts.last_adoptions(look.store, on=look.on, known_at=look.known_at).iter_rows():
        share, moved = _moved(look, band, since)
        code = look.groups.filter(pl.col("band") == band)["band_code"]
        if share is not None and share > most and code.len():
            rows.append({
                "label": f"Bande {code[0]}",
                "detail": f"{count(moved, 'place changée', 'places changées')} le {day(since)}, soit {percent(share)}",
            })  # fmt: skip
    early = _moved_early(look)
    rows += [
        _student(row, f"a quitté {row['code']} après {count(row['held'], 'séance tenue', 'séances tenues')}")
        for row in early.to_dicts()
    ]
    return listed(rows)


def under_minimum(look: Look) -> pl.DataFrame:
    """Groups whose last sessions were too small for their need, two in a row."""
    running = int(look.threshold("SOUS-MINIMUM"))
    last = (
        look.sessions.filter(pl.col("state") == "held")
        .with_columns(came=pl.coalesce("present", "expected"))
        .group_by("ap_group", maintain_order=True)
        .tail(running)
        .group_by("ap_group")
        .agg(pl.col("came"), met=pl.len())
        .filter(pl.col("met") == running)
    )
    small = look.groups.join(last, on="ap_group", maintain_order="left").filter(
        pl.col("came").list.max() < pl.col("min_size")
    )
    return listed(
        [
            _group(
                row,
                f"{' puis '.join(str(came) for came in row['came'])} présents, pour {row['min_size']} au moins",
            )
            for row in small.to_dicts()
        ]
    )


def unbalanced(look: Look) -> pl.DataFrame:
    """Groups held by one division where three or more share the hour, or far from their band's share of girls."""
    most = look.threshold("DESEQUILIBRE") / 100
    sat = look.seated.join(look.people.select("student", "sex"), on="student", how="left")
    crossed = sat.group_by("slot").agg(divisions=pl.col("division").n_unique())
    sizes = sat.group_by("ap_group", "slot", "division_code").len("here")
    heavy = (
        sizes.with_columns(share=pl.col("here") / pl.col("here").sum().over("ap_group"))
        .join(crossed, on="slot")
        .filter((pl.col("divisions") >= _DIVISIONS) & (pl.col("share") > most))
    )
    working = look.groups.filter(~pl.col("reception"))
    rows = [
        _group(row, f"{percent(row['share'])} de {row['division_code']}")
        for row in working.join(heavy, on="ap_group", maintain_order="left").to_dicts()
    ]
    known = sat.filter(pl.col("sex").is_not_null()).with_columns(girl=pl.col("sex") == "F")
    whole = known.group_by("band").agg(band_share=pl.col("girl").mean())
    mixed = known.group_by("ap_group", "band").agg(share=pl.col("girl").mean()).join(whole, on="band")
    far = mixed.filter((pl.col("share") - pl.col("band_share")).abs() > _SEX_GAP).drop("band")
    rows += [
        _group(row, f"{percent(row['share'])} de filles, {percent(row['band_share'])} dans la bande")
        for row in working.join(far, on="ap_group", maintain_order="left").to_dicts()
    ]
    return listed(rows)


def _group(row: dict, detail: str, level: str = "watch") -> dict:
    return {
        "label": f"{row['code']} {row['name']}",
        "detail": detail,
        "level": level,
        "ap_group": row["ap_group"],
    }


def _student(row: dict, detail: str, level: str = "watch") -> dict:
    return {
        "label": f"{row['name']}, {row['division_code']}", "detail": detail, "level": level,
        "student": row["student"], "division": row["division"],
    }  # fmt: skip


def _periods_in_need(look: Look) -> pl.DataFrame:
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


def _same_since(look: Look, then: object) -> pl.DataFrame:
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


def _moved(look: Look, band: int, since: object) -> tuple[float | None, int]:
    """Return the share of seats kept the day before a regrouping whose need changed with it, and how many."""
    groups = look.groups.filter(pl.col("band") == band).select("ap_group", "slot")
    every = look.store.read("select id as ap_group, slot from ap_group where band = $band", band=band)
    seats = look.worked.join(every, on="ap_group")
    after = seats.filter((pl.col("starts_on") <= since) & (pl.col("ends_on") >= since))
    before = seats.filter(pl.col("ends_on") >= pl.lit(since) - pl.duration(days=1)).filter(
        pl.col("starts_on") < since
    )
    both = before.join(after, on=["student", "slot"], suffix="_after")
    if groups.is_empty() or both.is_empty():
        return None, 0
    moved = both.filter(pl.col("need") != pl.col("need_after")).height
    return moved / both.height, moved


def _moved_early(look: Look) -> pl.DataFrame:
    """Return who left a group in this period after fewer than four of its sessions were held, and is still here."""
    if look.periods.is_empty():
        return pl.DataFrame(schema={"student": pl.Int64})
    start = look.periods["starts_on"][-1]
    left = look.worked.filter((pl.col("ends_on") < look.on) & (pl.col("ends_on") >= start))
    held = look.sessions.filter(pl.col("state") == "held").select("ap_group", "on_day")
    counts = (
        left.join(held, on="ap_group", how="left")
        .with_columns(inside=pl.col("on_day").is_between("starts_on", "ends_on").fill_null(value=False))
        .group_by("student", "ap_group", "starts_on", "ends_on")
        .agg(held=pl.col("inside").sum().cast(pl.Int64))
        .filter(pl.col("held") < _SETTLED)
    )
    codes = look.store.read("select id as ap_group, code from ap_group")
    return (
        counts.join(codes, on="ap_group")
        .join(look.people, on="student")
        .sort("division_code", "name", "code")
    )

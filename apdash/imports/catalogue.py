"""Compares formations, subjects, weekly hours, divisions and official groups with the store."""

import polars as pl

from apdash.imports.findings import Findings, show, sort
from apdash.imports.rows import differing, rows
from apdash.imports.sts import is_support


def compare_catalogue(
    found: Findings,
    files: dict[str, pl.DataFrame],
    state: dict[str, pl.DataFrame],
    *,
    grades: pl.DataFrame,
    sure_labels: bool,
) -> pl.DataFrame:
    """Compare formations, subjects and weekly hours; return code, label and grade of every formation known then.

    sure_labels: the files hold the nomenclatures; else a label already known is kept.
    """
    met = pl.concat(
        [
            files["mefs"],
            *(_bare(codes) for codes in (files["division_mefs"]["mef"], files["students"]["mef"])),
        ]
    )
    mefs = met.unique("code", keep="first", maintain_order=True).pipe(_with_grade, grades)
    old = state["mefs"].select("code", old_label="label", old_grade="grade")
    joined = mefs.join(old, on="code", how="left").with_columns(
        label=_label(sure=sure_labels),
        grade=pl.coalesce("grade", "old_grade"),
    )
    sort(found, joined, "formation", "mefs", {"label": "libellé", "grade": "niveau"}, key="old_label")
    subjects = (
        files["subjects"]
        .with_columns(weekly_ap=is_support())
        .join(
            state["subjects"].select("code", old_label="label", old_weekly_ap="weekly_ap"),
            on="code",
            how="left",
        )
        .with_columns(label=_label(sure=sure_labels))
    )
    sort(
        found,
        subjects,
        "matière",
        "subjects",
        {"label": "libellé", "weekly_ap": "accompagnement"},
        key="old_label",
    )
    hours = (
        files["hours"]
        .join(state["hours"].rename({"weekly_hours": "old_weekly_hours"}), on=["mef", "subject"], how="left")
        .with_columns(code=pl.concat_str("mef", "subject", separator=" / "))
    )
    sort(found, hours, "horaire", "hours", {"weekly_hours": "heures par semaine"}, key="old_weekly_hours")
    known = state["mefs"].join(joined, on="code", how="anti")
    return pl.concat([joined.select("code", "label", "grade"), known])


def compare_divisions(
    found: Findings,
    files: dict[str, pl.DataFrame],
    state: dict[str, pl.DataFrame],
    *,
    mefs: pl.DataFrame,
    pairs: pl.DataFrame,
    codes: pl.Series,
    file: str,
) -> None:
    """Compare divisions, their formations and the official groups.

    pairs: division, mef, as declared and as seen on students; codes: the divisions met in the files.
    """
    named = pl.concat([files["divisions"], _bare(codes)]).unique("code", keep="first", maintain_order=True)
    named = named.filter(pl.col("code").str.len_chars() <= 20)
    old = state["divisions"].select("id", "code", old_label="label", old_grade="grade")
    joined = (
        named.join(old, on="code", how="left")
        .join(_division_grades(pairs, mefs), on="code", how="left")
        .with_columns(
            label=_label(sure=True),
            grade=pl.coalesce("old_grade", "grade"),
        )
    )
    fresh = joined.filter(pl.col("id").is_null())
    fields = {"label": "libellé", "grade": "niveau"}
    moved = joined.filter(pl.col("id").is_not_null() & differing(joined, list(fields)))
    show(
        found,
        fresh,
        moved,
        joined.join(fresh, on="code", how="anti").join(moved, on="code", how="anti"),
        "division",
        fields,
    )
    found.writes |= {"divisions_new": fresh, "divisions_changed": moved}
    for odd, why in (
        (pl.col("grades") > 1, "Plusieurs niveaux dans la division : à préciser."),
        (pl.col("grade").is_null() & (pl.col("grades").fill_null(0) < 2), "Niveau inconnu : à préciser."),
    ):
        found.warnings.append(
            rows(
                joined.filter(odd.fill_null(False) & pl.col("old_grade").is_null()),
                "division",
                who=pl.col("code"),
                file=file,
                why=why,
            )
        )
    _compare_pairs(found, pairs, state["division_mefs"])
    _compare_groups(found, files, state["groups"])


def _compare_pairs(found: Findings, pairs: pl.DataFrame, old: pl.DataFrame) -> None:
    """Keep in step the formations of the divisions the files speak of."""
    spoken = old.join(pairs, on="division", how="semi")
    fresh = pairs.join(old, on=["division", "mef"], how="anti")
    gone = spoken.join(pairs, on=["division", "mef"], how="anti").select(division="id", mef="mef")
    found.writes |= {"division_mefs_new": fresh, "division_mefs_gone": gone}


def _compare_groups(found: Findings, files: dict[str, pl.DataFrame], old: pl.DataFrame) -> None:
    crossed = (
        files["group_divisions"]
        .sort("division")
        .group_by("group")
        .agg(divisions=pl.col("division").unique(maintain_order=True))
    )
    groups = (
        files["groups"]
        .join(crossed, left_on="code", right_on="group", how="left")
        .with_columns(divisions=pl.col("divisions").fill_null([]))
    )
    joined = groups.join(
        old.rename({"label": "old_label", "divisions": "old_divisions"}), on="code", how="left"
    )
    sort(
        found,
        joined,
        "groupe officiel",
        "groups",
        {"label": "libellé", "divisions": "divisions"},
        key="old_label",
    )
    gone = old.join(groups, on="code", how="anti") if groups.height else old.clear()
    found.changed.append(
        rows(gone, "groupe officiel", who=pl.col("code"), before=pl.col("label"), after="(supprimé)")
    )
    found.writes["groups_gone"] = gone


def _label(*, sure: bool) -> pl.Expr:
    """Return the label to keep: a code that stands for a label never replaces a true one."""
    bare, known = pl.col("label") == pl.col("code"), pl.col("old_label").ne_missing(pl.col("code"))
    keep_old = pl.col("old_label").is_not_null() & known & (bare if sure else pl.lit(True))
    return pl.when(keep_old).then("old_label").otherwise("label")


def _bare(codes: pl.Series) -> pl.DataFrame:
    """Return codes met without a label: the code is the label."""
    return pl.DataFrame(
        {"code": codes.drop_nulls().unique(maintain_order=True)}, schema={"code": pl.String}
    ).with_columns(label="code")


def _with_grade(mefs: pl.DataFrame, grades: pl.DataFrame) -> pl.DataFrame:
    """Return the formations with the first grade whose pattern fits the whole code."""
    patterns = grades.filter(pl.col("mef_pattern").fill_null("") != "").select(
        grade="code", pattern=pl.format("^(?:{})$", "mef_pattern"), position="position"
    )
    fitting = mefs.join(patterns, how="cross").filter(
        pl.col("code").str.contains(pl.col("pattern"), strict=False)
    )
    first = fitting.sort("position").unique("code", keep="first").select("code", "grade")
    return mefs.join(first, on="code", how="left", maintain_order="left")


def _division_grades(pairs: pl.DataFrame, mefs: pl.DataFrame) -> pl.DataFrame:
    """Return code, grade (null unless there is exactly one), grades (how many)."""
    seen = pairs.join(mefs.select(mef="code", grade="grade"), on="mef", how="left").drop_nulls("grade")
    counted = seen.group_by(code="division").agg(
        grade=pl.col("grade").first(), grades=pl.col("grade").n_unique()
    )
    return counted.with_columns(grade=pl.when(pl.col("grades") == 1).then("grade"))

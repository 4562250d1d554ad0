"""What the needs of some students say together: counts, who waits, the sentence of the title. Frames in, frames out."""

from collections.abc import Collection
from datetime import date

import polars as pl

from apdash.components.marks import URGENT
from apdash.labels import NBSP, count, short_day

STRONG = 60

CLASSES = (
    ("à confirmer", None, None),
    ("0 à 19", 0, 19),
    ("20 à 39", 20, 39),
    ("40 à 59", 40, 59),
    ("60 à 74", 60, 74),
    ("75 et plus", 75, 100),
)


def need_counts(cells: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Return what each need weighs, a row a need, in the order of `needs`.

    cells: student, need, value (null: à confirmer), served; needs: code, axis, label, short_name. Columns of `needs`,
    then students, known, unknown, median (nullable), strong (60 or more), urgent (75 or more), served (urgent, worked
    in a group now).
    """
    value = pl.col("value")
    totals = cells.group_by("need").agg(
        students=pl.len().cast(pl.Int64),
        known=value.is_not_null().sum().cast(pl.Int64),
        unknown=value.is_null().sum().cast(pl.Int64),
        median=value.median(),
        strong=(value >= STRONG).sum().cast(pl.Int64),
        urgent=(value >= URGENT).sum().cast(pl.Int64),
        served=((value >= URGENT) & pl.col("served")).sum().cast(pl.Int64),
    )
    return (
        needs.select("code", "axis", "label", "short_name")
        .join(totals, left_on="code", right_on="need", how="left", maintain_order="left")
        .with_columns(pl.col("students", "known", "unknown", "strong", "urgent", "served").fill_null(0))
    )


def class_counts(cells: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Return how many students stand in each class of intensity, a row a need and class, needs in order.

    Columns: need, short_name, axis, class (`à confirmer`, `0 à 19` … `75 et plus`), rank (0 to 5), students.
    """
    value = pl.col("value")
    rank = pl.sum_horizontal(*[(value >= low).fill_null(False) for _, low, _ in CLASSES[1:]]).cast(pl.Int64)
    counted = cells.with_columns(rank=rank).group_by("need", "rank").agg(students=pl.len().cast(pl.Int64))
    names = [name for name, _, _ in CLASSES]
    classes = pl.DataFrame({"class": names, "rank": range(len(CLASSES))}, schema_overrides={"rank": pl.Int64})
    return (
        needs.select("code", "short_name", "axis")
        .join(classes, how="cross", maintain_order="left_right")
        .join(counted, left_on=["code", "rank"], right_on=["need", "rank"], how="left", maintain_order="left")
        .select("short_name", "axis", "class", "rank", pl.col("students").fill_null(0), need="code")
    )


def priorities(cells: pl.DataFrame, *, groupable: Collection[str], strong_from: float) -> pl.DataFrame:
    """Return the priority students: those with a strong need that the groups of a band may work on.

    The same definition as a regrouping's: groupable are the codes of these needs, strong_from the published limit.
    cells: student, need, value, served, and served_then when groups are decided for a coming day.
    Columns: student, waits (none of these needs is worked in a group now), waits_then (nor will be that day).
    """
    then = "served_then" if "served_then" in cells.columns else "served"
    strong = cells.filter((pl.col("value") >= strong_from) & pl.col("need").is_in(list(groupable)))
    return (
        strong.group_by("student")
        .agg(waits=~pl.col("served").any(), waits_then=~pl.col(then).any())
        .sort("student")
    )


def waiting_words(waits: int, then: int, coming: date | None) -> str:
    """Return how many priority students are not served, today and with the groups decided for a coming day."""
    now = f"{count(waits, 'élève prioritaire non servi', 'élèves prioritaires non servis')}"
    if coming is None:
        return now
    left = "plus aucun" if then == 0 else str(then)
    return f"{now} aujourd’hui, {left} avec les groupes décidés pour le {short_day(coming)}"


def shares_by_review(past: pl.DataFrame, now: pl.DataFrame, *, review: int) -> pl.DataFrame:
    """Return the share of informed students at 60 or more, a row a bilan and need; `now` stands for `review`.

    past: review, student, need, value of earlier bilans; now: cells of the bilan shown. Columns: review, need, known,
    strong, share (0 to 1, null when nobody is informed); earlier bilans first, in the order given.
    """
    both = pl.concat(
        [
            past.filter(pl.col("review") != review).select("review", "need", pl.col("value").cast(pl.Int64)),
            now.select(pl.lit(review, pl.Int64).alias("review"), "need", pl.col("value").cast(pl.Int64)),
        ]
    )
    value = pl.col("value")
    counted = both.group_by("review", "need", maintain_order=True).agg(
        known=value.is_not_null().sum().cast(pl.Int64), strong=(value >= STRONG).sum().cast(pl.Int64)
    )
    return counted.with_columns(share=pl.when(pl.col("known") > 0).then(pl.col("strong") / pl.col("known")))


def first_need(counts: pl.DataFrame) -> str | None:
    """Return the code of the need most students have at 60 or more (then at 75), None when nothing is known."""
    known = counts.filter(pl.col("known") > 0)
    best = known.sort("strong", "urgent", descending=True, maintain_order=True).head(1)
    return best["code"].item() if best.height else None


def finding(counts: pl.DataFrame, *, scope: str) -> str:
    """Return the title of the page: the first need and how many students have it at 60 or more."""
    code = first_need(counts)
    if code is None:
        return f"{scope}, aucun besoin n’est encore calculé"
    best = counts.row(by_predicate=pl.col("code") == code, named=True)
    if best["strong"] == 0:
        return f"{scope}, aucun besoin n’atteint {STRONG}"
    name = short_label(best["label"])
    return (
        f"{scope}, {name[0].lower()}{name[1:]} est le premier besoin{NBSP}: "
        f"{count(best['strong'], 'élève')} à {STRONG} ou plus"
    )


def short_label(label: str) -> str:
    """Return the first words of a need: `Lire et comprendre : consignes…` gives `Lire et comprendre`."""
    return label.split(":")[0].strip()

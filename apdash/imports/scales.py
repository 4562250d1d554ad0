"""Turns what is written in a cell (letters, levels, marks, percents) into a level from 1 to 4, or into nothing."""

import polars as pl

from apdash.imports.mapping import CUTS, LEVELS, ValueColumn
from apdash.imports.names import plain_text
from apdash.reference import Reference

MISSING = "manquant"
_AWAY = ("absent", "dispense")
_BLANK = r"^[\-–—_./ ]*$"
_NUMBER = r"^([+\-]?\d+(?:[.,]\d+)?)\s*(?:%|/\s*(\d+(?:[.,]\d+)?))?$"


def levels_of(reference: Reference, texts: pl.Series, column: ValueColumn) -> pl.DataFrame:
    """Return text, state, level, problem: a row per distinct text.

    state: "level" with a level from 1 to 4, "absent", or null when nothing is to be recorded (blank, not assessed);
    problem: why a text cannot be read, else null. Missing is never zero.
    """
    cells = pl.DataFrame({"text": texts.unique(maintain_order=True).drop_nulls()}, schema={"text": pl.String})
    cells = cells.with_columns(code=_code(pl.col("text")), words=plain_text(pl.col("text")))
    missing = _missing(reference)
    cells = cells.join(missing, on="code", how="left", maintain_order="left")
    blank = pl.col("text").str.contains(_BLANK)
    formula = pl.col("text").str.contains(r"^[=@]")
    ranked = (
        _numeric(cells, reference, column)
        if _is_numeric(reference, column)
        else _coded(cells, reference, column)
    )
    is_missing = pl.col("away").is_not_null()
    return ranked.with_columns(
        state=pl.when(is_missing)
        .then(pl.when("away").then(pl.lit("absent")))
        .when(pl.col("level").is_not_null() & ~formula)
        .then(pl.lit("level")),
        level=pl.when(~is_missing & ~formula).then("level"),
        problem=pl.when(is_missing | blank)
        .then(pl.lit(None, pl.String))
        .when(formula)
        .then(pl.lit("la cellule est une formule : collez sa valeur"))
        .when(pl.col("level").is_null())
        .then(pl.col("problem")),
    ).select("text", "state", "level", "problem")


def code_of(text: pl.Expr) -> pl.Expr:
    """Return a cell as a code: capitals, no accent, dot nor blank."""
    return _code(text)


def _code(text: pl.Expr) -> pl.Expr:
    bare = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.str.to_uppercase().str.replace_all(r"[.\s]", "")


def _missing(reference: Reference) -> pl.DataFrame:
    """Return code, away: True for absent or exempted, False for what was not assessed."""
    rows = reference.scales.filter(pl.col("scale") == MISSING)
    away = plain_text(pl.col("label")).str.contains("|".join(_AWAY))
    both = pl.concat(
        [
            rows.select(code=_code(pl.col("code")), away=away),
            rows.select(code=_code(pl.col("label")), away=away),
        ]
    )
    return both.unique("code", keep="first", maintain_order=True)


def _is_numeric(reference: Reference, column: ValueColumn) -> bool:
    return (
        column.scale in (LEVELS, CUTS) or column.cuts is not None or column.scale in ("note_20", "pour_cent")
    )


def _coded(cells: pl.DataFrame, reference: Reference, column: ValueColumn) -> pl.DataFrame:
    """Return level for the codes or labels of a scale of letters."""
    scale = reference.scales.filter(pl.col("scale") == column.scale, pl.col("rank").is_not_null())
    codes = scale.select(code=_code(pl.col("code")), level=pl.col("rank")).unique("code", keep="first")
    labels = scale.select(words=plain_text(pl.col("label")), by_label=pl.col("rank")).unique(
        "words", keep="first"
    )
    joined = cells.join(codes, on="code", how="left", maintain_order="left").join(
        labels, on="words", how="left", maintain_order="left"
    )
    expected = ", ".join(scale["code"].to_list())
    return joined.with_columns(
        level=pl.coalesce("level", "by_label"), problem=pl.lit(f"une valeur parmi {expected} est attendue")
    )


def _numeric(cells: pl.DataFrame, reference: Reference, column: ValueColumn) -> pl.DataFrame:
    """Return level for numbers: as they are (1 to 4), or cut by thresholds."""
    number = _decimal(pl.col("text").str.strip_chars().str.extract(_NUMBER, 1))
    out_of = _decimal(pl.col("text").str.strip_chars().str.extract(_NUMBER, 2))
    cells = cells.with_columns(number=number)
    if column.scale == LEVELS:
        whole = pl.col("number").is_between(1, 4) & (pl.col("number") * 2 == (pl.col("number") * 2).round())
        return cells.with_columns(
            level=pl.when(whole).then("number"), problem=pl.lit("un niveau de 1 à 4 est attendu")
        )
    top = {"pour_cent": 100.0, "note_20": column.out_of}.get(column.scale)
    scaled = cells.with_columns(
        number=pl.when(out_of > 0).then(pl.col("number") / out_of * (top or 20)).otherwise("number")
    )
    problem = "un nombre est attendu" if top is None else f"un nombre de 0 à {top:g} est attendu"
    inside = pl.col("number").is_between(0, top) if top else pl.col("number") >= 0
    second, third, fourth = thresholds(reference, column)
    value = pl.col("number")
    level = (
        pl.when(value >= fourth)
        .then(4.0)
        .when(value >= third)
        .then(3.0)
        .when(value >= second)
        .then(2.0)
        .otherwise(1.0)
    )
    return scaled.with_columns(level=pl.when(inside).then(level), problem=pl.lit(problem))


def thresholds(reference: Reference, column: ValueColumn) -> tuple[float, float, float]:
    """Return from what value levels 2, 3 and 4 begin, in the unit of the column."""
    if column.cuts is not None:
        return column.cuts
    lows = dict(
        reference.scales.filter(scale=column.scale).select(pl.col("rank").cast(pl.Int64), "low").rows()
    )
    factor = column.out_of / 20 if column.scale == "note_20" else 1.0
    return lows[2] * factor, lows[3] * factor, lows[4] * factor


def _decimal(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)

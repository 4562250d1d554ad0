"""The rows of a preview: one shape for everything shown, whatever it is about."""

import polars as pl

# subject: élève, division, adulte… ; field, before, after: what changes; line: where it stands in the file.
ROWS = {
    "subject": pl.String,
    "who": pl.String,
    "field": pl.String,
    "before": pl.String,
    "after": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "why": pl.String,
}
WHO = pl.concat_str("last_name", "first_name", separator=" ").str.strip_chars()


def rows(frame: pl.DataFrame, subject: str, **columns: pl.Expr | str) -> pl.DataFrame:
    """Return the frame as preview rows; a text stands for itself, what is not given is empty."""
    given = {name: pl.lit(value) if isinstance(value, str) else value for name, value in columns.items()}
    given["subject"] = pl.lit(subject)
    return frame.select(given.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in ROWS.items())


def stacked(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows one below the other; nothing gives an empty frame of `ROWS`."""
    return pl.concat([pl.DataFrame(schema=ROWS), *frames])


def shown(column: str) -> pl.Expr:
    """Return a value of any type as a person reads it."""
    return pl.col(column).cast(pl.String).fill_null("")


def differing(frame: pl.DataFrame, columns: list[str]) -> pl.Expr:
    """True where some column differs from its counterpart `old_<column>`."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"old_{name}")) for name in columns)


def field_changes(
    frame: pl.DataFrame, subject: str, fields: dict[str, str], **columns: pl.Expr | str
) -> pl.DataFrame:
    """Return a row per field that differs from `old_<field>`, with both values; fields: column -> words."""
    return stacked(
        [
            rows(
                frame.filter(pl.col(name).ne_missing(pl.col(f"old_{name}"))),
                subject,
                field=words,
                before=_words(frame, f"old_{name}"),
                after=_words(frame, name),
                **columns,
            )
            for name, words in fields.items()
        ]
    )


def _words(frame: pl.DataFrame, column: str) -> pl.Expr:
    kind = frame.schema[column]
    if kind == pl.Date:
        return pl.col(column).dt.strftime("%d/%m/%Y").fill_null("")
    if kind == pl.Boolean:
        return pl.col(column).replace_strict({True: "oui", False: "non"}, default="", return_dtype=pl.String)
    if kind == pl.List(pl.String):
        return pl.col(column).list.join(" ").fill_null("")
    return shown(column)

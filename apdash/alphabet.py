"""The order of a French list: accents and capitals play no part, Œ is OE. In SQL it is `collate fr`."""

import unicodedata

import polars as pl


def folded(text: str) -> str:
    """Return what a text is sorted by."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    return bare.replace("œ", "oe").replace("æ", "ae")


def by(*columns: str) -> list[pl.Expr]:
    """Return what a frame is sorted by to have these columns of text in order."""
    return [
        pl.col(column).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
        .str.replace_all("œ", "oe").str.replace_all("æ", "ae")
        for column in columns
    ]  # fmt: skip

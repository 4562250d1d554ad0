"""Names of people and titles of columns, as different software writes them: compared without what differs."""

import unicodedata

import polars as pl

_UPPER = r"\p{Lu}[\p{Lu}'’\-]+"


def is_formula(column: str) -> pl.Expr:
    """True where a text would be run as a formula by a spreadsheet."""
    return pl.col(column).str.contains(r"^[=+\-@\t\r]").fill_null(False)


def plain(text: str) -> str:
    """Return a text in small letters, without accents nor punctuation, blanks single."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    bare = bare.replace("œ", "oe").replace("æ", "ae")
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def plain_text(text: pl.Expr) -> pl.Expr:
    """Return the same as `plain`, for a column."""
    bare = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    bare = bare.str.replace_all("œ", "oe").str.replace_all("æ", "ae")
    return bare.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def person_key(*parts: str) -> pl.Expr:
    """Return the words of some name columns, plain and sorted: the order of name and first name plays no part."""
    whole = pl.concat_str([pl.col(part).fill_null("") for part in parts], separator=" ")
    return plain_text(whole).str.split(" ").list.sort().list.join(" ")


def split_full_name(column: str) -> tuple[pl.Expr, pl.Expr]:
    """Return (last name, first name) of a column like "VAN DEN BERG Jean-Baptiste".

    The last name ends with the last word in capitals; the other order is understood too. Null where no word is in
    capitals: it cannot be told.
    """
    text = pl.col(column).str.replace_all(r"[,\s]+", " ").str.strip_chars()
    name_first = rf"^(.*(?:^|\s){_UPPER})\s(\S.*)$"
    name_last = rf"^(\S.*?)\s((?:{_UPPER}\s?)+)$"
    last = pl.coalesce(text.str.extract(name_first, 1), text.str.extract(name_last, 2))
    first = pl.coalesce(text.str.extract(name_first, 2), text.str.extract(name_last, 1))
    return last.str.strip_chars(), first.str.strip_chars()

"""Guesses the competency a title names and the scale its cells are written in."""

import re

import polars as pl

from apdash.imports.mapping import LEVELS, ValueColumn
from apdash.imports.names import plain, plain_text
from apdash.imports.scales import MISSING, code_of, levels_of
from apdash.reference import Reference

# Words other software uses for what a competency observes; a school's own codes and labels are tried first.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "LIR": ("lecture", "comprehension de l ecrit", "comprehension ecrite", "comprehension"),
    "ECR": ("ecriture", "expression ecrite", "production ecrite", "redaction", "langue"),
    "ORA": ("oral", "expression orale", "parler", "s exprimer"),
    "LVE": ("anglais", "espagnol", "allemand", "langue vivante", "lv1", "lv2"),
    "CAL": ("calcul", "nombres et calcul", "geometrie", "mesure"),
    "DON": ("donnees", "organisation et gestion de donnees", "gestion de donnees"),
    "RAI": (
        "raisonnement",
        "raisonner",
        "resolution de problemes",
        "resolution algebrique de problemes",
        "problemes",
    ),
    "ORG": ("organisation", "methode"),
    "AUT": ("autonomie",),
    "IMP": ("engagement", "assiduite", "investissement"),
    "RSP": ("cooperation", "respect"),
}
_LETTERS = (
    "pronote",
    "lsl_pro",
    "lettres_abcd",
    "sacoche_acquis",
    "sacoche_note",
    "lsu_maitrise",
    "lsu_objectifs",
)
_OUT_OF = re.compile(r"(?:/|\bsur)\s*(\d{1,3})\b")
_UNIT = re.compile(r"\(?\s*(?:/|\bsur)\s*\d{1,3}\s*\)?|%|\(\s*\)")


def competency_of(reference: Reference, header: str) -> str | None:
    """Return the competency a title names: by its code, its label, the beginning of its label, or a usual word."""
    words = plain(_UNIT.sub(" ", header))
    rows = reference.competencies.select("code", "label", "short_label").rows()
    for code, label, short in rows:
        if words in (plain(code), plain(label), plain(short)):
            return code
    for code, label, short in rows:
        if len(words) >= 4 and (plain(label).startswith(words) or plain(short).startswith(words)):
            return code
    known = {code for code, _label, _short in rows}
    return next((code for code, synonyms in _SYNONYMS.items() if words in synonyms and code in known), None)


def scaled(reference: Reference, cells: pl.Series, header: str, code: str) -> ValueColumn | None:
    """Return the column with the first scale that reads all its cells, None when no scale reads half of them."""
    stated = _OUT_OF.search(header)
    numbers = _numbers(cells)
    if "%" in header or cells.str.contains("%").any():
        candidates = [ValueColumn(header, code, "pour_cent")]
    elif stated and 0 < int(stated[1]) <= 200:
        candidates = [ValueColumn(header, code, "note_20", out_of=float(stated[1]))]
    elif numbers.len():
        scale = _number_scale(numbers)
        candidates = [ValueColumn(header, code, scale)]
    else:
        candidates = [ValueColumn(header, code, _letters(reference, cells))]
    shares = [(readable(reference, cells, column), column) for column in candidates]
    best_share = max(share for share, _column in shares)
    return next(column for share, column in shares if share == best_share) if best_share >= 0.5 else None


def _letters(reference: Reference, cells: pl.Series) -> str:
    """Return the scale of letters or words that names the most cells; the usual ones first when several do."""
    written = (
        pl.DataFrame({"text": cells})
        .select(code=code_of(pl.col("text")), words=plain_text(pl.col("text")))
        .rows()
    )
    known = reference.scales.select("scale", code=code_of(pl.col("code")), words=plain_text(pl.col("label")))
    missing = set(known.filter(scale=MISSING)["code"].to_list())
    scales = [scale for scale in known["scale"].unique(maintain_order=True).to_list() if scale != MISSING]
    ordered = [scale for scale in _LETTERS if scale in scales] + [
        scale for scale in scales if scale not in _LETTERS
    ]

    def named(scale: str) -> int:
        rows = known.filter(scale=scale)
        codes, labels = set(rows["code"].to_list()), set(rows["words"].to_list())
        return sum(code in codes or words in labels or code in missing for code, words in written)

    return max(ordered, key=named)


def _number_scale(numbers: pl.Series) -> str:
    """Return the scale numbers suggest: levels (1 to 4), codes of SACoche (1 to 6), marks out of 20, percents."""
    whole, best = bool((numbers % 1 == 0).all()), float(numbers.max())  # type: ignore[arg-type]
    if whole and best <= 4:
        return LEVELS
    if whole and best <= 6 and float(numbers.min()) >= 1:  # type: ignore[arg-type]
        return "sacoche_saisie"
    return "note_20" if best <= 20 else "pour_cent"


def _numbers(cells: pl.Series) -> pl.Series:
    return cells.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).drop_nulls()


def readable(reference: Reference, cells: pl.Series, column: ValueColumn) -> float:
    """Return the share of distinct cells the scale can read."""
    levels = levels_of(reference, cells, column)
    return levels["problem"].is_null().mean() if levels.height else 1.0

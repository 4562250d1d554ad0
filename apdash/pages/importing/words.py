"""Counts and titles in words: what a preview holds, what an import wrote."""

import polars as pl

from apdash.imports import KIND_WORDS, MappingProposal, Preview, TableKind
from apdash.labels import NBSP, count, listed, number
from apdash.pages.importing.draft import MEGABYTE, Look

# In the order they are looked at: what is refused first.
CATEGORIES = {
    "refused": ("refusé", "refusés"),
    "warnings": ("à regarder", "à regarder"),
    "new": ("nouveau", "nouveaux"),
    "changed": ("modifié", "modifiés"),
    "leaving": ("partant", "partants"),
    "unchanged": ("inchangé", "inchangés"),
}
_PLURALS = {
    "groupe officiel": "groupes officiels",
    "année scolaire": "années scolaires",
    "professeur principal": "professeurs principaux",
    "chiffre public": "chiffres publics",
    "devenir": "devenirs",
    "séance tenue": "séances tenues",
}
_TOLD = ("résultat", "devenir", "chiffre public")
_VALUES = ("évaluation", "réponse", "présence", "séance tenue", "ligne", *_TOLD)
_SUBJECTS = ("élève", "évaluation", "réponse", "séance tenue", "présence", *_TOLD, "division", "adulte")
_TABLES = {
    TableKind.STUDENTS: "liste d’élèves",
    TableKind.ASSESSMENTS: "évaluations d’un bilan",
    TableKind.INTERVIEW: "réponses à l’entretien",
    TableKind.OUTCOMES: "résultats et devenir des élèves",
    TableKind.ABSENCES: "absences et retards",
}


def of_subject(quantity: int, subject: str) -> str:
    """Return `3 élèves`, `1 professeur principal`."""
    subject = "ligne" if subject == "fichier" else subject
    return count(quantity, subject, _PLURALS.get(subject))


def counted(preview: Preview) -> pl.DataFrame:
    """Return category, subject, count: how many different students, divisions, values… each category holds."""
    values = pl.col("subject").is_in(_VALUES).first()
    several = pl.struct("who", "line").n_unique()  # a student corrected in two fields is on two rows
    frames = [
        getattr(preview, name)
        .group_by("subject", maintain_order=True)
        .agg(count=pl.when(values | (name != "changed")).then(pl.len()).otherwise(several).cast(pl.Int64))
        .select(pl.lit(name).alias("category"), "subject", "count")
        for name in CATEGORIES
    ]
    return pl.concat(frames)


def is_empty(preview: Preview) -> bool:
    """True when importing would write no row of the school."""
    return not (preview.new.height or preview.changed.height or preview.leaving.height)


def finding(look: Look) -> str:
    """Return the title of a preview: what would change, in one line."""
    if look.preview is None:
        return look.error.title.removesuffix(".") if look.error else "Aperçu"
    if is_empty(look.preview):
        return "Rien à changer" + (
            f"{NBSP}: des lignes sont refusées"
            if look.preview.refused.height
            else f"{NBSP}: la base est à jour"
        )
    summary = counted(look.preview)
    acts = (("new", "à ajouter"), ("changed", "à modifier"), ("leaving", "à clore"))
    touched = summary.filter(pl.col("category").is_in([name for name, _ in acts]))["subject"].to_list()
    subject = next((one for one in _SUBJECTS if one in touched), touched[0])
    parts = []
    for name, words in acts:
        quantity = summary.filter(category=name, subject=subject)["count"].sum()
        if quantity:
            parts.append(f"{number(quantity) if parts else of_subject(quantity, subject)} {words}")
    return listed(parts)


def written(summary: pl.DataFrame) -> list[str]:
    """Return what an import wrote, a sentence per kind of change."""
    lines = []
    for name, words in (
        ("new", "Ajouté"),
        ("changed", "Modifié"),
        ("leaving", "Clos"),
        ("refused", "Non importé"),
    ):
        rows = summary.filter(category=name).select("count", "subject").rows()
        if rows:
            lines.append(f"{words}{NBSP}: " + listed([of_subject(*row) for row in rows]))
    return lines or ["Rien n’avait changé."]


def kind_words(look: Look, at: int) -> str:
    """Return what a file of a look was recognised as."""
    words = KIND_WORDS[look.kinds[at]]
    return f"{words}{NBSP}: {table_words(look.proposal)}" if look.proposal else words


def table_words(proposal: MappingProposal) -> str:
    """Return what a table brings."""
    return _TABLES[proposal.mapping.kind]


def weight(size: int) -> str:
    """Return the size of a file: `340 Ko`, `9,8 Mo`."""
    if size < MEGABYTE:
        return f"{number(max(1, round(size / 1024)))}{NBSP}Ko"
    return f"{number(size / MEGABYTE, 1)}{NBSP}Mo"

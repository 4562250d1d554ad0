"""What the columns of a table mean: proposed, corrected by a person, remembered for tables with the same titles."""

import json
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.headers import ABSENCE, IDENTITY, is_never_read
from apdash.imports.tables import Table
from apdash.reference import Reference

LEVELS = "niveaux"  # the numbers 1 to 4, as they are
CUTS = "seuils"  # any number, cut by three thresholds of one's own
MARKS = ("note_20", "pour_cent", CUTS)  # converted by thresholds: they count less, and never for attitudes
KNOWLEDGE_BLOCK = 1
REMEMBERED_AS = "table"
OUTCOME_PARTS: dict[str, str] = {
    "result": "résultat au diplôme",
    "after": "situation après le lycée",
    "session": "session ou année",
}


class TableKind(StrEnum):
    """What a table brings."""

    STUDENTS = "students"
    ASSESSMENTS = "assessments"
    INTERVIEW = "interview"
    OUTCOMES = "outcomes"
    ABSENCES = "absences"


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of values for one competency.

    scale: a code of echelles.csv, or `LEVELS`, or `CUTS`. cuts: from what value levels 2, 3 and 4 begin, in the unit
    of the column; None: those of the scale. out_of: what a mark is out of. test: name of a column of
    tests_de_positionnement.csv or of a domain of socle.csv, which then is the assessor.
    """

    header: str
    competency: str
    scale: str
    cuts: tuple[float, float, float] | None = None
    out_of: float = 20
    test: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column is what. identity: field of `headers.IDENTITY` -> title; questions: number -> title.

    absences: part of `headers.ABSENCE` -> title; outcomes: result, after, session -> title.
    assessor: whose values they are ("staff:ID", "student" or "test:NAME").
    """

    kind: TableKind
    identity: dict[str, str]
    values: tuple[ValueColumn, ...] = ()
    questions: dict[int, str] = field(default_factory=dict)
    absences: dict[str, str] = field(default_factory=dict)
    assessor: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the mapping as text, to be remembered."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def mapping_from_json(text: str) -> ColumnMapping:
    """Return a remembered mapping."""
    return mapping_from_dict(json.loads(text))


def mapping_from_dict(data: dict) -> ColumnMapping:
    """Return the mapping described by plain values; raises `ApdashError` when something has the wrong form."""
    try:
        values = tuple(
            _value_column(column, number) for number, column in enumerate(data.get("values", ()), 1)
        )
        questions = {int(number): str(title) for number, title in data.get("questions", {}).items()}
        return ColumnMapping(
            kind=_kind(data),
            identity=dict(data.get("identity", {})),
            values=values,
            questions=questions,
            absences={str(part): str(title) for part, title in data.get("absences", {}).items()},
            assessor=str(data.get("assessor", "")),
            outcomes=dict(data.get("outcomes", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ApdashError(
            "Correspondance illisible.", f"La description des colonnes a une forme inattendue ({error})."
        ) from error


def _kind(data: dict) -> TableKind:
    """Return what a table holds: as said, else as its columns tell."""
    told = TableKind.ASSESSMENTS if data.get("values") else TableKind.STUDENTS
    told = TableKind.OUTCOMES if data.get("outcomes") else told
    told = TableKind.ABSENCES if data.get("absences") else told
    kind = data.get("kind", TableKind.INTERVIEW if data.get("questions") else told)
    if kind not in [known.value for known in TableKind]:
        choices = ", ".join(known.value for known in TableKind)
        raise ApdashError("Correspondance illisible.", f"kind : « {kind} » n’est pas l’un de {choices}.")
    return TableKind(kind)


def _value_column(column: dict, number: int) -> ValueColumn:
    known = [part.name for part in fields(ValueColumn)]
    place = f"[[values]] numéro {number}"
    if unknown := set(column) - set(known):
        raise ApdashError("Correspondance illisible.", f"{place} : « {min(unknown)} » n’est pas compris.")
    if missing := [name for name in known[:3] if name not in column]:
        raise ApdashError("Correspondance illisible.", f"{place} : il manque « {missing[0]} ».")
    cuts = column.get("cuts")
    return ValueColumn(**(column | {"cuts": tuple(float(cut) for cut in cuts) if cuts else None}))


def check_mapping(reference: Reference, table: Table, mapping: ColumnMapping) -> None:
    """Raise `ApdashError` for a mapping that cannot be applied to the table, or must not be."""
    used = [
        *mapping.identity.values(),
        *(column.header for column in mapping.values),
        *mapping.questions.values(),
        *mapping.outcomes.values(),
        *mapping.absences.values(),
    ]
    for title in used:
        if title in table.never_read or is_never_read(title):
            raise ApdashError(
                "Colonne jamais lue.", f"« {title} » peut contenir des données qu’APdash ne conserve pas."
            )
        if title not in table.headers:
            titles = ", ".join(f"« {header} »" for header in table.headers)
            words = f"{table.file} n’a pas de colonne « {title} ». Colonnes : {titles}."
            raise ApdashError("Colonne absente.", words)
    if unknown := set(mapping.identity) - set(IDENTITY):
        raise ApdashError("Correspondance illisible.", f"« {min(unknown)} » n’est pas une partie d’identité.")
    if not {"siecle_id", "ine", "full_name", "last_name"} & set(mapping.identity):
        raise ApdashError(
            "Élèves introuvables.",
            f"{table.file} : indiquez la colonne du nom, de l’INE ou du numéro SIECLE.",
        )
    if unknown := set(mapping.outcomes) - set(OUTCOME_PARTS):
        raise ApdashError(
            "Correspondance illisible.", f"« {min(unknown)} » n’est ni un résultat, ni une situation."
        )
    if unknown := set(mapping.absences) - set(ABSENCE):
        raise ApdashError("Correspondance illisible.", f"« {min(unknown)} » n’est pas une partie d’absence.")
    if mapping.kind == TableKind.ABSENCES and "day" not in mapping.absences:
        raise ApdashError("Jour introuvable.", f"{table.file} : indiquez la colonne du jour de l’absence.")
    for column in mapping.values:
        _check_value(reference, column)
    if wrong := set(mapping.questions) - set(reference.interview["question"].to_list()):
        raise ApdashError("Question inconnue.", f"L’entretien n’a pas de question {min(wrong)}.")


def _check_value(reference: Reference, column: ValueColumn) -> None:
    known = reference.competencies.filter(code=column.competency)
    if known.is_empty():
        raise ApdashError("Compétence inconnue.", f"« {column.competency} » n’est pas un code de compétence.")
    if column.scale not in (LEVELS, CUTS, *reference.scales["scale"].unique().to_list()):
        raise ApdashError("Échelle inconnue.", f"« {column.scale} » n’est pas une échelle connue.")
    if column.scale in MARKS and not column.test and known["block"].item() != KNOWLEDGE_BLOCK:
        raise ApdashError(
            "Une note ne dit pas cela.",
            f"La colonne « {column.header} » contient des notes : elles ne peuvent pas devenir un niveau de "
            f"« {known['label'].item()} ».",
        )
    cuts = column.cuts
    if (column.scale == CUTS and cuts is None) or (
        cuts is not None and not (len(cuts) == 3 and cuts[0] < cuts[1] < cuts[2])
    ):
        raise ApdashError("Seuils à revoir.", f"« {column.header} » : trois seuils croissants sont attendus.")
    if not column.out_of > 0:
        raise ApdashError("Barème à revoir.", f"« {column.header} » : la note maximale doit être positive.")


def identity_expression(mapping: ColumnMapping) -> dict[str, pl.Expr]:
    """Return the columns of identity, under their English names; those that are not mapped are null."""
    return {
        name: pl.col(mapping.identity[name]) if name in mapping.identity else pl.lit(None, pl.String)
        for name in IDENTITY
    }

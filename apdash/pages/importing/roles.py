"""What a column of a table may be: part of an identity, a competency, a question of the interview, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apdash.errors import ApdashError
from apdash.imports import ColumnMapping, TableKind, ValueColumn
from apdash.imports.guesses import scaled
from apdash.imports.headers import ABSENCE_WORDS, IDENTITY_WORDS
from apdash.imports.mapping import CUTS, LEVELS, MARKS, OUTCOME_PARTS
from apdash.imports.scales import MISSING, thresholds
from apdash.imports.tables import Table
from apdash.labels import NBSP, number
from apdash.reference import Reference

AS_PROPOSED = "test"
SCALE_WORDS = {
    LEVELS: "niveaux de 1 à 4",
    "note_20": "notes, converties par seuils",
    "pour_cent": "pourcentages, convertis par seuils",
    CUTS: "nombres, mes seuils",
    "pronote": "lettres de Pronote (E à A+)",
    "lettres_abcd": "lettres de D à A",
    "lsl_pro": "livret scolaire du lycée professionnel",
    "lsu_maitrise": "livret, maîtrise de 1 à 4",
    "lsu_objectifs": "livret, objectifs de 1 à 4",
    "sacoche_note": "SACoche, de RR à VV",
    "sacoche_saisie": "SACoche, de 1 à 4",
    "sacoche_acquis": "SACoche, NA, VA, A",
}
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of a column. role: "", "id:FIELD", "a:PART" of an absence, "q:NUMBER", "c:COMPETENCY",
    "o:PART" of an outcome or `AS_PROPOSED`.
    """

    header: str
    role: str
    scale: str = ""
    cuts: str = ""
    out_of: str = ""


def answer_of(mapping: ColumnMapping, header: str) -> Answer:
    """Return what a mapping says of a column."""
    for part, title in mapping.identity.items():
        if title == header:
            return Answer(header, f"id:{part}")
    for part, title in mapping.absences.items():
        if title == header:
            return Answer(header, f"a:{part}")
    for question, title in mapping.questions.items():
        if title == header:
            return Answer(header, f"q:{question}")
    for part, title in mapping.outcomes.items():
        if title == header:
            return Answer(header, f"o:{part}")
    columns = values_of(mapping, header)
    if not columns:
        return Answer(header, "")
    first = columns[0]
    if len(columns) > 1 or first.test:
        return Answer(header, AS_PROPOSED)
    marks = first.scale in MARKS
    cuts = f"{NBSP}; ".join(_short(cut) for cut in first.cuts) if first.cuts and marks else ""
    out_of = _short(first.out_of) if first.scale == "note_20" else ""
    return Answer(header, f"c:{first.competency}", scale=first.scale, cuts=cuts, out_of=out_of)


def values_of(mapping: ColumnMapping, header: str) -> list[ValueColumn]:
    """Return the columns of values a title stands for: several for a domain of the socle."""
    return [column for column in mapping.values if column.header == header]


def corrected(
    reference: Reference, table: Table, base: ColumnMapping, answers: Sequence[Answer]
) -> ColumnMapping:
    """Return the mapping as somebody corrected it; what they left alone stays as it was.

    Raises `ApdashError` when two columns claim the same part, or when values and answers are mixed.
    """
    identity = _one_each(answers, "id:")
    questions = {int(key): title for key, title in _one_each(answers, "q:").items()}
    outcomes = _one_each(answers, "o:")
    absences = _one_each(answers, "a:")
    values = [column for answer in answers for column in _values(reference, table, base, answer)]
    told = [
        (TableKind.INTERVIEW, questions),
        (TableKind.ASSESSMENTS, values),
        (TableKind.ABSENCES, absences),
        (TableKind.OUTCOMES, outcomes),
    ]
    kinds = [kind for kind, columns in told if columns]
    if len(kinds) > 1:
        raise ApdashError(
            "Deux contenus dans un tableau.",
            "Un import reprend des compétences, des réponses à l’entretien, des absences ou des résultats : "
            "faites-en deux, du même fichier.",
        )
    kind = kinds[0] if kinds else TableKind.STUDENTS
    return ColumnMapping(
        kind=kind,
        identity=identity,
        values=tuple(values),
        questions=dict(sorted(questions.items())),
        absences=absences,
        assessor=base.assessor,
        outcomes=outcomes,
    )


def role_options(reference: Reference, mapping: ColumnMapping, header: str) -> list[dict]:
    """Return the options of the choice of a column, in groups."""
    columns = values_of(mapping, header)
    fixed = answer_of(mapping, header).role == AS_PROPOSED
    proposed = [(AS_PROPOSED, _test_words(reference, columns))] if fixed else []
    identity = [(f"id:{part}", words) for part, words in IDENTITY_WORDS.items()]
    competencies = [
        (f"c:{code}", label) for code, label in reference.competencies.select("code", "label").iter_rows()
    ]
    asked = reference.interview.unique("question", keep="first", maintain_order=True)
    questions = [
        (f"q:{number}", f"{number}. {text}") for number, text in asked.select("question", "text").iter_rows()
    ]
    return [
        *_options(proposed),
        *_group("L’élève", identity),
        *_group("Une absence, un retard", [(f"a:{part}", words) for part, words in ABSENCE_WORDS.items()]),
        *_group("Une compétence", competencies),
        *_group("Une question de l’entretien", questions),
        *_group("Ce que l’élève est devenu", [(f"o:{part}", words) for part, words in OUTCOME_PARTS.items()]),
    ]


def scale_options(reference: Reference) -> list[dict]:
    """Return the options of the choice of a scale: the usual ones first, then those of the school."""
    known = reference.scales["scale"].unique(maintain_order=True).to_list()
    usual = [scale for scale in SCALE_WORDS if scale in (LEVELS, CUTS, *known)]
    own = [scale for scale in known if scale not in (*usual, MISSING)]
    return _options([(scale, SCALE_WORDS.get(scale, scale)) for scale in (*usual, *own)])


def usual_cuts(reference: Reference, column: ValueColumn) -> str:
    """Return from what values levels 2, 3 and 4 begin, as one writes them: `7 ; 10 ; 14`."""
    if column.scale == CUTS and column.cuts is None:
        return ""
    return f"{NBSP}; ".join(_short(cut) for cut in thresholds(reference, column))


def _values(reference: Reference, table: Table, base: ColumnMapping, answer: Answer) -> list[ValueColumn]:
    known = values_of(base, answer.header)
    if answer.role == AS_PROPOSED:
        return known
    if not answer.role.startswith("c:"):
        return []
    code = answer.role.removeprefix("c:")
    cells = table.rows[answer.header].drop_nulls()
    guessed = scaled(reference, cells, answer.header, code) or ValueColumn(answer.header, code, LEVELS)
    column = replace(guessed, scale=answer.scale or guessed.scale)
    return [replace(column, cuts=_cuts(answer, column), out_of=_out_of(answer, column))]


def _one_each(answers: Sequence[Answer], prefix: str) -> dict[str, str]:
    """Return what each column with this kind of role stands for -> its title; raises when two stand for one."""
    found: dict[str, str] = {}
    for answer in answers:
        if not answer.role.startswith(prefix):
            continue
        key = answer.role.removeprefix(prefix)
        if key in found:
            raise ApdashError(
                "Deux colonnes pour une.",
                f"« {found[key]} » et « {answer.header} » disent la même chose : gardez-en une.",
            )
        found[key] = answer.header
    return found


def _cuts(answer: Answer, column: ValueColumn) -> tuple[float, float, float] | None:
    text = answer.cuts.strip()
    if column.scale not in MARKS or not text:
        return None
    numbers = [_number(part, answer) for part in text.replace(NBSP, " ").split(";")]
    if len(numbers) != 3:
        raise ApdashError(
            "Seuils à revoir.", f"« {answer.header} » : trois nombres sont attendus, comme 7 ; 10 ; 14."
        )
    return numbers[0], numbers[1], numbers[2]


def _out_of(answer: Answer, column: ValueColumn) -> float:
    if column.scale != "note_20" or not answer.out_of.strip():
        return column.out_of
    return _number(answer.out_of, answer)


def _number(text: str, answer: Answer) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as error:
        raise ApdashError(
            "Nombre illisible.", f"« {answer.header} » : « {text.strip()[:20]} » n’est pas un nombre."
        ) from error


def _test_words(reference: Reference, columns: Sequence[ValueColumn]) -> str:
    labels = dict(reference.competencies.select("code", "short_label").iter_rows())
    named = ", ".join(labels[column.competency] for column in columns)
    return f"test {columns[0].test} → {named}" if columns[0].test else named


def _short(value: float) -> str:
    return number(value, 0 if value == int(value) else 2)


def _group(title: str, options: Sequence[Option]) -> list[dict]:
    return [{"label": f"— {title} —", "value": f"-{title}", "disabled": True}, *_options(options)]


def _options(options: Sequence[Option] | Mapping[str, str]) -> list[dict]:
    pairs = options.items() if isinstance(options, Mapping) else options
    return [{"value": value, "label": label[:80]} for value, label in pairs]

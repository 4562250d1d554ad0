"""The reference files: their names, their columns in French, what each cell may hold."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes_no"
    CODES = "codes"  # several codes, parted by blanks
    WORDS = "words"  # several expressions, parted by commas


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file. refers: table whose `key` column must hold the value; low and high are allowed."""

    title: str
    name: str
    kind: Kind = Kind.TEXT
    empty: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One file. key: the columns that name a row, each combination once."""

    name: str
    file: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _code(title: str = "code", name: str = "code", **more: object) -> Column:
    return Column(title, name, Kind.CODE, **more)  # type: ignore[arg-type]


def _text(title: str, name: str, *, empty: bool = False) -> Column:
    return Column(title, name, Kind.TEXT, empty=empty)


def _integer(title: str, name: str, *, low: float, high: float, empty: bool = False) -> Column:
    return Column(title, name, Kind.INTEGER, empty, low, high)


def _number(title: str, name: str, *, low: float, high: float, empty: bool = False) -> Column:
    return Column(title, name, Kind.NUMBER, empty, low, high)


# fmt: off
TABLES: tuple[Table, ...] = (
    Table("axes", "axes.csv", ("code",), (
        _code(), _text("libellé", "label"), _text("phrase aux familles", "family_words"),
        Column("mesure la difficulté", "difficulty", Kind.YES_NO),
    )),
    Table("grades", "niveaux.csv", ("code",), (
        _code(), _text("libellé", "label"), _text("motif MEF", "mef_pattern", empty=True),
        _text("cycle", "cycle"), _integer("année du cycle", "cycle_year", low=1, high=3),
    )),
    Table("blocks", "blocs.csv", ("block",), (
        _integer("bloc", "block", low=1, high=9), _text("libellé", "label"),
    )),
    Table("competencies", "competences.csv", ("code",), (
        _code(), Column("bloc", "block", Kind.INTEGER, low=1, high=9, refers="blocks"),
        _text("libellé", "label"), _text("libellé court", "short_label"),
        _text("ce qu’on observe", "observed"), Column("qui évalue", "assessors", Kind.WORDS),
        Column("sert à", "serves", Kind.CODES, empty=True, choices=("engagement", "projet")),
    )),
    Table("needs", "besoins.csv", ("code",), (
        _code(), _code("axe", "axis", empty=True, refers="axes"), _text("besoin", "label"),
        _text("nom public", "public_name"), _text("nom court", "short_name"),
        _integer("min", "min_size", low=1, high=40), _integer("max", "max_size", low=1, high=40),
        Column("petit groupe", "small_group", Kind.YES_NO),
        _integer("créneaux max", "max_per_student", low=1, high=5),
        Column("dans la bande", "in_band", Kind.YES_NO),
        _integer("périodes max", "max_periods", low=1, high=9),
        _number("part max d’une division", "max_division_share", low=0.05, high=1, empty=True),
        Column("niveaux", "grades", Kind.CODES, empty=True, refers="grades"),
        _integer("question", "opens_question", low=1, high=10, empty=True),
        Column("réponses requises", "opens_answers", Kind.CODES, empty=True),
        Column("qui peut animer", "leaders", Kind.WORDS), _text("salle", "room_kind", empty=True),
        Column("accueil", "reception", Kind.YES_NO),
    )),
    Table("weights", "poids.csv", ("need", "competency"), (
        _code("besoin", "need", refers="needs"), _code("compétence", "competency", refers="competencies"),
        _number("poids", "weight", low=1, high=100), _code("sens", "sense", choices=("D", "M")),
    )),
    Table("points", "points.csv", ("sense", "level"), (
        _code("sens", "sense", choices=("D", "M", "E")), _integer("niveau", "level", low=1, high=4),
        _number("points", "points", low=0, high=100),
    )),
    Table("factors", "facteurs.csv", ("family", "code"), (
        _code("famille", "family", choices=("AGE", "SOURCE")), _code(), _text("libellé", "label"),
        _number("facteur", "factor", low=0, high=1),
    )),
    Table("corrections", "corrections.csv", ("code",), (
        _code(), _text("événement", "label"), _code("besoin", "need", empty=True, refers="needs"),
        _code("effet", "effect", choices=("BONUS", "PLANCHER")), _number("points", "points", low=-100, high=100),
    )),
    Table("settings", "reglages.csv", ("code",), (
        _code(), _text("libellé", "label"), _number("valeur", "value", low=0, high=1000),
    )),
    Table("interview", "entretien.csv", ("question", "answer"), (
        _integer("question", "question", low=1, high=10), _text("texte", "text"), _code("réponse", "answer"),
        _text("libellé", "label"), _number("points", "points", low=0, high=10, empty=True),
        _integer("choix max", "max_answers", low=1, high=10),
        Column("sert à", "serves", Kind.CODES,
               choices=("choix", "engagement", "projet", "voie", "voeux", "appuis")),
    )),
    Table("profiles", "profils.csv", ("code",), (
        _code(), Column("difficulté forte", "high_difficulty", Kind.YES_NO),
        Column("engagement fort", "high_engagement", Kind.YES_NO), _text("nom affiché", "label"),
        _text("ce que cela propose", "suggestion"),
    )),
    Table("scales", "echelles.csv", ("scale", "code"), (
        _code("échelle", "scale"), _text("code", "code"), _number("rang", "rank", low=1, high=4, empty=True),
        _text("libellé", "label"), _number("seuil min", "low", low=0, high=100, empty=True),
        _number("seuil max", "high", low=0, high=100, empty=True),
    )),
    Table("envelopes", "enveloppes.csv", ("code",), (
        _code(), _text("public", "label"), _number("année 1", "hours_1", low=0, high=400, empty=True),
        _number("année 2", "hours_2", low=0, high=400, empty=True),
        _number("année 3", "hours_3", low=0, high=400, empty=True),
        _number("total", "total", low=0, high=900, empty=True), _text("source", "note"),
    )),
    Table("position_tests", "tests_de_positionnement.csv", ("column",), (
        _code("colonne", "column"), _code("compétence", "competency", refers="competencies"),
        _number("facteur", "weight", low=0, high=1), _text("remarque", "note", empty=True),
    )),
    Table("socle", "socle.csv", ("domain", "competency"), (
        _code("domaine", "domain"), _text("libellé", "label"),
        _code("compétence", "competency", refers="competencies"), _number("facteur", "weight", low=0, high=1),
    )),
    Table("families", "familles.csv", ("family", "word"), (
        _text("famille", "family"), _text("mot", "word"),
    )),
    Table("schemes", "dispositifs.csv", ("code",), (
        _code(), _text("libellé", "label"), _text("quand", "when"), _text("forme", "form"),
    )),
    Table("objectives", "objectifs.csv", ("number",), (
        _integer("n", "number", low=1, high=999), _code("besoin", "need", refers="needs"),
        _text("objectif", "text"), _text("on le voit quand", "seen_when"),
    )),
    Table("activities", "activites.csv", ("axis", "text"), (
        _code("axe", "axis", refers="axes"), _text("activité", "text"),
    )),
    Table("change_reasons", "motifs_de_changement.csv", ("code",), (_code(), _text("libellé", "label"))),
    Table("session_reasons", "motifs_de_seance.csv", ("code",), (_code(), _text("libellé", "label"))),
    Table("indicators", "indicateurs.csv", ("code",), (
        _code(), _text("libellé", "label"), _text("définition", "definition"), _text("source", "source"),
    )),
    Table("vigilance", "vigilance.csv", ("code",), (
        _code(), _text("libellé", "label"), _text("seuil", "threshold"),
        _number("valeur", "value", low=0, high=1000, empty=True),
        _number("valeur 2", "value_2", low=0, high=1000, empty=True),
        _number("valeur 3", "value_3", low=0, high=1000, empty=True), _text("pourquoi", "why"),
    )),
)
# fmt: on

"""Titles of columns: those that name a student, those that are never read."""

from apdash.imports.names import plain

IDENTITY: dict[str, tuple[str, ...]] = {
    "siecle_id": ("eleve id", "id be", "id siecle", "numero siecle", "n siecle"),
    "ine": (
        "ine",
        "n national",
        "no national",
        "numero national",
        "identifiant national",
        "id national",
        "ine rnie",
        "ine eleve",
    ),
    "last_name": (
        "nom",
        "nom de famille",
        "nom eleve",
        "nom de l eleve",
        "nom usage",
        "nom d usage",
        "last name",
    ),
    "first_name": ("prenom", "prenom eleve", "prenom de l eleve", "prenom 1", "first name"),
    "full_name": (
        "eleve",
        "eleves",
        "nom prenom",
        "nom et prenom",
        "nom prenom eleve",
        "nom complet",
        "nom et prenom de l eleve",
        "identite",
    ),
    "born_on": (
        "ne e le",
        "ne le",
        "nee le",
        "date de naissance",
        "date naissance",
        "date naiss",
        "naissance",
        "birth date",
    ),
    "division": ("classe", "division", "libelle classe", "classe de rattachement", "code division"),
    "sex": ("sexe", "genre", "civilite"),
    "mef": ("mef", "code mef"),
}
IDENTITY_WORDS: dict[str, str] = {
    "siecle_id": "numéro SIECLE",
    "ine": "INE",
    "last_name": "nom",
    "first_name": "prénom",
    "full_name": "nom et prénom",
    "born_on": "date de naissance",
    "division": "classe",
    "sex": "sexe",
    "mef": "formation",
}
# What a list of absences and lateness says of each; a cell of day, start or end may hold a date, an hour, or both.
ABSENCE: dict[str, tuple[str, ...]] = {
    "day": (
        "date",
        "jour",
        "date de debut",
        "date debut",
        "date absence",
        "date de l absence",
        "du",
        "debut le",
    ),
    "until": ("date de fin", "date fin", "au", "fin le"),
    "start": ("heure de debut", "heure debut", "h debut", "debut", "heure"),
    "end": ("heure de fin", "heure fin", "h fin", "fin"),
    "kind": ("type", "nature", "evenement", "type d evenement", "absence ou retard"),
    "excused": ("justifiee", "justifie", "excusee", "excuse", "absence justifiee", "recevable", "reglee"),
    "minutes": (
        "retard min",
        "minutes de retard",
        "duree du retard",
        "duree retard",
        "retard",
        "minutes",
        "retard en minutes",
    ),
}
ABSENCE_WORDS: dict[str, str] = {
    "day": "jour",
    "until": "dernier jour",
    "start": "heure de début",
    "end": "heure de fin",
    "kind": "absence ou retard",
    "excused": "excusée",
    "minutes": "minutes de retard",
}
_NEVER = frozenset(
    [
        "adresse",
        "adresses",
        "rue",
        "mail",
        "mails",
        "courriel",
        "email",
        "tel",
        "telephone",
        "telephones",
        "portable",
        "mobile",
        "nationalite",
        "pays",
        "ville",
        "commune",
        "postal",
        "responsable",
        "responsables",
        "parent",
        "parents",
        "pere",
        "mere",
        "tuteur",
        "tutrice",
        "legal",
        "famille",
        "regime",
        "demi",
        "internat",
        "interne",
        "bourse",
        "bourses",
        "boursier",
        "boursiere",
        "pap",
        "pps",
        "pai",
        "ppre",
        "ulis",
        "upe2a",
        "segpa",
        "aesh",
        "avs",
        "mdph",
        "handicap",
        "amenagement",
        "amenagements",
        "sante",
        "medical",
        "allergie",
        "infirmerie",
        "psyen",
        "sanction",
        "sanctions",
        "punition",
        "punitions",
        "religion",
        "dys",
        "tdah",
        "transport",
        "lieu",
        "motif",
        "motifs",
    ]
)
_ABSENCE = {words: part for part, synonyms in ABSENCE.items() for words in synonyms}
_LOOKUP = {words: field for field, synonyms in IDENTITY.items() for words in synonyms}


def identity_of(title: str) -> str | None:
    """Return which part of an identity a title names, if any."""
    return _LOOKUP.get(plain(title))


def absence_of(title: str) -> str | None:
    """Return which part of an absence a title names, if any."""
    return _ABSENCE.get(plain(title))


def is_never_read(title: str) -> bool:
    """True for a column about addresses, family, health, boarding, grants, sanctions or reasons of absence."""
    words = set(plain(title).split())
    if {"prevention", "sante"} <= words:  # a subject: prévention, santé, environnement
        words.discard("sante")
    return identity_of(title) is None and not _NEVER.isdisjoint(words)

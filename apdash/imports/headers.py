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
    ]
)
_LOOKUP = {words: field for field, synonyms in IDENTITY.items() for words in synonyms}


def identity_of(title: str) -> str | None:
    """Return which part of an identity a title names, if any."""
    return _LOOKUP.get(plain(title))


def is_never_read(title: str) -> bool:
    """True for a column about addresses, family, health, boarding, grants or sanctions."""
    words = set(plain(title).split())
    if {"prevention", "sante"} <= words:  # a subject: prévention, santé, environnement
        words.discard("sante")
    return identity_of(title) is None and not _NEVER.isdisjoint(words)

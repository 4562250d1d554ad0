"""The files SIECLE would export for the fictional school: students, structures and nomenclature."""

from datetime import date
from xml.etree import ElementTree as ET

from apdash.demo.calendar_plan import school_year
from apdash.demo.files import rows
from apdash.demo.people import COLLEGE_MEF, Person, Stay
from apdash.demo.school import Division, School

ENCODING = "ISO-8859-15"
_MOTIVE_LEFT = "99"


def students_file(school: School, people: list[Person], *, on: date) -> bytes:
    """Return ElevesSansAdresses.xml as it would be exported that day.

    Whoever left since September is still in it with the day they left; whoever has not come yet is not.
    """
    root, data = _document(school, "BEE_ELEVES", "3.0", on=on)
    students = ET.SubElement(data, "ELEVES")
    ET.SubElement(data, "OPTIONS")
    structures = ET.SubElement(data, "STRUCTURES")
    for person in people:
        stays = [stay for stay in person.stays if stay.year == school_year(on) and stay.starts_on <= on]
        if stays:
            _student(students, school, person, stays, on=on)
            entry = ET.SubElement(structures, "STRUCTURES_ELEVE", _student_keys(person))
            structure = ET.SubElement(entry, "STRUCTURE")
            _text(structure, CODE_STRUCTURE=stays[-1].division.code, TYPE_STRUCTURE="D")
    ET.SubElement(data, "BOURSES")
    ET.SubElement(data, "ADRESSES")
    return written(root)


def structures_file(school: School, *, on: date) -> bytes:
    """Return Structures.xml: the divisions with their formations."""
    root, data = _document(school, "BEE_STRUCTURES", "2.0", on=on)
    divisions = ET.SubElement(data, "DIVISIONS")
    for division in school.divisions:
        entry = ET.SubElement(divisions, "DIVISION", CODE_STRUCTURE=division.code)
        _text(entry, LIBELLE_LONG=division.label)
        mef = ET.SubElement(ET.SubElement(entry, "MEFS_APPARTENANCE"), "MEF_APPARTENANCE")
        _text(mef, CODE_MEF=division.mef)
    ET.SubElement(data, "GROUPES")
    return written(root)


def nomenclature_file(school: School, *, on: date) -> bytes:
    """Return Nomenclature.xml: formations, subjects and weekly hours."""
    root, data = _document(school, "BEE_NOMENCLATURES", "3.1", on=on)
    formations = {division.mef: division for division in school.divisions}.values()
    mefs = ET.SubElement(data, "MEFS")
    for division in formations:
        entry = ET.SubElement(mefs, "MEF", CODE_MEF=division.mef)
        _text(
            entry,
            FORMATION=division.mef_label[:12],
            LIBELLE_LONG=division.mef_label,
            LIBELLE_EDITION=division.label,
            STATUT_MEF="1",
            MEF_RATTACHEMENT=division.mef,
            INSCRIPTION_ETAB="1",
            DATE_OUVERTURE="01/09/2019",
            DATE_FERMETURE="31/12/9999",
        )
    subjects = ET.SubElement(data, "MATIERES")
    for row in rows("matieres"):
        entry = ET.SubElement(subjects, "MATIERE", CODE_MATIERE=row["code"])
        _text(entry, CODE_GESTION=row["gestion"], **subject_labels(row))
    programmes = ET.SubElement(data, "PROGRAMMES")
    for division in formations:
        for row in _taught(school, division):
            hours = f"{float(row[f'heures {division.grade}']):.2f}"
            entry = ET.SubElement(programmes, "PROGRAMME")
            _text(
                entry, CODE_MEF=division.mef, CODE_MATIERE=row["code"], CODE_MODALITE_ELECT="S", HORAIRE=hours
            )
    return written(root)


def subject_labels(row: dict[str, str]) -> dict[str, str]:
    """Return the three labels of a subject: cut, in capitals, as printed."""
    label = row["libellé"]
    return {"LIBELLE_COURT": label.upper()[:20], "LIBELLE_LONG": label.upper(), "LIBELLE_EDITION": label}


def _taught(school: School, division: Division) -> list[dict[str, str]]:
    codes = {code for adult in school.adults if division.code in adult.divisions for code in adult.subjects}
    return [row for row in rows("matieres") if row["code"] in codes or row["accompagnement"] == "oui"]


def _student(parent: ET.Element, school: School, person: Person, stays: list[Stay], *, on: date) -> None:
    entry = ET.SubElement(parent, "ELEVE", _student_keys(person))
    first, last = stays[0], stays[-1]
    _text(
        entry,
        ID_NATIONAL=person.national_number,
        ELENOET=str(person.number - 1000000),
        NOM_DE_FAMILLE=person.last_name.upper().replace("’", "'"),
        PRENOM=person.first_name,
        DATE_NAISS=_day(person.born_on),
        DOUBLEMENT=str(int(first.repeating)),
        DATE_ENTREE=_day(first.starts_on),
    )
    if last.ends_on is not None and last.ends_on < on and not last.moved:
        _text(entry, DATE_SORTIE=_day(last.ends_on), CODE_MOTIF_SORTIE=_MOTIVE_LEFT)
    _text(entry, CODE_SEXE="2" if person.sex == "F" else "1", CODE_STATUT="ST", CODE_MEF=last.division.mef)
    before = ET.SubElement(entry, "SCOLARITE_AN_DERNIER")
    _text(before, CODE_MEF=first.previous_mef)
    if first.previous_division:
        _text(before, CODE_STRUCTURE=first.previous_division, CODE_RNE=school.uai)
    _text(before, CODE_NATURE="340" if first.previous_mef == COLLEGE_MEF else "320")


def _student_keys(person: Person) -> dict[str, str]:
    return {"ELEVE_ID": str(person.number), "ELENOET": str(person.number - 1000000)}


def _document(school: School, root_tag: str, version: str, *, on: date) -> tuple[ET.Element, ET.Element]:
    root = ET.Element(root_tag, VERSION=version)
    head = ET.SubElement(root, "PARAMETRES")
    _text(
        head,
        UAJ=school.uai,
        ANNEE_SCOLAIRE=str(school_year(on)),
        DATE_EXPORT=_day(on),
        HORODATAGE=f"{_day(on)} 08:15:42",
    )
    return root, ET.SubElement(root, "DONNEES")


def _text(parent: ET.Element, **values: str) -> None:
    for tag, value in values.items():
        ET.SubElement(parent, tag).text = value


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def written(root: ET.Element) -> bytes:
    """Return a document as SIECLE writes it; what its encoding lacks becomes a reference."""
    ET.indent(root)
    text = f'<?xml version="1.0" encoding="{ENCODING}"?>\n{ET.tostring(root, encoding="unicode")}\n'
    return text.encode(ENCODING, "xmlcharrefreplace")

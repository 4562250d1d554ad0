"""The file STS-web would export for the fictional school: adults, divisions and who teaches what."""

from xml.etree import ElementTree as ET

from apdash.demo.calendar_plan import year_of
from apdash.demo.files import rows
from apdash.demo.school import NAME, Adult, School
from apdash.demo.siecle_files import subject_labels, written


def staff_file(school: School, *, year: int) -> bytes:
    """Return sts_emp_UAI_YEAR.xml."""
    root = ET.Element("STS_EDT")
    _parameters(root, school, year)
    subjects = ET.SubElement(ET.SubElement(root, "NOMENCLATURES"), "MATIERES")
    for row in rows("matieres"):
        entry = ET.SubElement(subjects, "MATIERE", CODE=row["code"])
        _text(entry, CODE_GESTION=row["gestion"], **subject_labels(row))
    data = ET.SubElement(root, "DONNEES")
    people = ET.SubElement(data, "INDIVIDUS")
    for adult in school.staff_of(year):
        _adult(people, adult, year)
    divisions = ET.SubElement(ET.SubElement(data, "STRUCTURE"), "DIVISIONS")
    for division in school.divisions:
        entry = ET.SubElement(divisions, "DIVISION", CODE=division.code)
        _text(entry, LIBELLE_LONG=division.label, EFFECTIF_PREVU=str(division.sizes[year]))
        ET.SubElement(ET.SubElement(entry, "MEFS_APPARTENANCE"), "MEF_APPARTENANCE", CODE=division.mef)
        _services(entry, [adult for adult in school.staff_of(year) if division.code in adult.divisions])
    return written(root)


def _parameters(root: ET.Element, school: School, year: int) -> None:
    head = ET.SubElement(root, "PARAMETRES")
    place = ET.SubElement(head, "UAJ", CODE=school.uai)
    _text(place, SIGLE="LP", DENOM_PRINC=NAME, DENOM_COMPL="LILLE (FICTIF)", CODE_NATURE="320")
    starts_on, ends_on = year_of(year)
    dates = ET.SubElement(head, "ANNEE_SCOLAIRE", ANNEE=str(year))
    _text(dates, DATE_DEBUT=starts_on.isoformat(), DATE_FIN=ends_on.isoformat())


def _adult(parent: ET.Element, adult: Adult, year: int) -> None:
    entry = ET.SubElement(parent, "INDIVIDU", ID=str(adult.number), TYPE="epp")
    man = adult.title == "M."
    _text(
        entry,
        SEXE="1" if man else "2",
        CIVILITE="1" if man else "2",
        NOM_USAGE=adult.last_name.upper(),
        PRENOM=adult.first_name,
        FONCTION=adult.job,
    )
    if adult.leads:
        leads = ET.SubElement(ET.SubElement(entry, "PROFS_PRINC"), "PROF_PRINC")
        starts_on, _ = year_of(year)
        _text(
            leads, CODE_STRUCTURE=adult.leads, DATE_DEBUT=starts_on.isoformat(), DATE_FIN=f"{year + 1}-08-31"
        )
    if adult.discipline:
        field = ET.SubElement(ET.SubElement(entry, "DISCIPLINES"), "DISCIPLINE", CODE=adult.discipline_code)
        _text(field, LIBELLE_COURT=adult.discipline, NB_HEURES="18.0")


def _services(parent: ET.Element, adults: list[Adult]) -> None:
    services = ET.SubElement(parent, "SERVICES")
    for adult in adults:
        for subject in adult.subjects:
            service = ET.SubElement(services, "SERVICE", CODE_MATIERE=subject, CODE_MOD_COURS="CG")
            ET.SubElement(
                ET.SubElement(service, "ENSEIGNANTS"), "ENSEIGNANT", ID=str(adult.number), TYPE="epp"
            )


def _text(parent: ET.Element, **values: str) -> None:
    for tag, value in values.items():
        ET.SubElement(parent, tag).text = value

"""Groups for SIECLE (IMPORT_ELEVES 1.3). The format is not published: to be tried on a test base first."""

import xml.etree.ElementTree as ET
from datetime import date

import polars as pl

from apdash.exports.tables import day_words


def siecle_bytes(memberships: pl.DataFrame, *, uai: str, year: int, on: date, last: date) -> bytes:
    """Return the groups of students who have an ELEVE_ID and a birth date; an open membership ends on `last`.

    memberships: as `queries.lists.dated_memberships`. The codes must already exist in STS-web.
    """
    root = ET.Element("IMPORT_ELEVES", VERSION="1.3")
    head = ET.SubElement(root, "PARAMETRES")
    parts = (("UAJ", uai), ("ANNEE_SCOLAIRE", str(year)), ("DATE_IMPORT", day_words(on)))
    for name, text in (*parts, ("NUM_ENVOI", "1"), ("LOGICIEL", "APDASH")):
        ET.SubElement(head, name).text = text
    students = ET.SubElement(ET.SubElement(root, "DONNEES"), "ELEVES")
    known = memberships.drop_nulls(["siecle_id", "born_on"])
    for _, rows in known.group_by("student", maintain_order=True):
        _student(students, rows, last=last)
    ET.indent(root)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


def _student(parent: ET.Element, rows: pl.DataFrame, *, last: date) -> None:
    row = rows.row(0, named=True)
    student = ET.SubElement(parent, "ELEVE")
    named = (("ELEVE_ID", "siecle_id"), ("NOM", "last_name"), ("PRENOM", "first_name"))
    for name, column in named:
        ET.SubElement(student, name).text = row[column]
    ET.SubElement(student, "DATE_NAISS").text = row["born_on"].isoformat()
    groups = ET.SubElement(student, "GROUPES")
    for code, starts_on, ends_on in rows.select("code", "starts_on", "ends_on").iter_rows():
        group = ET.SubElement(groups, "GROUPE")
        ET.SubElement(group, "CODE_GROUPE").text = code
        ET.SubElement(group, "DATE_DEBUT_GROUPE").text = starts_on.isoformat()
        ET.SubElement(group, "DATE_FIN_GROUPE").text = (ends_on or last).isoformat()

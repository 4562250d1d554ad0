"""Tells what a file is by its content, and says in words which export to take instead of a wrong one."""

import re

from apdash.errors import ApdashError
from apdash.imports.ival import is_ival
from apdash.imports.kinds import ImportFile, Kind, check_size
from apdash.imports.safe_xml import root_of
from apdash.imports.unpack import ZIP, entries, unpacked

ROOTS: dict[str, Kind] = {
    "BEE_ELEVES": Kind.STUDENTS,
    "BEE_STRUCTURES": Kind.STRUCTURES,
    "BEE_NOMENCLATURES": Kind.NOMENCLATURES,
    "STS_EDT": Kind.STS,
}
_SIECLE = "SIECLE › Exploitation › Exports standard › Exports XML génériques"
_STS = "STS-web › Mise à jour › Exports › Emplois du temps"
_WORD = (
    "C’est un document Word. Enregistrez son tableau en XLSX ou en CSV, ou demandez l’export à SIECLE : "
    f"« Élèves sans adresses » ({_SIECLE})."
).replace(" :", "\u00a0:")
WRONG_ROOTS: dict[str, str] = {
    "BEE_RESPONSABLES": "C’est le fichier des responsables, qu’APdash ne lit jamais. "
    f"Prenez « Élèves sans adresses » ({_SIECLE}).",
    "BEE_COMMUN": f"C’est le fichier « Communs ». Prenez « Élèves sans adresses » ({_SIECLE}).",
    "BEE_GEOGRAPHIQUE": f"C’est le fichier « Géographique ». Prenez « Élèves sans adresses » ({_SIECLE}).",
    "BEE_ETABLISSEMENT": f"C’est le fichier « Établissements ». Prenez « Élèves sans adresses » ({_SIECLE}).",
    "BEE_ETABLISSEMENTS": f"C’est le fichier « Établissements ». Prenez « Élèves sans adresses » ({_SIECLE}).",
    "BEE_EPHC_ELEVES": "C’est l’export d’un établissement hors contrat, dont la forme n’est pas publiée. "
    "Donnez plutôt une liste d’élèves en CSV ou en XLSX.",
    "EDT_STS": "C’est le fichier qui remonte de l’emploi du temps vers STS (emp_sts). "
    f"Prenez l’autre sens : sts_emp ({_STS}).",
    "IMPORT_ELEVES": f"C’est un fichier destiné à SIECLE, pas un export. Prenez « Élèves sans adresses » ({_SIECLE}).",
    "lsun-bilans": f"C’est un livret scolaire (LSU). Prenez « Élèves sans adresses » ({_SIECLE}).",
    "TABLE": "C’est un export XML d’EDT. Prenez les exports de SIECLE et de STS-web, ou une liste en CSV.",
    "fet": "C’est un fichier de FET. Prenez les exports de SIECLE et de STS-web, ou une liste en CSV.",
    "w:document": _WORD,
    "w:worddocument": _WORD,
    "pkg:package": _WORD,
    "html": "C’est une page web, parfois enregistrée sous un nom en .xls. Enregistrez le tableau en XLSX ou en CSV.",
}
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "C’est un ancien classeur (.xls) ou un document protégé. Enregistrez-le en XLSX ou en CSV.",
    ),
    (b"%PDF", "C’est un PDF. Demandez l’export en CSV, en XLSX ou en XML."),
    (b"\x1f\x8b", "C’est une archive gzip. Donnez le fichier qu’elle contient."),
    (b"7z\xbc\xaf", "C’est une archive 7z. Donnez le fichier qu’elle contient, ou un zip."),
    (b"Rar!", "C’est une archive RAR. Donnez le fichier qu’elle contient, ou un zip."),
    (b"\x89PNG", "C’est une image."),
    (b"\xff\xd8\xff", "C’est une image."),
)
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def recognise(name: str, data: bytes) -> Kind:
    """Return what the file is; the name plays no part.

    Raises `ApdashError` for what APdash does not read, with the export to take instead.
    """
    return opened(ImportFile(name, data))[0]


def opened(file: ImportFile) -> tuple[Kind, bytes]:
    """Return what a file is, and its bytes taken out of the zip it may have come in."""
    check_size(file.name, len(file.data))
    for signature, words in _SIGNATURES:
        if file.data.startswith(signature):
            raise ApdashError("Ce fichier n’est pas lu.", f"{file.name} : {words}")
    if file.data.startswith(ZIP):
        return _opened_zip(file)
    if _looks_like_xml(file.data):
        return _xml_kind(file.name, file.data), file.data
    if _is_text(file.data):
        return Kind.IVAL if is_ival(file.data) else Kind.TABLE, file.data
    raise ApdashError(
        "Fichier non reconnu.",
        f"{file.name} n’est ni un export XML de SIECLE ou de STS-web, ni un tableau CSV ou XLSX.",
    )


def _opened_zip(file: ImportFile) -> tuple[Kind, bytes]:
    names = entries(file.name, file.data)
    if "xl/workbook.xml" in names:
        return Kind.TABLE, file.data
    if "word/document.xml" in names:
        raise ApdashError("Ce fichier n’est pas lu.", f"{file.name} : {_WORD}")
    if "mimetype" in names:
        raise ApdashError(
            "Ce fichier n’est pas lu.", f"{file.name} : enregistrez le classeur en XLSX ou en CSV."
        )
    if len(names) != 1:
        found = "aucun fichier" if not names else f"{len(names)} fichiers"
        raise ApdashError(
            "Archive refusée.", f"{file.name} contient {found} ; un export en contient un seul."
        )
    data = unpacked(file.name, file.data, next(iter(names)))
    if not _looks_like_xml(data):
        raise ApdashError("Archive refusée.", f"{file.name} ne contient pas de fichier XML.")
    return _xml_kind(file.name, data), data


def _xml_kind(name: str, data: bytes) -> Kind:
    root = root_of(name, data)
    if root in ROOTS:
        return ROOTS[root]
    words = (
        WRONG_ROOTS.get(root)
        or WRONG_ROOTS.get(root.lower())
        or (
            f"Sa racine « {root[:40]} » n’est pas celle d’un export attendu. Prenez « Élèves sans adresses » "
            f"({_SIECLE}) ou sts_emp ({_STS})."
        )
    )
    raise ApdashError("Ce n’est pas le bon export.", f"{name} : {words}")


def _looks_like_xml(data: bytes) -> bool:
    head = data[:400]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _is_text(data: bytes) -> bool:
    """True when the first part of the file reads as text: hardly any control character."""
    head = data[:65536]
    if head.startswith(_TEXT_MARKS[:2]) or _is_utf16_without_mark(head):
        return True
    return len(_CONTROL.findall(head)) == 0


def _is_utf16_without_mark(head: bytes) -> bool:
    pairs = len(head) // 2
    zeros = (head[0::2].count(0), head[1::2].count(0))
    return pairs >= 8 and min(zeros) == 0 and max(zeros) > 0.6 * pairs

"""What a file is, is told by its content."""

import io
import zipfile

import pytest

from apdash.errors import ApdashError
from apdash.imports import ImportFile, Kind, read_import_file, recognise
from apdash.imports.kinds import MAX_FILE, check_size
from tests.imports.builders import Child, Roster, sample

OFFICIAL = {
    "ElevesAvecAdresses.xml": Kind.STUDENTS,
    "ExportXML_ElevesAvecAdresses.zip": Kind.STUDENTS,
    "Structures.xml": Kind.STRUCTURES,
    "Nomenclature.xml": Kind.NOMENCLATURES,
    "sts_emp_9990001X_2025.xml": Kind.STS,
    "eleves_nom_colle_utf16.txt": Kind.TABLE,
    "eleves_separes_cp1252.csv": Kind.TABLE,
}


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(("name", "kind"), OFFICIAL.items())
def test_a_file_is_recognised_whatever_its_name(name: str, kind: Kind) -> None:
    assert recognise("n’importe quoi.pdf", sample(name).data) == kind


@pytest.mark.parametrize(
    ("root", "word"),
    [
        ("BEE_RESPONSABLES", "responsables"),
        ("BEE_COMMUN", "Élèves sans adresses"),
        ("BEE_EPHC_ELEVES", "hors contrat"),
        ("EDT_STS", "sts_emp"),
        ("IMPORT_ELEVES", "pas un export"),
        ("lsun-bilans", "LSU"),
        ("inconnu", "inconnu"),
    ],
)
def test_a_wrong_export_is_refused_with_the_one_to_take(root: str, word: str) -> None:
    with pytest.raises(ApdashError, match=word):
        recognise("eleves.xml", f'<?xml version="1.0"?><{root}/>'.encode())


def test_the_file_meant_for_siecle_is_not_taken_for_its_export() -> None:
    with pytest.raises(ApdashError, match="destiné à SIECLE"):
        recognise("x", sample("9990001X_ELEGROUPE_20251006.xml").data)


def test_an_xml_export_of_the_timetable_is_refused_in_words() -> None:
    with pytest.raises(ApdashError, match="EDT"):
        recognise("x", sample("EXP_ELEVE.xml").data)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "ne contient rien"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "ancien classeur"),
        (b"<html><body><table></table></body></html>", "page web"),
        (b"\x1f\x8b\x08", "gzip"),
        (bytes(range(256)) * 10, "ni un export XML"),
        (zipped(a=b"<x/>", b=b"<y/>"), "2 fichiers"),
        (zipped(), "ni un export XML"),
        (
            zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w:document/>"}),
            "document Word.*XLSX",
        ),
        (zipped(**{"word/document.xml": b"<w:document/>"}), "document Word"),
        (b"<?xml version='1.0'?><w:document xmlns:w='x'/>", "document Word"),
        (zipped(a=b"du texte"), "pas de fichier XML"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "XLSX"),
        (b"PK\x03\x04" + b"rien", "abîmé"),
    ],
)
def test_what_is_not_an_export_is_refused_in_words(data: bytes, word: str) -> None:
    with pytest.raises(ApdashError, match=word):
        recognise("fichier", data)


def test_a_hundred_megabytes_of_rubbish_are_refused_before_being_read(tmp_path) -> None:
    path = tmp_path / "gros.xml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)  # a hole in the disk: nothing is written
    with pytest.raises(ApdashError, match="pèse 100 Mo"):
        read_import_file(path)


def test_a_file_too_large_is_refused_by_its_size_alone() -> None:
    with pytest.raises(ApdashError, match="trop gros"):
        check_size("gros.csv", MAX_FILE + 1)


def test_rubbish_of_a_plausible_size_is_refused_by_its_first_bytes() -> None:
    with pytest.raises(ApdashError, match="non reconnu"):
        recognise("x", b"\x07\x00\xfe\x13" * 5_000_000)


def test_a_missing_file_is_told_in_words(tmp_path) -> None:
    with pytest.raises(ApdashError, match="introuvable"):
        read_import_file(tmp_path / "absent.xml")


def test_a_zip_bomb_is_given_up_while_it_grows() -> None:
    with pytest.raises(ApdashError, match="grossit anormalement"):
        recognise("bombe.zip", zipped(eleves=b"<BEE_ELEVES>" + b" " * 39_000_000 + b"</BEE_ELEVES>"))


def test_a_zip_that_announces_too_much_is_not_opened() -> None:
    with pytest.raises(ApdashError, match="grossit anormalement"):
        recognise("bombe.zip", zipped(eleves=b" " * 60_000_000))


def test_a_zip_of_thousands_of_files_is_not_listed() -> None:
    with pytest.raises(ApdashError, match="trop de fichiers"):
        recognise("x.zip", zipped(**{f"f{rank}": b"" for rank in range(600)}))


def test_a_zip_with_a_password_is_refused_in_words() -> None:
    data = bytearray(zipped(eleves=b"<BEE_ELEVES/>"))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ApdashError, match="mot de passe"):
        recognise("x.zip", bytes(data))


def test_a_utf16_xml_is_recognised() -> None:
    file = Roster((Child(),), encoding="UTF-16").file()
    assert recognise(file.name, file.data) == Kind.STUDENTS


def test_blank_lines_before_the_prolog_do_not_hide_an_export() -> None:
    file = Roster((Child(),)).file()
    assert recognise("x", b"\n\n" + file.data) == Kind.STUDENTS
    assert isinstance(file, ImportFile)

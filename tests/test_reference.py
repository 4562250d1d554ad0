"""The reference files a school may edit: what is shipped holds together, what is broken is told in French."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.reference import load_reference
from apdash.settings import REFERENCE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to break."""
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def edit(folder: Path, file: str, before: str, after: str) -> None:
    """Replace one piece of text of a file, which must be there."""
    path = folder / file
    text = path.read_text("utf-8-sig")
    assert before in text, f"{before!r} is not in {file}"
    path.write_text(text.replace(before, after, 1), "utf-8")


def refusal(folder: Path) -> str:
    """Return what the refusal says, blanks made plain."""
    with pytest.raises(ApdashError) as caught:
        load_reference(folder)
    return re.sub(r"\s", " ", f"{caught.value.title} {caught.value.message}")


def test_the_shipped_files_load_and_describe_twelve_needs_and_more() -> None:
    reference = load_reference(REFERENCE)
    assert reference.axes["code"].to_list() == ["REM", "APP", "ORI", "DEV"]
    assert reference.needs.height == 15
    assert reference.competencies.height == 24
    assert reference.needs.filter("reception")["code"].to_list() == ["ACC-ETU"]
    assert reference.needs.filter(~pl.col("in_band"))["code"].to_list() == ["DEV-SUI"]
    assert reference.rules.strong_from == 75
    assert reference.rules.priority_unserved == 1.15


def test_every_competency_weighs_in_some_need_or_profile() -> None:
    reference = load_reference(REFERENCE)
    weighed = set(reference.weights["competency"])
    assert set(reference.competencies["code"]) - weighed == set()


def test_short_names_fit_a_column_heading() -> None:
    reference = load_reference(REFERENCE)
    assert reference.needs["short_name"].str.len_chars().max() <= 12
    assert reference.needs["short_name"].is_unique().all()
    assert reference.competencies["short_label"].str.len_chars().max() <= 20
    assert reference.competencies["short_label"].str.split(" ").list.len().max() <= 4


def test_a_grade_is_found_from_the_code_of_a_formation() -> None:
    grades = load_reference(REFERENCE).grades.drop_nulls("mef_pattern")
    found = {
        mef: [
            code
            for code, pattern in grades.select("code", "mef_pattern").iter_rows()
            if re.fullmatch(pattern, mef)
        ]
        for mef in ("24730001310", "24730001320", "27621001330", "24122001210", "20010014110")
    }
    assert found == {
        "24730001310": ["2de"],
        "24730001320": ["1re"],
        "27621001330": ["Tle"],
        "24122001210": ["1CAP"],
        "20010014110": ["2GT"],
    }


def test_letters_do_not_mean_ranks_and_missing_codes_have_none() -> None:
    scales = load_reference(REFERENCE).scales
    pronote = dict(scales.filter(scale="pronote").select("code", "rank").iter_rows())
    assert pronote == {"E": 1, "D": 1.5, "C": 2, "B": 2.5, "A": 3, "A+": 4}
    missing = scales.filter(scale="manquant")
    assert missing["rank"].null_count() == missing.height
    assert {"Abs", "Disp", "Dsp", "N.Not", "Ne", "Nr"} <= set(missing["code"])


def test_wishes_name_needs_by_their_public_name() -> None:
    reference = load_reference(REFERENCE)
    wishes = reference.interview.filter(question=9).select(code="answer", wished="label")
    named = wishes.join(reference.needs, on="code")
    assert named.height == wishes.height
    assert named["wished"].to_list() == named["public_name"].to_list()


def test_every_family_that_assesses_or_leads_can_be_recognised() -> None:
    reference = load_reference(REFERENCE)
    known = set(reference.families["family"]) | {"tous", "professeur principal", "référent PFMP"}
    assert set(reference.competencies["assessors"].explode(empty_as_null=True)) <= known
    assert set(reference.needs["leaders"].explode(empty_as_null=True)) <= known


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_saved_by_a_spreadsheet_is_read_whatever_its_encoding(folder: Path, encoding: str) -> None:
    text = (folder / "axes.csv").read_text("utf-8-sig")
    (folder / "axes.csv").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert load_reference(folder).axes.equals(load_reference(REFERENCE).axes)


def test_an_unreadable_encoding_is_refused(folder: Path) -> None:
    text = (folder / "axes.csv").read_text("utf-8-sig")
    (folder / "axes.csv").write_bytes(text.encode("utf-16"))
    assert "axes.csv" in refusal(folder)
    assert "CSV UTF-8" in refusal(folder)


def test_titles_are_recognised_without_accents_or_capitals(folder: Path) -> None:
    edit(folder, "besoins.csv", "créneaux max", "CRENEAUX_MAX")
    edit(folder, "besoins.csv", "part max d’une division", "Part max d'une division")
    assert load_reference(folder).needs.equals(load_reference(REFERENCE).needs)


def test_blank_lines_and_unknown_columns_are_left_aside(folder: Path) -> None:
    text = (folder / "motifs_de_changement.csv").read_text("utf-8-sig")
    lines = [f"{line};note" for line in text.splitlines()]
    (folder / "motifs_de_changement.csv").write_text("\n".join([lines[0], ";;", *lines[1:], ""]), "utf-8")
    assert load_reference(folder).change_reasons.equals(load_reference(REFERENCE).change_reasons)


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        (
            "besoins.csv",
            "Lecture;4;10",
            "Lecture;quatre;10",
            ["besoins.csv", "Ligne 2", "« min »", "nombre entier de 1 à 40", "« quatre »"],
        ),
        ("besoins.csv", "Lecture;4;10", "Lecture;0;10", ["Ligne 2", "« min »", "de 1 à 40", "« 0 »"]),
        ("besoins.csv", "Lecture;4;10", "Lecture;4,5;10", ["Ligne 2", "« min »", "nombre entier"]),
        (
            "besoins.csv",
            "Lecture;4;10",
            "Lecture;14;10",
            ["Ligne 2", "« min »", "minimum dépasse le maximum"],
        ),
        (
            "besoins.csv",
            "Lecture;4;10;oui",
            "Lecture;4;10;peut-être",
            ["Ligne 2", "« petit groupe »", "« oui » ou « non »"],
        ),
        (
            "besoins.csv",
            "REM-LEC;REM;",
            "REM-LEC;RME;",
            ["Ligne 2", "« axe »", "« RME » n’existe pas dans axes.csv"],
        ),
        ("besoins.csv", "REM-LEC;REM;", "REM-LEC;;", ["Ligne 2", "« axe »", "un axe est attendu"]),
        ("besoins.csv", "REM-ECR;REM", "REM-LEC;REM", ["Ligne 3", "« code »", "déjà présent"]),
        ("besoins.csv", "Atelier lecture;", ";", ["Ligne 2", "« nom public »", "ne peut pas être vide"]),
        ("besoins.csv", "REM-LEC;REM", "REM LEC;REM", ["Ligne 2", "« code »", "sans blanc"]),
        (
            "besoins.csv",
            "2de 1CAP 3PM 2GT",
            "2de 1CAP 4e",
            ["« niveaux »", "« 4e » n’existe pas dans niveaux.csv"],
        ),
        (
            "besoins.csv",
            "ETUDES APPRENTISSAGE",
            "BTS APPRENTISSAGE",
            ["« réponses requises »", "« BTS »", "question 5"],
        ),
        ("besoins.csv", "5;ETUDES APPRENTISSAGE NSP", ";ETUDES", ["« réponses requises »", "vont ensemble"]),
        ("besoins.csv", "CDI ou grande salle;oui", "CDI ou grande salle;non", ["besoin d’accueil", "axe"]),
        (
            "competences.csv",
            "LIR;1;",
            "LIR;7;",
            ["competences.csv", "Ligne 2", "« bloc »", "n’existe pas dans blocs.csv"],
        ),
        (
            "competences.csv",
            "tous;engagement",
            "tous;motivation",
            ["« sert à »", "engagement, projet", "« motivation »"],
        ),
        (
            "poids.csv",
            "REM-LEC;LIR;70;D",
            "REM-LEC;LIR;60;D",
            ["poids.csv", "Ligne 2", "REM-LEC font 90", "100"],
        ),
        (
            "poids.csv",
            "REM-LEC;LIR;70;D",
            "REM-LEC;LYR;70;D",
            ["Ligne 2", "« compétence »", "« LYR » n’existe pas"],
        ),
        ("poids.csv", "REM-LEC;LIR;70;D", "REM-LEC;LIR;70;X", ["Ligne 2", "« sens »", "parmi D, M", "« X »"]),
        (
            "poids.csv",
            "REM-LEC;LIR;70;D",
            "REM-LEC;LIR;70",
            ["Ligne 2", "4 cellules sont attendues, 3 ont été lues"],
        ),
        ("poids.csv", "REM-LVE;LVE;85;D\nREM-LVE;ORA;15;D\n", "", ["« besoin »", "REM-LVE n’a aucun poids"]),
        (
            "poids.csv",
            "DEV-SUI;IMP;45;D",
            "ACC-ETU;IMP;45;D",
            ["DEV-SUI font 55", "accueil n’a pas de poids"],
        ),
        ("points.csv", "M;4;100\n", "", ["points.csv", "quatre niveaux du sens M"]),
        ("points.csv", "D;2;67", "D;2;670", ["Ligne 3", "« points »", "de 0 à 100", "« 670 »"]),
        ("facteurs.csv", "SOURCE;ELEVE;élève;0,5\n", "", ["facteurs.csv", "« ELEVE » manque"]),
        (
            "corrections.csv",
            "SANS-STAGE;",
            "STAGE;",
            ["corrections.csv", "Ligne 5", "« STAGE »", "« SANS-STAGE » manque"],
        ),
        ("vigilance.csv", ";40;4;;", ";45;4;;", ["vigilance.csv", "« seuil »", "45"]),
        (
            "reglages.csv",
            "couverture_min;",
            "couverture;",
            ["reglages.csv", "« couverture »", "« couverture_min » manque"],
        ),
        (
            "reglages.csv",
            "servi à la période précédente;1,15",
            "servi à la période précédente;1.1.5",
            ["« valeur »", "« 1.1.5 »"],
        ),
        (
            "entretien.csv",
            "PREMIER;mon premier choix;2",
            "PREMIER;mon premier choix;",
            ["Ligne 2", "« points »"],
        ),
        (
            "entretien.csv",
            "maintenant\u00a0? Deux choix au plus;REM-LEC",
            "maintenant\u00a0? Deux choix au plus;LECTURE",
            ["entretien.csv", "« réponse »", "« LECTURE » n’existe pas dans besoins.csv"],
        ),
        (
            "entretien.csv",
            "2;Dans un an, tu te vois…;ICI",
            "2;Dans un an, où es-tu\u00a0?;ICI",
            ["« texte »", "le même texte"],
        ),
        ("entretien.csv", "1;choix\n", "1;humeur\n", ["Ligne 2", "« sert à »", "« humeur »"]),
        ("profils.csv", "SOUTENIR;non;non", "SOUTENIR;non;oui", ["profils.csv", "quatre profils"]),
        ("echelles.csv", "fragile;35;59", "fragile;59;35", ["echelles.csv", "seuil min dépasse"]),
        (
            "niveaux.csv",
            "241.....21.",
            "241.....(21.",
            ["niveaux.csv", "Ligne 5", "« motif MEF »", "n’est pas un motif"],
        ),
        ("axes.csv", "libellé", "nom", ["axes.csv", "Ligne 1", "colonne « libellé »", "points-virgules"]),
        ("objectifs.csv", "1;REM-LEC;", "un;REM-LEC;", ["objectifs.csv", "Ligne 2", "« n »", "« un »"]),
        ("niveaux.csv", "bac pro;1", "bac pro;4", ["Ligne 2", "« année du cycle »", "de 1 à 3"]),
    ],
)
def test_a_broken_cell_is_refused_with_its_place_and_what_was_expected(
    folder: Path, file: str, before: str, after: str, words: list[str]
) -> None:
    edit(folder, file, before, after)
    told = refusal(folder)
    assert [piece for piece in words if piece not in told] == [], told


def test_a_missing_file_and_an_empty_file_are_told_apart(folder: Path) -> None:
    (folder / "points.csv").write_text("", "utf-8")
    assert "points.csv. Le fichier est vide" in refusal(folder)
    (folder / "points.csv").unlink()
    assert "points.csv. Le fichier est introuvable" in refusal(folder)


def test_a_quotation_mark_inside_a_cell_is_only_text(folder: Path) -> None:
    edit(folder, "axes.csv", "Remédiation", 'Remé"diation')
    assert load_reference(folder).axes["label"][0] == 'Remé"diation'


def test_an_unclosed_quotation_mark_is_refused_with_its_line(folder: Path) -> None:
    edit(folder, "axes.csv", "DEV;Développement personnel", 'DEV;"Développement personnel')
    assert "guillemets mal fermés" in refusal(folder)


def test_many_problems_are_told_five_at_a_time(folder: Path) -> None:
    text = (folder / "poids.csv").read_text("utf-8-sig")
    (folder / "poids.csv").write_text(text.replace(";D", ";Z"), "utf-8")
    told = refusal(folder)
    assert told.count("Ligne ") == 5
    assert "autres." in told

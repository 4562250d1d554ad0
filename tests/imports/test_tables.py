"""Tables from anywhere: how they are written, what their columns mean, whom their lines speak of."""

import io
import zipfile
from datetime import date

import polars as pl
import pytest
import xlsxwriter

from apdash.errors import ApdashError
from apdash.imports import (
    ColumnMapping,
    ImportFile,
    ImportOptions,
    TableKind,
    ValueColumn,
    commit,
    mapping_proposal,
    preview,
    preview_csv,
    read_mapping_file,
)
from apdash.imports.names import plain, split_full_name
from apdash.imports.proposal import proposed_mapping
from apdash.imports.scales import levels_of
from apdash.imports.tables import read_table
from apdash.rights import CONSOLE, Role, Viewer
from apdash.services import Services
from tests.imports.builders import (
    NOW,
    Child,
    Roster,
    bring,
    csv,
    enrolments,
    look,
    official_samples,
    open_review,
    row_counts,
    sample,
    whys,
)

NAMES = {"last_name": "Nom", "first_name": "Prénom"}
TEXT = "Nom;Prénom;Né(e) le;Classe\nLEBŒUF;Loïc;02/11/2009;2AGO1\nŸLMAZ;Esma;;\n"


@pytest.fixture
def school(services: Services) -> Services:
    """The sample school, with a bilan open."""
    bring(services, *official_samples())
    open_review(services.store)
    return services


def values(services: Services) -> list[tuple]:
    """Return the current assessments: last name, competency, assessor, source, state, level."""
    return services.store.read(
        """
        select s.last_name, a.competency, a.assessor, a.source::varchar, a.state::varchar, a.level
        from assessment a join student s on s.id = a.student where a.replaced_at is null
        order by s.last_name, a.competency, a.assessor
        """
    ).rows()


def workbook(
    rows: list[list[object]], *, formulas: dict[str, str] | None = None, first_sheet_empty: bool = False
) -> ImportFile:
    """Return an XLSX with these rows."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        if first_sheet_empty:
            book.add_worksheet("Vide")
        sheet = book.add_worksheet("Notes")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell, *([day] if isinstance(cell, date) else []))
        for place, formula in (formulas or {}).items():
            sheet.write_formula(place, formula, None, 12)
    return ImportFile("notes.xlsx", target.getvalue())


def of_values(
    competency: str = "", scale: str = "", *, identity: dict[str, str] | None = None, **more: object
) -> ColumnMapping:
    """Return a mapping of the column « Lire », for the name column « Nom » unless told otherwise."""
    columns = (ValueColumn("Lire", competency, scale, **more),) if competency else ()
    return ColumnMapping(
        TableKind.ASSESSMENTS, {"last_name": "Nom"} if identity is None else identity, columns
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_a_text_is_read_however_it_was_saved(encoding: str, separator: str) -> None:
    table = read_table(ImportFile("x", TEXT.replace(";", separator).replace("\n", "\r\n").encode(encoding)))
    assert table.headers == ("Nom", "Prénom", "Né(e) le", "Classe")
    assert table.rows.rows() == [
        (2, "LEBŒUF", "Loïc", "02/11/2009", "2AGO1"),
        (3, "ŸLMAZ", "Esma", None, None),
    ]


def test_a_workbook_reads_like_a_text_with_the_lines_of_the_sheet() -> None:
    rows = [
        ["Classe de 2AGO1"],
        [],
        ["Nom", "Prénom", "Né(e) le", "Note"],
        ["LEBŒUF", "Loïc", date(2009, 11, 2), 12.5],
    ]
    table = read_table(workbook(rows, first_sheet_empty=True))
    assert table.rows.rows() == [(4, "LEBŒUF", "Loïc", "2009-11-02 00:00:00", "12.5")]


def test_a_second_line_of_titles_completes_the_first() -> None:
    table = read_table(
        csv(
            "Nom;Né(e) le;Heures manquées;;Entrée\n;;Justifiées;Non justifiées;\nAUBRÉE Maëlle;14/03/2010;2;1;\n"
        )
    )
    assert table.headers == (
        "Nom",
        "Né(e) le",
        "Heures manquées Justifiées",
        "Heures manquées Non justifiées",
        "Entrée",
    )
    assert table.rows.height == 1


def test_a_competency_is_guessed_by_one_line_of_a_title_of_two(school: Services) -> None:
    lines = ("Nom;Prénom;S’exprimer à l’oral;;Anglais", ";;Pronote;Remarques;Oral", "AUBRÉE;Maëlle;3;;2")
    mapping = proposed_mapping(school.reference, read_table(csv("\n".join(lines) + "\n")), divisions=[])
    assert [(column.header, column.competency) for column in mapping.values] == [
        ("S’exprimer à l’oral Pronote", "ORA")
    ]


def test_lines_above_the_titles_and_blank_lines_are_skipped() -> None:
    table = read_table(csv("Lycée\n\nÉdité le 3 octobre;\nNom;Prénom\n;\nAUBRÉE;Maëlle\n"))
    assert table.rows.rows() == [(6, "AUBRÉE", "Maëlle")]


def test_titles_met_twice_stay_apart() -> None:
    assert read_table(csv("Nom;Prénom;Lire;Lire\nA;B;1;2\n")).headers == ("Nom", "Prénom", "Lire", "Lire (2)")


def test_the_separator_a_spreadsheet_announces_is_followed() -> None:
    assert read_table(csv("sep=,\nNom,Prénom\nAUBRÉE,Maëlle\n")).rows.height == 1


def test_a_cell_may_hold_separators_and_line_breaks_in_quotes() -> None:
    table = read_table(csv('Nom;Prénom;Lire\nAUBRÉE;Maëlle;"a;b\nc"\nAUTRE;X;2\n'))
    assert table.rows["line"].to_list() == [2, 4]
    assert table.rows["Lire"].to_list() == ["a;b\nc", "2"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('Nom;Prénom\n"AUBRÉE;Maëlle\n', "guillemets"),
        ("Nom\nAUBRÉE\n", "pas un tableau"),
        ("Nom;Prénom\n", "pas un tableau"),
        ("\n \n", "vide"),
        ("Nom;Prénom\n" + "A;B\n" * 20_001, "trop grand"),
        ("Nom;" + "x;" * 300 + "\n" + "1;" * 300, "trop grand"),
        ("Nom;Prénom\n" + ";" * 300_000, "trop grand"),
    ],
)
def test_what_is_no_table_is_refused_in_words(text: str, word: str) -> None:
    with pytest.raises(ApdashError, match=word):
        read_table(csv(text))


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ApdashError, match="Encodage inconnu"):
        read_table(ImportFile("x", b"Nom;Pr\x81nom\nA;B\n"))


def test_columns_about_private_matters_are_dropped_before_anything_is_shown(school: Services) -> None:
    titles = "Nom;Prénom;Mail parents;Régime;Nationalité;PAP;Ville de naissance;Boursier;Tél. portable;Lire"
    file = csv(f"{titles}\nAUBRÉE;Maëlle;CANARI;CANARI;CANARI;CANARI;CANARI;CANARI;CANARI;3\n")
    proposal = mapping_proposal(school, CONSOLE, file=file)
    assert len(proposal.never_read) == 7
    seen = bring(school, file)
    assert "CANARI" not in str(proposal.columns.rows()) + preview_csv(seen).decode("utf-8-sig")
    for table in row_counts(school.store):
        assert "CANARI" not in str(school.store.read(f"select t::varchar as text from {table} t").rows())


def test_a_private_column_cannot_be_mapped(school: Services) -> None:
    mapping = ColumnMapping(
        TableKind.ASSESSMENTS, {"last_name": "Nom"}, (ValueColumn("Régime", "LIR", "niveaux"),)
    )
    with pytest.raises(ApdashError, match="jamais lue"):
        preview(school, CONSOLE, files=[csv("Nom;Régime\nAUBRÉE;3\n")], mapping=mapping)


def test_the_subject_of_health_and_environment_is_not_a_private_matter() -> None:
    assert (
        "Prévention santé environnement"
        in read_table(csv("Nom;Prévention santé environnement\nA;3\n")).headers
    )


@pytest.mark.parametrize(
    ("text", "last", "first"),
    [
        ("AUBRÉE Maëlle", "AUBRÉE", "Maëlle"),
        ("VAN DEN BERG Jean-Baptiste", "VAN DEN BERG", "Jean-Baptiste"),
        ("O'BRIEN Théo", "O'BRIEN", "Théo"),
        ("de LA TOUR Anne Marie", "de LA TOUR", "Anne Marie"),
        ("Maëlle AUBRÉE", "AUBRÉE", "Maëlle"),
        ("ŸLMAZ, Esma", "ŸLMAZ", "Esma"),
        ("Martin Léa", None, None),
    ],
)
def test_a_name_and_first_name_in_one_column_are_told_apart(
    text: str, last: str | None, first: str | None
) -> None:
    found = pl.DataFrame({"x": [text]}).select(
        *(e.alias(n) for e, n in zip(split_full_name("x"), "ab", strict=True))
    )
    assert found.row(0) == (last, first)


def test_names_are_compared_without_what_software_writes_differently() -> None:
    assert plain("LEBŒUF  D’Arc-Petit") == plain("leboeuf d'arc petit")


def test_a_list_whose_names_are_in_one_column_changes_nothing_when_all_is_known(school: Services) -> None:
    bring(school, csv("Nom;Prénom;Classe\nPEREIRA;Inês;2MEL\n"))
    before = row_counts(school.store)
    seen = bring(school, sample("eleves_nom_colle_utf16.txt"))
    assert (seen.counts["new"], seen.counts["changed"], seen.counts["refused"]) == (0, 0, 0)
    after = row_counts(school.store)
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "import_batch": 1,
        "column_mapping": 1,
    }


@pytest.mark.parametrize("name", ["eleves_separes_cp1252.csv", "eleves_sacoche.csv"])
def test_lists_of_other_software_recognise_everybody(school: Services, name: str) -> None:
    seen = look(school, sample(name))
    assert (seen.counts["new"], seen.counts["refused"]) == (0, 0)


def test_a_list_never_makes_anybody_leave(school: Services) -> None:
    assert look(school, csv("Nom;Prénom\nAUBRÉE;Maëlle\n")).counts["leaving"] == 0


def test_a_list_adds_students_and_places_those_who_had_no_division(school: Services) -> None:
    text = "Nom;Prénom;Né(e) le;Classe\nNOUVELLE;Anna;01/02/2010;2MEL\nPEREIRA;Inês;11/02/2010;2MEL\n"
    bring(school, csv(text), on=date(2025, 10, 6))
    assert enrolments(school.store, "NOUVELLE") == [("2MEL", "2025-10-06", None)]
    assert enrolments(school.store, "PEREIRA")[-1] == ("2MEL", "2025-10-06", None)


def test_an_empty_class_column_changes_no_division(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Classe\nAUBRÉE;Maëlle;\n"))
    assert (seen.counts["changed"], seen.counts["unchanged"]) == (0, 1)


def test_a_class_that_does_not_exist_is_refused(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Né(e) le;Classe\nNOUVELLE;Anna;01/02/2010;2XYZ\n"))
    assert ["2XYZ" in why for why in whys(seen.refused, "NOUVELLE Anna")] == [True]


def test_a_name_corrected_in_a_list_with_ine_makes_no_second_student(school: Services) -> None:
    seen = look(school, csv("INE;Nom;Prénom\n990000001AA;AUBRAY;Maelle\n"))
    assert (seen.counts["new"], seen.counts["refused"]) == (0, 0)


def test_a_name_corrected_without_ine_is_refused_rather_than_entered_twice(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Né(e) le\nAUBRAY;Maëlle;14/03/2010\n"))
    assert seen.counts["new"] == 0
    assert ["Ressemble" in why for why in whys(seen.refused, "AUBRAY Maëlle")] == [True]


def test_a_school_may_begin_with_a_list_when_its_number_is_given(services: Services) -> None:
    file = csv("Nom;Prénom;Né(e) le;Classe\nAUBRÉE;Maëlle;14/03/2010;2A\n")
    with pytest.raises(ApdashError, match="Établissement inconnu"):
        look(services, file)
    bring(services, file, uai="9990001X", year=2025, on=date(2025, 9, 22))
    assert enrolments(services.store, "AUBRÉE") == [("2A", "2025-09-01", None)]
    assert look(services, file).counts["new"] == 0


def test_siecle_takes_over_the_students_of_a_list(services: Services) -> None:
    file = csv("Nom;Prénom;Né(e) le;Classe\nAubree;Maelle;14/03/2010;2AGO1\n")
    bring(services, file, uai="9990001X", year=2025, on=date(2025, 9, 22))
    seen = bring(services, Roster((Child(),)).file())
    assert seen.new.filter(subject="élève").height == 0
    assert services.store.read("select siecle_id, ine, last_name from student").rows() == [
        ("1", "990000001AA", "AUBRÉE")
    ]


PETIT = "<NOM_USAGE>PETIT</NOM_USAGE>"


@pytest.mark.parametrize(
    "line", ["PETIT;Maëlle;14/03/2010;2AGO1;3", "AUBRÉE;Maëlle;14/03/2010;2AGO1;3", "AUBRÉE;Maëlle;;2AGO1;3"]
)
def test_whoever_uses_another_name_is_found_under_both(services: Services, line: str) -> None:
    bring(services, Roster((Child(more=PETIT),)).file())
    open_review(services.store)
    seen = look(services, csv(f"Nom;Prénom;Né(e) le;Classe;Lire\n{line}\n"))
    assert (seen.counts["refused"], seen.counts["new"]) == (0, 1)


def test_a_family_name_two_students_bear_is_refused(services: Services) -> None:
    other = Child(number="2", ine="990000002AB", born="02/02/2010")
    bring(services, Roster((Child(more=PETIT), other)).file())
    open_review(services.store)
    seen = look(services, csv("Nom;Prénom;Classe;Lire\nAUBRÉE;Maëlle;2AGO1;3\n"))
    assert "Plusieurs élèves" in whys(seen.refused, "AUBRÉE Maëlle")[0]


def test_siecle_takes_over_a_list_made_under_the_family_name(services: Services) -> None:
    file = csv("Nom;Prénom;Né(e) le;Classe\nAUBRÉE;Maëlle;14/03/2010;2AGO1\n")
    bring(services, file, uai="9990001X", year=2025, on=date(2025, 9, 22))
    bring(services, Roster((Child(more=PETIT),)).file())
    names = services.store.read("select siecle_id, last_name, family_name from student")
    assert names.rows() == [("1", "PETIT", "AUBRÉE")]


def test_homonyms_are_refused_and_never_guessed(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Lire\nMARTIN;Léa;3\nAUBRÉE;Maëlle;2\n"))
    assert ["Plusieurs élèves" in why for why in whys(seen.refused, "MARTIN Léa")] == [True]
    assert seen.new["who"].to_list() == ["AUBRÉE Maëlle"]


@pytest.mark.parametrize("extra", [("Classe", "2MEL"), ("INE", "990000006AF")])
def test_homonyms_are_told_apart_by_class_or_ine(school: Services, extra: tuple[str, str]) -> None:
    seen = look(school, csv(f"Nom;Prénom;{extra[0]};Lire\nMARTIN;Léa;{extra[1]};3\n"))
    assert (seen.counts["refused"], seen.counts["new"]) == (0, 1)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("INCONNU;Jean;;2", "introuvable"),
        ("AUBRÉE;Maëlle;01/01/2001;2", "introuvable|date de naissance"),
        ("AUBRÉE;Maëlle;le 3 mars;2", "illisible"),
        (";;;2", "Aucun nom"),
    ],
)
def test_a_line_that_names_nobody_is_refused_with_its_number(school: Services, line: str, word: str) -> None:
    seen = look(school, csv(f"Nom;Prénom;Né(e) le;Lire\n{line}\n"))
    assert seen.refused["line"].to_list() == [2]
    assert seen.refused["why"].str.contains(word).all()


def test_a_student_named_on_two_lines_is_taken_once(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\nAubree;Maelle;2\n"))
    assert seen.refused["line"].to_list() == [3]


def test_a_name_in_use_is_recognised_by_the_first_name_and_the_class(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Classe;Lire\nDIALLO;Aïssatou;2AGO1;3\n"))
    assert seen.counts["refused"] == 0


def test_letters_of_pronote_become_levels_by_the_table_of_scales(school: Services) -> None:
    bring(school, sample("competences_lettres_utf8bom.csv"))
    found = {(name, code): (state, level) for name, code, _by, _source, state, level in values(school)}
    assert found["AUBRÉE", "LIR"] == ("level", 3.0)
    assert found["LEBŒUF", "LIR"] == ("level", 4.0)
    assert found["AUBRÉE", "ECR"] == ("level", 1.0)
    assert found["AUBRÉE", "CAL"] == ("absent", None)
    assert found["ROUSSEL", "LIR"] == ("level", 2.5)


def test_missing_values_are_never_zero(school: Services) -> None:
    bring(
        school,
        csv(
            "Nom;Prénom;Lire /20\nAUBRÉE;Maëlle;Abs\nLEBŒUF;Loïc;Disp\nSZABÓ;Noé;N.Not\nO'BRIEN;Théo;\nGARCIA;Manon;0\n"
        ),
    )
    assert [(row[0], row[4], row[5]) for row in values(school)] == [
        ("AUBRÉE", "absent", None), ("GARCIA", "level", 1.0), ("LEBŒUF", "absent", None)]  # fmt: skip


def test_positioning_tests_go_to_their_competencies_each_as_its_own_assessor(school: Services) -> None:
    bring(school, sample("test_positionnement_modele.csv"))
    aubree = [row[1:4] + row[5:] for row in values(school) if row[0] == "AUBRÉE"]
    assert aubree == [
        ("CAL", "test:MA_calcul", "test", 1.0), ("CAL", "test:MA_geometrie", "test", 4.0),
        ("DON", "test:MA_donnees", "test", 2.0), ("ECR", "test:FR_langue", "test", 1.0),
        ("LIR", "test:FR_ecrit", "test", 1.0), ("ORA", "test:FR_oral", "test", 3.0),
        ("RAI", "test:MA_resolution", "test", 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "texts", "levels"),
    [
        ("niveaux", ["1", "4", "2,5"], [1, 4, 2.5]),
        ("pronote", ["A+", "a", "C", "E", "Très bonne maîtrise"], [4, 3, 2, 1, 4]),
        ("lettres_abcd", ["A", "D"], [4, 1]),
        ("note_20", ["6,9", "7", "9.99", "10", "13,5", "14", "20", "8/10"], [1, 2, 2, 3, 3, 4, 4, 4]),
        ("pour_cent", ["34 %", "35", "60%", "81"], [1, 2, 3, 4]),
        ("sacoche_note", ["RR", "R", "V", "VV"], [1, 2, 3, 4]),
        ("sacoche_acquis", ["NA", "VA", "A"], [1, 2, 3]),
        ("sacoche_saisie", ["1", "4"], [1, 4]),
        ("lsl_pro", ["bien maîtrisé", "non maitrise"], [4, 1]),
        ("lsu_maitrise", ["Maîtrise fragile", "3"], [2, 3]),
    ],
)
def test_every_scale_gives_its_levels(
    services: Services, scale: str, texts: list[str], levels: list[float]
) -> None:
    read = levels_of(services.reference, pl.Series(texts), ValueColumn("x", "LIR", scale))
    assert read["level"].to_list() == levels
    assert read["problem"].null_count() == len(texts)


@pytest.mark.parametrize(
    "text", ["Abs", "ABS.", "Absent", "Disp", "Dsp", "N.Not", "Ne", "Nr", "-", "…".replace("…", ".")]
)
@pytest.mark.parametrize("scale", ["niveaux", "pronote", "note_20", "sacoche_acquis"])
def test_a_missing_mark_gives_no_level_on_any_scale(services: Services, scale: str, text: str) -> None:
    read = levels_of(services.reference, pl.Series([text]), ValueColumn("x", "LIR", scale)).row(0, named=True)
    assert (read["level"], read["problem"]) == (None, None)


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        ("niveaux", "5"),
        ("niveaux", "0"),
        ("note_20", "21"),
        ("note_20", "-1"),
        ("pronote", "Z"),
        ("pour_cent", "120"),
        ("niveaux", "=1+1"),
        ("note_20", "bien"),
    ],
)
def test_a_value_that_cannot_be_read_says_what_was_expected(
    services: Services, scale: str, text: str
) -> None:
    read = levels_of(services.reference, pl.Series([text]), ValueColumn("x", "LIR", scale)).row(0, named=True)
    assert read["level"] is None
    assert read["problem"]


def test_a_value_that_cannot_be_read_is_refused_with_line_and_column(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\nLEBŒUF;Loïc;2\nSZABÓ;Noé;7,5x\n"))
    assert seen.refused.select("line", "who").rows() == [(4, "SZABÓ Noé, colonne «\u00a0Lire\u00a0»")]
    assert seen.counts["new"] == 2


def test_marks_are_marked_as_such_and_their_thresholds_can_be_changed(school: Services) -> None:
    file = csv("Nom;Prénom;Calcul /20\nAUBRÉE;Maëlle;12\n")
    bring(school, file)
    assert values(school) == [("AUBRÉE", "CAL", "test:tableau", "mark", "level", 3.0)]
    mapping = ColumnMapping(
        TableKind.ASSESSMENTS, NAMES,
        (ValueColumn("Calcul /20", "CAL", "note_20", cuts=(8, 13, 16)),),
    )  # fmt: skip
    seen = preview(school, CONSOLE, files=[file], mapping=mapping)
    assert seen.changed.select("before", "after").rows() == [("3", "2")]
    commit(school, CONSOLE, seen, now=NOW)
    assert values(school)[0][5] == 2.0
    assert school.store.read("select count(*) as n from assessment where replaced_at is not null").item() == 1


def test_marks_out_of_ten_use_the_same_thresholds(school: Services) -> None:
    bring(school, csv("Nom;Prénom;Calcul /10\nAUBRÉE;Maëlle;6\n"))
    assert values(school)[0][5] == 3.0


def test_marks_never_tell_attitudes(school: Services) -> None:
    file = csv("Nom;Prénom;S'organiser /20\nAUBRÉE;Maëlle;12\n")
    assert mapping_proposal(school, CONSOLE, file=file).mapping.values == ()
    mapping = ColumnMapping(
        TableKind.ASSESSMENTS, NAMES, (ValueColumn("S'organiser /20", "ORG", "note_20"),))  # fmt: skip
    with pytest.raises(ApdashError, match="Une note ne dit pas cela"):
        preview(school, CONSOLE, files=[file], mapping=mapping)


def test_values_belong_to_the_adult_who_is_named(school: Services) -> None:
    staff = school.store.read("select id from staff where last_name = 'BESSON'").item()
    bring(school, csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n"), assessor=f"staff:{staff}")
    assert values(school) == [("AUBRÉE", "LIR", f"staff:{staff}", "adult", "level", 3.0)]


def test_values_belong_to_whoever_imports_them_when_nobody_is_named(school: Services) -> None:
    staff = school.store.read("select id from staff where last_name = 'FAURE'").item()
    pilot = Viewer(login="pilote", name="Pilote", role=Role.PILOT, staff=staff)
    seen = preview(school, pilot, files=[csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n")])
    commit(school, pilot, seen, now=NOW)
    assert values(school)[0][2:4] == (f"staff:{staff}", "adult")


@pytest.mark.parametrize("assessor", ["staff:999999", "professeur", "test:"])
def test_an_unknown_assessor_is_refused(school: Services, assessor: str) -> None:
    with pytest.raises(ApdashError, match="Évaluateur inconnu"):
        look(school, csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n"), assessor=assessor)


def test_two_columns_for_one_competency_give_their_median(school: Services) -> None:
    seen = bring(school, csv("Nom;Prénom;Lire;LIR\nAUBRÉE;Maëlle;2;3\n"))
    assert values(school)[0][5] == 2.5
    assert whys(seen.warnings, "LIR") == [
        "Plusieurs colonnes pour cette compétence\u00a0: la médiane est retenue."
    ]


def test_values_imported_twice_change_nothing(school: Services) -> None:
    bring(school, sample("competences_lettres_utf8bom.csv"))
    before = row_counts(school.store)
    seen = bring(school, sample("competences_lettres_utf8bom.csv"))
    assert (seen.counts["new"], seen.counts["changed"]) == (0, 0)
    assert row_counts(school.store) == before | {"import_batch": before["import_batch"] + 1}


def test_values_need_a_bilan_to_go_to(services: Services) -> None:
    bring(services, *official_samples())
    with pytest.raises(ApdashError, match="Aucun bilan"):
        look(services, csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n"))


def test_a_bilan_that_is_not_of_the_year_is_refused(school: Services) -> None:
    with pytest.raises(ApdashError, match="Bilan inconnu"):
        look(school, csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n"), review=999)


def test_a_correction_of_the_columns_is_remembered(school: Services) -> None:
    file = csv("Nom;Prénom;Éval 3\nAUBRÉE;Maëlle;B\n")
    assert mapping_proposal(school, CONSOLE, file=file).mapping.kind == TableKind.STUDENTS
    mapping = ColumnMapping(
        TableKind.ASSESSMENTS, NAMES, (ValueColumn("Éval 3", "DON", "lettres_abcd"),))  # fmt: skip
    commit(school, CONSOLE, preview(school, CONSOLE, files=[file], mapping=mapping), now=NOW)
    again = csv("Nom;Prénom;Éval 3\nLEBŒUF;Loïc;A\n")
    proposal = mapping_proposal(school, CONSOLE, file=again)
    assert proposal.remembered
    assert proposal.mapping == mapping
    assert look(school, again).new.select("who", "field", "after").rows() == [("LEBŒUF Loïc", "DON", "4")]


def test_the_same_table_again_is_no_other_source(school: Services) -> None:
    file = csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n")
    bring(school, file, assessor="test:Pronote de novembre")
    again = look(school, file)
    assert again.new.is_empty()
    assert again.unchanged.height == 1


def test_a_column_left_aside_is_told(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Lire;Moyenne\nAUBRÉE;Maëlle;3;12\n"))
    assert len(whys(seen.warnings, "Moyenne")) == 1


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        (of_values(identity={"last_name": "Absente"}), "Colonne absente"),
        (of_values(identity={}), "Élèves introuvables"),
        (of_values(identity={"nom": "Nom"}), "identité"),
        (of_values("ZZZ", "niveaux"), "Compétence inconnue"),
        (of_values("LIR", "zzz"), "Échelle inconnue"),
        (of_values("LIR", "seuils"), "Seuils"),
        (of_values("LIR", "note_20", cuts=(9, 8, 10)), "Seuils"),
        (of_values("LIR", "note_20", out_of=0), "Barème"),
        (
            ColumnMapping(TableKind.INTERVIEW, {"last_name": "Nom"}, questions={42: "Lire"}),
            "Question inconnue",
        ),
    ],
)
def test_a_mapping_that_cannot_be_applied_is_refused_in_words(
    school: Services, mapping: ColumnMapping, word: str
) -> None:
    with pytest.raises(ApdashError, match=word):
        preview(school, CONSOLE, files=[csv("Nom;Lire\nAUBRÉE;3\n")], mapping=mapping)


def test_words_a_minute_become_levels_by_ones_own_thresholds(school: Services) -> None:
    file = csv("Nom;Prénom;Fluence\nAUBRÉE;Maëlle;90\nLEBŒUF;Loïc;130\n")
    mapping = ColumnMapping(
        TableKind.ASSESSMENTS, NAMES,
        (ValueColumn("Fluence", "LIR", "seuils", cuts=(80, 110, 140)),),
    )  # fmt: skip
    seen = preview(school, CONSOLE, files=[file], mapping=mapping)
    assert seen.new["after"].to_list() == ["2", "3"]


def test_a_workbook_of_marks_comes_in(school: Services) -> None:
    seen = look(
        school, workbook([["Nom", "Prénom", "Lire"], ["AUBRÉE", "Maëlle", 3], ["LEBŒUF", "Loïc", "Abs"]])
    )
    assert seen.new.select("who", "after", "line").rows() == [
        ("AUBRÉE Maëlle", "3", 2),
        ("LEBŒUF Loïc", "absent", 3),
    ]


def test_formulas_of_a_workbook_are_refused_not_trusted(school: Services) -> None:
    file = workbook(
        [["Nom", "Prénom", "Lire"], ["AUBRÉE", "Maëlle", 3], ["LEBŒUF", "Loïc"]], formulas={"C3": "=1+1"}
    )
    seen = look(school, file)
    assert seen.refused["line"].to_list() == [3]
    assert seen.refused["why"].str.contains("formule").all()


def test_a_cell_far_away_does_not_make_a_workbook_huge() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Nom")
        sheet.write(25_000, 16_383, "loin")
    with pytest.raises(ApdashError, match="trop grand"):
        read_table(ImportFile("x.xlsx", target.getvalue()))


def test_a_workbook_that_is_a_bomb_is_given_up() -> None:
    whole = workbook([["Nom", "Prénom"], ["A", "B"]]).data
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for info in source.infolist():
            bomb.writestr(info, source.read(info))
        bomb.writestr("xl/media/image1.png", b"\0" * 39_000_000)
    with pytest.raises(ApdashError, match="grossit"):
        read_table(ImportFile("x.xlsx", target.getvalue()))


def test_a_broken_workbook_is_refused_in_words() -> None:
    whole = workbook([["Nom", "Prénom"], ["A", "B"]]).data
    with pytest.raises(ApdashError, match="illisible"):
        read_table(ImportFile("x.xlsx", whole[: len(whole) // 2]))


def test_an_interview_form_is_recognised_by_its_questions(school: Services) -> None:
    texts = dict(
        school.reference.interview.select("question", "text").unique("question", maintain_order=True).rows()
    )
    header = ";".join(f'"{texts[number]}"' for number in (1, 4, 9))
    file = csv(
        f"Nom;Prénom;{header}\n"
        "AUBRÉE;Maëlle;mon premier choix;oui, avec des exemples;Atelier lecture, Atelier langues\n"
        "LEBŒUF;Loïc;Je préfère ne pas répondre;;REM-MAT\n"
    )
    seen = bring(school, file)
    assert seen.mapping.kind == TableKind.INTERVIEW
    assert seen.counts["refused"] == 0
    rows = school.store.read(
        "select s.last_name, i.question, i.answers from interview_answer i "
        "join student s on s.id = i.student order by 1, 2"
    ).rows()
    assert rows == [
        ("AUBRÉE", 1, ["PREMIER"]), ("AUBRÉE", 4, ["EXEMPLES"]), ("AUBRÉE", 9, ["REM-LEC", "REM-LVE"]),
        ("LEBŒUF", 1, []), ("LEBŒUF", 9, ["REM-MAT"]),
    ]  # fmt: skip
    assert look(school, file).counts["new"] == 0


def test_an_answer_that_is_not_proposed_is_refused_with_its_line(school: Services) -> None:
    file = csv("Nom;Prénom;Q2;Q3\nAUBRÉE;Maëlle;sur la lune;souvent\n")
    seen = look(school, file)
    assert seen.refused.select("line", "who").rows() == [(2, "AUBRÉE Maëlle, question 2")]
    assert seen.new["after"].to_list() == ["SOUVENT"]


def test_more_answers_than_allowed_are_refused(school: Services) -> None:
    seen = look(school, csv("Nom;Prénom;Q9;Q3\nAUBRÉE;Maëlle;REM-LEC|REM-ECR|REM-MAT;souvent\n"))
    assert seen.counts["refused"] == 1


def test_a_changed_answer_keeps_the_former_one(school: Services) -> None:
    bring(school, csv("Nom;Prénom;Q2;Q3\nAUBRÉE;Maëlle;ici;souvent\n"))
    seen = bring(school, csv("Nom;Prénom;Q2;Q3\nAUBRÉE;Maëlle;ailleurs;souvent\n"))
    assert seen.changed.select("field", "before", "after").rows() == [("question 2", "ICI", "AILLEURS")]
    assert school.store.read("select answers from interview_answer where replaced_at is not null").rows() == [
        (["ICI"],)
    ]


def test_the_domains_of_the_socle_go_to_several_competencies(school: Services) -> None:
    domain, expected = school.reference.socle.group_by("domain", maintain_order=True).agg("competency").row(0)
    table = read_table(csv(f"Nom;Prénom;{domain}\nAUBRÉE;Maëlle;3\n"))
    mapping = proposed_mapping(school.reference, table, divisions=[])
    assert [(column.competency, column.test) for column in mapping.values] == [
        (code, domain) for code in expected
    ]


def test_a_mapping_file_says_what_columns_mean(school: Services, tmp_path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        'kind = "assessments"\nassessor = "test:devoir 1"\n[identity]\nfull_name = "Qui"\n'
        '[[values]]\nheader = "D1"\ncompetency = "CAL"\nscale = "note_20"\ncuts = [6, 10, 15]\n'
        "[import]\nreview = 1001\non = 2025-09-25\n[divisions]\n900110 = '2MEL'\n",
        "utf-8",
    )
    mapping, options = read_mapping_file(path)
    assert options == ImportOptions(on=date(2025, 9, 25), review=1001, choices={"900110": "2MEL"})
    seen = preview(
        school, CONSOLE, files=[csv("Qui;D1\nAUBRÉE Maëlle;14,5\n")], mapping=mapping, options=options
    )
    commit(school, CONSOLE, seen, now=NOW)
    assert values(school) == [("AUBRÉE", "CAL", "test:devoir 1", "mark", "level", 3.0)]


def test_a_mapping_file_may_leave_the_columns_to_be_proposed(tmp_path) -> None:
    path = tmp_path / "m.toml"
    path.write_text("[import]\nother_year = true\n", "utf-8")
    assert read_mapping_file(path) == (None, ImportOptions(other_year=True))


@pytest.mark.parametrize(
    "text", ["kind = ", 'kind = "autre"', 'sorte = "x"', "[import]\nreview = 'x'", "[[values]]\nx = 1", "import = 3",
             'kind = "students"\nidentity = 3', 'kind = "interview"\nquestions = {a = "b"}']
)  # fmt: skip
def test_a_mapping_file_that_is_not_understood_is_refused_in_words(tmp_path, text: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ApdashError, match="Correspondance"):
        read_mapping_file(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[values]]\nheader = "Lire"\ncompetency = "LIR"', "numéro 1 : il manque « scale »"),
        ('[[values]]\nentete = "Lire"', "« entete » n’est pas compris"),
        ('kind = "autre"', "« autre » n’est pas l’un de students, assessments, interview"),
    ],
)
def test_what_a_mapping_file_lacks_is_named(tmp_path, text: str, words: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ApdashError) as refused:
        read_mapping_file(path)
    assert words in refused.value.message.replace("\xa0", " ")


def test_a_mapping_file_need_not_say_what_its_columns_tell(tmp_path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[[values]]\nheader = "Lire"\ncompetency = "LIR"\nscale = "niveaux"', "utf-8")
    mapping, _options = read_mapping_file(path)
    assert mapping is not None
    assert mapping.kind == TableKind.ASSESSMENTS


def test_a_column_that_is_not_there_is_told_beside_those_that_are(school: Services) -> None:
    mapping = ColumnMapping(TableKind.ASSESSMENTS, NAMES, (ValueColumn("Calcul", "CAL", "note_20"),))
    with pytest.raises(ApdashError, match="Lire"):
        preview(school, CONSOLE, files=[csv("Nom;Prénom;Lire\nAUBRÉE;Maëlle;3\n")], mapping=mapping)

"""The files of SIECLE as they are met, with everything that goes wrong in them."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from apdash.errors import ApdashError
from apdash.imports.previews import preview_csv
from apdash.imports.siecle import read_students
from apdash.imports.structures import read_nomenclatures, read_structures
from apdash.services import Services
from tests.imports.builders import (
    Child,
    Roster,
    bring,
    children,
    enrolments,
    look,
    official_samples,
    row_counts,
    sample,
    whys,
)

CANARY = "CANARI"


def test_letters_that_latin_1_lacks_are_read_as_the_prolog_says() -> None:
    students = read_students("x", sample("ElevesAvecAdresses.xml").data).tables["students"]
    assert students["last_name"].to_list()[:3] == ["AUBRÉE", "LEBŒUF", "DIALLO-PETIT"]
    assert "ŸLMAZ" in students["last_name"].to_list()


def test_the_sample_school_comes_in_whole(services: Services) -> None:
    seen = bring(services, *official_samples())
    assert seen.counts["refused"] == 0
    people = services.store.read(
        "select s.last_name, s.born_on, d.code as division from student s join enrolment e on e.student = s.id "
        "left join division d on d.id = e.division order by s.siecle_id limit 3"
    )
    expected = pl.DataFrame(
        {
            "last_name": ["AUBRÉE", "LEBŒUF", "DIALLO-PETIT"],
            "born_on": [date(2010, 3, 14), date(2009, 11, 2), date(2010, 7, 27)],
            "division": ["2AGO1"] * 3,
        }
    )
    assert_frame_equal(people, expected)


def test_grades_are_told_by_the_formations(services: Services) -> None:
    bring(services, *official_samples())
    grades = services.store.read("select code, grade from division order by code").rows()
    assert grades == [("101", "1re"), ("2AGO1", "2de"), ("2MEL", "2de"), ("TAGO1", "Tle")]


def test_a_student_without_a_division_comes_in_and_is_listed(services: Services) -> None:
    seen = bring(services, Roster((Child(lists=()),)).file())
    assert enrolments(services.store, "AUBRÉE") == [(None, "2025-09-01", None)]
    assert any("Sans division" in why for why in whys(seen.warnings, "AUBRÉE Maëlle"))


def test_a_student_only_in_groups_has_no_division(services: Services) -> None:
    bring(services, Roster((Child(lists=((("2AP_FR1", "G"),),)),)).file())
    assert enrolments(services.store, "AUBRÉE") == [(None, "2025-09-01", None)]


def test_an_inactive_student_is_left_out_and_listed(services: Services) -> None:
    seen = bring(
        services,
        Roster(
            (Child(), Child("2", "NGUYEN", "Tuan", ine="990000011AL", lists=((("Inactifs", "D"),),)))
        ).file(),
    )
    assert services.store.read("select last_name from student").rows() == [("AUBRÉE",)]
    assert any("Inactifs" in why for why in whys(seen.warnings, "NGUYEN Tuan"))


def test_a_student_in_two_divisions_is_flagged_and_placed_in_neither(services: Services) -> None:
    seen = bring(services, Roster((Child(lists=((("2AGO1", "D"), ("2MEL", "D")),)),)).file())
    assert enrolments(services.store, "AUBRÉE") == [(None, "2025-09-01", None)]
    told = seen.warnings.filter(pl.col("why").str.contains("Deux divisions"))
    assert told["after"].to_list() == ["2AGO1 ou 2MEL"]


def test_the_division_of_a_student_found_in_two_can_be_chosen(services: Services) -> None:
    file = Roster((Child(lists=((("2AGO1", "D"), ("2MEL", "D")),)),)).file()
    bring(services, file, choices={"1": "2MEL"})
    assert enrolments(services.store, "AUBRÉE") == [("2MEL", "2025-09-01", None)]
    assert look(services, file).counts["changed"] == 0


def test_a_choice_that_is_not_in_the_file_is_not_taken(services: Services) -> None:
    bring(services, Roster((Child(lists=((("2AGO1", "D"), ("2MEL", "D")),)),)).file(), choices={"1": "TAGO1"})
    assert enrolments(services.store, "AUBRÉE") == [(None, "2025-09-01", None)]


def test_several_lists_for_one_student_are_put_together(services: Services) -> None:
    one = Child(lists=((("2AGO1", "D"),), (("2AGO1", "D"), ("2AP_FR1", "G"))))
    seen = bring(services, Roster((one,)).file())
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", None)]
    assert any("Plusieurs listes" in why for why in whys(seen.warnings, "AUBRÉE Maëlle"))


def test_a_date_of_leaving_to_come_closes_the_enrolment_on_that_day(services: Services) -> None:
    bring(services, Roster((Child(more="<DATE_SORTIE>15/10/2025</DATE_SORTIE>"),)).file())
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", "2025-10-15")]


def test_a_student_gone_before_the_export_and_never_known_is_not_brought_in(services: Services) -> None:
    gone = Child("2", "PARTI", "Jean", ine="990000002AB", more="<DATE_SORTIE>10/09/2025</DATE_SORTIE>")
    seen = bring(services, Roster((Child(), gone)).file())
    assert services.store.read("select last_name from student").rows() == [("AUBRÉE",)]
    assert whys(seen.warnings, "PARTI Jean") == [
        "Sorti avant le jour de l’export, jamais connu ici\u00a0: il n’est pas repris."
    ]


def test_a_student_without_ine_is_known_by_the_siecle_number(services: Services) -> None:
    file = Roster((Child(ine=""),)).file()
    seen = bring(services, file)
    assert any("Aucun INE" in why for why in whys(seen.warnings, "AUBRÉE Maëlle"))
    assert look(services, file).counts["new"] == 0


def test_an_ine_held_twice_is_reported_and_both_students_come_in(services: Services) -> None:
    file = Roster((Child(), Child("2", "AUTRE", "Élève"))).file()
    seen = bring(services, file)
    assert services.store.read("select count(*) as n from student").item() == 2
    assert any("même INE" in why for why in whys(seen.warnings, "AUTRE Élève"))
    assert look(services, file).counts["new"] == 0


@pytest.mark.parametrize("ine", ["990000001AA", "0123456789Z", "AB123456789"])
def test_every_known_shape_of_ine_is_kept(ine: str) -> None:
    assert read_students("x", Roster((Child(ine=ine),)).file().data).tables["students"]["ine"].item() == ine


def test_a_malformed_ine_is_told_and_not_kept() -> None:
    extract = read_students("x", Roster((Child(ine="12"),)).file().data)
    assert extract.tables["students"]["ine"].item() is None
    assert "INE mal formé" in extract.problems["why"].str.join(" ").item()


def test_homonyms_born_the_same_day_stay_two_students(services: Services) -> None:
    twin = Child("2", ine="990000002AB", lists=((("2MEL", "D"),),))
    file = Roster((Child(), twin)).file()
    bring(services, file)
    assert [row[0] for row in enrolments(services.store, "AUBRÉE")] == ["2AGO1", "2MEL"]
    assert look(services, file).counts["new"] == 0


@pytest.mark.parametrize("code", ["101", "3 A", "_301P1", "2nde é"])
def test_a_division_code_is_text_whatever_it_looks_like(services: Services, code: str) -> None:
    bring(services, Roster((Child(lists=(((code, "D"),),)),)).file())
    assert enrolments(services.store, "AUBRÉE") == [(code, "2025-09-01", None)]


def test_a_division_may_hold_several_formations_and_the_student_keeps_theirs(services: Services) -> None:
    other = Child("2", "AUTRE", "Élève", ine="990000002AB", mef="24725508310")
    bring(services, Roster((Child(), other)).file())
    assert services.store.read("select mef from division_mef order by mef").rows() == [
        ("24725508310",),
        ("24730001310",),
    ]
    assert services.store.read("select mef from enrolment order by mef").rows() == [
        ("24725508310",),
        ("24730001310",),
    ]


def test_a_division_of_several_grades_is_told_and_has_none(services: Services) -> None:
    seen = bring(
        services, Roster((Child(), Child("2", "AUTRE", "Élève", ine="990000002AB", mef="24730001320"))).file()
    )
    assert services.store.read("select grade from division").item() is None
    assert whys(seen.warnings, "2AGO1") == ["Plusieurs niveaux dans la division\u00a0: à préciser."]


def test_a_file_of_another_school_is_refused(services: Services) -> None:
    bring(services, Roster((Child(),)).file())
    with pytest.raises(ApdashError, match="9990002Y"):
        look(services, Roster((Child(),), uai="9990002Y").file())


def test_files_of_two_schools_are_refused_together(services: Services) -> None:
    with pytest.raises(ApdashError, match="Deux établissements"):
        look(services, Roster((Child(),), uai="9990002Y").file(), sample("Structures.xml"))


def test_the_same_export_given_twice_is_refused(services: Services) -> None:
    with pytest.raises(ApdashError, match="Deux fois"):
        look(services, Roster((Child(),)).file(), Roster((Child(),)).file())


def test_a_wrong_control_letter_is_told(services: Services) -> None:
    seen = look(services, Roster((Child(),), uai="9990001A").file())
    assert any("lettre de contrôle attendue est X" in why for why in seen.warnings["why"])


def test_what_is_no_school_number_is_refused(services: Services) -> None:
    with pytest.raises(ApdashError, match="numéro UAI"):
        look(services, Roster((Child(),), uai="ABC").file())


def test_last_years_file_is_refused_unless_it_is_wanted(services: Services) -> None:
    bring(services, Roster((Child(),), year=2025).file())
    old = Roster((Child(entered="01/09/2023"),), year=2024, day="20/09/2024").file()
    with pytest.raises(ApdashError, match="est de 2024-2025"):
        look(services, old)
    bring(services, old, other_year=True)
    rows = services.store.read(
        "select year, starts_on::varchar, ends_on::varchar from enrolment order by year"
    ).rows()
    assert rows == [(2024, "2024-09-01", "2025-07-05"), (2025, "2025-09-01", None)]
    assert look(services, old, other_year=True).counts["changed"] == 0


def test_a_first_file_of_a_past_year_comes_in_with_a_warning(services: Services) -> None:
    seen = look(services, Roster((Child(),), year=2020, day="20/09/2020").file())
    assert any("2020-2021" in why for why in seen.warnings["why"])


def test_a_year_far_ahead_is_refused(services: Services) -> None:
    with pytest.raises(ApdashError, match="année à venir"):
        look(services, Roster((Child(),), year=2090).file())


def test_empty_tags_are_nothing() -> None:
    child = Child(
        born="", mef="", more="<CODE_SEXE/><DATE_SORTIE></DATE_SORTIE><NOM_USAGE/><SCOLARITE_AN_DERNIER/>"
    )
    row = read_students("x", Roster((child,)).file().data).tables["students"].row(0, named=True)
    assert (row["born_on"], row["mef"], row["sex"], row["left_on"], row["previous_mef"]) == (None,) * 5
    assert row["last_name"] == "AUBRÉE"


def test_the_same_formation_again_without_the_tick_is_flagged() -> None:
    more = "<DOUBLEMENT>0</DOUBLEMENT><SCOLARITE_AN_DERNIER><CODE_MEF>24730001310</CODE_MEF></SCOLARITE_AN_DERNIER>"
    problems = read_students("x", Roster((Child(more=more),)).file().data).problems
    assert "redoublement non coché" in problems["why"].str.join(" ").item()


def test_a_repeated_year_that_is_ticked_is_recorded(services: Services) -> None:
    bring(services, Roster((Child(more="<DOUBLEMENT>1</DOUBLEMENT>"),)).file())
    assert services.store.read("select repeating from enrolment").item() is True


def test_apostrophes_compound_names_and_leap_days_come_in(services: Services) -> None:
    bring(services, Roster((Child(last="O'BRIEN-D'ARC", first="Jean-Baptiste", born="29/02/2008"),)).file())
    assert services.store.read("select last_name, first_name, born_on::varchar from student").rows() == [
        ("O'BRIEN-D'ARC", "Jean-Baptiste", "2008-02-29")
    ]


def test_an_impossible_birth_date_is_told_and_left_out() -> None:
    extract = read_students("x", Roster((Child(born="30/02/2010"),)).file().data)
    assert extract.tables["students"]["born_on"].item() is None
    assert "Date de naissance illisible" in extract.problems["why"].str.join(" ").item()


def test_a_misspelt_tag_is_told_with_its_line(services: Services) -> None:
    seen = look(services, Roster((Child(),), list_tag="STRICTURES_ELEVE").file())
    told = seen.warnings.filter(pl.col("who") == "STRICTURES_ELEVE")
    assert told["line"].to_list() == [8]


def test_tags_that_do_not_match_are_refused_with_the_line() -> None:
    data = Roster((Child(),)).file().data.replace(b"</STRUCTURES_ELEVE>", b"</STRICTURES_ELEVE>")
    with pytest.raises(ApdashError, match="ligne 8"):
        read_students("eleves.xml", data)


def test_a_truncated_file_is_refused_with_the_line_where_it_stops() -> None:
    data = sample("ElevesAvecAdresses.xml").data
    with pytest.raises(ApdashError, match=r"ligne 340.*tronqué"):
        read_students("eleves.xml", data[: len(data) // 2])


def test_entities_are_refused_before_they_grow() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    )
    data = Roster((Child(last="&b;"),), prolog=bomb, encoding="utf-8").file().data
    with pytest.raises(ApdashError, match="entités"):
        read_students("eleves.xml", data)


def test_a_file_outside_is_never_fetched() -> None:
    prolog = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(ApdashError, match="entités"):
        read_students("x", Roster((Child(last="&e;"),), prolog=prolog, encoding="utf-8").file().data)


def test_tags_within_tags_without_end_are_refused() -> None:
    data = b"<BEE_ELEVES>" + b"<a>" * 5000
    with pytest.raises(ApdashError, match="imbriquées"):
        read_students("x", data)


def test_an_unknown_encoding_is_refused_in_words() -> None:
    with pytest.raises(ApdashError, match=r"encodage|XML"):
        read_students("x", b'<?xml version="1.0" encoding="rot13"?><BEE_ELEVES/>')


def test_an_old_file_with_a_single_name_is_read() -> None:
    file = Roster((Child(name_tag="NOM"),)).file()
    assert read_students("x", file.data).tables["students"]["last_name"].item() == "AUBRÉE"


def test_the_name_in_use_is_shown_when_there_is_one() -> None:
    file = Roster((Child(more="<NOM_USAGE>PETIT</NOM_USAGE>"),)).file()
    assert read_students("x", file.data).tables["students"]["last_name"].item() == "PETIT"


def test_a_file_saved_again_in_utf8_with_a_mark_is_read() -> None:
    file = Roster(
        (Child(last="LEBŒUF"),), encoding="utf-8-sig", prolog='<?xml version="1.0" encoding="ISO-8859-15"?>'
    ).file()
    extract = read_students("x", file.data)
    assert extract.tables["students"]["last_name"].item() == "LEBŒUF"


def test_a_file_saved_again_in_utf8_under_its_old_prolog_is_read_and_told() -> None:
    file = Roster(
        (Child(last="LEBŒUF"),), encoding="utf-8", prolog='<?xml version="1.0" encoding="ISO-8859-15"?>'
    ).file()
    extract = read_students("x", file.data)
    assert extract.tables["students"]["last_name"].item() == "LEBŒUF"
    assert "UTF-8" in extract.problems["why"].str.join(" ").item()


def test_an_apprentice_is_marked(services: Services) -> None:
    bring(services, Roster((Child(more="<CODE_STATUT>AP</CODE_STATUT>"),)).file())
    assert services.store.read("select apprentice from enrolment").item() is True


def test_a_name_that_a_spreadsheet_would_run_is_refused(services: Services) -> None:
    seen = look(services, Roster((Child(), Child("2", "=cmd|' /C calc'!A0", "X", ine="990000002AB"))).file())
    assert seen.refused["why"].to_list() == ["Le nom commence comme une formule de tableur."]
    assert seen.refused["line"].item() == 7
    assert "Structures d’un élève absent" not in str(seen.warnings["why"].to_list())


def test_what_is_told_follows_the_file(services: Services) -> None:
    people = (
        Child("1", ine=""),
        Child("2", "BIDAULT", "Léo", ine="990000002AB", lists=()),
        Child("3", "COL", "Zoé", ine=""),
    )
    lines = look(services, Roster(people).file()).warnings["line"].to_list()
    assert lines == [None, 6, 7, 8]


def test_a_student_number_read_twice_is_refused_once(services: Services) -> None:
    seen = look(services, Roster((Child(), Child(last="AUTRE"))).file())
    assert whys(seen.refused, "AUTRE Maëlle") == ["ELEVE_ID déjà lu plus haut."]


def test_a_student_without_a_name_is_refused_with_the_line(services: Services) -> None:
    seen = look(services, Roster((Child(), Child("2", "", "X", ine=""))).file())
    assert seen.refused.select("line", "why").rows() == [(7, "Le nom ou le prénom est vide.")]


def test_a_file_without_students_is_refused(services: Services) -> None:
    with pytest.raises(ApdashError, match="Aucun élève"):
        look(services, Roster(()).file())


def test_what_must_never_be_stored_reaches_neither_the_preview_nor_the_store(services: Services) -> None:
    tags = (
        "CODE_PAYS", "CODE_PAYS_NAT", "VILLE_NAISS", "CODE_REGIME", "MEL", "TEL_PORTABLE", "ADRESSE_ID",
        "CODE_MOTIF_SORTIE", "CODE_DEPARTEMENT_NAISS", "CODE_COMMUNE_INSEE_NAISS", "ADHESION_TRANSPORT",
        "CODE_PROVENANCE", "ID_ELEVE_ETAB",
    )  # fmt: skip
    more = "".join(f"<{tag}>{CANARY}</{tag}>" for tag in tags)
    last_year = "".join(
        f"<{tag}>{CANARY}</{tag}>"
        for tag in ("DENOM_PRINC", "MEL", "TELEPHONE", "LIGNE1_ADRESSE", "CODE_RNE")
    )
    extra = (
        f"<BOURSES><BOURSE><CODE_BOURSE>{CANARY}</CODE_BOURSE></BOURSE></BOURSES>"
        f"<ADRESSES><ADRESSE ADRESSE_ID='{CANARY}'>"
        f"<LIGNE1_ADRESSE>{CANARY}</LIGNE1_ADRESSE></ADRESSE></ADRESSES>"
        f"<RESPONSABLES><NOM>{CANARY}</NOM></RESPONSABLES>"
    )
    child = Child(more=f"{more}<SCOLARITE_AN_DERNIER>{last_year}</SCOLARITE_AN_DERNIER>")
    seen = bring(services, Roster((child,), extra=extra).file())
    assert CANARY not in preview_csv(seen).decode("utf-8-sig")
    for table in row_counts(services.store):
        assert CANARY not in str(services.store.read(f"select t::varchar as text from {table} t").rows())


def test_structures_and_nomenclatures_are_read() -> None:
    structures = read_structures("x", sample("Structures.xml").data).tables
    assert structures["division_mefs"].rows()[0] == ("2AGO1", "24730001310")
    assert structures["group_divisions"].filter(group="2AP_FR1")["division"].to_list() == ["2AGO1", "2MEL"]
    hours = read_nomenclatures("x", sample("Nomenclature.xml").data).tables["hours"]
    assert hours.filter(mef="24730001310", subject="006600")["weekly_hours"].item() == 3.0


def test_the_subject_of_personalised_support_is_known_by_code_or_label(services: Services) -> None:
    bring(services, *official_samples())
    assert services.store.read("select code from subject where weekly_ap").rows() == [("006600",)]


def test_two_thousand_students_come_in(services: Services) -> None:
    seen = bring(services, Roster(children(2000)).file())
    assert seen.counts["new"] == 2000 + 4
    assert services.store.read("select count(*) as n from enrolment").item() == 2000


def test_the_same_tag_without_end_is_given_up() -> None:
    data = b"<BEE_ELEVES><DONNEES><ELEVES>" + b'<ELEVE ELEVE_ID="1"/>' * 70_000
    with pytest.raises(ApdashError, match="trop de fois"):
        read_students("x", data)


def test_a_tag_that_never_ends_is_given_up() -> None:
    with pytest.raises(ApdashError, match="ne se termine pas"):
        read_students("x", b'<BEE_ELEVES><DONNEES x="' + b"a" * 3_000_000)

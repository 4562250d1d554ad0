"""The same files again, later files, and what happens when the data moved in between."""

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.imports import commit, import_batches, preview, preview_csv
from apdash.imports.previews import neutralised
from apdash.rights import CONSOLE, Role, Viewer
from apdash.services import Services
from apdash.store import Store
from tests.imports.builders import (
    NOW,
    Child,
    Roster,
    bring,
    children,
    csv,
    enrolments,
    look,
    official_samples,
    row_counts,
    sample,
    whys,
)

LATER = datetime(2025, 11, 10, 8, 0)
CHILD = Child()
OTHERS = children(9, start=10)


def put_in_a_group(store: Store, last_name: str, *, starts_on: str = "2025-10-06") -> None:
    """Give a student a running membership in a group of a band."""
    with store.write() as tx:
        tx.run(
            "insert into band (id, year, code, label) values (500, 2025, '2-A', 'Secondes') on conflict do nothing"
        )
        tx.run(
            "insert into ap_group (id, band, slot, need, code, name) "
            "values (600, 500, 1, 'REM-LEC', '2AP01', 'Atelier lecture') on conflict do nothing"
        )
        tx.run(
            "insert into membership (id, ap_group, student, starts_on, why_began, act) "
            "select nextval('ids'), 600, id, $starts_on::date, 'BES', 1 from student where last_name = $last_name",
            last_name=last_name,
            starts_on=starts_on,
        )


def memberships(store: Store) -> list[tuple]:
    """Return (starts_on, ends_on, why_ended) of the current versions, as text."""
    return store.read(
        "select starts_on::varchar, ends_on::varchar, why_ended from membership where replaced_by is null order by 1"
    ).rows()


def test_the_same_files_twice_change_nothing(services: Services) -> None:
    bring(services, *official_samples())
    before = row_counts(services.store)
    seen = bring(services, *official_samples(), now=LATER)
    assert (seen.counts["new"], seen.counts["changed"], seen.counts["leaving"]) == (0, 0, 0)
    after = row_counts(services.store)
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {
        "import_batch": 4
    }


@pytest.mark.parametrize(
    "name", ["ElevesAvecAdresses.xml", "Structures.xml", "Nomenclature.xml", "sts_emp_9990001X_2025.xml"]
)
def test_each_file_alone_after_all_of_them_changes_nothing(services: Services, name: str) -> None:
    bring(services, *official_samples())
    seen = look(services, sample(name))
    assert (seen.counts["new"], seen.counts["changed"], seen.counts["leaving"]) == (0, 0, 0)


def test_files_given_one_by_one_give_the_same_school(services: Services) -> None:
    for file in reversed(official_samples()):
        bring(services, file)
    seen = look(services, *official_samples())
    assert (seen.counts["new"], seen.counts["changed"], seen.counts["leaving"]) == (0, 0, 0)


def test_a_corrected_name_updates_the_student(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    seen = bring(
        services, Roster().on("10/11/2025", Child(last="AUBREY", first="Maël"), *OTHERS).file(), now=LATER
    )
    assert seen.changed.select("who", "field", "before", "after").rows() == [
        ("AUBREY Maël", "nom", "AUBRÉE", "AUBREY"),
        ("AUBREY Maël", "prénom", "Maëlle", "Maël"),
    ]
    assert services.store.read("select count(*) as n from student").item() == 10
    assert enrolments(services.store, "AUBREY") == [("2AGO1", "2025-09-01", None)]


def test_a_new_siecle_number_with_the_same_ine_is_the_same_student(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    seen = bring(services, Roster().on("10/11/2025", Child(number="77"), *OTHERS).file(), now=LATER)
    assert seen.counts["new"] == 0
    assert services.store.read("select siecle_id from student where last_name = 'AUBRÉE'").item() == "77"


def test_a_change_of_division_closes_one_enrolment_and_opens_another(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    moved = Child(lists=((("2MEL", "D"),),), mef="24725508310")
    seen = bring(services, Roster().on("10/11/2025", moved, *OTHERS).file(), now=LATER)
    assert enrolments(services.store, "AUBRÉE") == [
        ("2AGO1", "2025-09-01", "2025-11-09"),
        ("2MEL", "2025-11-10", None),
    ]
    assert seen.changed.filter(field="division").select("before", "after").rows() == [("2AGO1", "2MEL")]


def test_a_change_on_the_first_day_corrects_the_enrolment(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS), day="01/09/2025").file())
    moved = Child(lists=((("2MEL", "D"),),))
    bring(services, Roster().on("01/09/2025", moved, *OTHERS).file())
    assert enrolments(services.store, "AUBRÉE") == [("2MEL", "2025-09-01", None)]


def test_the_day_of_the_changes_can_be_given(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    moved = Child(lists=((("2MEL", "D"),),))
    bring(services, Roster().on("10/11/2025", moved, *OTHERS).file(), on=date(2025, 11, 3))
    assert enrolments(services.store, "AUBRÉE")[1] == ("2MEL", "2025-11-03", None)


def test_whoever_is_absent_from_a_later_file_has_left(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    seen = bring(services, Roster().on("10/11/2025", *OTHERS).file(), now=LATER)
    assert seen.leaving.select("who", "before", "after").rows() == [("AUBRÉE Maëlle", "2AGO1", "09/11/2025")]
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", "2025-11-09")]
    assert services.store.read("select count(*) as n from student").item() == 10


def test_leaving_closes_memberships_and_keeps_what_they_were(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    put_in_a_group(services.store, "AUBRÉE")
    bring(services, Roster().on("10/11/2025", *OTHERS).file(), now=LATER)
    assert memberships(services.store) == [("2025-10-06", "2025-11-09", "DEP")]
    act = services.store.read(
        "select id, kind::varchar, band, effective_on::varchar, reason, recorded_by from act"
    )
    assert act.rows()[0][1:] == ("departure", 500, "2025-11-10", "DEP", "console")
    former = services.store.read("select ends_on, replaced_by from membership where replaced_by is not null")
    assert former.rows() == [(None, act["id"].item())]


def test_leaving_cancels_a_membership_that_had_not_begun(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    put_in_a_group(services.store, "AUBRÉE", starts_on="2025-11-24")
    bring(services, Roster().on("10/11/2025", *OTHERS).file(), now=LATER)
    assert memberships(services.store) == []


def test_a_date_of_leaving_closes_memberships_on_that_day(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    put_in_a_group(services.store, "AUBRÉE")
    leaving = Child(more="<DATE_SORTIE>15/11/2025</DATE_SORTIE>")
    seen = bring(services, Roster().on("10/11/2025", leaving, *OTHERS).file(), now=LATER)
    assert seen.leaving["why"].to_list() == ["Date de sortie dans SIECLE."]
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", "2025-11-15")]
    assert memberships(services.store) == [("2025-10-06", "2025-11-15", "DEP")]


def test_a_departure_told_twice_is_written_once(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    put_in_a_group(services.store, "AUBRÉE")
    later = Roster().on("10/11/2025", Child(more="<DATE_SORTIE>15/11/2025</DATE_SORTIE>"), *OTHERS).file()
    bring(services, later)
    before = row_counts(services.store)
    seen = bring(services, later)
    assert seen.counts["leaving"] == 0
    assert row_counts(services.store) == before | {"import_batch": before["import_batch"] + 1}


def test_whoever_comes_back_is_enrolled_again(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    bring(services, Roster().on("10/11/2025", *OTHERS).file())
    seen = bring(services, Roster().on("05/01/2026", CHILD, *OTHERS).file())
    assert seen.counts["new"] == 0
    assert whys(seen.changed, "AUBRÉE Maëlle") == ["Retour."]
    assert enrolments(services.store, "AUBRÉE") == [
        ("2AGO1", "2025-09-01", "2025-11-09"),
        ("2AGO1", "2026-01-05", None),
    ]


def test_a_departure_taken_back_opens_the_enrolment_again(services: Services) -> None:
    bring(services, Roster((Child(more="<DATE_SORTIE>15/11/2025</DATE_SORTIE>"), *OTHERS)).file())
    seen = bring(services, Roster().on("10/11/2025", CHILD, *OTHERS).file())
    assert seen.changed.select("field", "before", "after").rows() == [("départ", "15/11/2025", "annulé")]
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", None)]


def test_an_arrival_begins_on_the_day_siecle_says(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    newcomer = Child("500", "NOUVEAU", "Sam", ine="", entered="03/11/2025")
    bring(services, Roster().on("10/11/2025", CHILD, newcomer, *OTHERS).file())
    assert enrolments(services.store, "NOUVEAU") == [("2AGO1", "2025-11-03", None)]


def test_a_file_that_would_empty_the_school_must_be_confirmed(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    half = Roster().on("10/11/2025", *OTHERS[:5]).file()
    seen = look(services, half)
    assert seen.needs_confirmation
    with pytest.raises(ApdashError, match="50"):
        commit(services, CONSOLE, seen, now=LATER)
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", None)]
    commit(services, CONSOLE, seen, now=LATER, confirm_departures=True)
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", "2025-11-09")]


def test_a_few_departures_need_no_confirmation(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    assert not look(services, Roster().on("10/11/2025", *OTHERS[:6], CHILD).file()).needs_confirmation


def test_a_file_that_lost_its_divisions_is_refused(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    damaged = replace(Roster().on("10/11/2025", CHILD, *OTHERS), list_tag="STRICTURES_ELEVE").file()
    with pytest.raises(ApdashError, match="10\xa0élèves sur 10"):
        look(services, damaged)
    assert enrolments(services.store, "AUBRÉE") == [("2AGO1", "2025-09-01", None)]


def test_a_student_taken_out_of_a_division_is_no_damaged_file(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    bring(services, Roster().on("10/11/2025", replace(CHILD, lists=()), *OTHERS).file())
    assert enrolments(services.store, "AUBRÉE") == [
        ("2AGO1", "2025-09-01", "2025-11-09"),
        (None, "2025-11-10", None),
    ]


def test_an_older_export_than_the_last_one_is_told(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS), day="10/11/2025").file())
    seen = look(services, Roster((CHILD, *OTHERS), day="22/09/2025").file())
    assert any("export plus récent" in why for why in seen.warnings["why"])


def test_a_new_school_year_closes_the_former_one(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    put_in_a_group(services.store, OTHERS[0].last)
    following = Roster(
        (Child(lists=((("1AGO1", "D"),),), mef="24730001320", entered="01/09/2025"),),
        year=2026,
        day="15/09/2026",
    )
    seen = bring(services, following.file(), now=datetime(2026, 9, 15, 8))
    assert enrolments(services.store, "AUBRÉE") == [
        ("2AGO1", "2025-09-01", "2026-07-04"),
        ("1AGO1", "2026-09-01", None),
    ]
    assert enrolments(services.store, OTHERS[0].last) == [("2AGO1", "2025-09-01", "2026-07-04")]
    assert memberships(services.store) == [("2025-10-06", "2026-07-04", "DEP")]
    assert seen.counts["leaving"] == 9
    assert look(services, following.file()).counts["changed"] == 0


def test_nothing_is_written_when_the_data_moved_since_the_preview(services: Services) -> None:
    bring(services, Roster((CHILD, *OTHERS)).file())
    seen = look(services, Roster().on("10/11/2025", *OTHERS).file())
    with services.store.write() as tx:
        tx.run("update student set first_name = 'Maud' where last_name = 'AUBRÉE'")
    before = row_counts(services.store)
    with pytest.raises(ApdashError, match="a changé depuis"):
        commit(services, CONSOLE, seen, now=LATER)
    assert row_counts(services.store) == before


def test_a_preview_can_be_committed_once_only(services: Services) -> None:
    seen = bring(services, Roster((CHILD,)).file())
    with pytest.raises(ApdashError, match="a changé depuis"):
        commit(services, CONSOLE, seen, now=LATER)


def test_a_preview_writes_nothing(services: Services) -> None:
    before = row_counts(services.store)
    look(services, *official_samples())
    assert row_counts(services.store) == before


def test_a_teacher_may_not_import(services: Services) -> None:
    teacher = Viewer(login="prof", name="Prof", role=Role.TEACHER)
    seen = look(services, Roster((CHILD,)).file())
    with pytest.raises(ApdashError, match="réservé"):
        preview(services, teacher, files=[Roster((CHILD,)).file()])
    with pytest.raises(ApdashError, match="réservé"):
        commit(services, teacher, seen, now=NOW)


def test_adults_come_in_under_the_key_of_sts(services: Services) -> None:
    bring(services, sample("sts_emp_9990001X_2025.xml"))
    rows = services.store.read(
        "select sts_key, title, last_name, initials from staff order by sts_key"
    ).rows()
    assert rows == [
        ("epp:700001", "Mme", "BESSON", "CB"),
        ("epp:700002", "M.", "FAURE", "IF"),
        ("local:3", "M.", "KOWALSKI", "PK"),
    ]


def test_the_year_takes_its_dates_from_sts(services: Services) -> None:
    bring(services, Roster((CHILD,)).file())
    usual = services.store.read("select ends_on::varchar from school_year").item()
    seen = bring(services, sample("sts_emp_9990001X_2025.xml"))
    assert (usual, services.store.read("select ends_on::varchar from school_year").item()) == (
        "2026-07-04",
        "2026-07-03",
    )
    assert "dates" in seen.changed["field"].to_list()


def test_the_school_takes_its_name_from_sts_once(services: Services) -> None:
    bring(services, Roster((CHILD,)).file())
    bring(services, sample("sts_emp_9990001X_2025.xml"))
    assert services.store.read("select uai, name from school").rows() == [
        ("9990001X", "LYCEE PROFESSIONNEL FICTIF")
    ]


def test_an_adult_absent_from_a_later_file_is_closed_and_one_who_returns_is_opened(
    services: Services,
) -> None:
    whole = sample("sts_emp_9990001X_2025.xml")
    text = whole.data.decode("iso-8859-15")
    start, end = text.index('<INDIVIDU ID="3"'), text.index("</INDIVIDUS>")
    shorter = csv(text[:start] + text[end:], "sts.xml")
    bring(services, whole)
    bring(services, shorter, on=date(2025, 11, 10))
    assert (
        services.store.read("select ends_on::varchar from staff where sts_key = 'local:3'").item()
        == "2025-11-09"
    )
    bring(services, whole)
    assert services.store.read("select ends_on from staff where sts_key = 'local:3'").item() is None


def test_whoever_teaches_a_group_teaches_the_divisions_it_crosses(services: Services) -> None:
    text = sample("sts_emp_9990001X_2025.xml").data.decode("iso-8859-15")
    start = text.index('<GROUPE CODE="2AP_FR1">')
    group = text[start : text.index("</GROUPE>", start)]
    changed = group.replace("006600", "030201").replace('ID="700001" TYPE="epp"', 'ID="3" TYPE="local"')
    bring(services, csv(text.replace(group, changed), "sts.xml"))
    rows = services.store.read(
        "select d.code, s.subject from service s join division d on d.id = s.division join staff t on t.id = s.staff "
        "where t.sts_key = 'local:3' order by d.code"
    ).rows()
    assert rows == [("2AGO1", "030201"), ("2MEL", "030201")]


def test_teachers_of_support_groups_are_not_shown_whole_divisions(services: Services) -> None:
    bring(services, sample("sts_emp_9990001X_2025.xml"))
    assert services.store.read("select count(*) as n from service where subject = '006600'").item() == 0


def test_a_service_that_ended_is_taken_away(services: Services) -> None:
    whole = sample("sts_emp_9990001X_2025.xml")
    bring(services, whole)
    text = whole.data.decode("iso-8859-15").replace('<ENSEIGNANT ID="700002" TYPE="epp"/>', "", 1)
    bring(services, csv(text, "sts.xml"))
    assert services.store.read("select count(*) as n from service").item() == 7


def test_the_nomenclature_has_the_last_word_on_labels(services: Services) -> None:
    bring(services, sample("sts_emp_9990001X_2025.xml"))
    bring(services, sample("Nomenclature.xml"))
    bring(services, sample("sts_emp_9990001X_2025.xml"))
    assert services.store.read("select label from mef where code = '24730001310'").item() == "2de pro agora"


def test_a_division_keeps_the_grade_it_was_given_by_hand(services: Services) -> None:
    bring(services, Roster((CHILD,)).file())
    with services.store.write() as tx:
        tx.run("update division set grade = '3PM'")
    bring(services, Roster((CHILD,)).file())
    assert services.store.read("select grade from division").item() == "3PM"


def test_official_files_go_together_and_before_the_tables() -> None:
    table = csv("Nom;Prénom\nAUBRÉE;Maëlle\n")
    sts = sample("sts_emp_9990001X_2025.xml")
    roster = Roster((CHILD,)).file()
    assert import_batches([table, sts, roster]) == [[sts, roster], [table]]


def test_a_table_is_previewed_alone(services: Services) -> None:
    with pytest.raises(ApdashError, match="Un tableau à la fois"):
        look(services, csv("Nom;Prénom\nAUBRÉE;Maëlle\n"), Roster((CHILD,)).file())


def test_the_preview_can_be_opened_in_a_spreadsheet_without_danger(services: Services) -> None:
    seen = look(services, Roster((CHILD, Child("2", "=1+1", "X", ine="990000002AB"))).file())
    text = preview_csv(seen).decode("utf-8-sig")
    assert text.splitlines()[0] == "catégorie;objet;qui;champ;avant;après;fichier;ligne;motif"
    assert ";'=1+1 X;" in text
    assert "nouveau;élève;AUBRÉE Maëlle;division;;2AGO1;eleves.xml;6;" in text.split("\r\n")


@pytest.mark.parametrize("cell", ["=A1", "+33", "-1", "@cmd", "\t=1", "  =1"])
def test_cells_that_would_run_are_made_harmless(cell: str) -> None:
    assert pl.select(neutralised(pl.lit(cell))).item() == f"'{cell}"


def test_each_import_is_recorded_with_its_file(services: Services) -> None:
    bring(services, Roster((CHILD,)).file("noms de l’année.xml"))
    rows = services.store.read(
        "select kind, file_name, length(sha256), counts->>'new', imported_by from import_batch"
    ).rows()
    assert rows == [("siecle_eleves", "noms de l’année.xml", 64, "5", "console")]

"""Who sees which groups, and how the page says where it is."""

from collections.abc import Callable
from datetime import datetime

from apdash.pages.groups.board import lead, title
from apdash.services import Services
from apdash.store.commands.group_changes import merge_groups, suspend_group
from apdash.store.queries.groups import members
from tests.conftest import Client, enter_demo, open_page
from tests.pages.groups.acts import DAY, NBSP, group_of, seen
from tests.school_factory import PILOT, YEAR, School

BEFORE = datetime(2026, 10, 1, 9, 0)


def test_the_title_says_how_many_groups_for_how_many_students(services: Services, school: School) -> None:
    at, picture = seen(services, PILOT)
    assert title(at, picture) == f"3{NBSP}groupes en vigueur pour 2-A, 16{NBSP}élèves"
    assert lead(at, picture) == f"Mercredi 18{NBSP}novembre 2026{NBSP}: 1{NBSP}élève sans groupe."
    at, picture = seen(services, PILOT, division=str(school.divisions["2MRC"]))
    assert title(at, picture) == f"Les 8{NBSP}élèves de 2MRC sont dans 2{NBSP}groupes"
    at, picture = seen(services, PILOT, date="2026-09-15")
    assert title(at, picture) == f"Aucun groupe en vigueur le 15{NBSP}sept. 2026"


def test_what_is_unusual_that_day_is_said(services: Services, school: School) -> None:
    now, reading, maths = (
        datetime(2026, 11, 16, 9),
        group_of(services, "REM-LEC"),
        group_of(services, "REM-MAT"),
    )
    study = group_of(services, "ACC-ETU")
    suspend_group(services.store, PILOT, group=maths, first=DAY, last=DAY, now=now)
    merge_groups(
        services.store, PILOT, services.reference, group=reading, into=study, first=DAY, last=DAY, now=now
    )
    school.add("placement", {"division": school.divisions["2TNE"], "starts_on": DAY, "ends_on": DAY})
    at, picture = seen(services, PILOT)
    assert title(at, picture) == f"2{NBSP}groupes en vigueur pour 2-A, 16{NBSP}élèves"
    assert lead(at, picture) == (
        f"Mercredi 18{NBSP}novembre 2026{NBSP}: 1{NBSP}groupe suspendu, 1{NBSP}groupe réuni à un autre, "
        f"8{NBSP}élèves en PFMP, 1{NBSP}élève sans groupe."
    )


def test_the_adult_of_a_group_sees_the_students_merged_into_it(services: Services, school: School) -> None:
    reading, maths = group_of(services, "REM-LEC"), group_of(services, "REM-MAT")
    merge_groups(
        services.store, PILOT, services.reference, group=reading, into=maths, first=DAY, last=DAY, now=BEFORE
    )
    found = members(services.store, school.teacher("calcul"), on=DAY, group=maths)
    assert set(found["student"]) == set(school.students[:10])


def test_the_pilot_reads_needs_and_intensities_and_may_act(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/groupes")
    assert "Lire et comprendre" in page
    assert "besoin 83 sur 100" in page
    assert "data-gesture=" in page
    assert "1\u00a0élève sans groupe" in page
    assert "Prolonger les groupes" in page


def test_a_teacher_opens_on_their_own_group_and_may_not_act(client: Client, school: School) -> None:
    enter_demo(client, "lecture")
    page = open_page(client, "/groupes")
    assert "Vous animez 1\u00a0groupe, 5\u00a0élèves" in page
    assert "ABADIE" in page
    assert "Lire et comprendre" in page
    assert "besoin 83 sur 100" in page
    assert "data-gesture=" not in page
    assert "JOLY" not in page


def test_somebody_else_s_group_shows_its_public_name_only(
    client: Client, services: Services, school: School
) -> None:
    service = {"year": YEAR, "division": school.divisions["2TNE"], "staff": school.staff["autre"]}
    school.add("service", service | {"subject": "M"})
    enter_demo(client, "autre")
    page = open_page(client, "/groupes", "?miens=0")
    assert "Vos 8\u00a0élèves sont dans 2\u00a0groupes" in page
    assert "Atelier lecture" in page
    for secret in ("Lire et comprendre", "besoin 83", "besoin 61", "ax-REM", "REM-LEC", "JOLY"):
        assert secret not in page


def test_a_teacher_without_students_sees_nobody(client: Client, school: School) -> None:
    enter_demo(client, "autre")
    for search in ("", "?miens=0", "?miens=0&bande=toutes", "?vue=listes&miens=0", "?vue=mouvements"):
        page = open_page(client, "/groupes", search)
        assert "ABADIE" not in page
        assert "2AP01" not in page
    assert "Geste réservé" in open_page(client, "/groupes", "?vue=journal")


def test_a_band_is_named_by_its_code_or_by_its_number(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    for band in ("2-A", school.band):
        assert "en vigueur pour 2-A" in open_page(client, "/groupes", f"?bande={band}")
    assert "Adresse incomplète" in open_page(client, "/groupes", "?bande=Z-9")


def test_an_address_that_leads_nowhere_is_refused_in_words(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    for search in ("?date=demain", "?vue=<script>", "?creneau=x", "?vue=listes&liste=x"):
        page = open_page(client, "/groupes", search)
        assert "Date illisible" in page or "Adresse incomplète" in page


def test_a_school_without_bands_is_told_what_to_do(
    client: Client, services: Services, add_account: Callable
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    assert "Aucune bande cette année" in open_page(client, "/groupes")

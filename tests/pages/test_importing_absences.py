"""A list of absences on the import page: its days are shown, changed, and everybody else is present."""

from collections.abc import Callable

from apdash.imports import ImportFile
from apdash.services import Services
from tests.conftest import Client, enter_demo
from tests.imports.test_absences import FILE, school
from tests.pages.test_importing import draft, fields, give, page_of, press
from tests.school_factory import School

__all__ = ["school"]


def test_a_list_of_absences_is_previewed_for_its_days_then_written(
    client: Client, services: Services, school: School, add_account: Callable[..., None]
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    give(client, ImportFile("absences.csv", FILE.read_bytes()))
    page = page_of(client)
    for words in (
        "4 séances tenues à ajouter",
        "absences et retards",
        "Séances du",
        "séances du 5 oct. 2026",
    ):
        assert words in page
    assert "Maladie" not in page
    again = fields(first="2026-10-06", last="2026-10-06")
    press(client, "again", state=[again])
    assert "2 séances tenues à ajouter" in page_of(client)
    press(client, "commit", draft(services).version, state=[again, []])
    assert "Voir les appels" in page_of(client, f"?apercu={draft(services).version}")
    assert services.store.read("select count(*) as n from attendance").item() == 8

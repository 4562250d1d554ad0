"""Who moved between two days."""

from datetime import date

import polars as pl

from apdash.components.still import markup
from apdash.pages.groups.moves import flow_table, span
from apdash.services import Services
from tests.conftest import Client, enter_demo, open_page
from tests.pages.dialog import confirm
from tests.pages.groups.acts import DAY, NBSP, group_of, seen
from tests.school_factory import P1, P2, PILOT, School, adopted


def test_flows_of_one_size_follow_the_order_of_needs() -> None:
    names = {"REM-LEC": "Lecture", "REM-ECR": "Écriture", "DEV-CNF": "Parole"}
    moves = pl.DataFrame(
        {
            "slot_code": "mar-10", "student": [1, 2, 3], "need_before": ["REM-LEC"] * 3,
            "need_after": ["DEV-CNF", None, "REM-ECR"], "move": ["need", "leaves", "need"],
        }
    )  # fmt: skip
    table = markup(flow_table(moves, names))
    assert table.index("Écriture") < table.index("Parole") < table.index("aucun groupe")


def test_moves_between_two_days_are_counted_and_named(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    key = f"{school.students[0]}-{group_of(services, 'REM-LEC')}"
    move = {"group": str(group_of(services, "REM-MAT")), "on": "2026-11-18", "reason": "PROG"}
    confirm(client, "move", key, agreed=True, **move)
    page = open_page(client, "/groupes", "?vue=mouvements&du=2026-11-17&au=2026-11-18")
    assert f"1{NBSP}déplacement sur 16{NBSP}places (6{NBSP}%)" in page
    assert "ABADIE" in page
    assert "2AP03 Atelier calcul et mesure" in page
    assert "Les groupes de l’année" in page
    assert f"mardi{NBSP}10{NBSP}h" in page
    assert "mar-10" not in page


def test_moves_are_counted_from_the_first_composition_then_from_the_eve_of_the_last(
    services: Services, school: School
) -> None:
    at, picture = seen(services, PILOT)
    assert span(at, picture) == (P1[0], DAY)
    seats = [("mar-10", "ACC-ETU", "etude", school.students)]
    adopted(services, school, seats, on=P2[0])
    at, picture = seen(services, PILOT, date="2026-11-25")
    assert span(at, picture) == (date(2026, 11, 22), date(2026, 11, 25))
    assert span(*seen(services, PILOT)) == (P1[0], DAY)

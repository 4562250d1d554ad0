"""Facts that correct intensities: dated, without free text, refused when they say anything else."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE, Role, Viewer
from apdash.store import Store, open_store
from apdash.store.commands.facts import NO_PLACEMENT, PRIORITY, record_fact

DAY = date(2026, 11, 9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "school.duckdb")
    with opened.write() as tx:
        tx.run(
            "insert into student (id, last_name, first_name, created_on) values (7, 'AUBRELLE', 'Léa', $day)",
            day=DAY,
        )
    yield opened
    opened.close()


def facts(store: Store) -> list[tuple]:
    return store.read(
        "select student, kind, starts_on, ends_on, value from student_fact order by kind"
    ).rows()


def test_a_fact_is_recorded_once_and_can_be_ended(store: Store) -> None:
    record_fact(store, CONSOLE, student=7, kind=NO_PLACEMENT, starts_on=DAY)
    record_fact(store, CONSOLE, student=7, kind=NO_PLACEMENT, starts_on=DAY, ends_on=date(2026, 11, 20))
    record_fact(store, CONSOLE, student=7, kind=PRIORITY, starts_on=DAY, value=1.2)
    assert facts(store) == [
        (7, NO_PLACEMENT, DAY, date(2026, 11, 20), None),
        (7, PRIORITY, DAY, None, 1.2),
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "malade"}, "Fait inconnu"),
        ({"kind": PRIORITY}, "Fait inconnu"),
        ({"kind": NO_PLACEMENT, "value": 1.0}, "Fait inconnu"),
        ({"kind": PRIORITY, "value": 5.0}, "Priorité refusée"),
        ({"kind": NO_PLACEMENT, "ends_on": date(2026, 1, 1)}, "Dates inversées"),
        ({"kind": NO_PLACEMENT, "student": 8}, "Élève introuvable"),
    ],
)
def test_anything_else_is_refused(store: Store, wrong: dict, words: str) -> None:
    with pytest.raises(ApdashError, match=words):
        record_fact(store, CONSOLE, **({"student": 7, "starts_on": DAY} | wrong))
    assert facts(store) == []


def test_a_teacher_does_not_record_facts(store: Store) -> None:
    teacher = Viewer(login="prof", name="Prof", role=Role.TEACHER, staff=1)
    with pytest.raises(ApdashError, match="Geste réservé"):
        record_fact(store, teacher, student=7, kind=NO_PLACEMENT, starts_on=DAY)

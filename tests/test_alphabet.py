"""Lists in French order: in Python, in frames and in the store alike."""

from datetime import date

import polars as pl
import pytest

from apdash.alphabet import by, folded
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.queries.students import roster
from tests.imports.builders import Child, Roster, bring

NAMES = ["ÇELIK", "COSTA", "DA SILVA", "ÉTIENNE", "FAURE", "LE GOFF", "LEBŒUF", "LECOQ", "LOPEZ", "Ÿlmaz"]


@pytest.fixture
def shuffled() -> list[str]:
    return sorted(NAMES)  # the order of the codes: accents last


def test_texts_are_sorted_without_regard_to_accents(shuffled: list[str]) -> None:
    assert sorted(shuffled, key=folded) == NAMES


def test_frames_are_sorted_the_same_way(shuffled: list[str]) -> None:
    assert pl.DataFrame({"name": shuffled}).sort(by("name"))["name"].to_list() == NAMES


def test_the_store_sorts_the_same_way(services: Services, shuffled: list[str]) -> None:
    sql = "select name from (select unnest($names) as name) order by name collate fr"
    assert services.store.read(sql, names=shuffled)["name"].to_list() == NAMES


def test_the_students_of_a_division_are_listed_in_that_order(services: Services) -> None:
    first_names = ["Tom", "Chloé", "Éloïse"]
    people = [Child(str(n), "LOPEZ", name, ine="") for n, name in enumerate(first_names, start=1)]
    bring(services, Roster(tuple(people)).file())
    listed = roster(services.store, CONSOLE, on=date(2025, 10, 1))
    assert listed["first_name"].to_list() == ["Chloé", "Éloïse", "Tom"]

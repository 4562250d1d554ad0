"""Which needs adults could lead, before each of them says so."""

import polars as pl
import pytest

from apdash.reference import Reference, load_reference
from apdash.settings import REFERENCE
from apdash.volunteers import proposed_volunteers

LETTERS, LIBRARY, SPORT, HEAD, UNKNOWN = 11, 12, 13, 14, 15


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference(REFERENCE)


def proposed(reference: Reference) -> dict[int, list[str]]:
    staff = pl.DataFrame(
        {
            "id": [LETTERS, LIBRARY, SPORT, HEAD, UNKNOWN],
            "job": ["ENS", "DOC", "ENS", "DIR", "ENS"],
            "discipline": ["", "Documentation", "EPS", "Direction", ""],
        }
    )
    services = pl.DataFrame({"division": [1], "staff": [LETTERS], "words": ["Français LETTRES HIST.GEO"]})
    rows = proposed_volunteers(
        reference,
        staff=staff,
        services=services,
        principals=pl.DataFrame({"division": [1], "staff": [SPORT]}),
    )
    return dict(rows.group_by("staff", maintain_order=True).agg("need").iter_rows())


def test_needs_are_proposed_by_what_is_taught_and_by_trade(reference: Reference) -> None:
    found = proposed(reference)
    assert found[LETTERS][:2] == ["REM-LEC", "REM-ECR"]
    assert "REM-MAT" not in found[LETTERS]
    assert {"REM-LEC", "REM-MET", "ACC-ETU"} <= set(found[LIBRARY])
    assert {"DEV-CNF", "DEV-ENG", "ORI-CHX"} == set(found[SPORT])


def test_what_is_open_to_all_goes_to_teachers_without_anything_else(reference: Reference) -> None:
    found = proposed(reference)
    assert found[UNKNOWN] == ["REM-MET", "APP-CUL", "ACC-ETU"]
    assert HEAD not in found

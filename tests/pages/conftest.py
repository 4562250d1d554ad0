"""The measured school, made once and copied for each test that wants it."""

from pathlib import Path

import pytest

from apdash.services import open_services
from apdash.settings import Settings
from tests.factories import School
from tests.pages.measured_school import measured_school


@pytest.fixture(scope="session")
def measured_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, School]:
    """The file of the measured school, to copy, and the numbers of its rows."""
    path = tmp_path_factory.mktemp("measured") / "school.duckdb"
    services = open_services(Settings(db=path))
    school = measured_school(services)
    services.store.close()
    return path, school

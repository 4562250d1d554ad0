"""A store with the tiny school in it, and the reference data."""

import pytest

from apdash.reference import Reference
from apdash.services import Services
from apdash.store import Store
from tests.factories import School, tiny_school


@pytest.fixture
def reference(services: Services) -> Reference:
    return services.reference


@pytest.fixture
def store(services: Services) -> Store:
    return services.store


@pytest.fixture
def school(store: Store) -> School:
    return tiny_school(store)

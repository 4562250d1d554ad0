"""The reference data, read once for all the tests of the rule."""

import pytest

from apdash.reference import Reference, load_reference
from apdash.settings import REFERENCE


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference(REFERENCE)

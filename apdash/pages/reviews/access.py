"""Who may look at the bilan of a division, who types in it, and what is expected of them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.entry import entry_head
from apdash.store.queries.reviews import expected_of


def division_head(services: Services, viewer: Viewer, *, review: int, division: int) -> dict[str, Any]:
    """Return the row of `entry_head`; raises `ApdashError` when the division is not this person's to see."""
    found = entry_head(services.store, viewer, review=review, division=division)
    if found.is_empty():
        raise ApdashError(
            "Ce bilan n’est pas le vôtre.",
            "Vous voyez les bilans des divisions où vous enseignez ou que vous suivez.",
        )
    return found.row(0, named=True)


def typed_as(viewer: Viewer, head: Mapping) -> str | None:
    """Return the key under which this person's values are kept in a division, None when they only read."""
    types = viewer.staff is not None and head["assesses"] and viewer.can(Action.ASSESS)
    return f"staff:{viewer.staff}" if types else None


def expected_codes(services: Services, viewer: Viewer, *, review: int, division: int) -> frozenset[str]:
    """Return the competencies expected of this person in a division."""
    if viewer.staff is None:
        return frozenset()
    rows = expected_of(services.store, viewer, review=review, staff=viewer.staff)
    return frozenset(rows.filter(pl.col("division") == division)["competency"])

"""What a test does to the page « Groupes »."""

from datetime import date

import polars as pl

from apdash.pages.groups.asked import Asked, asked
from apdash.pages.groups.picture import Picture, read_picture
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.bands import bands
from apdash.store.queries.groups import groups_in_force
from tests.school_factory import PILOT, YEAR

DAY = date(2026, 11, 18)
NBSP = "\u00a0"


def group_of(services: Services, need: str) -> int:
    return int(
        groups_in_force(services.store, PILOT, on=DAY).filter(pl.col("need") == need)["ap_group"].item()
    )


def seen(services: Services, viewer: Viewer, **params: str) -> tuple[Asked, Picture]:
    known = bands(services.store, year=YEAR)
    at = asked(viewer, params, today=DAY, bands=known)
    return at, read_picture(services, viewer, at, bands=known, year=YEAR)

"""The cohorts of a year, with the envelope chosen for each and the one their official hours suggest."""

import polars as pl

from apdash.hours.envelope import proposals
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.queries.envelopes import cohort_envelopes, curriculum_support, stays


def cohorts(services: Services, *, year: int) -> pl.DataFrame:
    """Return the cohorts present in a year, apprentices apart: as `envelope.proposals`. Counts are nobody's data."""
    store, reference = services.store, services.reference
    cycles = reference.grades.select("cycle", "cycle_year", grade="code")
    here = stays(store, CONSOLE, until=services.today()).filter(
        (pl.col("year") == year) & ~pl.col("apprentice")
    )
    counted = (
        here.join(cycles, on="grade")
        .with_columns(entry_year=pl.col("year") - pl.col("cycle_year") + 1)
        .group_by("entry_year", "cycle", "cycle_year", "mef")
        .agg(students=pl.len().cast(pl.Int64))
    )
    weekly, chosen = curriculum_support(store), cohort_envelopes(store)
    return proposals(counted, weekly, chosen, envelopes=reference.envelopes)

"""Sets the envelope of cohorts, whose hours count in it, and the hours of years that are not in this file."""

from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands.records import revise
from apdash.store.queries.hours import OUTSIDE_JOBS
from apdash.store.store import Store


def set_envelope(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    entry_year: int,
    cycle: str,
    envelope: str | None,
    mef: str = "",
) -> None:
    """Choose the envelope (code of enveloppes.csv) of those who entered a cycle in a year; None takes it away."""
    viewer.require(Action.SET_UP)
    if cycle not in reference.grades["cycle"].to_list():
        raise ApdashError("Cycle inconnu.", f"« {cycle} » n’est pas un cycle de niveaux.csv.")
    if envelope is not None and envelope not in reference.envelopes["code"].to_list():
        raise ApdashError("Enveloppe inconnue.", f"« {envelope} » n’est pas dans enveloppes.csv.")
    if not 2000 <= entry_year <= 2100:
        raise ApdashError("Année impossible.", f"{entry_year} n’est pas une année d’entrée.")
    key = {"entry_year": entry_year, "cycle": cycle, "mef": mef}
    with store.write() as tx:
        tx.run(
            "delete from cohort_envelope where entry_year = $entry_year and cycle = $cycle and mef = $mef",
            **key,
        )
        if envelope is not None:
            tx.insert("cohort_envelope", pl.DataFrame([key | {"envelope": envelope}]))


def set_jobs_outside(store: Store, viewer: Viewer, *, jobs: list[str]) -> None:
    """Say whose hours are not in the envelope: a session led only by these jobs is shown beside it."""
    viewer.require(Action.SET_UP)
    if any("," in job for job in jobs):
        raise ApdashError("Fonction inconnue.", "Une fonction ne contient pas de virgule.")
    with store.write() as tx:
        tx.run("delete from setting where key = $key", key=OUTSIDE_JOBS)
        if jobs:
            tx.insert(
                "setting", pl.DataFrame({"key": [OUTSIDE_JOBS], "value": [",".join(sorted(set(jobs)))]})
            )


def carry_minutes(store: Store, viewer: Viewer, *, rows: pl.DataFrame, source: str, now: datetime) -> int:
    """Write the minutes of earlier years (student, year, planned, held, attended); return how many are new or changed.

    What was said before of a student and year is kept behind. Raises `ApdashError` when more was held than planned or
    attended than held, when a row stands twice, or when a student is not of this school.
    """
    viewer.require(Action.SET_UP)
    said = ["student", "year", "planned", "held", "attended"]
    wanted = rows.select(pl.col(name).cast(pl.Int64) for name in said)
    _check(wanted)
    with store.write() as tx:
        known = tx.read(
            "select id from student where id in (select unnest($ids::bigint[]))",
            ids=wanted["student"].to_list(),
        )
        if known.height < wanted["student"].n_unique():
            raise ApdashError("Élève inconnu.", "Un des élèves n’est pas dans cette base.")
        before = tx.read(
            "select student, year::bigint as year, planned::bigint as planned, held::bigint as held, "
            "attended::bigint as attended from carried_minutes where replaced_at is null"
        )
        new = wanted.join(before, on=said, how="anti").with_columns(source=pl.lit(source))
        revise(tx, "carried_minutes", ("student", "year"), new, viewer=viewer, now=now)
    return new.height


def _check(rows: pl.DataFrame) -> None:
    if rows.select("student", "year").is_duplicated().any():
        raise ApdashError("Heures refusées.", "Un élève a deux lignes pour la même année.")
    wrong = rows.filter(
        (pl.col("held") > pl.col("planned"))
        | (pl.col("attended") > pl.col("held"))
        | (pl.col("attended") < 0)
    )
    if wrong.height:
        raise ApdashError(
            "Heures refusées.", "Il ne peut y avoir plus d’heures suivies que tenues, ni tenues que prévues."
        )

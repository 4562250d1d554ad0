"""Opens a bilan and says who is to assess what; its other gestures stand in the files imported below."""

from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.labels import day
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands.assessments import record_assessments
from apdash.store.commands.closing import ClosingCost, close_division, closing_cost, late_changes, reopen
from apdash.store.commands.interviews import record_interview
from apdash.store.store import Store, Transaction

__all__ = [
    "ClosingCost",
    "close_division",
    "closing_cost",
    "expect",
    "late_changes",
    "open_review",
    "record_assessments",
    "record_interview",
    "reopen",
]


def open_review(
    store: Store,
    viewer: Viewer,
    *,
    year: int,
    code: str,
    label: str,
    kind: str,
    period: int,
    opens_on: date,
    closes_on: date,
    divisions: list[int],
    effective_from: date | None = None,
) -> int:
    """Open a bilan for some divisions and return its number.

    kind: initial, intermediate or final. Raises `ApdashError` for an impossible date, a code already used in the year,
    a period or a division of another year.
    """
    viewer.require(Action.CLOSE_REVIEW)
    if opens_on > closes_on or (effective_from and effective_from <= closes_on):
        raise ApdashError(
            "Dates impossibles.",
            f"Un bilan s’ouvre, se clôt (ici le {day(closes_on)}), puis ses groupes entrent en vigueur.",
        )
    with store.write() as tx:
        _check_frame(tx, year=year, code=code, period=period, divisions=divisions)
        row = tx.read("select nextval('ids') as id")
        tx.run(
            "insert into review (id, year, code, label, kind, period, opens_on, closes_on, effective_from) "
            "values ($id, $year, $code, $label, $kind, $period, $opens, $closes, $effective)",
            id=row.item(),
            year=year,
            code=code,
            label=label,
            kind=kind,
            period=period,
            opens=opens_on,
            closes=closes_on,
            effective=effective_from,
        )
        known = pl.DataFrame({"division": sorted(set(divisions))}, schema={"division": pl.Int64})
        tx.insert("review_division", known.select(pl.lit(row.item()).alias("review"), "division"))
    return int(row.item())


def expect(store: Store, viewer: Viewer, reference: Reference, *, review: int, rows: pl.DataFrame) -> int:
    """Say who is to assess what (division, staff, competency); the divisions named in `rows` are replaced.

    Returns the number of rows. Raises `ApdashError` for a division out of the bilan or an unknown adult or competency.
    """
    viewer.require(Action.CLOSE_REVIEW)
    wanted = rows.select("division", "staff", "competency").unique().sort("division", "staff", "competency")
    with store.write() as tx:
        known = tx.read("select division from review_division where review = $review", review=review)
        adults = tx.read("select id as staff from staff")
        codes = reference.competencies.select(competency="code")
        _all_known(wanted, known, "division", "Division hors de ce bilan.")
        _all_known(wanted, adults, "staff", "Adulte inconnu.")
        _all_known(wanted, codes, "competency", "Compétence inconnue.")
        tx.run(
            "delete from expected where review = $review and division in (select unnest($divisions))",
            review=review,
            divisions=wanted["division"].unique().to_list(),
        )
        tx.insert(
            "expected", wanted.select(pl.lit(review).alias("review"), "division", "staff", "competency")
        )
    return wanted.height


def _all_known(rows: pl.DataFrame, known: pl.DataFrame, key: str, title: str) -> None:
    strange = rows.join(known, on=key, how="anti").height
    if strange:
        raise ApdashError(title, f"Nombre de lignes concernées\u00a0: {strange}. Rien n’a été enregistré.")


def _check_frame(tx: Transaction, *, year: int, code: str, period: int, divisions: list[int]) -> None:
    if tx.read("select 1 from review where year = $year and code = $code", year=year, code=code).height:
        raise ApdashError("Ce bilan existe déjà.", f"Le code {code} est déjà celui d’un bilan de l’année.")
    if not tx.read(
        "select 1 from period where id = $period and year = $year", period=period, year=year
    ).height:
        raise ApdashError("Période inconnue.", "Un bilan clôt une période de son année scolaire.")
    known = tx.read("select id from division where year = $year", year=year)["id"]
    if not divisions or not set(divisions) <= set(known):
        raise ApdashError(
            "Divisions à revoir.", "Un bilan concerne au moins une division, toutes de son année."
        )

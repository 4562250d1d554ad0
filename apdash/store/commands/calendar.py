"""Sets the school's calendar: the year, its holidays, its periods, the weeks divisions are away; its rooms."""

from datetime import date, datetime, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.labels import day
from apdash.rights import Action, Viewer
from apdash.store.bulk import delete
from apdash.store.commands.planning import plan_sessions
from apdash.store.store import Store, Transaction


def set_school(store: Store, viewer: Viewer, *, uai: str, name: str, zone: str | None) -> None:
    """Name the school of this file, or change its name or holiday zone; its UAI never changes."""
    viewer.require(Action.SET_UP)
    with store.write() as tx:
        known = tx.read("select uai from school")
        if known.height and known.item() != uai:
            raise ApdashError(
                "Autre établissement.", f"Cette base est celle de {known.item()}, pas de {uai}."
            )
        tx.run(
            "insert into school (uai, name, zone) values ($uai, $name, $zone) "
            "on conflict (uai) do update set name = excluded.name, zone = excluded.zone",
            uai=uai,
            name=name,
            zone=zone,
        )


def set_school_year(store: Store, viewer: Viewer, *, year: int, starts_on: date, ends_on: date) -> None:
    """Give the first and last day of a school year."""
    viewer.require(Action.SET_UP)
    if not (starts_on < ends_on <= starts_on + timedelta(days=366)):
        raise ApdashError("Dates impossibles.", f"L’année va du {day(starts_on)} au {day(ends_on)}.")
    with store.write() as tx:
        tx.run(
            "insert into school_year (year, starts_on, ends_on) values ($year, $first, $last) "
            "on conflict (year) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on",
            year=year,
            first=starts_on,
            last=ends_on,
        )


def set_closures(store: Store, viewer: Viewer, *, year: int, closures: pl.DataFrame, now: datetime) -> None:
    """Replace the holidays and days off of a year (label, starts_on, ends_on, one row each).

    Planned sessions follow; those that were held, or that somebody moved, stay.
    """
    viewer.require(Action.SET_UP)
    with store.write() as tx:
        write_closures(tx, viewer, year=year, closures=closures, now=now)


def write_closures(
    tx: Transaction, viewer: Viewer, *, year: int, closures: pl.DataFrame, now: datetime
) -> None:
    """Replace the holidays of a year inside a transaction, and plan its sessions again."""
    _check_spans(closures, what="Vacances et jours fériés")
    tx.run("delete from closure where year = $year", year=year)
    tx.insert("closure", closures.select(pl.lit(year).alias("year"), "label", "starts_on", "ends_on"))
    plan_sessions(tx, viewer, year=year, now=now)


def set_periods(store: Store, viewer: Viewer, *, year: int, periods: pl.DataFrame) -> None:
    """Replace the periods of a year (code, label, starts_on, ends_on); a period that has a bilan stays.

    Raises `ApdashError` when two overlap, when one leaves the school year, or when one with a bilan is missing.
    """
    viewer.require(Action.SET_UP)
    _check_spans(periods, what="Périodes")
    with store.write() as tx:
        _check_inside_year(tx, year, periods)
        kept = periods["code"].to_list()
        _check_no_review_lost(tx, year, kept)
        tx.run(
            "delete from period where year = $year and not list_contains($kept, code)", year=year, kept=kept
        )
        for row in periods.to_dicts():
            tx.run(
                "insert into period (year, code, label, starts_on, ends_on) "
                "values ($year, $code, $label, $starts_on, $ends_on) on conflict (year, code) do update "
                "set label = excluded.label, starts_on = excluded.starts_on, ends_on = excluded.ends_on",
                year=year,
                **{key: row[key] for key in ("code", "label", "starts_on", "ends_on")},
            )


def set_placements(
    store: Store, viewer: Viewer, *, year: int, placements: pl.DataFrame, now: datetime
) -> None:
    """Replace the weeks divisions are away in companies (division, starts_on, ends_on), for a whole year."""
    viewer.require(Action.SET_UP)
    for _, spans in placements.group_by("division", maintain_order=True):
        _check_spans(spans, what="PFMP")
    with store.write() as tx:
        known = tx.read("select id from division where year = $year order by id", year=year)["id"]
        if not placements["division"].is_in(known.implode()).all():
            raise ApdashError("Division inconnue.", "Une des divisions n’est pas, ou plus, dans cette année.")
        wanted = placements.select("division", "starts_on", "ends_on")
        before = tx.read(
            "select division, starts_on, ends_on, recorded_at from placement "
            "where division in (select id from division where year = $year)",
            year=year,
        )
        same = ["division", "starts_on", "ends_on"]
        gone = before.join(wanted, on=same, how="anti")
        tx.insert("placement_past", gone.with_columns(replaced_at=pl.lit(now)))
        delete(tx, "placement", gone.select("division", "starts_on"))
        tx.insert("placement", wanted.join(before, on=same, how="anti").with_columns(recorded_at=pl.lit(now)))


def set_rooms(store: Store, viewer: Viewer, *, rooms: pl.DataFrame) -> None:
    """Add rooms, or change their capacity and kind (code, capacity, kind)."""
    viewer.require(Action.SET_UP)
    wrong = rooms.filter(~pl.col("capacity").is_between(1, 500) | (pl.col("code").str.len_chars() == 0))
    if wrong.height:
        raise ApdashError("Salle refusée.", f"Salle « {wrong['code'][0]} » : un nom, et de 1 à 500 places.")
    with store.write() as tx:
        for row in rooms.to_dicts():
            tx.run(
                "insert into room (code, capacity, kind) values ($code, $capacity, $kind) "
                "on conflict (code) do update set capacity = excluded.capacity, kind = excluded.kind",
                code=row["code"],
                capacity=row["capacity"],
                kind=row["kind"] or "",
            )


def _check_spans(spans: pl.DataFrame, *, what: str) -> None:
    """Refuse spans that end before they start, or that overlap."""
    backwards = spans.filter(pl.col("starts_on") > pl.col("ends_on"))
    if backwards.height:
        row = backwards.row(0, named=True)
        words = f"Du {day(row['starts_on'])} au {day(row['ends_on'])} : la fin vient avant le début."
        raise ApdashError(f"{what} : dates inversées.", words)
    ordered = spans.sort("starts_on").with_columns(before=pl.col("ends_on").shift(1))
    overlapping = ordered.filter(pl.col("starts_on") <= pl.col("before"))
    if overlapping.height:
        words = f"Deux lignes se recouvrent autour du {day(overlapping['starts_on'][0])}."
        raise ApdashError(f"{what} : dates qui se recouvrent.", words)


def _check_inside_year(tx: Transaction, year: int, periods: pl.DataFrame) -> None:
    known = tx.read("select starts_on, ends_on from school_year where year = $year", year=year)
    if not known.height:
        raise ApdashError(
            "Année inconnue.", f"Donnez d’abord le début et la fin de l’année {year}-{year + 1}."
        )
    first, last = known.row(0)
    outside = periods.filter((pl.col("starts_on") < first) | (pl.col("ends_on") > last))
    if outside.height:
        words = f"{outside['label'][0]} sort de l’année, qui va du {day(first)} au {day(last)}."
        raise ApdashError("Période hors de l’année.", words)


def _check_no_review_lost(tx: Transaction, year: int, kept: list[str]) -> None:
    lost = tx.read(
        "select p.code from period p join review r on r.period = p.id "
        "where p.year = $year and not list_contains($kept, p.code) order by p.code",
        year=year,
        kept=kept,
    )
    if lost.height:
        raise ApdashError(
            "Période gardée.", f"{lost['code'][0]} porte déjà un bilan : elle ne peut pas disparaître."
        )

"""Commands on the calendar: the sessions between two days, holidays from the ministry's file."""

import argparse
import sys
from datetime import date, timedelta

import polars as pl

from apdash import labels
from apdash.cli.opening import opened, year_now
from apdash.errors import ApdashError
from apdash.imports.holidays import read_holidays
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.calendar import set_closures
from apdash.store.commands.holidays import closure_effects, holiday_changes, joined
from apdash.store.queries import calendar as queries
from apdash.store.queries.bands import band_named
from apdash.store.queries.sessions import sessions as sessions_between

_STATES = {"planned": "prévue", "held": "tenue", "not_held": "non tenue"}
_SIGNS = {"new": "+", "gone": "-", "same": " "}


def sessions(args: argparse.Namespace) -> None:
    """Print the sessions between two days, the week from today without any."""
    with opened(args.db) as services:
        first = args.first or services.today()
        last = args.last or first + timedelta(days=6)
        if last < first:
            raise ApdashError("Dates inversées.", "La fin vient avant le début.")
        band = band_named(services.store, year=_year(services, first), code=args.band) if args.band else None
        rows = sessions_between(services.store, CONSOLE, first=first, last=last, band=band)
        reasons = dict(services.reference.session_reasons.select("code", "label").iter_rows())
    for row in rows.iter_rows(named=True):
        print(_line(row, rows, reasons))
    told = labels.count(rows.height, "séance")
    print(f"{told} du {labels.day(first)} au {labels.day(last)}.", file=sys.stderr)


def import_holidays(args: argparse.Namespace) -> None:
    """Take the holidays of the school's zone from a file; say what changes, and what sessions become."""
    if not args.file.is_file():
        raise ApdashError("Fichier introuvable.", f"{args.file} n’existe pas.")
    with opened(args.db) as services:
        store, year, now = services.store, year_now(services), services.now()
        span = queries.school_years(store).filter(pl.col("year") == year).row(0, named=True)
        zone = args.zone or (queries.school(store) or {}).get("zone")
        data = args.file.read_bytes()
        found = read_holidays(
            args.file.name, data, zone=zone, year=year, first=span["starts_on"], last=span["ends_on"]
        )
        known = queries.closures(store, year=year)
        after = joined(known, found)
        effects = closure_effects(store, CONSOLE, year=year, closures=after, now=now)
        if not args.dry_run:
            set_closures(store, CONSOLE, year=year, closures=after, now=now)
    for row in holiday_changes(known, after).iter_rows(named=True):
        sign = _SIGNS[row["change"]]
        print(f"{sign} {row['label']} : du {labels.day(row['starts_on'])} au {labels.day(row['ends_on'])}")
    fixed = f"{effects.fixed} gardées malgré un jour sans cours"
    print(f"Séances : {effects.gone} en moins, {effects.added} en plus, {fixed}.")
    print("Essai : rien n’a été écrit." if args.dry_run else "Vacances enregistrées.")


def _line(row: dict, rows: pl.DataFrame, reasons: dict[str, str]) -> str:
    what = f"{row['code']} {row['name']}" if row["code"] else row["label"]
    state = _STATES[row["state"]]
    if row["state"] == "not_held":
        state += f" ({reasons.get(row['why'], 'sans motif').lower()})"
    elif row["host"] != row["session"]:
        host = rows.filter(pl.col("session") == row["host"]).select(pl.coalesce("code", "label")).to_series()
        state = f"avec {host[0] if host.len() else 'une autre séance'}"
    elif row["called"]:
        state = f"appel {row['called']} sur {row['expected']}"
    place = f"{row['staff_names'] or 'adulte à désigner'}, {row['room_code'] or 'salle à fixer'}"
    when = f"{row['on_day']:%Y-%m-%d} {row['starts_at']:%H:%M}"
    return f"{when}  {what} : {place}, {labels.count(row['expected'], 'élève')}, {state}"


def _year(services: Services, on: date) -> int:
    year = queries.current_year(services.store, on)
    return year_now(services) if year is None else year

"""Prints the hours: planned, held, attended, of divisions, students, groups, axes or adults."""

import argparse
from datetime import datetime, time

import polars as pl

from apdash.cli.opening import opened
from apdash.errors import ApdashError
from apdash.hours.forecast import by_division
from apdash.hours.ledger import ledger, staff_ledger
from apdash.hours.picture import Hours, read_hours
from apdash.labels import duration
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.queries.envelopes import students_by_number
from apdash.store.queries.hours import hour_names, led_hours

_TITLES = {
    "planned": "prévues",
    "held": "tenues",
    "attended": "suivies",
    "not_held": "non tenues",
    "left": "à venir",
}
_ADULTS = {
    "planned": "prévues",
    "held": "tenues",
    "in_service": "service",
    "overtime": "HSE",
    "not_held": "non tenues",
}


def hours(args: argparse.Namespace) -> None:
    """Print a line per division (or what is asked for), in hours per student; then the forecast of each division."""
    known_at = datetime.combine(args.known_at, time(23, 59, 59)) if args.known_at else None
    with opened(args.db) as services:
        day = args.known_at or services.today()
        found = read_hours(services, CONSOLE, day=day, known_at=known_at)
        if found is None:
            raise ApdashError(
                "Aucune année scolaire.", "Importez d’abord les fichiers de SIECLE et de STS-web."
            )
        if args.by == "staff":
            led = led_hours(services.store, CONSOLE, first=found.first, last=found.last, known_at=known_at)
            rows, titles = staff_ledger(led, day=day).with_columns(words="staff_name", students=1), _ADULTS
        else:
            rows, titles = _worded(services, found, args.by), _TITLES
        forecast = _forecast(services, found) if args.by == "division" else []
    _print(rows, titles)
    for line in forecast:
        print(line)


def _worded(services: Services, found: Hours, by: str) -> pl.DataFrame:
    """Return the ledger with what each row is called, in the order of the words."""
    column = {"division": "division", "student": "student", "group": "ap_group", "axis": "axis"}[by]
    rows = ledger(found.now, column, day=found.day)
    names = _names(services, found, by)
    words = [names.get(key, "actions communes") for key in rows[column].to_list()]
    return rows.with_columns(words=pl.Series(words, dtype=pl.String)).sort("words")


def _names(services: Services, found: Hours, by: str) -> dict:
    if by == "student":
        people = students_by_number(services.store, CONSOLE).to_dicts()
        return {row["student"]: f"{row['last_name']} {row['first_name']}" for row in people}
    if by == "group":
        return hour_names(services.store)["group"]
    if by == "axis":
        return {"": "accueil", **dict(services.reference.axes.select("code", "label").iter_rows())}
    return dict(found.stays.select("division", "division_code").unique().iter_rows())


def _print(rows: pl.DataFrame, titles: dict[str, str]) -> None:
    print(f"{'':<32}{'élèves':>8}" + "".join(f"{title:>12}" for title in titles.values()))
    for row in rows.to_dicts():
        size = max(1, row["students"])
        cells = "".join(f"{duration(row[name] / size):>12}" for name in titles)
        print(f"{row['words'][:31]:<32}{row['students']:>8}{cells}")


def _forecast(services: Services, found: Hours) -> list[str]:
    balance = found.balances().drop_nulls("forecast")
    codes = dict(found.present.select("division", "division_code").iter_rows())
    return [
        f"{codes[row['division']]} : prévision {duration(row['forecast'])} sur {duration(row['due'])} en fin de cycle, "
        f"écart {duration(row['gap'])}"
        for row in by_division(balance, share=0.1).to_dicts()
    ]

"""The command that tells points of vigilance and indicators on a day."""

import argparse
from datetime import datetime, time

import polars as pl

from apdash import labels
from apdash.cli.opening import opened
from apdash.effect import evolution
from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.scheme import scheme_of
from apdash.services import Services
from apdash.success import success
from apdash.vigilance import look_at, points_of

_LEVELS = {"alert": "à traiter", "watch": "à surveiller", "ok": "rien à signaler", "unknown": "pas mesurable"}


def indicators(args: argparse.Namespace) -> None:
    """Print the counts of vigilance, the scheme, what was observed and the indicators; no name of a student."""
    with opened(args.db) as services:
        on = args.on or services.today()
        known_at = datetime.combine(on, time.max) if args.on else None
        look = look_at(services.store, CONSOLE, services.reference, on=on, known_at=known_at)
        if look is None:
            raise ApdashError(
                "Aucune année scolaire.", "Importez d’abord les fichiers de SIECLE et de STS-web."
            )
        print(f"Au {labels.day(on)}, année {labels.school_year(look.year)}")
        for point in points_of(look):
            told = point.words or f"{point.count}"
            print(f"{point.code:<18}{_LEVELS[point.level]:<18}{told}")
        _tell_scheme(scheme_of(look).served)
        _tell_evolution(services, year=look.year, known_at=known_at)
        _tell_success(services, known_at=known_at)


def _tell_scheme(served: tuple[int, int]) -> None:
    strong, met = served
    share = f", {labels.percent(met / strong)}" if strong else ""
    print(f"Besoins forts servis : {met} élèves sur {strong}{share}")


def _tell_evolution(services: Services, *, year: int, known_at: datetime | None) -> None:
    found = evolution(services.store, CONSOLE, services.reference, year=year, known_at=known_at)
    for row in found.needs.to_dicts() if found else []:
        print(
            f"Évolution {row['need']:<10}{row['students']:>4} suivis {row['others']:>4} autres "
            f"{labels.signed(row['gap'], 2)} ({labels.signed(row['low'], 2)} à {labels.signed(row['high'], 2)})"
        )


def _tell_success(services: Services, *, known_at: datetime | None) -> None:
    found = success(services.store, CONSOLE, services.reference, known_at=known_at)
    for title, rows in (
        ("Redoublement", _pooled(found.repeating)),
        ("Accès au diplôme", found.access),
        ("Sortants avec une solution", found.leavers.drop_nulls("share")),
    ):
        for year, share in rows.select("year", "share").sort("year").iter_rows():
            print(f"{title} {labels.school_year(year)} : {labels.percent(share, 1)} (base du lycée)")
    for row in found.outside.to_dicts():
        print(
            f"{row['indicator']} {row['place']} {row['year']} : {labels.percent(row['value'], 1)} ({row['source']})"
        )


def _pooled(repeating: pl.DataFrame) -> pl.DataFrame:
    share = pl.col("repeating").sum() / pl.col("students").sum()
    return repeating.group_by("year").agg(share=share)

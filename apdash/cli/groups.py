"""Commands on needs and groups: diagnose, regroup."""

import argparse

import polars as pl

from apdash import labels
from apdash.cli.opening import opened, review_named
from apdash.diagnosis import diagnose_review
from apdash.progress import progress_bar


def diagnose(args: argparse.Namespace) -> None:
    """Print what needs a bilan shows: for each, students, how many are strong, how many cannot be told."""
    with opened(args.db) as services, progress_bar() as report:
        report(0.1, "Diagnostic")
        review = review_named(services, args.review)
        values = diagnose_review(services.store, services.reference, review=review).intensities
        strong = services.reference.rules.strong_from
        needs = services.reference.needs.filter(~pl.col("reception"))
    table = (
        values.join(needs.select("position", "short_name", need="code"), on="need")
        .group_by("position", "need", "short_name")
        .agg(
            students=pl.len(),
            median=pl.col("value").median().round(),
            strong=(pl.col("value") >= strong).sum(),
            unknown=pl.col("value").null_count(),
        )
        .sort("position")
    )
    print(f"{'besoin':<10}{'':<16}{'élèves':>8}{'médiane':>9}{'forts':>7}{'à confirmer':>13}")
    for row in table.iter_rows(named=True):
        median = "-" if row["median"] is None else labels.number(row["median"])
        print(
            f"{row['need']:<10}{row['short_name']:<16}{row['students']:>8}{median:>9}"
            f"{row['strong']:>7}{row['unknown']:>13}"
        )


def regroup(args: argparse.Namespace) -> None:
    """Ask for groups; the proposal is saved as a draft, nothing is put in force."""

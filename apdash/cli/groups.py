"""Commands on needs and groups: diagnose, regroup."""

import argparse
import sys

import polars as pl

from apdash import labels
from apdash.cli.opening import opened, review_named, year_now
from apdash.diagnosis import diagnose_review
from apdash.errors import ApdashError
from apdash.progress import progress_bar
from apdash.rebalancing import Outcome, Parameters
from apdash.rebalancing import regroup as propose_groups
from apdash.rebalancing.plan import plan_of
from apdash.rebalancing.quality import summary_words
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.queries.bands import band_named
from apdash.store.queries.proposals import proposal


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
    parameters = Parameters(time_limit=args.time_limit, max_moves=args.max_moves, history=args.history)
    with opened(args.db) as services, progress_bar() as report:
        report(0.1, "Recherche")
        outcome = propose_groups(
            services,
            CONSOLE,
            band=band_named(services.store, year=year_now(services), code=args.band),
            review=review_named(services, args.review),
            effective_from=args.effective_from,
            parameters=parameters,
        )
        rows, summary = _groups(services, outcome), _summary(services, outcome)
    for note in outcome.notes:
        print(note, file=sys.stderr)
    if outcome.proposal is None:
        words = [*outcome.conflict, *outcome.loosening] or [
            "Le temps donné n’a pas suffi : augmentez --time-limit."
        ]
        raise ApdashError("Aucune répartition.", " ".join(words))
    gap = labels.percent(outcome.gap or 0.0, 2)
    print(
        f"Proposition {outcome.proposal} : {labels.number(outcome.score or 0)} points, à {gap} au plus du meilleur."
    )
    print(summary)
    for slot, name, adults, size in rows:
        print(f"{slot:<8} {name:<30} {adults:<30} {labels.count(size, 'élève')}")


def _summary(services: Services, outcome: Outcome) -> str:
    """Return what a proposal changes, in one sentence; nothing without a proposal."""
    if outcome.proposal is None:
        return ""
    found = proposal(services.store, CONSOLE, proposal=outcome.proposal)
    return summary_words(plan_of(found.problem, found.solution))


def _groups(services: Services, outcome: Outcome) -> list[tuple[str, str, str, int]]:
    """Return the groups of a proposal: slot, public name, adults, size."""
    if outcome.proposal is None:
        return []
    found = proposal(services.store, CONSOLE, proposal=outcome.proposal)
    names = dict(services.reference.needs.select("code", "public_name").iter_rows())
    adults = dict(
        services.store.read("select id, trim(title || ' ' || last_name) from staff order by id").iter_rows()
    )
    free = [entry for entry in found.problem["staff"] if entry["needs"]]
    members = {entry["id"]: [int(one) for one in entry["members"]] for entry in free}
    return [
        (
            group["slot"],
            names[group["need"]],
            labels.listed([adults[one] for one in members[group["staff"]]]),
            len(group["students"]),
        )
        for group in found.solution["groups"]
    ]

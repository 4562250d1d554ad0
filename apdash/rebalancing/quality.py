"""The figures of a composition: need covered, urgent needs served, students without group, groups open."""

from dataclasses import dataclass

import polars as pl

from apdash.labels import count, percent
from apdash.rebalancing.plan import Plan, moves, strong_from


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a composition. covered: share of the need that the best place of each would serve, 0 to 1."""

    covered: float
    served_urgent: int
    urgent: int
    unplaced: int
    groups: int
    needs: int
    worn: int


def figures_after(plan: Plan) -> Figures:
    """Return the figures of what the proposal puts in place."""
    return _figures(plan, plan.after)


def figures_before(plan: Plan) -> Figures:
    """Return the figures of the present groups, for the same students, slots and intensities."""
    return _figures(plan, plan.before)


def summary_words(plan: Plan) -> str:
    """Return the proposal in one sentence, for the command line."""
    before, after, moved = figures_before(plan), figures_after(plan), moves(plan)
    return (
        f"{count(after.groups, 'groupe')}, besoin couvert {percent(after.covered)} "
        f"(aujourd’hui {percent(before.covered)}), élèves prioritaires servis "
        f"{after.served_urgent} sur {after.urgent}, "
        f"déplacements {moved.total} sur {moved.places} ({percent(moved.share)}), "
        f"{count(after.unplaced, 'place')} sans groupe (élève × créneau)."
    )


def _figures(plan: Plan, seats: pl.DataFrame) -> Figures:
    urgent = plan.intensities.filter(pl.col("intensity") >= strong_from(plan.problem))
    met = seats.join(urgent, on=["student", "need"], how="semi")
    reception = [need["id"] for need in plan.problem["needs"] if need.get("reception")]
    open_needs = seats.filter(~pl.col("need").is_in(reception))
    return Figures(
        covered=_covered(plan, seats),
        served_urgent=met["student"].n_unique(),
        urgent=urgent["student"].n_unique(),
        unplaced=plan.places.join(seats, on=["student", "slot"], how="anti").height,
        groups=seats.select("slot", "need", "staff").n_unique(),
        needs=open_needs["need"].n_unique(),
        worn=_worn(plan, seats),
    )


def _covered(plan: Plan, seats: pl.DataFrame) -> float:
    """Return points served / points each would get at the most useful needs, room and adults aside."""
    limits = pl.DataFrame(
        [(need["id"], need.get("max_per_student", 1)) for need in plan.problem["needs"]],
        schema={"need": pl.String, "times": pl.Int64},
        orient="row",
    )
    ranked = (
        plan.intensities.join(limits, on="need")
        .with_columns(pl.int_ranges("times").alias("time"))
        .explode("time", empty_as_null=False)
        .sort("student", "intensity", descending=[False, True])
        .with_columns(rank=pl.int_range(pl.len()).over("student"))
    )
    best = (
        plan.places.sort("student", "sessions", descending=[False, True])
        .with_columns(rank=pl.int_range(pl.len()).over("student"))
        .join(ranked, on=["student", "rank"])
    )
    held = seats.join(plan.places, on=["student", "slot"]).join(plan.intensities, on=["student", "need"])
    possible = _points(best)
    return _points(held) / possible if possible else 0.0


def _points(rows: pl.DataFrame) -> float:
    worth = rows.select((pl.col("priority") * pl.col("intensity") * pl.col("sessions")).sum())
    return float(worth.item() or 0)


def _worn(plan: Plan, seats: pl.DataFrame) -> int:
    """Return how many students stay in a need they have had for as many periods as it may last."""
    default = plan.problem["rules"]["max_periods"]
    limits = pl.DataFrame(
        [
            (need["id"], need.get("max_periods", default))
            for need in plan.problem["needs"]
            if not need.get("reception")
        ],
        schema={"need": pl.String, "max_periods": pl.Int64},
        orient="row",
    )
    tired = plan.before.join(limits, on="need").filter(pl.col("need_periods") >= pl.col("max_periods"))
    return seats.join(tired.select("student", "need").unique(), on=["student", "need"])["student"].n_unique()

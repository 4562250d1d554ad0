"""From what the page asks (rules as people read them, a share of changes) to the parameters of a search, and back."""

from dataclasses import dataclass, field, replace
from string import ascii_uppercase

from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.propose import DIAL
from apdash.rebalancing import Parameters, build_problem
from apdash.store.queries.proposals import Proposal, proposal, proposals

_LIMITS = ("min_size", "max_size", "max_per_student", "max_periods")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rules by the name of their field (division_share in percent), and the dial: percent of changes, or nothing.

    limits: those of some needs that were loosened for this search, by need; history: who waited weighs more.
    """

    rules: dict[str, int]
    dial: str
    limits: dict[str, dict[str, float]] = field(default_factory=dict)
    history: bool = True


def parameters_of(services: Services, viewer: Viewer, at: Asked, wanted: Wanted) -> Parameters:
    """Return the parameters of a search of this band after this bilan."""
    rules = wanted.rules
    base = Parameters(
        max_needs_open=rules["max_needs_open"],
        max_division_share=rules["division_share"] / 100,
        floor=rules["floor"],
        urgent_from=rules["urgent_from"],
        limits=wanted.limits,
        history=wanted.history,
        label=next_label(services, viewer, at),
    )
    if not wanted.dial:
        return base
    problem = build_problem(
        services.store,
        services.reference,
        band=at.band["band"],
        review=at.review["review"],
        parameters=base,
    )
    return replace(base, max_moves=_moves_of(int(wanted.dial), len(problem["current"])))


def next_label(services: Services, viewer: Viewer, at: Asked) -> str:
    """Return the name of the next proposal of this band after this bilan: Proposition A, B… then their number."""
    known = proposals(
        services.store, viewer, year=at.band["year"], band=at.band["band"], review=at.review["review"]
    ).height
    return f"Proposition {ascii_uppercase[known] if known < len(ascii_uppercase) else known + 1}"


def wanted_of(services: Services, viewer: Viewer, *, number: int) -> Wanted:
    """Return what an earlier proposal was asked with."""
    row = proposal(services.store, viewer, proposal=number)
    rules = row.problem["rules"]
    return Wanted(
        rules={
            "max_needs_open": rules["max_needs_open"],
            "division_share": round(100 * rules["max_division_share"]),
            "floor": max((need.get("floor", 0) for need in row.problem["needs"]), default=0),
            "urgent_from": rules["urgent_from"],
        },
        dial=dial_of(row),
        limits=_loosened(services, row),
        history=row.parameters.get("history", True),
    )


def _loosened(services: Services, row: Proposal) -> dict[str, dict[str, float]]:
    """Return the limits of needs a proposal was computed with, where they are not those of the reference data."""
    known = {need["code"]: need for need in services.reference.needs.iter_rows(named=True)}
    found = {
        need["id"]: {name: need[name] for name in _LIMITS if need.get(name) != known[need["id"]][name]}
        for need in row.problem["needs"]
        if need["id"] in known
    }
    return {need: limits for need, limits in found.items() if limits}


def dial_of(row: Proposal) -> str:
    """Return the percentage of changes a proposal was allowed; empty: as many as it takes."""
    limit, places = row.problem["rules"].get("max_moves"), len(row.problem.get("current", []))
    if limit is None or not places:
        return ""
    offered = [share for share, _ in DIAL if share and _moves_of(int(share), places) == limit]
    return offered[-1] if offered else f"{round(100 * limit / places)}"


def _moves_of(share: int, places: int) -> int:
    """Return how many places may change when at most a share of them, in percent, may."""
    return share * places // 100

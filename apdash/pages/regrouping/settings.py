"""From what the page asks (rules as people read them, a share of changes) to the parameters of a search, and back."""

from dataclasses import dataclass, replace
from string import ascii_uppercase

from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.address import Asked
from apdash.rebalancing import Parameters, build_problem
from apdash.store.queries.proposals import Proposal, proposal, proposals


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rules by the name of their field (division_share in percent), and the dial: percent of changes, or nothing."""

    rules: dict[str, int]
    dial: str


def parameters_of(services: Services, viewer: Viewer, at: Asked, wanted: Wanted) -> Parameters:
    """Return the parameters of a search of this band after this bilan."""
    rules = wanted.rules
    base = Parameters(
        max_needs_open=rules["max_needs_open"],
        max_division_share=rules["division_share"] / 100,
        floor=rules["floor"],
        urgent_from=rules["urgent_from"],
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
    return replace(base, max_moves=round(int(wanted.dial) / 100 * len(problem["current"])))


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
    )


def dial_of(row: Proposal) -> str:
    """Return the percentage of changes a proposal was allowed; empty: as many as it takes."""
    limit, places = row.problem["rules"].get("max_moves"), len(row.problem.get("current", []))
    return "" if limit is None or not places else f"{round(100 * limit / places)}"

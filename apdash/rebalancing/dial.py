"""The dial of a proposal: the best compositions for fewer or more moves, and the one worth recommending."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from apdash.errors import ApdashError
from apdash.jobs import Job, JobProgress
from apdash.rebalancing.beside import start_beside
from apdash.rebalancing.plan import Document, moves, plan_of
from apdash.rebalancing.quality import Figures, figures_after, figures_before
from apdash.rebalancing.regroup import check_result
from apdash.rights import CONSOLE, Action, Viewer
from apdash.services import Services
from apdash.store.commands.proposals import keep_dial, save_draft
from apdash.store.queries.proposals import Proposal, point_of_dial
from apdash.store.queries.proposals import proposal as proposal_row
from optimizer.choice import Choice, Step, choice, gains
from optimizer.frontier import Point, frontier
from optimizer.problem import Problem
from optimizer.solution import Solution

POINTS = 7
TIME_LIMIT = 60.0  # seconds, shared between the points
_FEWEST = 2  # one point is no choice


@dataclass(frozen=True, slots=True)
class DialPoint:
    """A composition, the best for its `max_moves`.

    worth: points without what moves cost, so that two compositions differ by what their moves bring; score: with it.
    """

    max_moves: int
    moves: int
    staff_only: int
    worth: float
    figures: Figures
    gap: float | None
    groups: Sequence[Document]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Dial:
    """Points by growing moves. places: how many may move; fewest_proven: fewer moves than the first are impossible."""

    points: tuple[DialPoint, ...]
    places: int
    before: Figures
    fewest_proven: bool


def dial_key(proposal: int) -> str:
    """Return the key of the job that computes the dial of a proposal."""
    return f"dial-{proposal}"


def start_dial(services: Services, viewer: Viewer, *, proposal: int) -> Job:
    """Start computing the dial of a proposal in a thread; its points are told as they are found, then kept."""
    return start_beside(services, viewer, key=dial_key(proposal), proposal=proposal, work=_computed)


def dial_of(row: Proposal, kept: Document) -> Dial:
    """Return a dial ready to be shown. kept: points (max_moves, moves, solution) and fewest_proven."""
    points = _rising([_point(row.problem, point) for point in kept["points"]])
    plan = plan_of(row.problem, row.solution)
    return Dial(tuple(points), moves(plan).places, figures_before(plan), bool(kept["fewest_proven"]))


def _rising(points: Sequence[DialPoint]) -> list[DialPoint]:
    """Return the points by growing moves, each better than all that move less; the others are left out."""
    kept: list[DialPoint] = []
    for point in sorted(points, key=lambda one: (one.moves, -one.score, one.max_moves)):
        if not kept or point.score > kept[-1].score:
            kept.append(point)
    return kept


def chosen(points: Sequence[DialPoint], *, least: float) -> Choice:
    """Return the point to recommend, where a move more must bring `least` points, and what speaks for it."""
    return choice([_step(point) for point in points], least=least)


def gained(points: Sequence[DialPoint]) -> list[float]:
    """Return what each move brings, in points, from each point to the next."""
    return gains([_step(point) for point in points])


def _step(point: DialPoint) -> Step:
    return Step(moves=point.moves, worth=point.worth, left=point.figures.unplaced)


def choose_point(services: Services, viewer: Viewer, *, dial: int, max_moves: int, label: str) -> int:
    """Return the proposal that a point of the dial of another is; saved as a draft the first time.

    dial: the proposal whose dial it is. Raises `ApdashError` when it has no such point.
    """
    viewer.require(Action.REGROUP)
    row = proposal_row(services.store, CONSOLE, proposal=dial)
    points = {
        point["max_moves"]: point["solution"]
        for point in row.parameters.get("dial", {"points": []})["points"]
    }
    if max_moves not in points:
        raise ApdashError("Point inconnu.", "Ce cadran a été recalculé : rechargez la page.")
    if points[max_moves]["groups"] == row.solution["groups"]:
        return dial
    known = point_of_dial(services.store, viewer, dial=dial, max_moves=max_moves)
    return known or _saved(
        services, viewer, row, solution=points[max_moves], max_moves=max_moves, label=label
    )


def _saved(
    services: Services, viewer: Viewer, row: Proposal, *, solution: dict, max_moves: int, label: str
) -> int:
    problem = row.problem | {"rules": row.problem["rules"] | {"max_moves": max_moves}}
    check_result(Problem.from_json(problem), Solution.from_json(solution))
    own = ("dial", "after", "near", "explanation")
    kept = {name: value for name, value in row.parameters.items() if name not in own}
    return save_draft(
        services.store,
        viewer,
        band=row.band,
        review=row.review,
        label=label,
        parameters=kept | {"dial_of": row.id, "rules": problem["rules"]},
        problem=problem,
        solution=solution,
        fingerprint=json.loads(row.fingerprint),
        effective_from=row.effective_from,
        now=services.now(),
    )


def _computed(services: Services, viewer: Viewer, *, job: Job, proposal: int) -> None:
    """Compute the dial of a proposal and keep it; raises `ApdashError` when there are not two compositions."""
    row = proposal_row(services.store, CONSOLE, proposal=proposal)
    if not row.problem["current"]:
        raise ApdashError("Pas de cadran.", "Aucun groupe n’est en vigueur : personne ne se déplace.")
    found: list[dict] = []

    def told(point: Point) -> None:
        found.append(_kept(point))
        job.report(JobProgress(found=tuple(found)))

    problem = Problem.from_json(row.problem)
    free = replace(problem, rules=replace(problem.rules, max_moves=None))
    line = frontier(
        free,
        points=POINTS,
        time_limit=TIME_LIMIT,
        seed=row.parameters.get("seed", 1),
        on_point=told,
        stop=job.stop,
    )
    if len(line.points) < _FEWEST:
        raise ApdashError(
            "Pas de cadran.", "Avec ces règles, aucun autre nombre de déplacements ne fait mieux."
        )
    points = [_own(row, _kept(point)) for point in line.points]
    dial = {"fewest_proven": line.fewest_proven, "points": points}
    keep_dial(services.store, viewer, proposal=proposal, dial=dial)


def _own(row: Proposal, point: dict) -> dict:
    """Return the point with the proposal's own composition where it is worth as much for as many moves."""
    made = moves(plan_of(row.problem, row.solution)).total
    if (point["moves"], point["solution"]["score"]) != (made, row.solution["score"]):
        return point
    own = {name: row.solution[name] for name in ("groups", "unplaced", "terms")}
    return point | {"solution": point["solution"] | own}


def _kept(point: Point) -> dict:
    return {"max_moves": point.max_moves, "moves": point.moves, "solution": point.solution.to_json()}


def _point(problem: Document, kept: Document) -> DialPoint:
    solution = kept["solution"]
    plan, terms = plan_of(problem, solution), solution["terms"]
    return DialPoint(
        max_moves=kept["max_moves"],
        moves=kept["moves"],
        staff_only=moves(plan).staff,
        worth=terms["served"] - terms["unplaced"] - terms["urgent"] - terms["group"],
        score=solution["score"],
        figures=figures_after(plan),
        gap=solution["gap"],
        groups=solution["groups"],
    )

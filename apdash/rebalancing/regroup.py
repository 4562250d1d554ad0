"""One regrouping: problem, search, referee, draft. Nothing unlawful is ever saved; no answer is an answer too."""

from dataclasses import dataclass
from datetime import date

from apdash import labels
from apdash.errors import ApdashError
from apdash.jobs import Job, JobProgress
from apdash.rebalancing.again import repaired
from apdash.rebalancing.loosening import Change, change_of
from apdash.rebalancing.parameters import Parameters
from apdash.rebalancing.problem import Built, build
from apdash.rebalancing.words import Names, conflict_words, names_of
from apdash.rights import CONSOLE, Action, Viewer
from apdash.services import Services
from apdash.store.commands.proposals import save_draft
from apdash.store.queries.bands import band as band_row
from apdash.store.queries.proposals import fingerprint
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store
from optimizer.check import violations, wrong_claims
from optimizer.files.reading import ProblemError
from optimizer.problem import Problem
from optimizer.search import Progress
from optimizer.solution import Solution, Status
from optimizer.solve import solve


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search gave. proposal: the draft saved, or None; status: optimal, feasible, infeasible or none.

    conflict: what cannot hold together, and loosening: the least that would have to give, in French sentences;
    changes: the same loosenings, ready to be applied to `parameters`, those of the search; notes: what the problem
    could not take into account. irreducible, smallest: whether time sufficed to prove that nothing can be taken out of
    the conflict, and that no smaller loosening would do.
    """

    proposal: int | None
    status: str
    score: float | None = None
    bound: float | None = None
    gap: float | None = None
    conflict: tuple[str, ...] = ()
    loosening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    parameters: Parameters | None = None
    irreducible: bool = True
    smallest: bool = True


def start_regroup(
    services: Services,
    viewer: Viewer,
    *,
    band: int,
    review: int,
    effective_from: date | None = None,
    parameters: Parameters | None = None,
) -> Job:
    """Start a regrouping in a thread and return its job, whose result is an `Outcome`; one at a time for a band."""
    viewer.require(Action.REGROUP)
    asked = {"band": band, "review": review, "effective_from": effective_from, "parameters": parameters}
    return services.jobs.start(
        lambda job: regroup(services, viewer, job=job, **asked),  # type: ignore[arg-type]
        key=job_key(band),
        owner=viewer.login,
    )


def job_key(band: int) -> str:
    """Return the key of a band's searches among the jobs."""
    return f"band-{band}"


def regroup(
    services: Services,
    viewer: Viewer,
    *,
    band: int,
    review: int,
    effective_from: date | None = None,
    parameters: Parameters | None = None,
    job: Job | None = None,
) -> Outcome:
    """Look for the best groups of a band and save them as a draft; None in the outcome when there are none.

    job: told of progress, and asked whether to stop. Raises `ApdashError` when the bilan or the band is not ready, or
    when the referee finds a fault in the result.
    """
    viewer.require(Action.REGROUP)
    chosen, store = parameters or Parameters(), services.store
    built = build(
        store, services.reference, band=band, review=review, effective_from=effective_from, parameters=chosen
    )
    digest = fingerprint(store, band=band, review=review, effective_from=built.first)
    problem = _problem(built)
    solution = _near(store, problem, chosen) or _solved(problem, chosen, job=job)
    names = names_of(store, services.reference, band=band, built=built)
    if solution.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return _no_answer(solution, built, names, chosen)
    check_result(problem, solution)
    proposal = save_draft(
        store,
        viewer,
        band=band,
        review=review,
        label=chosen.label or f"{band_row(store, band=band)['code']}, {labels.moment(services.now())}",
        parameters=_kept(chosen, built),
        problem=built.problem,
        solution=solution.to_json(),
        fingerprint=digest,
        effective_from=built.first,
        now=services.now(),
    )
    return Outcome(
        proposal, solution.status.value, solution.score, solution.bound, solution.gap, notes=built.notes
    )


def _problem(built: Built) -> Problem:
    try:
        return Problem.from_json(built.problem)
    except ProblemError as error:
        raise ApdashError("Réglages refusés.", f"{error.path} : {error.message}.") from error


def _near(store: Store, problem: Problem, chosen: Parameters) -> Solution | None:
    """Return the answer that changes least of the proposal on screen, when that is asked for and can be."""
    if chosen.after is None or not chosen.near:
        return None
    earlier = proposal_row(store, CONSOLE, proposal=chosen.after)
    return repaired(problem, earlier, time_limit=chosen.time_limit, seed=chosen.seed)


def _solved(problem: Problem, chosen: Parameters, *, job: Job | None) -> Solution:
    def told(progress: Progress) -> None:
        if job is not None:
            job.report(JobProgress(progress.score, progress.bound, progress.gap))

    return solve(
        problem,
        time_limit=chosen.time_limit,
        gap=chosen.gap,
        seed=chosen.seed,
        on_progress=told,
        stop=job.stop if job is not None else None,
    )


def check_result(problem: Problem, solution: Solution) -> None:
    """Raise `ApdashError` when a result breaks a rule or says of itself what is not so."""
    faults = [*violations(problem, solution), *wrong_claims(problem, solution)]
    if faults:
        words = " ".join(f"{fault.path} : {fault.words}." for fault in faults[:3])
        raise ApdashError("Résultat écarté par l’arbitre.", f"Rien n’a été enregistré. {words}")


def _no_answer(solution: Solution, built: Built, names: Names, chosen: Parameters) -> Outcome:
    told = solution.to_json()
    conflict = [conflict_words(one, built=built, names=names) for one in told.get("conflict", [])]  # type: ignore[attr-defined]
    changes = [change_of(one, built=built, names=names) for one in told.get("loosening", [])]  # type: ignore[attr-defined]
    return Outcome(
        None,
        solution.status.value,
        conflict=tuple(dict.fromkeys(conflict)),
        loosening=tuple(dict.fromkeys(change.words for change in changes)),
        notes=built.notes,
        changes=tuple({change.words: change for change in changes}.values()),
        parameters=chosen,
        irreducible=solution.irreducible,
        smallest=solution.smallest,
    )


def _kept(chosen: Parameters, built: Built) -> dict:
    """Return what is stored beside the problem, to read the proposal again."""
    return {
        "rules": built.problem["rules"],
        "weights": built.problem["weights"],
        "time_limit": chosen.time_limit,
        "gap": chosen.gap,
        "seed": chosen.seed,
        "first": built.first.isoformat(),
        "last": built.last.isoformat(),
        "left_out": list(built.left_out),
        "history": chosen.history,
        "waited": [str(student) for student in built.waited],
        "after": chosen.after,
        "near": chosen.near,
        "notes": list(built.notes),
        "statements": built.statements,
        "secret": built.secret,
    }

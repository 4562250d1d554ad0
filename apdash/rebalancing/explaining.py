"""Explains a whole proposal in a thread: who is not served and why, what would help, what last time weighs, its groups.

Each part is told as soon as it is known, as the optimiser's JSON, and all of them are kept beside the proposal.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from apdash.jobs import Job, JobProgress, JobState
from apdash.rebalancing.beside import start_beside
from apdash.rebalancing.inquiries import Asked, asked_of
from apdash.rights import CONSOLE, Viewer
from apdash.services import Services
from apdash.store.commands.proposals import keep_explanation
from apdash.store.queries.proposals import Proposal
from apdash.store.queries.proposals import proposal as proposal_row
from optimizer.explanations.gains import gains
from optimizer.explanations.history import history
from optimizer.explanations.unserved import unserved
from optimizer.explanations.why_open import WhyOpen, told_open
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.solution import Solution

PARTS = ("unserved", "history", "gains", "groups")
TIME_LIMIT = 60.0  # seconds for all the parts together
_HISTORY, _GAINS = 8.0, 22.0
_LEAST = 5.0  # for the groups, however long the rest took

Answer = Mapping[str, Any]


def explain_key(proposal: int) -> str:
    """Return the key of the job that explains a proposal."""
    return f"explain-{proposal}"


def start_explaining(services: Services, viewer: Viewer, *, proposal: int) -> Job:
    """Start explaining a proposal; raises `ApdashError` when that is under way."""
    return start_beside(services, viewer, key=explain_key(proposal), proposal=proposal, work=_explained)


def is_explaining(services: Services, *, proposal: int) -> bool:
    """Tell whether a proposal is being explained, or was, or could not be; not when that was given up for a search."""
    job = services.jobs.latest(explain_key(proposal))
    return job is not None and not (job.stop.is_set() and job.state is JobState.DONE)


def give_up_explaining(services: Services, *, proposal: int) -> None:
    """Stop explaining a proposal: a search that somebody waits for comes first."""
    job = services.jobs.running(explain_key(proposal))
    if job is not None:
        job.stop.set()
    services.inquiries.close()


def explained(services: Services, row: Proposal) -> Answer:
    """Return the parts known so far, by name: kept, or told by the job under way."""
    kept = row.parameters.get("explanation")
    if kept:
        return kept
    job = services.jobs.latest(explain_key(row.id))
    return {} if job is None else dict(job.progress.found)


def is_whole(answer: Answer) -> bool:
    """Tell whether every part is there."""
    return all(part in answer for part in PARTS)


def _explained(services: Services, viewer: Viewer, *, job: Job, proposal: int) -> None:
    row = proposal_row(services.store, CONSOLE, proposal=proposal)
    found: list[tuple[str, object]] = []
    for part in _parts(asked_of(services, row), row, job=job):
        if job.stop.is_set():
            return
        found.append(part)
        job.report(JobProgress(found=tuple(found)))
    if is_whole(dict(found)):
        keep_explanation(services.store, viewer, proposal=proposal, explanation=dict(found))


def _parts(asked: Asked, row: Proposal, *, job: Job) -> Iterator[tuple[str, object]]:
    """Give each part by name; a part that the time left unknown is None. Nothing more once the model is closed."""
    begun = time.monotonic()
    problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
    missing = unserved(problem, solution)
    yield "unserved", [one.to_json() for one in missing]
    base = _best(asked, problem, job=job)
    if base is None:
        job.stop.set()
        return
    past = history(base, solution, time_limit=_HISTORY)
    yield "history", None if past is None else past.to_json()
    helps = gains(problem, solution, missing, base=base, time_limit=_GAINS)
    yield "gains", [gain.to_json() for gain in helps]
    groups = _groups(asked, job=job, end=begun + TIME_LIMIT)
    if groups is None:
        job.stop.set()
        return
    yield "groups", [group.to_json() for group in groups]


def _best(asked: Asked, problem: Problem, *, job: Job) -> Search | None:
    """Return the best score as things are, as a search of this job's own: others may cut short those of the model."""
    with asked.turn(first=False) as inquiry:
        if inquiry is None:
            return None
        known = inquiry.base
    base = Search(problem, time_limit=0, gap=0.0, seed=known.seed, stop=job.stop)
    if known.best is not None:
        base.offer(plan_in(known.best))
    base.lower(known.bound)
    return base


def _groups(asked: Asked, *, job: Job, end: float) -> tuple[WhyOpen, ...] | None:
    """Return why each group is open, between the questions on students, which come first; None: the model is closed."""
    while not job.stop.is_set():
        with asked.turn(first=False) as inquiry:
            if inquiry is None:
                return None
            found = told_open(inquiry, time_limit=max(_LEAST, end - time.monotonic()))
            if not asked.wanted or time.monotonic() >= end:
                return found
    return None

"""What every other group would cost a proposal for one student, exactly; in a thread, one student at a time."""

from apdash.jobs import Job
from apdash.rebalancing.elsewhere import broken_words, rule_words
from apdash.rebalancing.explaining import Answer
from apdash.rights import CONSOLE, Action, Viewer
from apdash.services import Services
from apdash.store.queries.proposals import proposal as proposal_row
from optimizer.problem import Problem
from optimizer.solution import Solution
from optimizer.why_here import Other, why_here

TIME_LIMIT = 30.0


def exact_key(proposal: int) -> str:
    """Return the key of the jobs that answer for a proposal: one at a time."""
    return f"why-{proposal}"


def exact_answer(services: Services, viewer: Viewer, *, proposal: int, student: str, slot: str) -> Job | None:
    """Return the job that answers for a student at a slot, started if need be; None: another student's comes first."""
    viewer.require(Action.REGROUP)
    job = exact_job(services, proposal=proposal, student=student, slot=slot)
    if job is not None:
        return job
    if services.jobs.running_under(exact_key(proposal)) is not None:
        return None
    return services.jobs.start(
        lambda _: _answered(services, proposal=proposal, student=student, slot=slot),
        key=_key(proposal, student, slot),
        owner=viewer.login,
    )


def exact_job(services: Services, *, proposal: int, student: str, slot: str) -> Job | None:
    """Return the job that answers, or answered, for a student at a slot; None when nobody asked or it was forgotten."""
    return services.jobs.latest(_key(proposal, student, slot))


def _key(proposal: int, student: str, slot: str) -> str:
    return f"{exact_key(proposal)}/{student}/{slot}"


def _answered(services: Services, *, proposal: int, student: str, slot: str) -> Answer:
    """Return the optimiser's answer as JSON, each other group with what bars it, in words."""
    row = proposal_row(services.store, CONSOLE, proposal=proposal)
    problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
    seed = row.parameters.get("seed", 1)
    found = why_here(problem, solution, student=student, slot=slot, time_limit=TIME_LIMIT, seed=seed)
    others = [{**other.to_json(), **_words(other)} for other in found.others]
    return {**found.to_json(), "score": solution.score, "others": others}


def _words(other: Other) -> dict[str, str]:
    """Return what forbids a group at sight, and what does when nobody else moves; empty words when nothing does."""
    alone = other.alone
    return {
        "barred": rule_words(other.rules) if other.rules else "",
        "broken": "" if alone is None or alone.lawful else broken_words(alone),
    }

"""What every other group would cost a proposal for one student, exactly; in a thread, the last student asked first."""

from apdash.jobs import Job, JobProgress, JobState
from apdash.rebalancing.elsewhere import broken_words, rule_words
from apdash.rebalancing.explaining import Answer
from apdash.rebalancing.inquiries import asked_of
from apdash.rights import CONSOLE, Action, Viewer
from apdash.services import Services
from apdash.store.queries.proposals import Proposal
from apdash.store.queries.proposals import proposal as proposal_row
from optimizer.explanations.inquiry import Inquiry
from optimizer.explanations.why_here import Other, WhyHere, told_here

SLICES = (
    0.0,
    2.0,
    6.0,
    12.0,
)  # seconds: what is known at each end is told, and a place that is settled costs no more


def exact_answer(
    services: Services, viewer: Viewer, *, proposal: int, student: str, slot: str, first: bool = True
) -> Job:
    """Return the job that answers for a student at a slot, started if need be.

    Its first bounds are in its progress, its answer in its result. first: it cuts short another student's, as who has
    just asked does; who asks again after having been cut short waits, or two screens would never see an end.
    """
    viewer.require(Action.REGROUP)
    job = exact_job(services, proposal=proposal, student=student, slot=slot)
    if job is not None and not was_cut(job):
        return job
    return services.jobs.start(
        lambda job: _answered(services, job, proposal=proposal, student=student, slot=slot, first=first),
        key=f"why-{proposal}/{student}/{slot}",
        owner=viewer.login,
    )


def exact_job(services: Services, *, proposal: int, student: str, slot: str) -> Job | None:
    """Return the job that answers, or answered, for a student at a slot; None when nobody asked or it was forgotten."""
    return services.jobs.latest(f"why-{proposal}/{student}/{slot}")


def was_cut(job: Job) -> bool:
    """Tell whether an answer was cut short for another student's: it is to be asked again."""
    return job.state is JobState.DONE and job.result is None


def _answered(
    services: Services, job: Job, *, proposal: int, student: str, slot: str, first: bool
) -> Answer | None:
    """Return the optimiser's answer as JSON, each other group with what bars it, in words; None when cut short."""
    row = proposal_row(services.store, CONSOLE, proposal=proposal)
    bound = bound_by_direction(row, student)
    asked = asked_of(services, row)
    with asked.turn(first=first) as inquiry:
        if inquiry is None:
            return None
        told: tuple[Answer, ...] = ()
        for seconds in SLICES:
            found = told_here(inquiry, student=student, slot=slot, time_limit=seconds)
            if asked.wanted:
                return None
            told = (*told, _told(found, inquiry, bound))
            job.report(JobProgress(found=told))
            if all(one.cost.exact or one.cost.impossible for one in found.others):
                break
        return told[-1]


def bound_by_direction(row: Proposal, student: str) -> frozenset[str]:
    """Return who shares a rule of the direction's own with a student: never named beside them."""
    secret = row.parameters.get("secret", {})
    rules = [
        set(row.problem[part][place]["students"])
        for part in ("pairs", "caps")
        for place in secret.get(part, ())
    ]
    return frozenset().union(*(people - {student} for people in rules if student in people))


def _told(found: WhyHere, inquiry: Inquiry, bound: frozenset[str]) -> Answer:
    others = [{**other.to_json(), **_words(other), "unnamed": _tells(other, bound)} for other in found.others]
    return {**found.to_json(), "score": inquiry.solution.score, "others": others}


def _tells(other: Other, bound: frozenset[str]) -> bool:
    """Tell whether naming who would move would tell of a rule of the direction's own."""
    told = other.to_json()
    near = told.get("same_groups") or {}
    return not bound.isdisjoint([*(told.get("displaced") or ()), *(near.get("displaced") or ())])


def _words(other: Other) -> dict[str, str]:
    """Return what forbids a group at sight, and what does when nobody else moves; empty words when nothing does."""
    alone = other.alone
    return {
        "barred": rule_words(other.rules) if other.rules else "",
        "broken": "" if alone is None or alone.lawful else broken_words(alone),
    }

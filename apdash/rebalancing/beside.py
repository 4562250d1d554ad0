"""Work on a saved proposal in a thread, beside the pages that show it."""

from collections.abc import Callable

from apdash.jobs import Job
from apdash.rights import Action, Viewer
from apdash.services import Services


def start_beside(
    services: Services, viewer: Viewer, *, key: str, proposal: int, work: Callable[..., None]
) -> Job:
    """Start work(services, viewer, job=, proposal=); raises `ApdashError` when that of this key is under way."""
    viewer.require(Action.REGROUP)
    return services.jobs.start(
        lambda job: work(services, viewer, job=job, proposal=proposal), key=key, owner=viewer.login
    )

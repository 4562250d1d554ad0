"""Long computations: a thread of this process each, with progress, a way to stop, and a result that outlives a page."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from apdash.errors import ApdashError

KEPT = 30  # finished jobs remembered: a page that comes back late still finds its own


class JobState(StrEnum):
    """Where a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a search is: its best score, what no other can beat, and the gap between them (0.01 is 1 %).

    found: the answers so far, when the work gives them one by one.
    """

    score: float | None = None
    bound: float | None = None
    gap: float | None = None
    found: tuple[Any, ...] = ()


class Job:
    """One computation: the one owner of its thread, of its progress and of its result."""

    def __init__(self, *, key: str, owner: str) -> None:
        self.id = uuid.uuid4().hex
        self.key = key
        self.owner = owner
        self.stop = threading.Event()
        self.progress = JobProgress()
        self.state = JobState.RUNNING
        self.result: Any = None
        self.error: ApdashError | None = None
        self._begun = time.monotonic()
        self._ended: float | None = None
        self._thread: threading.Thread | None = None

    @property
    def seconds(self) -> float:
        """Return how long it has run, or ran."""
        return (self._ended or time.monotonic()) - self._begun

    def report(self, progress: JobProgress) -> None:
        """Tell how far the work is; called by the work itself."""
        self.progress = progress

    def wait(self) -> None:
        """Return when the work has ended."""
        if self._thread is not None:
            self._thread.join()

    def _start(self, work: Callable[["Job"], Any]) -> None:
        self._thread = threading.Thread(target=self._run, args=(work,), name=f"job-{self.key}", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[["Job"], Any]) -> None:
        try:
            self.result = work(self)
            state = JobState.DONE
        except ApdashError as error:
            self.error, state = error, JobState.FAILED
        except Exception:
            logging.getLogger("apdash").exception("A job failed: %s", self.key)
            self.error = ApdashError(
                "Le calcul a échoué.", "Rien n’a été modifié. Le détail est dans le journal."
            )
            state = JobState.FAILED
        self._ended = time.monotonic()
        self.state = state


class Jobs:
    """The jobs of this process: one at a time for each key."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def start(self, work: Callable[[Job], Any], *, key: str, owner: str) -> Job:
        """Start a computation in a thread and return its job; raises `ApdashError` when one of this key is running."""
        job = Job(key=key, owner=owner)
        with self._lock:
            if any(one.key == key and one.state is JobState.RUNNING for one in self._jobs.values()):
                raise ApdashError("Un calcul est déjà en cours.", "Attendez sa fin, ou arrêtez-le.")
            ended = [one.id for one in self._jobs.values() if one.state is not JobState.RUNNING]
            for old in ended[: max(0, len(ended) - KEPT)]:
                del self._jobs[old]
            self._jobs[job.id] = job
            job._start(work)
        return job

    def find(self, job: str) -> Job | None:
        """Return a job by its id; None when it is unknown or was forgotten."""
        return self._jobs.get(job)

    def latest(self, key: str) -> Job | None:
        """Return the last job of this key, whatever its state; None when there was none, or it was forgotten."""
        with self._lock:
            return next((one for one in reversed(self._jobs.values()) if one.key == key), None)

    def running(self, key: str) -> Job | None:
        """Return the job of this key that is running, if there is one."""
        with self._lock:
            return next(
                (one for one in self._jobs.values() if one.key == key and one.state is JobState.RUNNING), None
            )

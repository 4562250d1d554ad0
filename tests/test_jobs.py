"""Computations in a thread: found again by their id, stopped, one at a time for a key."""

import threading

import pytest

from apdash.errors import ApdashError
from apdash.jobs import Job, JobProgress, Jobs, JobState


def test_a_job_is_found_again_with_its_progress_and_its_result() -> None:
    jobs, go_on, told = Jobs(), threading.Event(), threading.Event()

    def work(job: Job) -> int:
        job.report(JobProgress(score=10, bound=12, gap=0.2))
        told.set()
        go_on.wait(10)
        return 7

    started = jobs.start(work, key="band-1", owner="pilote")
    assert told.wait(10)
    found = jobs.find(started.id)
    assert found is started
    assert (found.state, found.progress.gap, jobs.running("band-1")) == (JobState.RUNNING, 0.2, started)
    go_on.set()
    found.wait()
    assert (found.state, found.result, jobs.running("band-1")) == (JobState.DONE, 7, None)
    assert jobs.find("unknown") is None


def test_one_computation_at_a_time_for_a_band() -> None:
    jobs, go_on = Jobs(), threading.Event()
    first = jobs.start(lambda job: go_on.wait(10), key="band-1", owner="pilote")
    other = jobs.start(lambda job: go_on.wait(10), key="band-2", owner="pilote")
    with pytest.raises(ApdashError, match="déjà en cours"):
        jobs.start(lambda job: None, key="band-1", owner="direction")
    go_on.set()
    first.wait()
    other.wait()
    again = jobs.start(lambda job: "encore", key="band-1", owner="direction")
    again.wait()
    assert again.result == "encore"


def test_a_job_is_asked_to_stop_through_its_event() -> None:
    jobs = Jobs()
    job = jobs.start(lambda job: job.stop.wait(10), key="band-1", owner="pilote")
    job.stop.set()
    job.wait()
    assert job.result is True


def test_a_refusal_and_a_breakdown_are_both_told_in_french(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(job: Job) -> None:
        raise ApdashError("Bilan ouvert.", "Clôturez-le.")

    def break_down(job: Job) -> None:
        raise ZeroDivisionError("secret detail")

    jobs = Jobs()
    refused = jobs.start(refuse, key="a", owner="pilote")
    broken = jobs.start(break_down, key="b", owner="pilote")
    refused.wait()
    broken.wait()
    assert (refused.state, str(refused.error)) == (JobState.FAILED, "Bilan ouvert. Clôturez-le.")
    assert broken.state is JobState.FAILED
    assert "secret detail" not in str(broken.error)
    assert "ZeroDivisionError" in caplog.text


def test_old_jobs_are_forgotten_in_the_end() -> None:
    jobs = Jobs()
    made = []
    for _ in range(40):
        job = jobs.start(lambda job: None, key="band-1", owner="pilote")
        job.wait()
        made.append(job.id)
    assert jobs.find(made[0]) is None
    assert jobs.find(made[-1]) is not None

"""What a test does to the page through HTTP."""

import json
from dataclasses import replace

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.proposals import save_draft
from apdash.store.queries.proposals import proposal
from optimizer.check import score
from optimizer.problem import Problem
from optimizer.solution import Solution, Status, gap_of
from tests.conftest import Client, call


def press(client: Client, button: dict | str, *, state: list) -> str:
    """Press a button of the page; return what its callback answers, as text."""
    one = {"id": button, "property": "n_clicks", "value": 1}
    answer = call(client, inputs=[[one]] if isinstance(button, dict) else [one], state=state)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return str(answer.get_json())


def url(search: str) -> dict:
    return {"id": "url", "property": "search", "value": search}


def left_out(services: Services, number: int) -> tuple[int, str]:
    """Save the same proposal with one student of its largest group left without one; return it and the student."""
    row = proposal(services.store, CONSOLE, proposal=number)
    problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
    large = max(solution.groups, key=lambda group: len(group.students))
    student = large.students[-1]
    groups = tuple(
        replace(group, students=group.students[:-1]) if group is large else group for group in solution.groups
    )
    changed = replace(solution, groups=groups, unplaced=((student, large.slot),))
    found = score(problem, changed)
    gap = gap_of(found.score, solution.bound or 0)
    told = replace(changed, score=found.score, gap=gap, status=Status.FEASIBLE, terms=found)
    created = save_draft(
        services.store, CONSOLE, band=row.band, review=row.review, label="Proposition incomplète",
        parameters=row.parameters, problem=row.problem, solution=told.to_json(),
        fingerprint=json.loads(row.fingerprint), effective_from=row.effective_from, now=services.now(),
    )  # fmt: skip
    return created, student

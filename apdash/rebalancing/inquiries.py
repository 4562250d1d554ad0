"""The proposal being asked about: one model of its questions, its best score proven once, kept between them."""

import threading

from apdash.held import Held
from apdash.services import Services
from apdash.store.queries.proposals import Proposal
from optimizer.explanations.inquiry import Inquiry
from optimizer.problem import Problem
from optimizer.solution import Solution

PROOF = 6.0  # seconds at most to prove the best score, before the first question; the questions go on with it

Asked = Held[Inquiry]


def asked_of(services: Services, row: Proposal) -> Asked:
    """Return the model of a proposal's questions, held while it is looked at."""

    def made(stop: threading.Event) -> Inquiry:
        problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
        return Inquiry(problem, solution, seed=row.parameters.get("seed", 1), stop=stop)

    return services.inquiries.of(row.id, lambda: Held(made, lambda inquiry: inquiry.prove(seconds=PROOF)))

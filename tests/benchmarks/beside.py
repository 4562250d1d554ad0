"""The other solvers beside ours: the direct model in a file, each solver in its own process."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from optimizer import Problem, score, violations
from optimizer.plan import proposal
from optimizer.solution import Solution, gap_of
from tests.benchmarks.direct import Direct, direct_model
from tests.benchmarks.need_relaxation import save_need_relaxation
from tests.benchmarks.processes import told

_CLOSE = 1e-6
_TOLERANCE = 0.01
"""What a solver's rounding may add to a score."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one run took and reached; None = not known."""

    seconds: float | None
    gap: float | None
    reached: bool
    usable: float | None = None
    megabytes: float | None = None
    note: str = ""
    """What else there is to say of the answer: what is wrong with it, or its bound."""

    @classmethod
    def of(cls, answer: Mapping[str, object] | None, *, gap: float) -> "Measure":
        """The measure in what a process told; nothing when it failed."""
        if answer is None:
            return cls(None, None, False, note="failed")
        found = answer.get("gap")
        return cls(
            seconds=answer["seconds"],
            gap=found,
            reached=found is not None and found <= gap + _CLOSE,
            usable=answer.get("usable"),
            megabytes=answer["megabytes"],
            note="" if answer.get("lawful", True) else "unlawful",
        )


def references(problem: Problem, options: argparse.Namespace, folder: Path) -> dict[str, Measure]:
    """CP-SAT where it is installed, CBC and HiGHS on the direct model."""
    model, path = direct_model(problem), folder / "direct.npz"
    model.save(path)
    names = ["cbc", "highs"] if find_spec("ortools") is None else ["cp-sat", "cbc", "highs"]
    return {name: _reference(name, model, path, options) for name in names}


def _reference(name: str, model: Direct, path: Path, options: argparse.Namespace) -> Measure:
    answer = run_reference(name, path, options)
    if answer is not None and answer["score"] is not None:
        written = solution_in(model, answer)
        # A solver that is stopped may hold a student for unserved who is not: the true score can be above its own.
        true = None if written is None else score(model.problem, written).score
        lawful = true is not None and not violations(model.problem, written)
        answer["lawful"] = lawful and true >= answer["score"] - _TOLERANCE
        if lawful and answer["bound"] is not None:
            answer["gap"] = max(0.0, gap_of(true, answer["bound"]))
    return Measure.of(answer, gap=options.gap)


def run_reference(name: str, path: Path, options: argparse.Namespace) -> dict[str, object] | None:
    """What a solver says of the model in this file."""
    limit = options.reference_limit
    settings = ("--gap", options.gap, "--limit", limit, "--threads", options.threads)
    return told("references", name, path, *settings, limit=limit)


def solution_in(model: Direct, answer: Mapping[str, object]) -> Solution | None:
    """The proposal that the values of a solver are; None without rooms for it."""
    return proposal(model.problem, model.plan(answer["values"]), model.by_place)


def relaxations(problem: Problem, options: argparse.Namespace, folder: Path) -> dict[str, Measure]:
    """The LP relaxations of our need model and of the direct model, started cold; reached = solved."""
    found = {}
    for name in ("need lp", "direct lp"):
        path = folder / "relaxation.npz"
        if name == "need lp":
            save_need_relaxation(problem, path)
        else:
            direct_model(problem).save(path)
        answer = run_reference("lp", path, options)
        measure = Measure.of(answer, gap=options.gap)
        if answer is not None and answer["bound"] is not None:
            measure = replace(measure, reached=True, note=f"bound {answer['bound']:.0f}")
        found[name] = measure
    return found

"""One measure of the optimiser: python -m tests.benchmarks.tasks TASK PROBLEM.json OPTIONS.

Prints one line of JSON; times are from the problem read to the answer, of the clock (`seconds`) and of the
processor.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from optimizer import (
    Problem,
    Progress,
    Solution,
    load_problem,
    load_solution,
    save_solution,
    solve,
    violations,
    wrong_claims,
)
from optimizer.frontier import frontier
from optimizer.repairs.repair import repair
from optimizer.solution import gap_of
from tests.benchmarks.memory import peak_megabytes

USABLE = 0.05
"""A proposal is usable once within 5 % of the final bound."""

Answer = dict[str, object]


def solve_once(problem: Problem, options: argparse.Namespace) -> Answer:
    """The search to the gap, and when its first usable proposal came."""
    heard: list[Progress] = []
    begun, processor = time.perf_counter(), time.process_time()
    found = solve(
        problem,
        time_limit=options.limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
        on_progress=heard.append,
    )
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    if options.output is not None:
        save_solution(found, options.output)
    usable = (
        one.elapsed
        for one in heard
        if one.score is not None and found.bound is not None and gap_of(one.score, found.bound) <= USABLE
    )
    return {
        "seconds": seconds,
        "processor": processor,
        "usable": next(usable, None),
        **_said(problem, found),
    }


def _said(problem: Problem, found: Solution) -> Answer:
    return {
        "status": found.status,
        "score": found.score,
        "bound": found.bound,
        "gap": found.gap,
        "lawful": not violations(problem, found) and not wrong_claims(problem, found),
    }


def mend(problem: Problem, options: argparse.Namespace) -> Answer:
    """The repair of the proposal `before`."""
    before = load_solution(options.before)
    begun, processor = time.perf_counter(), time.process_time()
    found = repair(problem, before, time_limit=options.limit, seed=options.seed)
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    if options.output is not None:
        save_solution(found.solution, options.output)
    said = _said(problem, found.solution)
    return {"seconds": seconds, "processor": processor, "proven": found.fewest_proven, **said}


def dial(problem: Problem, options: argparse.Namespace) -> Answer:
    """The frontier of 7 points."""
    begun, processor = time.perf_counter(), time.process_time()
    found = frontier(
        problem,
        points=7,
        time_limit=8 * options.limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
    )
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    gaps = [point.solution.gap for point in found.points]
    return {
        "seconds": seconds,
        "processor": processor,
        "moves": [point.max_moves for point in found.points],
        "scores": [point.solution.score for point in found.points],
        "gap": max((gap for gap in gaps if gap is not None), default=None),
    }


def apart(problem: Problem, options: argparse.Namespace) -> Answer:
    """A search of its own for each of these numbers of moves."""
    found = []
    begun, processor = time.perf_counter(), time.process_time()
    for number in options.moves:
        variant = replace(problem, rules=replace(problem.rules, max_moves=number))
        found.append(
            solve(
                variant, time_limit=options.limit, gap=options.gap, seed=options.seed, threads=options.threads
            )
        )
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    gaps = [one.gap for one in found]
    return {
        "seconds": seconds,
        "processor": processor,
        "scores": [one.score for one in found],
        "gap": None if None in gaps else max(gaps),
    }


TASKS: Mapping[str, Callable[[Problem, argparse.Namespace], Answer]] = {
    "solve": solve_once,
    "frontier": dial,
    "apart": apart,
    "repair": mend,
}


def main() -> None:
    """Run one task and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--gap", type=float, required=True)
    parser.add_argument("--limit", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--moves", type=int, nargs="*", default=())
    parser.add_argument("--output", type=Path)
    parser.add_argument("--before", type=Path)
    options = parser.parse_args()
    answer = TASKS[options.task](load_problem(options.problem), options)
    print(json.dumps({**answer, "megabytes": peak_megabytes()}))


if __name__ == "__main__":
    main()

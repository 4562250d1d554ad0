"""How long explanations take: python -m tests.benchmarks.explanations [--students N] [--seeds N] [--time-limit S].

One line a seed: seconds and exact answers of a student at a slot (open groups, groups to open), then seconds,
exact closings and exact gains of the whole explanation. Times are those of this machine at this moment.
"""

import argparse
import time

from optimizer import Problem, solve
from optimizer.explanations.explanation import explanation
from optimizer.explanations.why_here import why_here
from tests.optimizer.factories import school


def main() -> None:
    """Explain one proposal a seed and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=96)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=60)
    options = parser.parse_args()
    print("seed;here_s;open;open_exact;to_open;to_open_exact;all_s;groups;groups_exact;gains;gains_exact")
    for seed in range(options.seeds):
        problem = Problem.from_json(school(seed, students=options.students))
        solution = solve(problem)
        student = next(one.id for one in problem.students[7:] if one.sessions["s0"])
        begun = time.perf_counter()
        here = why_here(problem, solution, student=student, slot="s0", time_limit=options.time_limit)
        middle = time.perf_counter()
        whole = explanation(problem, solution, time_limit=options.time_limit)
        ended = time.perf_counter()
        known = {kind: [one.cost for one in here.others if one.open is kind] for kind in (True, False)}
        counts = [
            figure
            for costs in (*known.values(), [group.closing for group in whole.groups])
            for figure in (len(costs), sum(cost.exact or cost.impossible for cost in costs))
        ]
        gains = (len(whole.gains), sum(gain.least == gain.most for gain in whole.gains))
        figures = (*counts[:4], f"{ended - middle:.1f}", *counts[4:], *gains)
        print(seed, f"{middle - begun:.1f}", *figures, sep=";", flush=True)


if __name__ == "__main__":
    main()

"""How long a band takes: python -m tests.benchmarks.optimizer_band [--seeds N] [--students N] [--gap G].

One line an instance: variant, seed, seconds of clock and of processor, status, score, bound, gap.
Times are those of this machine at this moment; the gap is what counts.
"""

import argparse
import time

from optimizer import Problem, solve, violations, wrong_claims
from tests.optimizer.factories import school

VARIANTS: dict[str, dict[str, object]] = {
    "plain": {},
    "rooms": {"rooms": True},
    "tight": {"pairs": 8, "caps": 8, "pins": 1, "max_needs_open": 7, "crowded": True},
    "co-led": {"co_led": True, "rooms": True},
    "often away": {"away": 0.4},
}


def main() -> None:
    """Solve each variant for each seed and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--students", type=int, default=96)
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--time-limit", type=float, default=60)
    options = parser.parse_args()
    print("variant;seed;clock_s;processor_s;status;score;bound;gap;lawful")
    for name, changes in VARIANTS.items():
        shape = dict(changes)
        adults = max(3, round(options.students / (16 if shape.pop("crowded", False) else 13)))
        for seed in range(options.seeds):
            data = school(seed, students=options.students, adults=adults, **shape)
            _measure(name, seed, Problem.from_json(data), options)


def _measure(name: str, seed: int, problem: Problem, options: argparse.Namespace) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    found = solve(problem, gap=options.gap, time_limit=options.time_limit)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    lawful = not found.groups or not (violations(problem, found) or wrong_claims(problem, found))
    gap = "" if found.gap is None else f"{found.gap:.5f}"
    figures = f"{clock:.1f};{processor:.1f};{found.status};{found.score};{found.bound};{gap};{lawful}"
    print(f"{name};{seed};{figures}", flush=True)


if __name__ == "__main__":
    main()

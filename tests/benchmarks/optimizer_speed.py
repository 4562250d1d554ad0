"""How fast the search is, beside other solvers on the direct model: python -m tests.benchmarks.optimizer_speed.

For each size and seed (ten seeds meet the ten variants of `variants`): seconds to the gap, to the first usable
proposal (within 5 % of the bound), the gap reached, the most memory held; then CP-SAT with 8 workers, CBC and
HiGHS on the direct model to the same gap, or, where that is out of their reach, the LP relaxations alone. Each
runs in its own process, one after the other. `>` marks a time that the limit ended. At most 240 students:
also the frontier of 7 points against 7 searches, and the answer to 5 pins.

Times are those of this machine at this moment; the ratios are what counts. Nothing is asserted.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.beside import Measure, references, relaxations
from tests.benchmarks.dial_and_repair import measure_dial, measure_repair
from tests.benchmarks.processes import told
from tests.benchmarks.schools import instance
from tests.benchmarks.tables import print_line, print_summary
from tests.benchmarks.variants import SIZES, VARIANTS, Size

SMALL = 240
"""Students up to which other solvers are given the direct model whole."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, one line an instance, then the worst and the median of each size."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sizes:
            _measure_size(SIZES[name], options, Path(folder))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--seeds", type=int, default=10, help="how many, from 0")
    parser.add_argument("--only", choices=VARIANTS, help="one variant for every seed")
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--limit", type=float, help="seconds of our search (each size has its own)")
    parser.add_argument("--reference-limit", type=float, default=300)
    parser.add_argument("--no-references", action="store_true")
    parser.add_argument("--no-others", action="store_true", help="neither frontier nor repair")
    parser.add_argument("--threads", type=int, default=2, help="of all but CP-SAT, which has 8 workers")
    return parser.parse_args(arguments)


def _measure_size(size: Size, options: argparse.Namespace, folder: Path) -> None:
    limit = options.limit or size.patience
    small = size.students <= SMALL
    print(f"\n{size.name}, gap {options.gap:.2%}, {options.threads} threads, limit {limit:g} s", flush=True)
    if small and not options.no_references and find_spec("ortools") is None:
        print("cp-sat is not installed: python -m pip install -c constraints.txt -e '.[bench]'")
    lines: list[dict[str, Measure]] = []
    for seed in range(options.seeds):
        made = instance(seed, size, options.only)
        path = folder / "problem.json"
        path.write_text(json.dumps(made.problem.to_json()), "utf-8")
        line = {"ours": _ours(path, options, limit, folder)}
        if not options.no_references:
            line |= (references if small else relaxations)(made.problem, options, folder)
        print_line(made.name, line)
        lines.append(line)
        if small and not options.no_others:
            measure_dial(path, options, limit)
            measure_repair(made.problem, seed, options, limit, folder)
    print_summary(size.name, lines)


def _ours(path: Path, options: argparse.Namespace, limit: float, folder: Path) -> Measure:
    settings = ("--gap", options.gap, "--limit", limit, "--threads", options.threads)
    answer = told("tasks", "solve", path, *settings, "--output", folder / "solution.json", limit=limit)
    return Measure.of(answer, gap=options.gap)


if __name__ == "__main__":
    main()

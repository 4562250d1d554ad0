"""What the commands say of a solution, while it is looked for and when it is there."""

import json
import sys

from optimizer.search import Listener, Progress
from optimizer.solution import Solution, Status


def shown_progress() -> Listener | None:
    """A line rewritten as the search goes, on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def show(progress: Progress) -> None:
        score = "–" if progress.score is None else f"{progress.score:g}"
        bound = "–" if progress.bound is None else f"{progress.bound:g}"
        print(
            f"\r{progress.elapsed:6.1f} s  score {score}  borne {bound}   ",
            end="",
            file=sys.stderr,
            flush=True,
        )

    return show


def say(solution: Solution) -> None:
    """Say what came out."""
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if solution.status is Status.INFEASIBLE:
        print("Aucune proposition ne peut respecter ensemble\u00a0:")
        for statement in solution.conflict:
            print(f"  {statement.path}\u00a0: {statement.words}")
        for change in solution.loosening:
            print(f"  assouplir {change.path}\u00a0: {_short(change.old)} → {_short(change.new)}")
        if not solution.irreducible:
            print("Le temps donné n’a pas suffi à écarter tout ce qui n’y est pour rien.")
        if not solution.smallest:
            print(
                "Cet assouplissement suffit\u00a0; le temps donné n’a pas permis d’en chercher de plus petit."
            )
    elif solution.score is None or solution.gap is None:
        print("Aucune proposition trouvée dans le temps donné.")
    else:
        print(
            f"{solution.status}\u00a0: score {solution.score:g}, borne {solution.bound:g}, "
            f"écart {solution.gap:.3%}, {len(solution.groups)} groupes, "
            f"{len(solution.unplaced)} sans groupe, {solution.seconds:.1f} s"
        )


def _short(value: object) -> str:
    return "retiré" if value is None else json.dumps(value, ensure_ascii=False)

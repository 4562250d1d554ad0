"""The command line: python -m optimizer solve | check | frontier | repair | explain."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from optimizer.check import violations, wrong_claims
from optimizer.choice import LEAST
from optimizer.explain_command import add_explain
from optimizer.files.reading import FileError
from optimizer.frontier import TIME_LIMIT as FRONTIER_TIME_LIMIT
from optimizer.frontier import frontier
from optimizer.problem import load_problem
from optimizer.repairs.repair import TIME_LIMIT as REPAIR_TIME_LIMIT
from optimizer.repairs.repair import repair
from optimizer.search import Listener, Progress
from optimizer.solution import Solution, Status, load_solution, save_solution
from optimizer.solve import GAP, TIME_LIMIT, solve

DONE, REFUSED, USAGE, IMPOSSIBLE, NOTHING_YET = 0, 1, 2, 3, 4
_CODES = f"""codes de sortie\u00a0:
  {DONE}  une proposition est écrite (check\u00a0: elle respecte les règles et ce qu’elle annonce est exact)
  {REFUSED}  fichier refusé, le champ est nommé (check\u00a0: les écarts sont listés)
  {USAGE}  commande mal écrite
  {IMPOSSIBLE}  aucune proposition possible, le conflit et un assouplissement sont dans le fichier
  {NOTHING_YET}  temps écoulé avant la première proposition
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except FileError as wrong:
        print(f"Fichier refusé\u00a0: {wrong}", file=sys.stderr)
        return REFUSED
    except OSError as wrong:
        print(f"Écriture impossible\u00a0: {wrong.filename} ({wrong.strerror})", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m optimizer",
        description="Regrouper les élèves d’une barrette\u00a0: proposition, preuve, vérification.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="solve | check | frontier | repair | explain")
    for name, run, limit, words in (
        ("solve", _solve, TIME_LIMIT, "chercher la meilleure proposition"),
        ("frontier", _frontier, FRONTIER_TIME_LIMIT, "le besoin servi selon le nombre de changements"),
    ):
        command = commands.add_parser(
            name, help=words, epilog=_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.set_defaults(run=run)
        command.add_argument("problem", type=Path, metavar="PROBLEM.json")
        command.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.json")
        command.add_argument("--time-limit", type=_positive, default=limit, metavar="S", help="secondes")
        command.add_argument("--gap", type=_share, default=GAP, metavar="G", help="écart relatif accepté")
        command.add_argument("--seed", type=_seed, default=0, metavar="N", help="graine du hasard")
        command.add_argument("--threads", type=_threads, default=2, metavar="N", help="processeurs")
        if run is _solve:
            command.add_argument(
                "--work-limit", type=_work, metavar="W", help="itérations du simplexe, au lieu des secondes"
            )
        else:
            command.add_argument(
                "--least",
                type=_gain,
                default=LEAST,
                metavar="P",
                help="points qu’un déplacement doit rapporter",
            )
    mend = commands.add_parser(
        "repair",
        help="rendre une proposition licite en la changeant le moins possible",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    mend.set_defaults(run=_repair)
    mend.add_argument("problem", type=Path, metavar="PROBLEM.json")
    mend.add_argument("proposal", type=Path, metavar="PROPOSAL.json")
    mend.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.json")
    mend.add_argument(
        "--earlier", type=Path, metavar="PROBLEM.json", help="le problème d’avant, dont la borne vaut encore"
    )
    mend.add_argument("--time-limit", type=_positive, default=REPAIR_TIME_LIMIT, metavar="S", help="secondes")
    check = commands.add_parser(
        "check",
        help="vérifier une proposition sans la chercher",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.set_defaults(run=_check)
    check.add_argument("problem", type=Path, metavar="PROBLEM.json")
    check.add_argument("solution", type=Path, metavar="SOLUTION.json")
    add_explain(commands, epilog=_CODES)
    return parser


def _number(text: str, *, low: float, high: float) -> float:
    number = float(text)
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} n’est pas entre {low:g} et {high:g}")
    return number


def _positive(text: str) -> float:
    return _number(text, low=0.001, high=1_000_000)


def _share(text: str) -> float:
    return _number(text, low=0, high=1)


def _seed(text: str) -> int:
    return int(_number(str(int(text)), low=0, high=2**31 - 1))


def _threads(text: str) -> int:
    return int(_number(str(int(text)), low=1, high=256))


def _gain(text: str) -> float:
    return _number(text, low=0, high=1_000_000)


def _work(text: str) -> int:
    return int(_number(str(int(text)), low=1, high=10**12))


def _solve(options: argparse.Namespace) -> int:
    solution = solve(
        load_problem(options.problem),
        time_limit=options.time_limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
        work_limit=options.work_limit,
        on_progress=_shown_progress(),
    )
    save_solution(solution, options.output)
    _say(solution)
    return _code(solution)


def _shown_progress() -> Listener | None:
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


def _say(solution: Solution) -> None:
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


def _code(solution: Solution) -> int:
    codes = {Status.INFEASIBLE: IMPOSSIBLE, Status.NONE: NOTHING_YET}
    return codes.get(solution.status, DONE)


def _check(options: argparse.Namespace) -> int:
    problem, solution = load_problem(options.problem), load_solution(options.solution)
    broken = violations(problem, solution) if _has_plan(solution) else []
    if not any(violation.path and violation.rule.startswith("0") for violation in broken):
        broken += wrong_claims(problem, solution)
    for violation in broken:
        print(f"{violation.rule} · {violation.path} · {violation.words}")
    if not broken:
        print(
            "Règles respectées, annonces exactes."
            if _has_plan(solution)
            else "Aucune proposition à vérifier."
        )
    return REFUSED if broken else DONE


def _has_plan(solution: Solution) -> bool:
    return solution.status in (Status.OPTIMAL, Status.FEASIBLE)


def _repair(options: argparse.Namespace) -> int:
    found = repair(
        load_problem(options.problem),
        load_solution(options.proposal),
        time_limit=options.time_limit,
        earlier=None if options.earlier is None else load_problem(options.earlier),
        bounded=True,
    )
    text = json.dumps(found.to_json(), ensure_ascii=False, indent=1)
    options.output.write_text(text + "\n", encoding="utf-8")
    for change in found.changes:
        before, after = (_words(group) for group in (change.before, change.after))
        asked = ", décidé à la main" if change.pinned else ""
        print(
            f"{change.student} · {change.slot}\u00a0: {before} → {after} ({change.points:+d} points{asked})"
        )
    _say(found.solution)
    return _code(found.solution)


def _words(group: tuple[str, str] | None) -> str:
    return "sans groupe" if group is None else " avec ".join(group)


def _frontier(options: argparse.Namespace) -> int:
    found = frontier(
        load_problem(options.problem),
        time_limit=options.time_limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
    )
    text = json.dumps(found.to_json(least=options.least), ensure_ascii=False, indent=1)
    options.output.write_text(text + "\n", encoding="utf-8")
    chosen = found.chosen(least=options.least)
    for place, point in enumerate(found.points):
        mark = " ★" if chosen is not None and place == chosen.place else ""
        print(
            f"{point.moves:4d} changements  score {point.solution.score:g}  écart {point.solution.gap:.3%}{mark}"
        )
    if chosen is not None:
        print(f"★ {chosen.words}")
    if found.refusal is not None:
        _say(found.refusal)
        return _code(found.refusal)
    return DONE if found.points else NOTHING_YET


if __name__ == "__main__":
    sys.exit(main())

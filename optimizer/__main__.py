"""The command line: python -m optimizer solve | check | frontier | repair | explain."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from optimizer.check import violations, wrong_claims
from optimizer.choice import LEAST
from optimizer.command_options import (
    DONE,
    IMPOSSIBLE,
    NOTHING_YET,
    REFUSED,
    USAGE,
    Commands,
    add_command,
    add_output,
    add_search,
    gain,
    parser_of,
    share,
    work,
)
from optimizer.command_words import say, shown_progress
from optimizer.explain_command import add_explain
from optimizer.files.access import why_unreadable
from optimizer.files.reading import FileError
from optimizer.frontier import TIME_LIMIT as FRONTIER_TIME_LIMIT
from optimizer.frontier import frontier
from optimizer.problem import load_problem
from optimizer.repairs.repair import TIME_LIMIT as REPAIR_TIME_LIMIT
from optimizer.repairs.repair import repair
from optimizer.solution import Solution, Status, load_solution, save_solution
from optimizer.solve import GAP, TIME_LIMIT, solve


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except FileError as wrong:
        print(f"Fichier refusé\u00a0: {wrong}", file=sys.stderr)
        return REFUSED
    except OSError as wrong:
        print(f"Écriture impossible\u00a0: {wrong.filename} ({why_unreadable(wrong)})", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    return parser_of(_add_commands, "solve | check | frontier | repair | explain")


def _add_commands(commands: Commands) -> None:
    for name, run, limit, words in (
        ("solve", _solve, TIME_LIMIT, "chercher la meilleure proposition"),
        ("frontier", _frontier, FRONTIER_TIME_LIMIT, "le besoin servi selon le nombre de changements"),
    ):
        command = add_command(commands, name, run, words)
        add_output(command, time_limit=limit)
        command.add_argument("--gap", type=share, default=GAP, metavar="G", help="écart relatif accepté")
        add_search(command)
        if run is _solve:
            words = "itérations du simplexe, au lieu des secondes"
            command.add_argument("--work-limit", type=work, metavar="W", help=words)
        else:
            words = "points qu’un déplacement doit rapporter"
            command.add_argument("--least", type=gain, default=LEAST, metavar="P", help=words)
    mend = add_command(
        commands, "repair", _repair, "rendre une proposition licite en la changeant le moins possible"
    )
    mend.add_argument("proposal", type=Path, metavar="PROPOSAL.json")
    add_output(mend, time_limit=REPAIR_TIME_LIMIT)
    words = "le problème d’avant, dont la borne vaut encore"
    mend.add_argument("--earlier", type=Path, metavar="PROBLEM.json", help=words)
    check = add_command(commands, "check", _check, "vérifier une proposition sans la chercher")
    check.add_argument("solution", type=Path, metavar="SOLUTION.json")
    add_explain(commands)


def _solve(options: argparse.Namespace) -> int:
    solution = solve(
        load_problem(options.problem),
        time_limit=options.time_limit,
        gap=options.gap,
        seed=options.seed,
        threads=options.threads,
        work_limit=options.work_limit,
        on_progress=shown_progress(),
    )
    save_solution(solution, options.output)
    say(solution)
    return _code(solution)


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
    say(found.solution)
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
        say(found.refusal)
        return _code(found.refusal)
    return DONE if found.points else NOTHING_YET


if __name__ == "__main__":
    sys.exit(main())

"""The command line's words for an explanation: python -m optimizer explain PROBLEM.json SOLUTION.json -o OUT.json."""

import argparse
import json
from pathlib import Path

from optimizer.check import violations
from optimizer.command_options import Commands, add_command, add_output, add_search
from optimizer.explanations.explanation import TIME_LIMIT, Explanation, explanation
from optimizer.explanations.forced import Cost
from optimizer.explanations.gains import Gain
from optimizer.explanations.levers import Kind
from optimizer.explanations.serving import NoWay, Serving
from optimizer.explanations.unserved import Barrier
from optimizer.explanations.why_here import WhyHere, why_here
from optimizer.files.labels import load_labels
from optimizer.files.reading import ProblemError, SolutionError
from optimizer.problem import Problem, load_problem
from optimizer.solution import Solution, load_solution

_BARRIERS = {
    Barrier.COST: "une place y coûte plus ailleurs qu’elle n’apporte",
    Barrier.FULL: "groupe complet",
    Barrier.DIVISION: "trop d’élèves d’une même division",
    Barrier.ROOM: "salle trop petite",
    Barrier.LEFT_TOO_SMALL: "le groupe quitté passerait sous son minimum",
    Barrier.CAP: "une règle posée par la direction",
    Barrier.TOGETHER: "une demande garde des élèves ensemble",
    Barrier.MOVES: "nombre de changements permis atteint",
    Barrier.PER_STUDENT: "besoin déjà suivi à un autre créneau",
    Barrier.NEEDS_OPEN: "nombre de besoins ouverts atteint",
    Barrier.SLOT_FULL: "nombre de groupes du créneau atteint",
    Barrier.MIN_SIZE: "trop peu d’élèves pour ouvrir le groupe",
    Barrier.BUSY: "tous ceux qui peuvent l’animer animent un autre groupe",
    Barrier.NOT_OPENED: "ouvrir le groupe coûte plus qu’il n’apporte",
    Barrier.NO_STAFF: "personne ne peut l’animer à ce créneau",
    Barrier.WORN: "durée maximale atteinte",
    Barrier.FLOOR: "besoin sous le plancher",
    Barrier.BAN: "exclu à la demande",
    Barrier.PIN: "place fixée à la demande",
}
_NO_WAY = {
    NoWay.NO_LEADER: "personne ne peut animer le besoin quand l’élève est là",
    NoWay.REFUSED: "une demande ou une règle s’oppose à toute place",
    NoWay.IMPOSSIBLE: "aucune proposition permise ne le sert",
    NoWay.UNKNOWN: "aucune place trouvée dans le temps donné",
}


def add_explain(commands: Commands) -> None:
    """Add the command to those there are."""
    command = add_command(commands, "explain", _explain, "dire pourquoi une proposition est ce qu’elle est")
    command.add_argument("solution", type=Path, metavar="SOLUTION.json")
    add_output(command, time_limit=TIME_LIMIT)
    command.add_argument(
        "--student", metavar="S", help="un élève\u00a0: ce que coûteraient les autres groupes"
    )
    command.add_argument("--slot", metavar="T", help="son créneau")
    command.add_argument("--labels", type=Path, metavar="L.json", help="{genre: {nom: [élèves]}} à comparer")
    add_search(command)


def _explain(options: argparse.Namespace) -> int:
    """Write the explanation asked for and say its main lines."""
    problem, solution = load_problem(options.problem), load_solution(options.solution)
    _accept(problem, solution, options)
    labels = None if options.labels is None else load_labels(options.labels, problem)
    settings = {"time_limit": options.time_limit, "seed": options.seed, "threads": options.threads}
    if options.student is not None:
        here = why_here(problem, solution, student=options.student, slot=options.slot, **settings)
        _write(options.output, here.to_json())
        _say_here(here)
        return 0
    found = explanation(problem, solution, labels=labels, **settings)
    _write(options.output, found.to_json())
    _say(found)
    return 0


def _accept(problem: Problem, solution: Solution, options: argparse.Namespace) -> None:
    """Refuse what cannot be explained."""
    broken = violations(problem, solution)
    if solution.score is None or broken:
        where = broken[0].path if broken else "groups"
        raise SolutionError(where, broken[0].words if broken else "aucune proposition à expliquer")
    if (options.student is None) != (options.slot is None):
        raise ProblemError("students", "--student et --slot vont ensemble")
    if options.student is not None and options.student not in {one.id for one in problem.students}:
        raise ProblemError("students", f"élève inconnu « {options.student} »")
    if options.slot is not None and options.slot not in {one.id for one in problem.slots}:
        raise ProblemError("slots", f"créneau inconnu « {options.slot} »")


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _say_here(here: WhyHere) -> None:
    place = "sans groupe" if here.here is None else f"{here.here[1]} · {here.here[2]}"
    print(f"{here.student}, {here.slot}\u00a0: {place}")
    for other in here.others:
        words = "ouvert" if other.open else "à ouvrir"
        line = f"  {other.group[1]} · {other.group[2]} ({words})\u00a0: {_cost(other.cost)}"
        if other.displaced is not None:
            line += f", {_moving(len(other.displaced.students))}"
        if other.nearby is not None:
            moved = other.nearby.displaced.students
            line += f"\u00a0; sans toucher aux groupes\u00a0: {-other.nearby.loss:+g} points, {_moving(len(moved))}"
        print(line)


def _moving(students: int) -> str:
    return f"{students} élèves se déplacent" if students > 1 else f"{students} élève se déplace"


def _cost(cost: Cost) -> str:
    if cost.impossible:
        return "impossible"
    if cost.exact:
        return f"coût {cost.least:g}"
    low, high = ("?" if one is None else f"{one:g}" for one in (cost.least, cost.most))
    return f"coût entre {low} et {high}"


def _say(found: Explanation) -> None:
    for group in found.groups:
        print(
            f"{' · '.join(group.group)}\u00a0: {group.students} élèves, fermer\u00a0: {_cost(group.closing)}"
        )
    for one in found.unserved:
        why = one.binding
        line = f"non servi\u00a0: {one.student} ({why.need}, {why.slot})\u00a0: {_BARRIERS[why.barrier]}"
        print(f"{line}\u00a0; {_serving(found.serving[one.student])}")
    for gain in found.gains:
        if gain.least > 0 or gain.serves:
            print(_gain(gain))
    if found.fairness.alarm:
        print("Attention\u00a0: les plus en difficulté sont moins bien servis que sans rien changer.")
    past = found.history
    if past is not None and past.students:
        print(
            f"historique\u00a0: {past.students} élèves pèsent autrement, {len(past.moved)} places en dépendent, "
            f"{past.points_gained:+g} points pour eux"
        )


def _serving(cheapest: Serving) -> str:
    if cheapest.wish is None:
        return _NO_WAY[cheapest.reason or NoWay.UNKNOWN]
    words = "le servir" if cheapest.open else "le servir en ouvrant"
    return f"{words} ({' · '.join(cheapest.wish.group)})\u00a0: {_cost(cheapest.cost)}"


def _gain(gain: Gain) -> str:
    words = {
        Kind.STAFF: f"une heure de plus comme {gain.lever.like} ({gain.lever.slot})",
        Kind.ROOM: f"une salle de plus ({gain.lever.slot})",
        Kind.NEED_OPEN: "un besoin ouvert de plus",
        Kind.SEAT: f"une place de plus par groupe ({', '.join(gain.lever.needs)})",
    }
    return f"{words[gain.lever.kind]}\u00a0: {len(gain.serves)} élèves servis de plus, {gain.least:+g} points"

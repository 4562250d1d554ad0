"""The frontier against a search for each of its points; the answer to 5 pins against the fewest changes."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from optimizer import Problem, Solution, load_solution
from tests.benchmarks.beside import run_reference
from tests.benchmarks.by_hand import PINS, changed, pins_by_hand, where
from tests.benchmarks.direct import direct_model
from tests.benchmarks.processes import told

ANSWERS = ("repair", "solve")
"""The tasks that answer pins; each gets the pinned problem and writes its proposal."""
_DRAWS = 5


def measure_dial(path: Path, options: argparse.Namespace, limit: float) -> None:
    """Print the frontier's time, that of a search for each of its points, and their ratio."""
    settings = ("--gap", options.gap, "--limit", limit, "--threads", options.threads)
    dial = told("tasks", "frontier", path, *settings, limit=8 * limit)
    if dial is None or not dial["moves"]:
        print("    frontier: none")
        return
    apart = told("tasks", "apart", path, *settings, "--moves", *dial["moves"], limit=8 * limit)
    if apart is not None:
        print(
            f"    frontier of {len(dial['moves'])}: {_time(dial)} (worst {_percent(dial['gap'])}), "
            f"apart: {_time(apart)} (worst {_percent(apart['gap'])}) "
            f"= {apart['processor'] / dial['processor']:.1f}× of the processor",
            flush=True,
        )


def measure_repair(
    problem: Problem, seed: int, options: argparse.Namespace, limit: float, folder: Path
) -> None:
    """Print what answering 5 pins on the proposal in `folder` takes, and the changes beside the fewest."""
    before = load_solution(folder / "solution.json")
    drawn = _possible_pins(problem, before, seed, options, folder)
    if drawn is None:
        print(f"    {PINS} pins: none of {_DRAWS} draws is possible")
        return
    pinned, fewest, seconds = drawn
    path, output = folder / "pinned.json", folder / "answer.json"
    path.write_text(json.dumps(pinned.to_json()), "utf-8")
    words = [f"fewest changes {fewest} in {seconds:.2f} s"]
    settings = ("--gap", options.gap, "--limit", limit, "--threads", options.threads, "--output", output)
    settings = (*settings, "--before", folder / "solution.json")
    for task in ANSWERS:
        answer = told("tasks", task, path, *settings, limit=limit)
        if answer is not None:
            after = load_solution(output)
            words.append(f"{task} {_time(answer)}, {changed(before, after)} changes, {after.score} points")
    print(f"    {PINS} pins: " + ", ".join(words), flush=True)


def _possible_pins(
    problem: Problem, before: Solution, seed: int, options: argparse.Namespace, folder: Path
) -> tuple[Problem, str, float] | None:
    """The problem with pins that can be held, the fewest changes (≤ when not proven), seconds to find them."""
    for draw in range(_DRAWS):
        pins = (*problem.pins, *pins_by_hand(problem, before, _DRAWS * seed + draw))
        pinned = replace(problem, pins=pins)
        model, path = direct_model(pinned, near=where(before)), folder / "near.npz"
        model.save(path)
        answer = run_reference("highs", path, argparse.Namespace(**{**vars(options), "gap": 0.0}))
        if answer is not None and answer["score"] is not None:
            proven = answer["bound"] is not None and answer["bound"] - answer["score"] < 1
            fewest = round(len(model.by_place) - answer["score"])
            return pinned, f"{'' if proven else '≤ '}{fewest}", answer["seconds"]
    return None


def _time(answer: Mapping[str, float]) -> str:
    return f"{answer['seconds']:.2f} s ({answer['processor']:.2f} s of the processor)"


def _percent(gap: float | None) -> str:
    return "no gap" if gap is None else f"{100 * gap:.3f} %"

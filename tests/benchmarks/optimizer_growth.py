"""How time and memory grow with the band: python -m tests.benchmarks.optimizer_growth [--output growth.html].

Writes a figure that needs no network, and its figures beside it as CSV. One process an instance.
"""

import argparse
import csv
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from tests.benchmarks.beside import Measure
from tests.benchmarks.processes import told
from tests.benchmarks.schools import instance
from tests.benchmarks.variants import Size, variant_of

STUDENTS = (60, 120, 240, 500, 1000, 2000)
CURVES = (
    ("seconds", "écart atteint", 1, "#1f5f8b"),
    ("usable", "première proposition utilisable", 1, "#c26a1b"),
    ("megabytes", "mémoire", 2, "#1f5f8b"),
)


@dataclass(frozen=True, slots=True)
class Grown:
    """One instance solved; times in seconds, None = not known."""

    students: int
    slots: int
    seed: int
    variant: str
    seconds: float
    usable: float | None
    gap: float | None
    reached: bool
    megabytes: float | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Solve each size for each seed, write the CSV and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=STUDENTS)
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("build/croissance.html"))
    options = parser.parse_args(arguments)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    table = options.output.with_suffix(".csv")
    rows: list[Grown] = []
    for students in options.students:
        for seed in range(options.seeds):
            row = _grown(Size(students, options.slots, options.limit), seed, options)
            if row is not None:
                rows.append(row)
                print(row, flush=True)
        _write(table, rows)
    growth_curves(rows).write_html(options.output, include_plotlyjs=True, config={"displaylogo": False})
    print(f"{table}, {options.output}")


def _grown(size: Size, seed: int, options: argparse.Namespace) -> Grown | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(instance(seed, size).problem.to_json()), "utf-8")
        settings = ("--gap", options.gap, "--limit", options.limit, "--threads", options.threads)
        answer = told("tasks", "solve", path, *settings, limit=options.limit)
    if answer is None:
        return None
    found = Measure.of(answer, gap=options.gap)
    figures = {name: getattr(found, name) for name in ("usable", "gap", "reached", "megabytes")}
    return Grown(size.students, size.slots, seed, variant_of(seed), seconds=answer["seconds"], **figures)


def _write(path: Path, rows: Sequence[Grown]) -> None:
    names = [one.name for one in fields(Grown)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)


def growth_curves(rows: Sequence[Grown]) -> go.Figure:
    """Seconds and megabytes against students, on logarithmic axes: a line of medians, a point an instance.

    A triangle: the limit came before the gap, the time would have been longer.
    """
    figure = make_subplots(rows=1, cols=2, subplot_titles=("Temps", "Mémoire"))
    for name, label, column, colour in CURVES:
        known = [(row, value) for row in rows if (value := getattr(row, name))]
        sizes = sorted({row.students for row, _ in known})
        middle = [median(value for row, value in known if row.students == size) for size in sizes]
        line = go.Scatter(x=sizes, y=middle, mode="lines", name=f"{label} (médiane)", line={"color": colour})
        points = go.Scatter(
            x=[row.students for row, _ in known],
            y=[value for _, value in known],
            text=[f"{row.variant}, graine {row.seed}" for row, _ in known],
            mode="markers",
            name=label,
            marker={
                "color": colour,
                "symbol": ["circle" if row.reached else "triangle-up" for row, _ in known],
            },
            showlegend=False,
        )
        figure.add_traces([line, points], rows=[1, 1], cols=[column, column])
    return _with_axes(figure, sorted({row.students for row in rows}))


def _with_axes(figure: go.Figure, sizes: Sequence[int]) -> go.Figure:
    ticks = [digit * 10.0**power for power in range(-2, 5) for digit in (1, 2, 5)]
    figure.update_xaxes(type="log", title="Élèves", tickvals=sizes, ticktext=[str(one) for one in sizes])
    figure.update_yaxes(type="log", tickvals=ticks, tickformat="~r")
    figure.update_yaxes(title="Secondes", col=1).update_yaxes(title="Mégaoctets", col=2)
    return figure.update_layout(
        title="Temps et mémoire du regroupement selon le nombre d’élèves",
        template="plotly_white",
        separators=", ",
        legend={"orientation": "h", "y": -0.2},
    )


if __name__ == "__main__":
    main()

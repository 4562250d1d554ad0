"""What a proposal changes, worked out from its problem and its solution: frames in, frames and figures out.

Both are the documents of the published format; students, slots, needs and staff are the ids of the problem.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

Document = Mapping[str, Any]

_SEATS = {"student": pl.String, "slot": pl.String, "need": pl.String, "staff": pl.String, "room": pl.String}
_BEFORE = {**_SEATS, "need_periods": pl.Int64}
_LEVELS = {"student": pl.String, "need": pl.String, "intensity": pl.Int64}


@dataclass(frozen=True, slots=True)
class Plan:
    """Places before and after.

    places(student, slot, division, priority, sessions): where somebody has sessions
    before(student, slot, need, staff, need_periods) · after(student, slot, need, staff, room): no row, no group
    intensities(student, need, intensity) · groups(slot, need, staff, room, size): in the order of the solution
    """

    problem: Document
    solution: Document
    places: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame
    intensities: pl.DataFrame
    groups: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Moves:
    """How many places change, out of how many that were held before by someone who is there."""

    need: int
    staff: int
    places: int

    @property
    def total(self) -> int:
        """Places that change need or adult, or that nothing holds any more."""
        return self.need + self.staff

    @property
    def share(self) -> float:
        """The share of held places that change, 0 to 1."""
        return self.total / self.places if self.places else 0.0


def plan_of(problem: Document, solution: Document) -> Plan:
    """Return the places of a proposal before and after, from its two documents."""
    groups = solution.get("groups", [])
    seats = [
        {**{key: group.get(key) for key in ("slot", "need", "staff", "room")}, "student": student}
        for group in groups
        for student in group["students"]
    ]
    places = _places(problem)
    before = _frame(problem.get("current", []), {k: v for k, v in _BEFORE.items() if k != "room"})
    return Plan(
        problem=problem,
        solution=solution,
        places=places,
        before=before.join(places.select("student", "slot"), on=["student", "slot"], how="semi"),
        after=_frame(seats, _SEATS),
        intensities=_frame(
            [
                {"student": student["id"], "need": need, "intensity": value}
                for student in problem["students"]
                for need, value in student["intensity"].items()
            ],
            _LEVELS,
        ),
        groups=_frame(
            [
                {
                    **{key: group.get(key) for key in ("slot", "need", "staff", "room")},
                    "size": len(group["students"]),
                }
                for group in groups
            ],
            {**dict.fromkeys(("slot", "need", "staff", "room"), pl.String), "size": pl.Int64},
        ),
    )


def moves(plan: Plan) -> Moves:
    """Return how many places change: need left, or same need with another adult."""
    changes = place_changes(plan).filter(pl.col("need_before").is_not_null())
    counted = dict(changes.group_by("kind").len().iter_rows())
    return Moves(
        need=counted.get("need", 0) + counted.get("left", 0),
        staff=counted.get("staff", 0),
        places=changes.height,
    )


def place_changes(plan: Plan) -> pl.DataFrame:
    """Return every place before and after, in the order of the problem.

    Columns: student, slot, division, need_before, staff_before, need_periods, need_after, staff_after, room, kind:
    same, staff (only the adult changes), need, arrival (no group before), left (no group after), none.
    """
    before = plan.before.rename({"need": "need_before", "staff": "staff_before"})
    after = plan.after.rename({"need": "need_after", "staff": "staff_after"})
    kind = (
        pl.when(pl.col("need_before").is_null() & pl.col("need_after").is_null())
        .then(pl.lit("none"))
        .when(pl.col("need_before").is_null())
        .then(pl.lit("arrival"))
        .when(pl.col("need_after").is_null())
        .then(pl.lit("left"))
        .when(pl.col("need_before") != pl.col("need_after"))
        .then(pl.lit("need"))
        .when(pl.col("staff_before") != pl.col("staff_after"))
        .then(pl.lit("staff"))
        .otherwise(pl.lit("same"))
    )
    return (
        plan.places.select("student", "slot", "division")
        .join(before, on=["student", "slot"], how="left", maintain_order="left")
        .join(after, on=["student", "slot"], how="left", maintain_order="left")
        .with_columns(kind=kind)
    )


def need_changes(plan: Plan) -> pl.DataFrame:
    """Return, for each need met before or after, how well those who need it most are served.

    Columns: need, strong (students at `strong_from` or more), served_before, served_after (of those), places_before,
    places_after (students × slots); in the order of the problem.
    """
    strong = plan.intensities.filter(pl.col("intensity") >= strong_from(plan.problem))
    needs = pl.DataFrame({"need": [need["id"] for need in plan.problem["needs"]]}, schema={"need": pl.String})
    frame = needs.join(
        strong.group_by("need").agg(strong=pl.len()), on="need", how="left", maintain_order="left"
    )
    for name, seats in (("before", plan.before), ("after", plan.after)):
        served = seats.join(strong, on=["student", "need"]).group_by("need").agg(pl.col("student").n_unique())
        counted = seats.group_by("need").agg(**{f"places_{name}": pl.len()})
        frame = frame.join(
            served.rename({"student": f"served_{name}"}), on="need", how="left", maintain_order="left"
        ).join(counted, on="need", how="left", maintain_order="left")
    filled = frame.with_columns(pl.exclude("need").fill_null(0).cast(pl.Int64))
    return filled.filter((pl.col("places_before") + pl.col("places_after") + pl.col("strong")) > 0)


def strong_from(problem: Document) -> int:
    """Return the intensity from which a need is urgent."""
    return int(problem["rules"]["urgent_from"])


def _places(problem: Document) -> pl.DataFrame:
    schema = {
        "student": pl.String,
        "slot": pl.String,
        "division": pl.String,
        "priority": pl.Float64,
        "sessions": pl.Int64,
    }
    rows = [
        {
            "student": student["id"],
            "slot": slot["id"],
            "division": student["division"],
            "priority": float(student.get("priority", 1)),
            "sessions": student["sessions"].get(slot["id"], 0),
        }
        for student in problem["students"]
        for slot in problem["slots"]
    ]
    return _frame(rows, schema).filter(pl.col("sessions") > 0)


def _frame(rows: list[dict[str, Any]] | Any, schema: dict[str, Any]) -> pl.DataFrame:  # noqa: ANN401
    return pl.DataFrame([{key: row.get(key) for key in schema} for row in rows], schema=schema, orient="row")

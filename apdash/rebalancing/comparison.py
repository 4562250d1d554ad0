"""A proposal beside what there is: figures, moves with their reason in facts, groups, needs. Frames with names."""

from dataclasses import dataclass

import polars as pl

from apdash import labels
from apdash.rebalancing.changes import SEATS, groups_of, moves_of, needs_of
from apdash.rebalancing.problem import Built
from apdash.rebalancing.words import Names, names_of
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.store.queries.bands import students_in_band
from apdash.store.queries.proposals import Proposal
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store


@dataclass(frozen=True, slots=True)
class Figures:
    """served: points over those of the strongest needs, 0 to 1; strong: students with a strong need; strong_served: of
    them, those who work on one; unplaced: places without a group; groups and needs open (reception not counted)."""

    served: float
    strong: int
    strong_served: int
    unplaced: int
    groups: int
    needs: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a proposal changes.

    moves(student, last_name, first_name, division, slot, slot_name, need_before, need_after, staff_before, staff_after,
    need_periods, move: stays, staff, need, enters, leaves or none, why): a row per student and slot
    groups(slot, need, staff, staff_name, room, size, newcomers, divisions: `2TNE 4, 2MRC 3`), in the order of the file
    needs(need, strong, served_before, served_after, places_before, places_after) · away(student, last_name, first_name,
    division, slot, why): those left where they are · names: what the ids of staff, needs and slots are called
    """

    proposal: Proposal
    before: Figures
    after: Figures
    moves: pl.DataFrame
    groups: pl.DataFrame
    needs: pl.DataFrame
    away: pl.DataFrame
    names: Names

    @property
    def moved(self) -> int:
        """Places held before that change need or adult, or that are lost."""
        return self.moves.filter(pl.col("move").is_in(["staff", "need", "leaves"])).height


def comparison(store: Store, reference: Reference, viewer: Viewer, *, proposal: int) -> Comparison:
    """Return what a proposal changes; raises `ApdashError` for whoever may not regroup.

    What the direction keeps to itself is never told: a place it decides is « règle posée par la direction » at most.
    """
    row = proposal_row(store, viewer, proposal=proposal)
    problem, solution = row.problem, row.solution
    names = names_of(store, reference, band=row.band, built=_built(row))
    before = pl.DataFrame(problem["current"], schema={**SEATS, "need_periods": pl.Int64})
    after = pl.DataFrame(
        [
            {"student": student, "slot": group["slot"], "need": group["need"], "staff": group["staff"]}
            for group in solution["groups"]
            for student in group["students"]
        ],
        schema=SEATS,
    )
    people = _people(store, row)
    places = _places(problem)
    levels = _levels(problem)
    moves = moves_of(problem, places, before, after, levels, names)
    return Comparison(
        proposal=row,
        before=_figures(problem, places, levels, before),
        after=_figures(problem, places, levels, after),
        moves=moves.join(people, on="student", how="left", maintain_order="left").select(*_MOVES),
        groups=groups_of(solution, moves, names),
        needs=needs_of(problem, levels, before, after),
        away=_away(row, people),
        names=names,
    )


_MOVES = (
    "student", "last_name", "first_name", "division", "slot", "slot_name", "need_before", "need_after", "staff_before",
    "staff_after", "need_periods", "move", "why",
)  # fmt: skip


def _built(row: Proposal) -> Built:
    lists: dict[str, list[int]] = {part: [] for part in ("pins", "bans", "pairs", "caps")}
    return Built(row.problem, row.effective_from, row.effective_from, (), lists, lists, ())


def _people(store: Store, row: Proposal) -> pl.DataFrame:
    rows = students_in_band(store, band=row.band, on=row.effective_from)
    return rows.select(pl.col("student").cast(pl.String), "last_name", "first_name", "division_code")


def _places(problem: dict) -> pl.DataFrame:
    """Return where there is somebody to seat: student, slot, division, worth (priority × share of the meetings)."""
    longest = problem["rules"]["period_sessions"]
    return pl.DataFrame(
        [
            (one["id"], slot["id"], one["division"], one["priority"] * one["sessions"][slot["id"]] / longest)
            for one in problem["students"]
            for slot in problem["slots"]
            if one["sessions"].get(slot["id"], 0) > 0
        ],
        schema={"student": pl.String, "slot": pl.String, "division": pl.String, "worth": pl.Float64},
        orient="row",
    )


def _levels(problem: dict) -> pl.DataFrame:
    """Return the intensities: student, need, value, times (slots the need may be attended)."""
    times = {need["id"]: need.get("max_per_student", 1) for need in problem["needs"]}
    return pl.DataFrame(
        [
            (one["id"], need, value, times[need])
            for one in problem["students"]
            for need, value in one["intensity"].items()
        ],
        schema={"student": pl.String, "need": pl.String, "value": pl.Int64, "times": pl.Int64},
        orient="row",
    )


def _figures(problem: dict, places: pl.DataFrame, levels: pl.DataFrame, seats: pl.DataFrame) -> Figures:
    strong = levels.filter(pl.col("value") >= problem["rules"]["urgent_from"])
    held = seats.join(places, on=["student", "slot"])
    points = (
        held.join(levels, on=["student", "need"]).select((pl.col("worth") * pl.col("value")).sum()).item()
    )
    best = _best(places, levels)
    reception = [need["id"] for need in problem["needs"] if need.get("reception")]
    return Figures(
        served=points / best if best else 0.0,
        strong=strong["student"].n_unique(),
        strong_served=held.join(strong, on=["student", "need"], how="semi")["student"].n_unique(),
        unplaced=places.join(held, on=["student", "slot"], how="anti").height,
        groups=held.select("slot", "need", "staff").n_unique(),
        needs=held.filter(~pl.col("need").is_in(reception))["need"].n_unique(),
    )


def _best(places: pl.DataFrame, levels: pl.DataFrame) -> float:
    """Return the points everybody would have in their strongest needs, whatever the adults and rooms."""
    rank = pl.int_range(pl.len()).over("student")
    wanted = levels.select("student", pl.col("value").repeat_by("times")).explode(
        "value", empty_as_null=False
    )
    wanted = wanted.sort("student", "value", descending=[False, True]).with_columns(rank=rank)
    seats = places.sort("student", "worth", descending=[False, True]).with_columns(rank=rank)
    return seats.join(wanted, on=["student", "rank"]).select((pl.col("worth") * pl.col("value")).sum()).item()


def _away(row: Proposal, people: pl.DataFrame) -> pl.DataFrame:
    schema = {"student": pl.String, "slot": pl.String, "why": pl.String}
    words = {"placement": "en PFMP", "apprentice": "apprenti, placé à la main"}
    rows = [
        {"student": str(one["student"]), "slot": one["slot"], "why": words[one["why"]]}
        for one in row.parameters.get("left_out", [])
    ]
    return (
        pl.DataFrame(rows, schema=schema)
        .join(people, on="student", how="left", maintain_order="left")
        .select("student", "last_name", "first_name", division="division_code", slot="slot", why="why")
    )


def summary_words(found: Comparison) -> str:
    """Return the proposal in one sentence, for the command line and the minutes."""
    after, held = found.after, found.moves.filter(pl.col("need_before").is_not_null()).height
    share = labels.percent(found.moved / held) if held else labels.percent(0)
    return (
        f"{labels.count(after.groups, 'groupe')}, besoin couvert {labels.percent(after.served)} "
        f"(aujourd’hui {labels.percent(found.before.served)}), besoins forts servis {after.strong_served} sur "
        f"{after.strong}, changements {found.moved} sur {held} places ({share}), "
        f"{labels.count(after.unplaced, 'place')} sans groupe (élève × créneau)."
    )

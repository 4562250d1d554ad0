"""Compares where students are with where they were: who enters, moves, comes back, leaves on a given day."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from apdash.imports.findings import Findings
from apdash.imports.rows import WHO, differing, field_changes, rows

PLACE = {"division": "division", "mef": "formation", "apprentice": "apprenti"}
NOTES = {"repeating": "redoublement", "previous_mef": "formation précédente"}


@dataclass(frozen=True, slots=True)
class RollDay:
    """When a file is read. on: day the changes take effect; ends_on: null for the year in progress."""

    file: str
    on: date
    starts_on: date
    last_day: date
    ends_on: date | None
    first: bool
    complete: bool = True


def with_enrolment(students: pl.DataFrame, enrolments: pl.DataFrame, *, complete: bool) -> pl.DataFrame:
    """Return the students beside their last enrolment of the year, whose columns begin with old_.

    What the file does not say stays as it is: a division to be chosen, and in a list that is not complete any blank.
    """
    old = enrolments.rename({name: f"old_{name}" for name in enrolments.columns if name != "student"})
    joined = students.join(old, left_on="id", right_on="student", how="left", maintain_order="left")
    undecided = pl.col("division").is_null() & ((pl.col("divisions").list.len() > 1) | pl.lit(not complete))
    return joined.with_columns(
        division=pl.when(undecided).then("old_division").otherwise("division"),
        previous_mef=pl.coalesce("previous_mef", "old_previous_mef"),
        mef=pl.coalesce("mef", "old_mef"),
        apprentice=pl.coalesce("apprentice", "old_apprentice", pl.lit(False)),
        repeating=pl.coalesce("repeating", "old_repeating", pl.lit(False)),
    )


def compare_enrolments(found: Findings, joined: pl.DataFrame, roll: RollDay) -> list[pl.DataFrame]:
    """Sort the students by what happens to their enrolment; return the frames of those who change."""
    events = _events(_dated(joined, roll), roll)
    _show_enrolments(found, events, roll)
    _write_enrolments(found, events, roll)
    return list(events.values())


def _dated(joined: pl.DataFrame, roll: RollDay) -> pl.DataFrame:
    """Return the students with the days an enrolment would start and end: `starts`, `ends` (null: still here)."""
    usual = pl.lit(roll.starts_on if roll.first else roll.on)
    wanted_end = pl.coalesce("left_on", pl.lit(roll.ends_on, pl.Date))
    # Nobody ends more than a day before beginning; max_horizontal leaves a missing floor aside.
    floor = pl.col("old_starts_on") - pl.duration(days=1)
    return joined.with_columns(
        starts=pl.max_horizontal(pl.coalesce("entered_on", usual), pl.lit(roll.starts_on)),
        ends=pl.when(wanted_end <= roll.last_day).then(pl.max_horizontal(wanted_end, floor)),
    )


def _events(joined: pl.DataFrame, roll: RollDay) -> dict[str, pl.DataFrame]:
    """Return the students per event: entering, back, moves, fixed (corrected in place), ends (last day changed)."""
    on = pl.lit(roll.on)
    known, leaves = pl.col("old_id").is_not_null(), pl.col("left_on").is_not_null()
    closed = known & (pl.col("old_ends_on") < on).fill_null(False)
    running = known & ~closed
    elsewhere = differing(joined, list(PLACE))
    moves = running & ~leaves & elsewhere & (pl.col("old_starts_on") < on)
    rules = {
        "entering": ~known & (pl.col("ends").is_null() | (pl.col("ends") >= pl.col("starts"))),
        "back": closed & (pl.col("ends").is_null() | (pl.col("ends") >= on)) & ~leaves,
        "moves": moves,
        "fixed": running & ~leaves & ~moves & (elsewhere | differing(joined, list(NOTES))),
        "ends": (running | (closed & leaves)) & ~moves & pl.col("ends").ne_missing(pl.col("old_ends_on")),
    }
    return {event: joined.filter(rule) for event, rule in rules.items()}


def _show_enrolments(found: Findings, events: dict[str, pl.DataFrame], roll: RollDay) -> None:
    where = {"who": WHO, "file": roll.file, "line": pl.col("line")}
    again = events["entering"].filter(pl.col("id").is_not_null())
    place = pl.col("division").fill_null("sans division")
    found.changed.append(
        rows(again, "élève", field="inscription", after=place, why="Nouvelle année scolaire.", **where)
    )
    found.changed.append(
        rows(
            events["back"], "élève", field="inscription", before="parti", after=place, why="Retour.", **where
        )
    )
    found.changed.append(
        field_changes(
            events["moves"],
            "élève",
            PLACE | NOTES,
            why=f"À partir du {roll.on:%d/%m/%Y} ; ses groupes sont à vérifier.",
            **where,
        )
    )
    found.changed.append(field_changes(events["fixed"], "élève", PLACE | NOTES, **where))
    ending = events["ends"].with_columns(day=pl.col("ends").dt.strftime("%d/%m/%Y"))
    found.leaving.append(
        rows(
            ending.drop_nulls("ends"),
            "élève",
            field="dernier jour",
            before=pl.col("old_division"),
            after=pl.col("day"),
            why="Date de sortie dans SIECLE.",
            **where,
        )
    )
    found.changed.append(
        rows(
            ending.filter(pl.col("ends").is_null()),
            "élève",
            field="départ",
            before=pl.col("old_ends_on").dt.strftime("%d/%m/%Y"),
            after="annulé",
            **where,
        )
    )


def _write_enrolments(found: Findings, events: dict[str, pl.DataFrame], roll: RollDay) -> None:
    resumed = pl.max_horizontal(pl.lit(roll.on), pl.col("old_ends_on") + pl.duration(days=1))
    opened = pl.concat(
        [
            events["entering"].with_columns(starts_on="starts"),
            events["back"].with_columns(starts_on=resumed),
            events["moves"].with_columns(starts_on=pl.lit(roll.on)),
        ]
    ).with_columns(student="id", ends_on="ends")
    eve = pl.lit(roll.on - timedelta(days=1))
    closed = [
        events["moves"].select(id="old_id", ends_on=eve),
        events["ends"].select(id="old_id", ends_on="ends"),
    ]
    found.writes |= {
        "enrolments_new": opened,
        "enrolments_changed": events["fixed"].with_columns(id="old_id"),
        "enrolments_closed": pl.concat(closed),
        "departures": events["ends"].drop_nulls("ends").select(student="id", last_day="ends"),
    }

"""Compares the students of SIECLE with the store: who is new, corrected, elsewhere, back, gone."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from apdash.imports.rows import WHO, differing, field_changes, rows
from apdash.imports.school_tables import Findings

PERSON = {
    "last_name": "nom",
    "first_name": "prénom",
    "born_on": "naissance",
    "sex": "sexe",
    "ine": "INE",
    "siecle_id": "numéro SIECLE",
}
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


def compare_students(
    found: Findings, placed: pl.DataFrame, state: dict[str, pl.DataFrame], *, roll: RollDay
) -> float:
    """Compare the students placed in divisions; return the share of the enrolled that the file no longer names.

    placed: the columns of `SCHEMAS["students"]` plus id, division, divisions, inactive. A null in the file never
    erases what is known. Fills `found` and the frames students_*, enrolments_*, departures to write.
    """
    known = placed.with_row_index("key").with_columns(pl.col("key").cast(pl.Int64))
    active = known.filter(~pl.col("inactive"))
    joined = _with_enrolment(active, state["enrolments"], complete=roll.complete)
    unknown_gone = pl.col("id").is_null() & (pl.col("left_on") < roll.on).fill_null(False)
    found.warnings.append(
        rows(
            joined.filter(unknown_gone),
            "élève",
            who=WHO,
            file=roll.file,
            line=pl.col("line"),
            why="Sorti avant le jour de l’export, jamais connu ici : il n’est pas repris.",
        )
    )
    joined = joined.filter(~unknown_gone)
    changed = [
        _compare_people(found, joined, state["students"], roll),
        *_compare_enrolments(found, joined, roll),
    ]
    touched = pl.concat([frame.select("key") for frame in changed])
    still = joined.filter(pl.col("id").is_not_null()).join(touched, on="key", how="anti")
    found.unchanged.append(rows(still, "élève", who=WHO, file=roll.file, line=pl.col("line")))
    return _compare_absent(found, joined, state, roll) if roll.complete else 0.0


def _with_enrolment(students: pl.DataFrame, enrolments: pl.DataFrame, *, complete: bool) -> pl.DataFrame:
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


def _compare_people(
    found: Findings, joined: pl.DataFrame, students: pl.DataFrame, roll: RollDay
) -> pl.DataFrame:
    old = students.rename({name: f"old_{name}" for name in PERSON})
    people = joined.drop([name for name in joined.columns if name.startswith("old_")]).join(
        old, on="id", how="left", maintain_order="left"
    )
    people = people.with_columns(pl.coalesce(name, f"old_{name}").alias(name) for name in PERSON)
    fresh = people.filter(pl.col("id").is_null())
    moved = people.filter(pl.col("id").is_not_null() & differing(people, list(PERSON)))
    place = pl.col("division").fill_null("sans division")
    where = {"file": roll.file, "line": pl.col("line")}
    found.new.append(rows(fresh, "élève", who=WHO, field="division", after=place, **where))
    found.changed.append(field_changes(moved, "élève", PERSON, who=WHO, **where))
    found.writes |= {"students_new": fresh, "students_changed": moved}
    return pl.concat([fresh.select("key"), moved.select("key")])


def _compare_enrolments(found: Findings, joined: pl.DataFrame, roll: RollDay) -> list[pl.DataFrame]:
    """Sort the students by what happens to their enrolment; return the frames of those who change."""
    on = pl.lit(roll.on)
    wanted_end = pl.coalesce("left_on", pl.lit(roll.ends_on, pl.Date))
    joined = joined.with_columns(
        starts=pl.max_horizontal(
            pl.coalesce("entered_on", pl.lit(roll.starts_on if roll.first else roll.on)),
            pl.lit(roll.starts_on),
        ),
        known=pl.col("old_id").is_not_null(),
    ).with_columns(
        # Nobody ends more than a day before beginning; max_horizontal leaves a missing floor aside.
        ends=pl.when(wanted_end <= roll.last_day).then(
            pl.max_horizontal(wanted_end, pl.col("old_starts_on") - pl.duration(days=1))
        )
    )
    leaves = pl.col("left_on").is_not_null()
    closed = pl.col("known") & (pl.col("old_ends_on") < on).fill_null(False)
    back = closed & (pl.col("ends").is_null() | (pl.col("ends") >= on)) & ~leaves
    running = pl.col("known") & ~closed
    moves = running & ~leaves & differing(joined, list(PLACE)) & (pl.col("old_starts_on") < on)
    corrected = (
        running
        & ~leaves
        & ~moves
        & (differing(joined, list(PLACE)) | differing(joined, ["repeating", "previous_mef"]))
    )
    first_time = ~pl.col("known") & (pl.col("ends").is_null() | (pl.col("ends") >= pl.col("starts")))
    end_moves = (running | (closed & leaves)) & ~moves & pl.col("ends").ne_missing(pl.col("old_ends_on"))
    entering, returning, moving = joined.filter(first_time), joined.filter(back), joined.filter(moves)
    fixing, ending = joined.filter(corrected), joined.filter(end_moves)
    _show_enrolments(
        found,
        {"entering": entering, "back": returning, "moves": moving, "fixed": fixing, "ends": ending},
        roll,
    )
    _write_enrolments(
        found,
        {"entering": entering, "back": returning, "moves": moving, "fixed": fixing, "ends": ending},
        roll,
    )
    return [entering, returning, moving, fixing, ending]


def _show_enrolments(found: Findings, sorted_: dict[str, pl.DataFrame], roll: RollDay) -> None:
    where = {"who": WHO, "file": roll.file, "line": pl.col("line")}
    again = sorted_["entering"].filter(pl.col("id").is_not_null())
    place = pl.col("division").fill_null("sans division")
    found.changed.append(
        rows(again, "élève", field="inscription", after=place, why="Nouvelle année scolaire.", **where)
    )
    found.changed.append(
        rows(
            sorted_["back"], "élève", field="inscription", before="parti", after=place, why="Retour.", **where
        )
    )
    found.changed.append(
        field_changes(
            sorted_["moves"],
            "élève",
            PLACE | NOTES,
            why=f"À partir du {roll.on:%d/%m/%Y} ; ses groupes sont à vérifier.",
            **where,
        )
    )
    found.changed.append(field_changes(sorted_["fixed"], "élève", PLACE | NOTES, **where))
    ending = sorted_["ends"].with_columns(day=pl.col("ends").dt.strftime("%d/%m/%Y"))
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


def _write_enrolments(found: Findings, sorted_: dict[str, pl.DataFrame], roll: RollDay) -> None:
    resumed = pl.max_horizontal(pl.lit(roll.on), pl.col("old_ends_on") + pl.duration(days=1))
    opened = pl.concat(
        [
            sorted_["entering"].with_columns(starts_on="starts"),
            sorted_["back"].with_columns(starts_on=resumed),
            sorted_["moves"].with_columns(starts_on=pl.lit(roll.on)),
        ]
    ).with_columns(student="id", ends_on="ends")
    eve = pl.lit(roll.on - timedelta(days=1))
    closed = [
        sorted_["moves"].select(id="old_id", ends_on=eve),
        sorted_["ends"].select(id="old_id", ends_on="ends"),
    ]
    found.writes |= {
        "enrolments_new": opened,
        "enrolments_changed": sorted_["fixed"].with_columns(id="old_id"),
        "enrolments_closed": pl.concat(closed),
        "departures": sorted_["ends"].drop_nulls("ends").select(student="id", last_day="ends"),
    }


def _compare_absent(
    found: Findings, joined: pl.DataFrame, state: dict[str, pl.DataFrame], roll: RollDay
) -> float:
    """Close the enrolments of those the file does not name; return their share of the running enrolments."""
    running = state["enrolments"].filter(pl.col("ends_on").is_null() | (pl.col("ends_on") >= roll.on))
    named = joined.drop_nulls("id").select(student="id")
    floor = pl.col("starts_on") - pl.duration(days=1)
    absent = running.join(named, on="student", how="anti").with_columns(
        ends_on=pl.max_horizontal(pl.lit(roll.on - timedelta(days=1)), floor)
    )
    people = absent.join(
        state["students"].select("last_name", "first_name", student="id"), on="student", maintain_order="left"
    )
    found.leaving.append(
        rows(
            people,
            "élève",
            who=WHO,
            field="dernier jour",
            before=pl.col("division"),
            after=pl.col("ends_on").dt.strftime("%d/%m/%Y"),
            file=roll.file,
            why="Absent du fichier.",
        )
    )
    _leave(found, absent)
    return absent.height / running.height if running.height else 0.0


def close_older_years(
    found: Findings, placed: pl.DataFrame, state: dict[str, pl.DataFrame], *, roll: RollDay
) -> None:
    """Close what is still open of earlier school years on their last day; whoever the new file omits has left."""
    older = state["older_open"]
    named = placed.filter(~pl.col("inactive")).drop_nulls("id").select(student="id")
    gone = older.join(named, on="student", how="anti")
    people = gone.join(
        state["students"].select("last_name", "first_name", student="id"), on="student", maintain_order="left"
    )
    found.leaving.append(
        rows(
            people,
            "élève",
            who=WHO,
            field="dernier jour",
            after=pl.col("ends_on").dt.strftime("%d/%m/%Y"),
            file=roll.file,
            why="N’est plus inscrit cette année.",
        )
    )
    found.writes["enrolments_closed"] = pl.concat(
        [found.writes["enrolments_closed"], older.select("id", "ends_on")]
    )
    found.writes["departures"] = pl.concat(
        [found.writes["departures"], gone.select("student", last_day="ends_on")]
    )


def _leave(found: Findings, absent: pl.DataFrame) -> None:
    found.writes["enrolments_closed"] = pl.concat(
        [found.writes["enrolments_closed"], absent.select("id", "ends_on")]
    )
    found.writes["departures"] = pl.concat(
        [found.writes["departures"], absent.select("student", last_day="ends_on")]
    )

"""Compares the students of a file with the store: who is new, corrected, absent."""

from datetime import timedelta

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.imports.enrolments import RollDay, compare_enrolments, with_enrolment
from apdash.imports.findings import Findings
from apdash.imports.rows import WHO, differing, field_changes, rows

MOST_WITHOUT_DIVISION = (
    0.3  # in one file, of those who had one; a real rentrée moves students, it does not free them
)
PERSON = {
    "last_name": "nom",
    "family_name": "nom de famille",
    "first_name": "prénom",
    "born_on": "naissance",
    "sex": "sexe",
    "ine": "INE",
    "siecle_id": "numéro SIECLE",
}


def check_divisions(placed: pl.DataFrame, enrolments: pl.DataFrame, *, roll: RollDay) -> None:
    """Raise `ApdashError` when the file names the students but no longer the divisions of many of them."""
    running = enrolments.filter(pl.col("ends_on").is_null() | (pl.col("ends_on") >= roll.on))
    here = placed.filter(~pl.col("inactive")).select("divisions", student="id").drop_nulls("student")
    before = running.drop_nulls("division").join(here, on="student")
    lost = before.filter(pl.col("divisions").list.len() == 0).height
    if before.height and lost / before.height > MOST_WITHOUT_DIVISION:
        raise ApdashError(
            "Divisions absentes du fichier.",
            f"{roll.file} ne dit plus la division de {labels.count(lost, 'élève')} sur {before.height} : sa partie "
            "STRUCTURES manque ou ne se lit pas. Refaites l’export sans ouvrir le fichier dans un autre logiciel.",
        )


def compare_students(
    found: Findings, placed: pl.DataFrame, state: dict[str, pl.DataFrame], *, roll: RollDay
) -> float:
    """Compare the students placed in divisions; return the share of the enrolled that the file no longer names.

    placed: the columns of `SCHEMAS["students"]` plus id, division, divisions, inactive. A null in the file never
    erases what is known. Fills `found` and the frames students_*, enrolments_*, departures to write.
    """
    known = placed.with_row_index("key").with_columns(pl.col("key").cast(pl.Int64))
    active = known.filter(~pl.col("inactive"))
    joined = with_enrolment(active, state["enrolments"], complete=roll.complete)
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
        *compare_enrolments(found, joined, roll),
    ]
    touched = pl.concat([frame.select("key") for frame in changed])
    still = joined.filter(pl.col("id").is_not_null()).join(touched, on="key", how="anti")
    found.unchanged.append(rows(still, "élève", who=WHO, file=roll.file, line=pl.col("line")))
    return _compare_absent(found, joined, state, roll) if roll.complete else 0.0


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

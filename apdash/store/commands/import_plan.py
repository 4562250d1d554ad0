"""The rows an import writes, as frames of known shape."""

from dataclasses import dataclass
from datetime import date

import polars as pl

_STUDENT = {
    "siecle_id": pl.String,
    "ine": pl.String,
    "last_name": pl.String,
    "family_name": pl.String,
    "first_name": pl.String,
    "born_on": pl.Date,
    "sex": pl.String,
}
_ENROLMENT = {
    "division": pl.String,
    "mef": pl.String,
    "apprentice": pl.Boolean,
    "repeating": pl.Boolean,
    "previous_mef": pl.String,
}
_STAFF = {
    "title": pl.String,
    "last_name": pl.String,
    "first_name": pl.String,
    "job": pl.String,
    "discipline": pl.String,
    "ends_on": pl.Date,
}
# The rows to write. division and sts_key stand for rows that may not have a number yet; `key` names a new student.
PLAN: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "school": {"uai": pl.String, "name": pl.String},
    "years": {"year": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date},
    "mefs": {"code": pl.String, "label": pl.String, "grade": pl.String},
    "subjects": {"code": pl.String, "label": pl.String, "weekly_ap": pl.Boolean},
    "hours": {"mef": pl.String, "subject": pl.String, "weekly_hours": pl.Float64},
    "divisions_new": {"code": pl.String, "label": pl.String, "grade": pl.String},
    "divisions_changed": {"id": pl.Int64, "label": pl.String, "grade": pl.String},
    "division_mefs_new": {"division": pl.String, "mef": pl.String},
    "division_mefs_gone": {"division": pl.Int64, "mef": pl.String},
    "groups": {"code": pl.String, "label": pl.String, "divisions": pl.List(pl.String)},
    "groups_gone": {"code": pl.String},
    "students_new": {"key": pl.Int64} | _STUDENT,
    "students_changed": {"id": pl.Int64} | _STUDENT,
    "enrolments_new": {
        "student": pl.Int64,
        "key": pl.Int64,
        **_ENROLMENT,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
    },
    "enrolments_changed": {"id": pl.Int64, **_ENROLMENT},
    "enrolments_closed": {"id": pl.Int64, "ends_on": pl.Date},
    "departures": {"student": pl.Int64, "last_day": pl.Date},
    "staff_new": {"sts_key": pl.String} | _STAFF,
    "staff_changed": {"id": pl.Int64} | _STAFF,
    "services_new": {"division": pl.String, "sts_key": pl.String, "subject": pl.String},
    "services_gone": {"division": pl.Int64, "staff": pl.Int64, "subject": pl.String},
    "principals_new": {"division": pl.String, "sts_key": pl.String},
    "principals_gone": {"division": pl.Int64, "staff": pl.Int64},
    "assessments": {
        "student": pl.Int64,
        "competency": pl.String,
        "assessor": pl.String,
        "source": pl.String,
        "state": pl.String,
        "level": pl.Float64,
    },
    "calls": {"session": pl.Int64, "student": pl.Int64, "presence": pl.String, "minutes_late": pl.Int64},
    "held": {"id": pl.Int64},
    "answers": {"student": pl.Int64, "question": pl.Int64, "answers": pl.List(pl.String)},
    "exam_results": {"student": pl.Int64, "year": pl.Int64, "passed": pl.Boolean},
    "leavers": {"student": pl.Int64, "year": pl.Int64, "outcome": pl.String},
    "figures": {
        "indicator": pl.String,
        "year": pl.Int64,
        "place": pl.String,
        "scope": pl.String,
        "value": pl.Float64,
        "people": pl.Int64,
        "source": pl.String,
    },
    "mappings": {"kind": pl.String, "headers": pl.String, "mapping": pl.String},
    "batches": {"kind": pl.String, "file_name": pl.String, "sha256": pl.String, "counts": pl.String},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import writes: frames of `PLAN` (a missing one is empty), for one school year and perhaps one bilan.

    rolls, span: for absences, the sessions and rolls they were compared with, and from what day to what day.
    """

    year: int
    tables: dict[str, pl.DataFrame]
    fingerprint: str
    review: int | None = None
    rolls: str = ""
    span: tuple[date, date] | None = None

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return a frame of the plan with the columns and types of `PLAN`."""
        return planned(name, self.tables.get(name))


def planned(name: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    """Return the frame with the columns and types of `PLAN[name]`; nothing gives an empty frame."""
    if frame is None:
        return pl.DataFrame(schema=PLAN[name])
    return frame.select(pl.col(column).cast(kind) for column, kind in PLAN[name].items())

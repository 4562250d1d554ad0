"""Previews the files of SIECLE and STS-web, alone or together, against the store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.imports.adults import compare_adults
from apdash.imports.catalogue import compare_catalogue, compare_divisions
from apdash.imports.enrolments import RollDay
from apdash.imports.extract import Extract, Severity
from apdash.imports.findings import Findings
from apdash.imports.identify import identified
from apdash.imports.kinds import ImportOptions, Kind
from apdash.imports.merge import check_together, merged_tables, year_dates, year_problems
from apdash.imports.placing import placed_students, placing_warnings, students_of_two_divisions
from apdash.imports.roll import check_divisions, close_older_years, compare_students
from apdash.imports.rows import rows
from apdash.imports.siecle import read_students
from apdash.imports.structures import read_nomenclatures, read_structures
from apdash.imports.sts import read_sts
from apdash.services import Services
from apdash.store.queries.imports import known_school, last_export, school_state

READERS: dict[Kind, Callable[[str, bytes], Extract]] = {
    Kind.STUDENTS: read_students,
    Kind.STRUCTURES: read_structures,
    Kind.NOMENCLATURES: read_nomenclatures,
    Kind.STS: read_sts,
}


@dataclass(frozen=True, slots=True)
class OfficialFindings:
    """What official files would change. share_leaving: part of the enrolled that the file no longer names.

    two_divisions: siecle_id, who, division, divisions of the students SIECLE puts in two divisions.
    """

    found: Findings
    problems: pl.DataFrame
    year: int
    on: date
    exports: dict[str, date | None]
    share_leaving: float
    two_divisions: pl.DataFrame


def official_findings(
    services: Services, extracts: list[Extract], *, options: ImportOptions
) -> OfficialFindings:
    """Compare the extracts with the store; raises `ApdashError` when they are of another school or a past year."""
    check_together(extracts)
    uai, latest = known_school(services.store)
    year = extracts[0].year
    said = year_problems(extracts[0], uai=uai, latest=latest, today=services.today(), options=options)
    state = school_state(services.store, year=year).tables
    files = merged_tables(extracts)
    found = Findings()
    starts_on, ends_on = _compare_school(found, extracts, state, year=year)
    on = _day(services, extracts, options=options, starts_on=starts_on, ends_on=ends_on)
    placed = placed_students(files["students"], files["structures"], choices=options.choices)
    mefs = compare_catalogue(
        found,
        files,
        state,
        grades=services.reference.grades,
        sure_labels=any(extract.kind == Kind.NOMENCLATURES for extract in extracts),
    )
    _compare_divisions(found, extracts, files, state, mefs=mefs, placed=placed)
    if any(extract.kind == Kind.STS for extract in extracts):
        compare_adults(found, files, state, last_day=pl.lit(on - timedelta(days=1)))
    share = 0.0
    roster = next((extract for extract in extracts if extract.kind == Kind.STUDENTS), None)
    if roster:
        roll = RollDay(
            file=roster.file,
            on=on,
            starts_on=starts_on,
            last_day=ends_on,
            first=state["enrolments"].is_empty(),
            ends_on=ends_on if latest is not None and year < latest else None,
        )
        share = _compare_roll(found, placed, state, roll=roll)
    problems = pl.concat(
        [said, *(extract.problems for extract in extracts), _older_exports(services, extracts)]
    )
    exports = {extract.file: extract.exported_on for extract in extracts}
    return OfficialFindings(
        found=found,
        problems=problems,
        year=year,
        on=on,
        exports=exports,
        share_leaving=share,
        two_divisions=students_of_two_divisions(placed),
    )


def _compare_roll(
    found: Findings, placed: pl.DataFrame, state: dict[str, pl.DataFrame], *, roll: RollDay
) -> float:
    if placed.filter(~pl.col("inactive")).is_empty():
        raise ApdashError("Aucun élève.", f"{roll.file} ne contient aucun élève. Refaites l’export.")
    placed = identified(placed, state["students"])
    check_divisions(placed, state["enrolments"], roll=roll)
    found.warnings.extend(placing_warnings(placed, roll.file))
    share = compare_students(found, placed, state, roll=roll)
    close_older_years(found, placed, state, roll=roll)
    return share


def _compare_school(
    found: Findings, extracts: list[Extract], state: dict[str, pl.DataFrame], *, year: int
) -> tuple[date, date]:
    """Compare the school and its year; return the first and last day of the year."""
    uai = extracts[0].uai
    sts = next((extract for extract in extracts if extract.kind == Kind.STS), None)
    name = (sts.school_name if sts else "") or None
    if state["school"].is_empty():
        found.writes["school"] = pl.DataFrame({"uai": [uai], "name": [name or f"Établissement {uai}"]})
        found.new.append(
            rows(found.writes["school"], "établissement", who=pl.col("uai"), after=pl.col("name"))
        )
    elif name and state["school"]["name"].item() == f"Établissement {uai}":
        found.writes["school"] = pl.DataFrame({"uai": [uai], "name": [name]})
        found.changed.append(
            rows(
                found.writes["school"],
                "établissement",
                who=pl.col("uai"),
                field="nom",
                before=f"Établissement {uai}",
                after=pl.col("name"),
            )
        )
    dates = (sts.starts_on, sts.ends_on) if sts and sts.starts_on and sts.ends_on else None
    return _compare_year(found, state["years"].filter(year=year), year=year, given=dates)


def _compare_year(
    found: Findings, old: pl.DataFrame, *, year: int, given: tuple[date, date] | None
) -> tuple[date, date]:
    """A year that is known keeps its dates unless they are the usual ones and STS-web gives others."""
    usual = year_dates(year)
    known = old.select("starts_on", "ends_on").row(0) if old.height else None
    dates = given if given and known in (None, usual) else known or usual
    frame = pl.DataFrame({"year": [year], "starts_on": [dates[0]], "ends_on": [dates[1]]})
    words = " – ".join(labels.day(day) for day in dates)
    if known is None:
        found.new.append(rows(frame, "année scolaire", who=labels.school_year(year), after=words))
    elif dates != known:
        found.changed.append(
            rows(
                frame,
                "année scolaire",
                who=labels.school_year(year),
                field="dates",
                before=" – ".join(labels.day(day) for day in known),
                after=words,
            )
        )
    if dates != known:
        found.writes["years"] = frame
    return dates


def _compare_divisions(
    found: Findings,
    extracts: list[Extract],
    files: dict[str, pl.DataFrame],
    state: dict[str, pl.DataFrame],
    *,
    mefs: pl.DataFrame,
    placed: pl.DataFrame,
) -> None:
    seen = placed.filter(~pl.col("inactive")).select("division", "mef").drop_nulls("division")
    listed = (
        placed.select(division=pl.col("divisions"))
        .explode("division")
        .drop_nulls()
        .with_columns(mef=pl.lit(None, pl.String))
    )
    pairs = pl.concat([files["division_mefs"], seen, listed])
    kept = pl.concat([pairs.drop_nulls(), _declared_before(extracts, state)]).unique(maintain_order=True)
    compare_divisions(
        found, files, state, mefs=mefs, pairs=kept, codes=pairs["division"], file=extracts[0].file
    )


def _declared_before(extracts: list[Extract], state: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the pairs already known, to be kept unless the files hold both what is declared and the students."""
    kinds = {extract.kind for extract in extracts}
    whole = Kind.STUDENTS in kinds and kinds & {Kind.STRUCTURES, Kind.STS}
    known = state["division_mefs"].select("division", "mef")
    return known.clear() if whole else known


def _day(
    services: Services, extracts: list[Extract], *, options: ImportOptions, starts_on: date, ends_on: date
) -> date:
    """Return the day the changes take effect: the one asked for, else that of the export, else today."""
    exported = max(
        (extract.exported_on for extract in extracts if extract.exported_on), default=services.today()
    )
    return min(max(options.on or exported, starts_on), ends_on)


def _older_exports(services: Services, extracts: list[Extract]) -> pl.DataFrame:
    """Warn of an export made before the last one imported."""
    found = [
        (
            extract.file,
            None,
            labels.day(extract.exported_on),
            f"Un export plus récent ({labels.day(last)}) est déjà "
            "importé : celui-ci ramène les données en arrière.",
            Severity.WARNING.value,
        )
        for extract in extracts
        if extract.exported_on
        and (last := last_export(services.store, kind=extract.kind, year=extract.year))
        and extract.exported_on < last
    ]
    return pl.DataFrame(found, schema=extracts[0].problems.schema, orient="row")

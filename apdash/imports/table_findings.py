"""Previews a table (a list of students, values of a bilan, answers to the interview) against the store."""

from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.absences import compare_absences
from apdash.imports.answers import compare_answers
from apdash.imports.extract import Problems, Severity
from apdash.imports.findings import Findings
from apdash.imports.kinds import ImportFile, ImportOptions
from apdash.imports.mapping import (
    REMEMBERED_AS,
    ColumnMapping,
    TableKind,
    check_mapping,
    mapping_from_json,
)
from apdash.imports.matching import matched, matched_again, people_of
from apdash.imports.merge import school_year_of
from apdash.imports.outcomes import compare_outcomes
from apdash.imports.proposal import MappingProposal, described, proposed_mapping, unused_columns
from apdash.imports.student_list import compare_student_list
from apdash.imports.tables import Table, read_table
from apdash.imports.values import compare_values
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.imports import (
    directory,
    known_school,
    remembered_mapping,
    reviews_of_year,
    school_state,
)


@dataclass(frozen=True, slots=True)
class TableFindings:
    """What a table would change. span: the days a list of absences speaks of."""

    mapping: ColumnMapping
    year: int
    on: date
    review: int | None = None
    found: Findings = field(default_factory=Findings)
    problems: pl.DataFrame = field(default_factory=pl.DataFrame)
    span: tuple[date, date] | None = None


def mapping_proposal(services: Services, viewer: Viewer, *, file: ImportFile) -> MappingProposal:
    """Return what the columns of a table seem to mean: as last chosen for these titles, else as they suggest."""
    viewer.require(Action.IMPORT)
    table = read_table(file)
    remembered = _remembered(services, table)
    mapping = remembered or _proposed(services, table)
    columns = described(services.reference, table, mapping)
    return MappingProposal(
        mapping=mapping, columns=columns, never_read=table.never_read, remembered=remembered is not None
    )


def table_findings(
    services: Services,
    viewer: Viewer,
    file: ImportFile,
    *,
    mapping: ColumnMapping | None,
    options: ImportOptions,
) -> TableFindings:
    """Compare a table with the store; raises `ApdashError` when the mapping does not fit, or no bilan is open."""
    table = read_table(file)
    mapping = mapping or _remembered(services, table) or _proposed(services, table)
    check_mapping(services.reference, table, mapping)
    problems = Problems(file.name)
    for title in table.never_read:
        problems.add(
            None, title, "Colonne jamais lue : elle peut contenir des données qu’APdash ne conserve pas."
        )
    for title in unused_columns(table, mapping):
        problems.add(
            None, title, "Colonne non reprise : dites quelle compétence elle porte, si elle en porte une."
        )
    uai, latest = known_school(services.store)
    today = services.today()
    year = latest if latest is not None else options.year or school_year_of(today)
    people = people_of(table, mapping)
    find = matched_again if mapping.kind == TableKind.ABSENCES else matched
    rows = find(people, directory(services.store, year=year))
    result = TableFindings(mapping=mapping, year=year, on=options.on or today)
    if mapping.kind == TableKind.STUDENTS:
        compare_student_list(
            result.found, rows, problems, services=services, options=options, uai=uai, year=year
        )
        review, span = None, None
    else:
        _refuse_unknown(rows, problems)
        review, span = _compare_cells(
            result.found,
            _cells(rows, table),
            problems,
            services=services,
            viewer=viewer,
            mapping=mapping,
            options=options,
            year=year,
        )
    # With whose values they are: the same table given again must not pass for another source.
    kept = replace(mapping, assessor=options.assessor or mapping.assessor).to_json()
    if kept != _remembered_text(services, table):
        row = {"kind": [REMEMBERED_AS], "headers": [table.key], "mapping": [kept]}
        result.found.writes["mappings"] = pl.DataFrame(row)
    return TableFindings(
        mapping=mapping,
        year=year,
        on=result.on,
        review=review,
        found=result.found,
        problems=problems.frame(),
        span=span,
    )


def _refuse_unknown(rows: pl.DataFrame, problems: Problems) -> None:
    """Tell of the lines that name nobody, or somebody who cannot be told apart."""
    lost = rows.filter(pl.col("why").is_not_null())
    who = pl.col("who").fill_null("(sans nom)")
    problems.add_rows(lost, who, pl.col("why"), severity=Severity.REFUSED)


def _cells(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the lines whose student is known: line, id, who, then the columns of the table."""
    return rows.filter(pl.col("id").is_not_null()).select("line", "id", "who").join(table.rows, on="line")


def _compare_cells(
    found: Findings,
    cells: pl.DataFrame,
    problems: Problems,
    *,
    services: Services,
    viewer: Viewer,
    mapping: ColumnMapping,
    options: ImportOptions,
    year: int,
) -> tuple[int | None, tuple[date, date] | None]:
    """Compare what the lines say of known students; return the bilan it goes to, or the days it speaks of."""
    if mapping.kind == TableKind.ABSENCES:
        span = compare_absences(found, cells, problems, services=services, mapping=mapping, options=options)
        return None, span
    if mapping.kind == TableKind.OUTCOMES:
        compare_outcomes(found, cells, problems, services=services, mapping=mapping)
        return None, None
    review = _review(services, options, year=year, today=services.today())
    compare = compare_values if mapping.kind == TableKind.ASSESSMENTS else compare_answers
    compare(
        found,
        cells,
        problems,
        services=services,
        viewer=viewer,
        mapping=mapping,
        options=options,
        review=review,
    )
    return review, None


def _review(services: Services, options: ImportOptions, *, year: int, today: date) -> int:
    """Return the bilan the values go to: the one asked for, else the one open today, else the last begun."""
    reviews = reviews_of_year(services.store, year=year)
    if options.review is not None:
        if reviews.filter(id=options.review).is_empty():
            raise ApdashError("Bilan inconnu.", "Choisissez un bilan de l’année en cours.")
        return options.review
    begun = reviews.filter(pl.col("opens_on") <= today)
    running = begun.filter(pl.col("closes_on") >= today)
    chosen = running if running.height else begun if begun.height else reviews.head(1)
    if chosen.is_empty():
        raise ApdashError(
            "Aucun bilan.", "Ces valeurs vont dans un bilan : ouvrez-en un, puis importez ce tableau."
        )
    return int(chosen["id"].to_list()[-1])


def _proposed(services: Services, table: Table) -> ColumnMapping:
    _uai, latest = known_school(services.store)
    state = school_state(services.store, year=latest or 0)
    return proposed_mapping(services.reference, table, divisions=state.tables["divisions"]["code"].to_list())


def _remembered_text(services: Services, table: Table) -> str | None:
    return remembered_mapping(services.store, kind=REMEMBERED_AS, headers=table.key)


def _remembered(services: Services, table: Table) -> ColumnMapping | None:
    text = _remembered_text(services, table)
    return mapping_from_json(text) if text else None

"""Proposes what the columns of a table mean, from their titles and from what they hold."""

import re
from dataclasses import dataclass

import polars as pl

from apdash.imports.guesses import competency_of, readable, scaled
from apdash.imports.headers import ABSENCE_WORDS, IDENTITY_WORDS, absence_of, identity_of
from apdash.imports.mapping import (
    KNOWLEDGE_BLOCK,
    LEVELS,
    MARKS,
    OUTCOME_PARTS,
    ColumnMapping,
    TableKind,
    ValueColumn,
)
from apdash.imports.names import plain
from apdash.imports.outcomes import TITLES, read_after, read_result
from apdash.imports.tables import Table
from apdash.reference import Reference

_SAMPLES = 3
_QUESTION = re.compile(r"^\s*(?:q|question)?\s*\.?(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MappingProposal:
    """A mapping and why. columns: header, question, role, competency, scale, samples (text), readable (0 to 1)."""

    mapping: ColumnMapping
    columns: pl.DataFrame
    never_read: tuple[str, ...]
    remembered: bool = False


def proposed_mapping(reference: Reference, table: Table, *, divisions: list[str]) -> ColumnMapping:
    """Return the mapping that titles and cells suggest; divisions: known codes, to recognise a column of classes."""
    identity = _identity(table, divisions)
    others = [header for header in table.headers if header not in identity.values()]
    absences = _absences(others)
    if "day" in absences and {"start", "end", "until"} & set(absences):
        return ColumnMapping(TableKind.ABSENCES, identity, absences=absences)
    questions = _questions(reference, others)
    values = [
        column
        for header in others
        if header not in questions.values()
        for column in _value_columns(reference, table, header)
    ]
    outcomes = _outcomes(table, others)
    if outcomes and not values:
        return ColumnMapping(TableKind.OUTCOMES, identity, outcomes=outcomes)
    if len(questions) >= 2 and len(questions) >= len({column.header for column in values}):
        return ColumnMapping(TableKind.INTERVIEW, identity, questions=questions)
    if values:
        return ColumnMapping(TableKind.ASSESSMENTS, identity, values=tuple(values))
    return ColumnMapping(TableKind.STUDENTS, identity)


def described(reference: Reference, table: Table, mapping: ColumnMapping) -> pl.DataFrame:
    """Return a row per column of the table: header, role, competency, scale, question, samples, readable."""
    roles = {title: IDENTITY_WORDS[field] for field, title in mapping.identity.items()}
    roles |= {title: OUTCOME_PARTS[part] for part, title in mapping.outcomes.items()}
    roles |= {title: ABSENCE_WORDS[part] for part, title in mapping.absences.items()}
    asked = {title: number for number, title in mapping.questions.items()}
    valued: dict[str, ValueColumn] = {column.header: column for column in mapping.values}
    rows = []
    for header in table.headers:
        column = valued.get(header)
        cells = table.rows[header].drop_nulls()
        rows.append(
            {
                "header": header,
                "question": asked.get(header),
                "role": roles.get(header)
                or ("question" if header in asked else "valeurs" if column else "ignorée"),
                "competency": column.competency if column else None,
                "scale": column.scale if column else None,
                "samples": " · ".join(cells.unique(maintain_order=True).head(_SAMPLES).to_list()),
                "readable": readable(reference, cells, column) if column else None,
            }
        )
    schema = {
        "header": pl.String,
        "question": pl.Int64,
        "role": pl.String,
        "competency": pl.String,
        "scale": pl.String,
        "samples": pl.String,
        "readable": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def unused_columns(table: Table, mapping: ColumnMapping) -> list[str]:
    """Return the titles of the columns that hold something and that the mapping leaves aside."""
    used = {
        *mapping.identity.values(),
        *mapping.questions.values(),
        *mapping.outcomes.values(),
        *mapping.absences.values(),
        *(column.header for column in mapping.values),
    }
    return [
        header for header in table.headers if header not in used and table.rows[header].drop_nulls().len()
    ]


def _identity(table: Table, divisions: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in table.headers:
        field = identity_of(header)
        if field and field not in found:
            found[field] = header
    if "last_name" in found and "first_name" not in found and "full_name" not in found:
        found["full_name"] = found.pop("last_name")
    if {"last_name", "first_name"} <= set(found):
        found.pop("full_name", None)
    known = {plain(code) for code in divisions}
    for header in table.headers if "division" not in found and known else ():
        cells = table.rows[header].drop_nulls().to_list()
        if cells and header not in found.values() and all(plain(cell) in known for cell in cells):
            found["division"] = header
            break
    return found


def _outcomes(table: Table, headers: list[str]) -> dict[str, str]:
    """Return part -> title for the columns that tell of a result or of what leavers do, and mostly read so."""
    readers = {"result": read_result, "after": read_after}
    found: dict[str, str] = {}
    for header in headers:
        part = next((part for part, titles in TITLES.items() if plain(header) in titles), None)
        if part is None or part in found:
            continue
        cells = table.rows[header].drop_nulls().to_list()
        told = sum(readers[part](cell) is not None for cell in cells) if part in readers else len(cells)
        if cells and 2 * told >= len(cells):
            found[part] = header
    return found if {"result", "after"} & set(found) else {}


def _absences(headers: list[str]) -> dict[str, str]:
    """Return part of an absence -> title; « Début » alone, or « Du », is its day as much as its hour."""
    found: dict[str, str] = {}
    for header in headers:
        part = absence_of(header)
        if part and part not in found:
            found[part] = header
    if "day" not in found and "start" in found and "end" in found:
        found["day"] = found.pop("start")
        found["until"] = found.pop("end")
    return found


def _questions(reference: Reference, headers: list[str]) -> dict[int, str]:
    """Return number -> title for the columns that repeat a question of the interview, or its number."""
    texts = dict(
        reference.interview.select("question", "text").unique("question", maintain_order=True).rows()
    )
    found: dict[int, str] = {}
    for header in headers:
        words = plain(_QUESTION.sub("", header))
        by_text = [
            number
            for number, text in texts.items()
            if words and (plain(text) in words or (len(words) > 11 and words in plain(text)))
        ]
        numbered = _QUESTION.match(header)
        by_number = (
            [int(numbered[1])]
            if numbered and header.strip().lower().startswith("q") and int(numbered[1]) in texts
            else []
        )
        for number in (by_text or by_number)[:1]:
            found.setdefault(number, header)
    return dict(sorted(found.items()))


def _value_columns(reference: Reference, table: Table, header: str) -> list[ValueColumn]:
    cells = table.rows[header].drop_nulls()
    tests = reference.position_tests.filter(pl.col("column").str.to_lowercase() == header.strip().lower())
    if tests.height:
        scale = LEVELS if tests["weight"].item() > 0 else None
        return (
            [ValueColumn(header, tests["competency"].item(), scale, test=tests["column"].item())]
            if scale
            else []
        )
    domains = reference.socle.filter(
        (pl.col("domain") == header.strip().upper()) | (pl.col("label").str.to_lowercase() == header.lower())
    )
    if domains.height:
        return [
            ValueColumn(header, code, LEVELS, test=domain)
            for domain, code in domains.select("domain", "competency").rows()
        ]
    code = competency_of(reference, header) or _by_one_part(reference, table.parts.get(header, ()))
    if code is None or cells.is_empty():
        return []
    column = scaled(reference, cells, header, code)
    block = reference.competencies.filter(code=code)["block"].item()
    return [] if column is None or (column.scale in MARKS and block != KNOWLEDGE_BLOCK) else [column]


def _by_one_part(reference: Reference, parts: tuple[str, ...]) -> str | None:
    """Return the competency that a line of a title of two names, where both do not name different ones."""
    found = {code for part in parts if (code := competency_of(reference, part))}
    return found.pop() if len(found) == 1 else None

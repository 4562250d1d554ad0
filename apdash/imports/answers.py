"""Reads the answers of an interview form, whole labels or codes, and compares them with those of a bilan."""

import re

import polars as pl

from apdash.imports.extract import Problems, Severity
from apdash.imports.findings import Findings
from apdash.imports.kinds import ImportOptions
from apdash.imports.mapping import ColumnMapping
from apdash.imports.names import plain
from apdash.imports.rows import rows
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.imports import answers_of_review

RATHER_NOT = ("je prefere ne pas repondre", "ne souhaite pas repondre", "ne pas repondre", "sans reponse")
_KEYS = ["student", "question"]


def compare_answers(
    found: Findings,
    cells: pl.DataFrame,
    problems: Problems,
    *,
    services: Services,
    viewer: Viewer,
    mapping: ColumnMapping,
    options: ImportOptions,
    review: int,
) -> None:
    """Fill `found` and the answers to write; cells: line, id, who, then the columns of the table."""
    schema = {
        "line": pl.Int64,
        "who": pl.String,
        "student": pl.Int64,
        "question": pl.Int64,
        "answers": pl.List(pl.String),
    }
    given = pl.concat(
        [
            pl.DataFrame(schema=schema),
            *(
                _answers(cells, problems, reference=services.reference, question=number, header=header).cast(
                    schema
                )
                for number, header in mapping.questions.items()
            ),
        ]
    )
    standing = (
        answers_of_review(services.store, review=review)
        .select("student", "question", old_answers="answers")
        .cast({"old_answers": pl.List(pl.String)})
    )
    joined = given.join(standing, on=_KEYS, how="left", maintain_order="left").with_columns(
        before=pl.col("old_answers").list.join(", "),
        after=pl.col("answers").list.join(", "),
        title=pl.format("question {}", "question"),
    )
    fresh = pl.col("old_answers").is_null()
    moved = ~fresh & (pl.col("before") != pl.col("after"))
    columns = {
        "who": pl.col("who"),
        "field": pl.col("title"),
        "line": pl.col("line"),
        "file": problems.file,
        "after": pl.col("after"),
    }
    found.new.append(rows(joined.filter(fresh), "réponse", **columns))
    found.changed.append(rows(joined.filter(moved), "réponse", before=pl.col("before"), **columns))
    found.unchanged.append(rows(joined.filter(~fresh & ~moved), "réponse", **columns))
    found.writes["answers"] = joined.filter(fresh | moved)


def _answers(
    cells: pl.DataFrame, problems: Problems, *, reference: Reference, question: int, header: str
) -> pl.DataFrame:
    """Return line, who, student, question, answers for one column; a blank cell gives no row."""
    labels = reference.interview.filter(question=question)
    texts = cells[header].drop_nulls().unique(maintain_order=True).to_list()
    read = {text: answer_codes(labels, text) for text in texts}
    known = pl.DataFrame(
        {"text": list(read), "answers": list(read.values())},
        schema={"text": pl.String, "answers": pl.List(pl.String)},
    )
    joined = (
        cells.select("line", "who", student="id", text=header)
        .drop_nulls("text")
        .join(known, on="text", how="left", maintain_order="left")
    )
    joined = joined.with_columns(question=pl.lit(question, pl.Int64))
    where = pl.format("{}, question {}", "who", "question")
    most = labels["max_answers"].max()
    too_many = pl.col("answers").list.len() > most
    problems.add_rows(
        joined.filter(pl.col("answers").is_null()),
        where,
        pl.format("« {} » n’est pas une réponse proposée.", pl.col("text").str.slice(0, 40)),
        severity=Severity.REFUSED,
    )
    problems.add_rows(
        joined.filter(too_many.fill_null(False)),
        where,
        f"Plus de {most} réponses.",
        severity=Severity.REFUSED,
    )
    return joined.filter(pl.col("answers").is_not_null() & ~too_many.fill_null(False)).select(
        "line", "who", "student", "question", "answers"
    )


def answer_codes(labels: pl.DataFrame, text: str) -> list[str] | None:
    """Return the codes of the answers a cell names, in the order of the reference; None when something is not one.

    An empty list is "prefers not to answer". Labels may hold commas: the longest are looked for first.
    """
    words = f" {plain(text)} "
    if words.strip() in RATHER_NOT:
        return []
    pairs = [(code, plain(label)) for code, label in labels.select("answer", "label").rows()]
    by_code = [part.strip().upper() for part in re.split(r"[;,|\n]", text)]
    codes = [code for code, _label in pairs]
    if all(part in codes for part in by_code):
        return [code for code in codes if code in by_code]
    chosen = set()
    for code, label in sorted(pairs, key=lambda pair: -len(pair[1])):
        if f" {label} " in words:
            chosen.add(code)
            words = words.replace(f" {label} ", "  ")
    return [code for code in codes if code in chosen] if chosen and not words.strip() else None

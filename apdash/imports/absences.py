"""Reads a list of absences and lateness, and compares it with the sessions of some days: everybody else was there.

A roll called here is never written over: where the list says otherwise, both are told.
"""

from datetime import date, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.absence_lines import absence_lines
from apdash.imports.extract import Problems, Severity
from apdash.imports.findings import Findings
from apdash.imports.kinds import ImportOptions
from apdash.imports.mapping import ColumnMapping
from apdash.imports.rows import rows
from apdash.services import Services
from apdash.store.queries.imports import expected_presences

SESSION, PRESENCE = "séance tenue", "présence"
_WORDS = {"present": "présent", "absent": "absent", "late": "en retard", "excused": "excusé"}
_KEEPS = "Appel fait dans l’application : il est gardé.".replace(" :", "\u00a0:")


def compare_absences(
    found: Findings,
    cells: pl.DataFrame,
    problems: Problems,
    *,
    services: Services,
    mapping: ColumnMapping,
    options: ImportOptions,
) -> tuple[date, date]:
    """Fill `found`, the presences and the sessions to write; return the days spoken of.

    cells: line, id, who, then the columns of the table. Sessions that are not over, or not held, are left as they are.
    """
    lines = absence_lines(cells, problems, mapping)
    first, last = _span(lines, services.today(), options)
    known = expected_presences(services.store, first=first, last=last)
    over = pl.col("starts_at") + pl.duration(minutes="minutes") <= services.now()
    open_ones = known.filter(over & (pl.col("state") != "not_held"))
    hits = _hits(lines, known)
    _tell_lines(found, problems, lines, hits, first=first, last=last)
    said = _said(open_ones, hits.filter(over & (pl.col("state") != "not_held")))
    _tell_presences(found, said, problems.file)
    found.writes["calls"] = said.filter("written").select(
        "session", "student", presence="wanted", minutes_late="wanted_late"
    )
    _tell_sessions(found, said, problems.file)
    return first, last


def _span(lines: pl.DataFrame, today: date, options: ImportOptions) -> tuple[date, date]:
    """Return the days asked for, else those of the lines, never after today."""
    days = lines["from"].dt.date()
    first = options.first or days.min() or today
    last = options.last or lines["to"].dt.date().max() or today
    if last < first:
        raise ApdashError("Dates à revoir.", "Le dernier jour vient avant le premier.")
    return first, min(max(last, first), max(today, first))


def _hits(lines: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return a row per line and session it touches: what it makes of the student, for how many minutes."""
    ends = pl.col("starts_at") + pl.duration(minutes="minutes")
    inside = pl.min_horizontal("to", ends) - pl.max_horizontal("from", "starts_at")
    pairs = lines.join(known, left_on="id", right_on="student").with_columns(
        shared=pl.when("late").then("told").otherwise(inside.dt.total_minutes())
    )
    touched = pl.when("late").then(
        (pl.col("from") < ends) & (pl.col("from") >= pl.col("starts_at") - timedelta(minutes=5))
    )
    pairs = pairs.filter(touched.otherwise(pl.col("shared") > 0))
    whole = ~pl.col("late") & (2 * pl.col("shared") >= pl.col("minutes"))
    begins = pl.col("late") | (pl.col("from") <= pl.col("starts_at"))
    return pairs.with_columns(
        makes=pl.when(whole & pl.col("excused"))
        .then(pl.lit("excused"))
        .when(whole)
        .then(pl.lit("absent"))
        .when(begins)
        .then(pl.lit("late"))
        .otherwise(pl.lit("present"))
    )


def _tell_lines(
    found: Findings, problems: Problems, lines: pl.DataFrame, hits: pl.DataFrame, *, first: date, last: date
) -> None:
    """Tell the lines that concern no session, and those that count for nothing."""
    apart = lines.join(hits.select("line").unique(), on="line", how="anti")
    outside = (pl.col("to").dt.date() < first) | (pl.col("from").dt.date() > last)
    why = (
        pl.when(outside)
        .then(pl.lit("Hors des jours choisis."))
        .otherwise(pl.lit("Aucune séance d’AP de cet élève à cette heure."))
    )
    shown = {"who": pl.col("who"), "line": pl.col("line"), "file": problems.file}
    found.unchanged.append(rows(apart, "ligne", why=why, **shown))
    early = hits.filter(pl.col("makes") == "present")
    problems.add_rows(early, pl.col("who"), "Parti avant la fin : compté présent.", severity=Severity.WARNING)
    off = hits.filter(pl.col("state") == "not_held")
    problems.add_rows(
        off,
        pl.col("who"),
        "La séance de cette heure est notée non tenue : laissée.",
        severity=Severity.WARNING,
    )


def _said(known: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Return who was expected, with what the list makes of them, and whether it is to be written."""
    rank = {"absent": 0, "excused": 1, "late": 2, "present": 3}
    worst = (
        hits.sort(pl.col("makes").replace_strict(rank, return_dtype=pl.Int64), "line")
        .unique(["session", "id"], keep="first", maintain_order=True)
        .select("session", "line", student="id", wanted="makes", told_late="shared")
    )
    late = pl.col("wanted") == "late"
    joined = known.join(worst, on=["session", "student"], how="left", maintain_order="left").with_columns(
        wanted=pl.col("wanted").fill_null("present")
    )
    joined = joined.with_columns(
        wanted_late=pl.when(late & pl.col("told_late").is_between(1, 480)).then("told_late").cast(pl.Int64)
    )
    differs = pl.col("presence").ne_missing(pl.col("wanted")) | pl.col("minutes_late").ne_missing(
        pl.col("wanted_late")
    )
    called_here = (pl.col("source") == "roll").fill_null(value=False)
    return joined.with_columns(differs=differs, called_here=called_here).with_columns(
        written=differs & ~called_here
    )


def _tell_presences(found: Findings, said: pl.DataFrame, file: str) -> None:
    shown = {
        "who": pl.col("who"),
        "field": _when(),
        "after": _presence("wanted", "wanted_late"),
        "line": pl.col("line"),
        "file": file,
    }
    before = _presence("presence", "minutes_late")
    fresh = pl.col("presence").is_null()
    written = said.filter("written")
    found.new.append(rows(written.filter(fresh & (pl.col("wanted") != "present")), PRESENCE, **shown))
    found.changed.append(rows(written.filter(~fresh), PRESENCE, before=before, **shown))
    kept = said.filter(pl.col("differs") & pl.col("called_here"))
    found.warnings.append(rows(kept, PRESENCE, before=before, why=_KEEPS, **shown))
    same = said.filter(~pl.col("differs") & (pl.col("wanted") != "present"))
    found.unchanged.append(rows(same, PRESENCE, **shown))


def _tell_sessions(found: Findings, said: pl.DataFrame, file: str) -> None:
    there = pl.col("wanted").is_in(["present", "late"])
    sessions = said.group_by("session", maintain_order=True).agg(
        pl.col("code", "name", "starts_at", "state").first(), there=there.sum(), expected=pl.len()
    )
    held = sessions.filter(pl.col("state") == "planned")
    shown = {
        "who": pl.concat_str(pl.col("code").fill_null(""), pl.col("name"), separator=" ").str.strip_chars(),
        "field": _when(named=False),
        "after": pl.format("{} présents sur {}", "there", "expected"),
        "file": file,
    }
    found.new.insert(0, rows(held, SESSION, **shown))
    found.unchanged.append(rows(sessions.filter(pl.col("state") == "held"), SESSION, **shown))
    found.writes["held"] = held.select(id="session")


def _when(*, named: bool = True) -> pl.Expr:
    """Return `2AP01, 03/11/2026 à 10:10`."""
    words = pl.col("starts_at").dt.strftime("%d/%m/%Y à %H:%M")
    return pl.concat_str(pl.coalesce("code", "name"), words, separator=", ") if named else words


def _presence(presence: str, minutes: str) -> pl.Expr:
    words = pl.col(presence).replace_strict(_WORDS, default="non appelé", return_dtype=pl.String)
    late = pl.format(", {}\u00a0min", minutes)
    return pl.concat_str(words, pl.when(pl.col(minutes).is_not_null()).then(late).otherwise(pl.lit("")))

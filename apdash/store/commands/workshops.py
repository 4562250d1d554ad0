"""The workshop bilan: for each student of a group and period, the objective, the involvement, a sentence."""

from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.readable import checked_words
from apdash.rights import Viewer
from apdash.store.commands.follow_checks import check_leads
from apdash.store.commands.records import retire, revise
from apdash.store.queries.workshops import workshop_students
from apdash.store.store import Store, Transaction

KEY = ("ap_group", "student", "period")
FIELDS = ("outcome", "involvement", "words")
OUTCOMES = ("attained", "in_progress", "not_yet")
_SCHEMA = {"student": pl.Int64, "outcome": pl.String, "involvement": pl.Int64, "words": pl.String}


def record_results(
    store: Store,
    viewer: Viewer,
    *,
    group: int,
    period: int,
    entries: list[tuple[int, str, object]],
    now: datetime,
) -> int:
    """Record cells of a workshop bilan, all or nothing; return how many students changed.

    entries: student, field (outcome: attained, in_progress, not_yet; involvement: 1 to 4; words), value, None to
    empty the cell; the last one of a cell holds. By the adults of the group, the pilot, the direction. A bilan may be
    filled after the period; what a closed bilan was computed from does not move. Raises `ApdashError` for a student who
    was not in the group during the period.
    """
    cells = {(student, field): _checked(field, value) for student, field, value in entries}
    with store.write() as tx:
        check_leads(tx, viewer, group=group)
        students = {student for student, _ in cells}
        strange = students - set(workshop_students(tx, group=group, period=period)["student"])
        if strange:
            raise ApdashError(
                "Élève hors du groupe.", "Il n’y était pas pendant cette période\u00a0: rechargez la page."
            )
        return _merge(tx, viewer, cells, group=group, period=period, now=now)


def _checked(field: str, value: object) -> object:
    if field == "words":
        return checked_words(str(value or ""))
    if value is None:
        return None
    if field == "outcome" and value in OUTCOMES:
        return value
    if field == "involvement" and isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 4:
        return value
    raise ApdashError("Valeur refusée.", "Atteint, en cours ou pas encore\u00a0; implication de 1 à 4.")


def _merge(
    tx: Transaction,
    viewer: Viewer,
    cells: dict[tuple[int, str], object],
    *,
    group: int,
    period: int,
    now: datetime,
) -> int:
    """Write what changes: the fields given come over the current ones; a row left empty is taken away."""
    current = tx.read(
        "select student, outcome::varchar as outcome, involvement, words from workshop_result "
        "where ap_group = $group and period = $period and replaced_at is null",
        group=group,
        period=period,
    )
    before = {row["student"]: row for row in current.iter_rows(named=True)}
    after: dict[int, dict] = {}
    for (student, field), value in cells.items():
        blank = {"student": student, "outcome": None, "involvement": None, "words": ""}
        after.setdefault(student, dict(before.get(student, blank)))[field] = value
    changed = [row for student, row in sorted(after.items()) if row != before.get(student)]
    rows = pl.DataFrame(changed, schema=_SCHEMA).with_columns(
        ap_group=pl.lit(group, pl.Int64), period=pl.lit(period, pl.Int64)
    )
    empty = pl.col("outcome").is_null() & pl.col("involvement").is_null() & (pl.col("words") == "")
    retire(tx, "workshop_result", KEY, rows.filter(empty), now=now)
    revise(tx, "workshop_result", KEY, rows.filter(~empty), viewer=viewer, now=now)
    return rows.height

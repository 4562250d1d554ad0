"""Objectives: few, precise, short-term, agreed with the student; one to three a student and period."""

from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.labels import count
from apdash.readable import checked_words
from apdash.rights import Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands.follow_checks import (
    check_followed,
    current_row,
    one_row,
    year_of_day,
)
from apdash.store.commands.records import revise
from apdash.store.queries.periods import period_of
from apdash.store.store import Store, Transaction

KEY = ("id",)
MOST = 3
AGREED_WITH = ("student", "family", "both")


def set_objective(
    store: Store,
    viewer: Viewer,
    *,
    student: int,
    text: str,
    evidence: str = "",
    need: str | None = None,
    group: int | None = None,
    programme: int | None = None,
    period: int | None = None,
    due_on: date | None = None,
    agreed_with: str | None = None,
    on: date,
    now: datetime,
) -> int:
    """Set an objective and return its number; the period and the due date are those of the day unless given.

    need: of the group when there is one. agreed_with: with whom it was agreed that day, nobody yet by default.
    Raises `ApdashError` for a fourth one in the period, and when this person does not follow the student.
    """
    words, seen_when = checked_words(text, least=3, what="objectif"), checked_words(evidence)
    _check_with(agreed_with)
    with store.write() as tx:
        check_followed(tx, viewer, students=[student], on=now.date())
        span = period_of(tx, year=year_of_day(tx, on), on=on, period=period)
        _check_room(tx, student=student, period=span["period"])
        _check_due(due_on, on=on)
        _check_member(tx, student=student, group=group)
        number = int(new_ids(tx, count=1).item())
        values = {
            "id": number, "student": student, "year": span["year"], "period": span["period"],
            "need": need_of(tx, group) if group is not None else need, "programme": programme, "ap_group": group,
            "text": words, "evidence": seen_when, "set_on": on, "due_on": due_on or span["ends_on"],
            "agreed_on": on if agreed_with else None, "agreed_with": agreed_with, "dropped": False,
        }  # fmt: skip
        revise(tx, "objective", KEY, one_row(tx, "objective", values), viewer=viewer, now=now)
    return number


def revise_objective(
    store: Store,
    viewer: Viewer,
    *,
    objective: int,
    text: str,
    evidence: str,
    due_on: date | None,
    now: datetime,
) -> None:
    """Change what an objective says; another text is another contract, so the agreement is to be had again."""
    words, seen_when = checked_words(text, least=3, what="objectif"), checked_words(evidence)
    with store.write() as tx:
        row = _followed_row(tx, viewer, objective=objective, now=now)
        _check_due(due_on, on=row["set_on"])
        changed = row | {"text": words, "evidence": seen_when, "due_on": due_on or row["due_on"]}
        if words != row["text"]:
            changed |= {"agreed_on": None, "agreed_with": None}
        revise(tx, "objective", KEY, one_row(tx, "objective", changed), viewer=viewer, now=now)


def agree(store: Store, viewer: Viewer, *, objective: int, agreed_with: str, on: date, now: datetime) -> None:
    """Record with whom an objective was agreed, and when: the student, the family or both."""
    _check_with(agreed_with)
    with store.write() as tx:
        row = _followed_row(tx, viewer, objective=objective, now=now)
        if on < row["set_on"]:
            raise ApdashError("Dates inversées.", "L’accord vient avant l’objectif.")
        agreed = one_row(tx, "objective", row | {"agreed_on": on, "agreed_with": agreed_with})
        revise(tx, "objective", KEY, agreed, viewer=viewer, now=now)


def drop_objective(
    store: Store, viewer: Viewer, *, objective: int, now: datetime, dropped: bool = True
) -> None:
    """Drop an objective, or take a dropped one up again; it stays in the history either way."""
    with store.write() as tx:
        row = _followed_row(tx, viewer, objective=objective, now=now)
        if not dropped and row["dropped"] and row["period"] is not None:
            _check_room(tx, student=row["student"], period=row["period"])
        changed = one_row(tx, "objective", row | {"dropped": dropped})
        revise(tx, "objective", KEY, changed, viewer=viewer, now=now)


def _followed_row(tx: Transaction, viewer: Viewer, *, objective: int, now: datetime) -> dict:
    row = current_row(tx, "objective", objective)
    check_followed(tx, viewer, students=[row["student"]], on=now.date())
    return row


def live_objectives(tx: Transaction, *, students: list[int], period: int) -> pl.DataFrame:
    """Return student, text of the objectives of a period that stand."""
    return tx.read(
        "select student, text from objective where replaced_at is null and not dropped and period = $period "
        "and student in (select unnest($students)) order by student, id",
        students=students,
        period=period,
    )


def _check_room(tx: Transaction, *, student: int, period: int) -> None:
    if live_objectives(tx, students=[student], period=period).height >= MOST:
        raise ApdashError(
            "Déjà trois objectifs.",
            f"{count(MOST, 'objectif')} au plus par élève et par période\u00a0: abandonnez-en un, "
            "ou attendez la suivante.",
        )


def _check_with(agreed_with: str | None) -> None:
    if agreed_with is not None and agreed_with not in AGREED_WITH:
        raise ApdashError("Accord inconnu.", "Avec l’élève, la famille, ou les deux.")


def _check_due(due_on: date | None, *, on: date) -> None:
    if due_on is not None and due_on < on:
        raise ApdashError("Échéance passée.", "Elle vient avant le jour où l’objectif est fixé.")


def _check_member(tx: Transaction, *, student: int, group: int | None) -> None:
    sql = "select 1 from membership where ap_group = $group and student = $student and replaced_by is null"
    if group is not None and tx.read(sql, group=group, student=student).is_empty():
        raise ApdashError("Élève hors du groupe.", "L’objectif est fixé dans un groupe où il est, ou a été.")


def need_of(tx: Transaction, group: int) -> str:
    """Return the need of a group; raises `ApdashError` when there is no such group."""
    found = tx.read("select need from ap_group where id = $group", group=group)
    if found.is_empty():
        raise ApdashError("Groupe introuvable.", "Rechargez la page, puis recommencez.")
    return str(found.item())

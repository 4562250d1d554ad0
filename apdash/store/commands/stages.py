"""Stages (remise à niveau, passerelle): recommended, told, agreed to, and only then enrolled; outside AP hours."""

from datetime import date, datetime

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands.records import retire, revise
from apdash.store.commands.stage_checks import (
    TEXT,
    check_done,
    check_of_age,
    check_present,
    check_stage,
    check_year,
)
from apdash.store.store import Store, Transaction

OUTCOMES = ("done", "partly", "left", "passed_over")
_STAGE = ("kind", "label", "content", "place", "starts_on", "ends_on", "minutes", "seats", "to_mef", "staff")
_ENROLMENT = {
    "stage": pl.Int64, "student": pl.Int64, "recommended_on": pl.Date, "informed_on": pl.Date, "consent": pl.String,
    "consent_by": pl.String, "consent_on": pl.Date, "enrolled_on": pl.Date, "ended_on": pl.Date, "outcome": pl.String,
    "minutes_done": pl.Int64, "words": pl.String,
}  # fmt: skip


def save_stage(
    store: Store,
    viewer: Viewer,
    *,
    year: int,
    kind: str,
    label: str,
    content: str,
    place: str,
    starts_on: date,
    ends_on: date,
    minutes: int,
    seats: int,
    now: datetime,
    to_mef: str | None = None,
    staff: int | None = None,
    stage: int | None = None,
) -> int:
    """Propose a stage, or change one (`stage`); return its id. minutes: its whole length.

    Raises `ApdashError` for a passerelle without the formation it leads to, dates out of the school year (holidays and
    the summer after it are allowed), or fewer seats than students already enrolled.
    """
    viewer.require(Action.MANAGE_STAGES)
    row = {
        "kind": kind, "label": label.strip(), "content": content.strip(), "place": place.strip(),
        "starts_on": starts_on, "ends_on": ends_on, "minutes": minutes, "seats": seats,
        "to_mef": to_mef or None, "staff": staff,
    }  # fmt: skip
    check_stage(row)
    with store.write() as tx:
        check_year(tx, year, starts_on, ends_on)
        if to_mef and tx.read("select 1 as x from mef where code = $mef", mef=to_mef).is_empty():
            raise ApdashError("Formation inconnue.", "Elle n’est pas dans la nomenclature importée.")
        if stage is not None and _enrolled(tx, stage) > seats:
            raise ApdashError("Places insuffisantes.", f"{_enrolled(tx, stage)} élèves y sont déjà inscrits.")
        key = _stage(tx, stage)["id"] if stage is not None else new_ids(tx, count=1).item()
        types = {"to_mef": pl.String, "staff": pl.Int64}
        rows = pl.DataFrame([{"id": key, "year": year} | row], schema_overrides=types)
        revise(tx, "stage", ("id",), rows, viewer=viewer, now=now)
    return int(key)


def withdraw_stage(store: Store, viewer: Viewer, *, stage: int, now: datetime) -> None:
    """Take a stage away; refused while students are enrolled in it."""
    viewer.require(Action.MANAGE_STAGES)
    with store.write() as tx:
        _stage(tx, stage)
        if _enrolled(tx, stage):
            raise ApdashError(
                "Stage gardé.", f"{_enrolled(tx, stage)} élèves y sont inscrits : désinscrivez-les d’abord."
            )
        rows = pl.DataFrame({"id": [stage]})
        retire(tx, "stage", ("id",), rows, now=now)


def recommend(
    store: Store, viewer: Viewer, *, stage: int, students: list[int], on: date, now: datetime
) -> int:
    """Record that the conseil de classe recommended a stage to students, on a day; return how many are new."""
    return _step(store, viewer, stage=stage, students=students, now=now, said={"recommended_on": on})


def inform(store: Store, viewer: Viewer, *, stage: int, students: list[int], on: date, now: datetime) -> int:
    """Record that students and families were told content, length and organisation; only of recommended ones."""
    return _step(
        store, viewer, stage=stage, students=students, now=now, said={"informed_on": on}, after="recommended_on",
    )  # fmt: skip


def record_consent(
    store: Store, viewer: Viewer, *, stage: int, student: int, given: bool, by: str, on: date, now: datetime
) -> None:
    """Record the answer of the student of age, else of the family; a refusal ends an enrolment not begun.

    by: student or family. Raises `ApdashError` when the student was not informed, or may not answer alone.
    """
    viewer.require(Action.MANAGE_STAGES)
    with store.write() as tx:
        row = _row(tx, stage, student)
        check_done(row, "informed_on", on=on, now=now)
        if by not in ("student", "family"):
            raise ApdashError("Accord refusé.", "L’accord vient de l’élève majeur ou de sa famille.")
        if by == "student":
            check_of_age(tx, student, on=on)
        said = {"consent": "given" if given else "refused", "consent_by": by, "consent_on": on}
        if not given:
            if row["enrolled_on"] is not None and _stage(tx, stage)["starts_on"] <= on:
                raise ApdashError("Stage commencé.", "Notez plutôt sa fin, avec ce qui a été suivi.")
            said["enrolled_on"] = None
        _write(tx, viewer, [row | said], now=now)


def enrol(store: Store, viewer: Viewer, *, stage: int, student: int, on: date, now: datetime) -> None:
    """Enrol a student. Raises `ApdashError` saying which of recommendation, information, consent or seat is missing."""
    viewer.require(Action.MANAGE_STAGES)
    with store.write() as tx:
        row, said = _row(tx, stage, student), _stage(tx, stage)
        missing = [
            words
            for words, done in (
                ("la recommandation du conseil de classe", row["recommended_on"] is not None),
                ("l’information de l’élève et de sa famille", row["informed_on"] is not None),
                ("leur accord", row["consent"] == "given"),
            )
            if not done
        ]
        if missing:
            raise ApdashError("Inscription impossible.", f"Il manque {labels.listed(missing)}.")
        if row["enrolled_on"] is None and _enrolled(tx, stage) >= said["seats"]:
            raise ApdashError("Stage complet.", f"Ses {said['seats']} places sont prises.")
        check_done(row, "consent_on", on=on, now=now)
        _write(tx, viewer, [row | {"enrolled_on": on}], now=now)


def end_stage(
    store: Store,
    viewer: Viewer,
    *,
    stage: int,
    student: int,
    outcome: str,
    minutes_done: int,
    words: str,
    on: date,
    now: datetime,
) -> None:
    """Record how a stage ended for a student: done, partly, left, passed_over (changed formation); and its minutes."""
    viewer.require(Action.MANAGE_STAGES)
    words = words.strip()
    if outcome not in OUTCOMES or len(words) > TEXT:
        raise ApdashError("Issue refusée.", f"Une issue de la liste, et {TEXT} caractères au plus.")
    with store.write() as tx:
        row, said = _row(tx, stage, student), _stage(tx, stage)
        check_done(row, "enrolled_on", on=on, now=now)
        if not 0 <= minutes_done <= said["minutes"]:
            most = said["minutes"] // 60
            raise ApdashError("Durée refusée.", f"Le stage dure {most} h : de 0 à {most} h suivies.")
        ended = {"ended_on": on, "outcome": outcome, "minutes_done": minutes_done, "words": words}
        _write(tx, viewer, [row | ended], now=now)


def take_off(store: Store, viewer: Viewer, *, stage: int, student: int, now: datetime) -> None:
    """Take a student off a stage before it begins, or off its list; earlier versions stay readable."""
    viewer.require(Action.MANAGE_STAGES)
    with store.write() as tx:
        row = _row(tx, stage, student)
        if row["enrolled_on"] is not None and _stage(tx, stage)["starts_on"] <= now.date():
            raise ApdashError("Stage commencé.", "Notez plutôt sa fin, avec ce qui a été suivi.")
        rows = pl.DataFrame({"stage": [stage], "student": [student]})
        retire(tx, "stage_enrolment", ("stage", "student"), rows, now=now)


def _step(
    store: Store,
    viewer: Viewer,
    *,
    stage: int,
    students: list[int],
    now: datetime,
    said: dict[str, date],
    after: str | None = None,
) -> int:
    """Write one dated step for several students; those who have it already are left as they are."""
    viewer.require(Action.MANAGE_STAGES)
    ((column, on),) = said.items()
    with store.write() as tx:
        _stage(tx, stage)
        check_present(tx, students, on=on)
        rows = [_row(tx, stage, student, missing_ok=after is None) for student in students]
        rows = [row for row in rows if row[column] is None]
        for row in rows:
            check_done(row, after, on=on, now=now)
        _write(tx, viewer, [row | said for row in rows], now=now)
    return len(rows)


def _write(tx: Transaction, viewer: Viewer, rows: list[dict], *, now: datetime) -> None:
    frame = pl.DataFrame(rows, schema=_ENROLMENT)
    revise(tx, "stage_enrolment", ("stage", "student"), frame, viewer=viewer, now=now)


def _row(tx: Transaction, stage: int, student: int, *, missing_ok: bool = False) -> dict:
    """Return what is said of a student at a stage; a blank row when nothing is and that is allowed."""
    found = tx.read(
        f"select {', '.join(_ENROLMENT)} from stage_enrolment "
        "where replaced_at is null and stage = $stage and student = $student",
        stage=stage,
        student=student,
    )
    if found.height:
        return found.row(0, named=True)
    if not missing_ok:
        raise ApdashError(
            "Recommandation attendue.", "Le conseil de classe n’a pas recommandé ce stage à l’élève."
        )
    return dict.fromkeys(_ENROLMENT) | {"stage": stage, "student": student, "words": ""}


def _stage(tx: Transaction, stage: int | None) -> dict:
    found = tx.read(
        f"select id, year, {', '.join(_STAGE)} from stage where replaced_at is null and id = $stage",
        stage=stage,
    )
    if found.is_empty():
        raise ApdashError("Stage introuvable.", "Il n’existe pas ou plus : rechargez la page.")
    return found.row(0, named=True)


def _enrolled(tx: Transaction, stage: int) -> int:
    return tx.read(
        "select count(*) as n from stage_enrolment "
        "where replaced_at is null and stage = $stage and enrolled_on is not null and outcome is distinct from 'left'",
        stage=stage,
    ).item()

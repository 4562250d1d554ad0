"""A student's programme personnalisé: dispositifs, dated, each with the need, the group or the adult it rests on."""

from datetime import date, datetime

from apdash.errors import ApdashError
from apdash.readable import checked_words
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands.follow_checks import check_followed, current_row, one_row, year_of_day
from apdash.store.commands.records import retire, revise
from apdash.store.store import Store, Transaction

KEY = ("id",)


def add_programme(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    student: int,
    scheme: str,
    starts_on: date,
    ends_on: date | None = None,
    need: str | None = None,
    group: int | None = None,
    staff: int | None = None,
    words: str = "",
    now: datetime,
) -> int:
    """Add a dispositif (code of dispositifs.csv) to a student's programme and return its number."""
    said = checked_words(words)
    _check(reference, scheme=scheme, need=need, starts_on=starts_on, ends_on=ends_on)
    with store.write() as tx:
        check_followed(tx, viewer, students=[student], on=now.date())
        _check_known(tx, group=group, staff=staff)
        number = int(new_ids(tx, count=1).item())
        values = {
            "id": number, "student": student, "year": year_of_day(tx, starts_on), "scheme": scheme, "need": need,
            "ap_group": group, "staff": staff, "starts_on": starts_on, "ends_on": ends_on, "words": said,
        }  # fmt: skip
        revise(tx, "programme", KEY, one_row(tx, "programme", values), viewer=viewer, now=now)
    return number


def end_programme(store: Store, viewer: Viewer, *, programme: int, ends_on: date, now: datetime) -> None:
    """Say on which day a dispositif ends, or ended; its earlier version stays readable."""
    with store.write() as tx:
        row = current_row(tx, "programme", programme)
        check_followed(tx, viewer, students=[row["student"]], on=now.date())
        if ends_on < row["starts_on"]:
            raise ApdashError("Dates inversées.", "La fin vient avant le début.")
        ended = one_row(tx, "programme", row | {"ends_on": ends_on})
        revise(tx, "programme", KEY, ended, viewer=viewer, now=now)


def remove_programme(store: Store, viewer: Viewer, *, programme: int, now: datetime) -> None:
    """Take away a dispositif entered by mistake; what was known before stays readable."""
    with store.write() as tx:
        row = current_row(tx, "programme", programme)
        check_followed(tx, viewer, students=[row["student"]], on=now.date())
        retire(tx, "programme", KEY, one_row(tx, "programme", row), now=now)


def _check(
    reference: Reference, *, scheme: str, need: str | None, starts_on: date, ends_on: date | None
) -> None:
    known = reference.schemes["code"].to_list()
    if scheme not in known:
        raise ApdashError(
            "Dispositif inconnu.", f"« {scheme} » n’est pas dans la liste\u00a0: {', '.join(known)}."
        )
    if need is not None and need not in reference.needs["code"]:
        raise ApdashError("Besoin inconnu.", f"« {need} » n’est pas dans la liste des besoins.")
    if ends_on is not None and ends_on < starts_on:
        raise ApdashError("Dates inversées.", "La fin vient avant le début.")


def _check_known(tx: Transaction, *, group: int | None, staff: int | None) -> None:
    for table, key in (("ap_group", group), ("staff", staff)):
        if key is not None and tx.read(f"select 1 from {table} where id = $key", key=key).is_empty():
            raise ApdashError("Groupe ou adulte introuvable.", "Rechargez la page, puis recommencez.")

"""Tutoring: who follows whom from when to when, what was wished for, the meetings held, and handing over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.bulk import new_ids, upsert
from apdash.store.commands.records import retire, revise
from apdash.store.queries.tutoring import STILL_HERE
from apdash.store.store import Store, Transaction

WISHES = 3
TEXT = 200
_TUTORING = ["id", "student", "staff", "starts_on", "ends_on", "why_began", "why_ended"]


def set_capacities(store: Store, viewer: Viewer, *, year: int, most: Mapping[int, int]) -> None:
    """Say how many students each of these adults agrees to follow in a year (0: none), 30 at most."""
    viewer.require(Action.MANAGE_TUTORS)
    if any(not 0 <= count <= 30 for count in most.values()):
        raise ApdashError("Nombre refusé.", "Un tuteur suit de 0 à 30 élèves.")
    with store.write() as tx:
        _check_adults(tx, list(most))
        rows = pl.DataFrame({"staff": list(most), "most": list(most.values())}).with_columns(
            year=pl.lit(year)
        )
        upsert(tx, "tutor_capacity", ("year", "staff"), rows)


def set_wishes(
    store: Store, viewer: Viewer, *, student: int, year: int, staff: list[int], now: datetime
) -> None:
    """Record whom a student would like as tutor, the preferred one first; none takes earlier wishes back.

    Raises `ApdashError` for more than three, or one named twice.
    """
    viewer.require(Action.TUTOR)
    if len(staff) > WISHES or len(set(staff)) < len(staff):
        raise ApdashError("Vœux refusés.", "De un à trois adultes différents, le préféré d’abord.")
    with store.write() as tx:
        _check_seen(tx, viewer, student)
        _check_adults(tx, staff)
        every = pl.DataFrame({"student": student, "year": year, "rank": range(1, WISHES + 1)})
        retire(tx, "tutor_wish", ("student", "year", "rank"), every, now=now)
        rows = every.head(len(staff)).with_columns(staff=pl.Series(staff, dtype=pl.Int64))
        revise(tx, "tutor_wish", ("student", "year", "rank"), rows, viewer=viewer, now=now)


def assign_tutors(
    store: Store, viewer: Viewer, *, tutors: Mapping[int, int | None], on: date, now: datetime, reason: str
) -> int:
    """Give students a tutor from a day on (None: no longer any); return how many change.

    tutors: student -> adult. Whoever had another is handed over that day: the earlier tutoring ends the day before and
    keeps its meetings. Raises `ApdashError` when an adult would follow more than they agreed to.
    """
    viewer.require(Action.MANAGE_TUTORS)
    with store.write() as tx:
        _check_adults(tx, [staff for staff in tutors.values() if staff is not None])
        current = _current(tx, list(tutors))
        held = dict(current.filter(_covers(on)).select("student", "staff").iter_rows())
        wanted = {student: staff for student, staff in tutors.items() if held.get(student) != staff}
        ended = current.filter(pl.col("student").is_in(list(wanted)) & _lasts(on))
        _end(tx, viewer, ended, on=on, now=now, reason=reason)
        started = [(student, staff) for student, staff in wanted.items() if staff is not None]
        rows = pl.DataFrame(
            started, schema={"student": pl.Int64, "staff": pl.Int64}, orient="row"
        ).with_columns(
            id=new_ids(tx, count=len(started)),
            starts_on=pl.lit(on),
            ends_on=pl.lit(None, pl.Date),
            why_began=pl.lit(reason),
            why_ended=pl.lit(None, pl.String),
        )
        revise(tx, "tutoring", ("id",), rows.select(_TUTORING), viewer=viewer, now=now)
        _check_room(tx, on=on)
    return len(wanted)


def hand_over(
    store: Store, viewer: Viewer, *, leaving: int, tutors: Mapping[int, int], on: date, now: datetime
) -> int:
    """Pass all the students of an adult who leaves to others, from a day on; return how many.

    tutors: student -> adult. Raises `ApdashError` naming how many would be left without anybody.
    """
    viewer.require(Action.MANAGE_TUTORS)
    followed = store.read(
        "select student from tutoring t where staff = $staff and replaced_at is null "
        f"and starts_on <= $on and (ends_on is null or ends_on >= $on) and {STILL_HERE} order by student",
        staff=leaving,
        on=on,
    )["student"].to_list()
    left = [student for student in followed if tutors.get(student, leaving) == leaving]
    if left:
        words = "1 élève resterait" if len(left) == 1 else f"{len(left)} élèves resteraient"
        raise ApdashError("Passation incomplète.", f"{words} sans tuteur. Rien n’a été modifié.")
    chosen = {student: tutors[student] for student in followed}
    return assign_tutors(store, viewer, tutors=chosen, on=on, now=now, reason="INT")


def log_meeting(
    store: Store,
    viewer: Viewer,
    *,
    student: int,
    on: date,
    minutes: int,
    words: str,
    now: datetime,
    meeting: int | None = None,
    staff: int | None = None,
) -> int:
    """Record a meeting of a tutor with a student (of oneself, or of `staff` for the pilot); return its id.

    meeting: an earlier entry that this one corrects. Raises `ApdashError` when the adult was not the tutor that day.
    """
    viewer.require(Action.TUTOR)
    words = words.strip()
    if len(words) > TEXT:
        raise ApdashError("Texte trop long.", f"{TEXT} caractères au plus, il y en a {len(words)}.")
    if not 5 <= minutes <= 240:
        raise ApdashError("Durée refusée.", "Un entretien dure de 5 minutes à 4 heures.")
    if on > now.date():
        raise ApdashError("Date refusée.", f"Le {labels.day(on)} n’est pas encore passé.")
    tutor = _acting(viewer, staff)
    with store.write() as tx:
        if _current(tx, [student]).filter((pl.col("staff") == tutor) & _covers(on)).is_empty():
            raise ApdashError(
                "Entretien refusé.", f"Cet adulte n’était pas tuteur de l’élève le {labels.day(on)}."
            )
        if meeting is not None:
            _check_meeting(tx, meeting, tutor=tutor)
        key = new_ids(tx, count=1).item() if meeting is None else meeting
        row = {
            "id": key,
            "student": student,
            "staff": tutor,
            "on_day": on,
            "minutes": minutes,
            "words": words,
        }
        revise(tx, "tutor_meeting", ("id",), pl.DataFrame([row]), viewer=viewer, now=now)
    return int(key)


def erase_meeting(store: Store, viewer: Viewer, *, meeting: int, now: datetime) -> None:
    """Take back a meeting entered by mistake; its versions stay readable as known before."""
    viewer.require(Action.TUTOR)
    with store.write() as tx:
        _check_meeting(tx, meeting, tutor=None if viewer.can(Action.MANAGE_TUTORS) else viewer.staff)
        retire(tx, "tutor_meeting", ("id",), pl.DataFrame({"id": [meeting]}), now=now)


def _acting(viewer: Viewer, staff: int | None) -> int:
    """Return the adult a meeting is entered for."""
    tutor = viewer.staff if staff is None else staff
    if tutor is None:
        raise ApdashError(
            "Adulte attendu.", "Ce compte n’est relié à aucun adulte : dites pour qui vous saisissez."
        )
    if tutor != viewer.staff and not viewer.can(Action.MANAGE_TUTORS):
        raise ApdashError(
            "Geste réservé.", "Chacun note ses propres entretiens. Le pilote peut noter pour un autre."
        )
    return tutor


def _check_meeting(tx: Transaction, meeting: int, *, tutor: int | None) -> None:
    found = tx.read(
        "select staff from tutor_meeting where id = $meeting and replaced_at is null", meeting=meeting
    )
    if found.is_empty() or (tutor is not None and found.item() != tutor):
        raise ApdashError("Entretien introuvable.", "Il n’existe pas ou plus : rechargez la page.")


def _current(tx: Transaction, students: list[int]) -> pl.DataFrame:
    return tx.read(
        f"select {', '.join(_TUTORING)} from tutoring "
        "where replaced_at is null and student in (select unnest($students::bigint[])) order by student, starts_on",
        students=students,
    )


def _covers(on: date) -> pl.Expr:
    return (pl.col("starts_on") <= on) & _lasts(on)


def _lasts(on: date) -> pl.Expr:
    return pl.col("ends_on").is_null() | (pl.col("ends_on") >= on)


def _end(
    tx: Transaction, viewer: Viewer, rows: pl.DataFrame, *, on: date, now: datetime, reason: str
) -> None:
    """End tutorings the day before; those that were to begin later never do."""
    cut = rows.filter(pl.col("starts_on") < on).with_columns(
        ends_on=pl.lit(on - timedelta(days=1)), why_ended=pl.lit(reason)
    )
    revise(tx, "tutoring", ("id",), cut, viewer=viewer, now=now)
    retire(tx, "tutoring", ("id",), rows.filter(pl.col("starts_on") >= on), now=now)


def _check_room(tx: Transaction, *, on: date) -> None:
    full = tx.read(
        f"""
        select trim(a.title || ' ' || a.last_name) as name, count(*) as followed, any_value(c.most) as most
        from tutoring t
        join school_year y on $on between y.starts_on and y.ends_on
        join tutor_capacity c on c.staff = t.staff and c.year = y.year
        join staff a on a.id = t.staff
        where t.replaced_at is null and t.starts_on <= $on and (t.ends_on is null or t.ends_on >= $on)
            and {STILL_HERE}
        group by a.id, name
        having count(*) > any_value(c.most)
        order by name
        limit 1
        """,
        on=on,
    )
    if full.height:
        name, followed, most = full.row(0)
        raise ApdashError(
            "Trop d’élèves pour un tuteur.",
            f"{name} en suivrait {followed}, pour {most} au plus. Rien n’a été modifié.",
        )


def _check_adults(tx: Transaction, staff: list[int]) -> None:
    known = tx.read(
        "select id from staff where ends_on is null and id in (select unnest($staff::bigint[]))", staff=staff
    )
    if known.height < len(set(staff)):
        raise ApdashError("Adulte inconnu.", "L’un d’eux n’est pas, ou n’est plus, dans l’établissement.")


def _check_seen(tx: Transaction, viewer: Viewer, student: int) -> None:
    seen = tx.read(
        "select 1 as x from visible_students($role, $staff) where student = $student",
        role=viewer.role.value,
        staff=viewer.staff,
        student=student,
    )
    if seen.is_empty():
        raise ApdashError("Élève introuvable.", "Il n’existe pas, ou vous ne le suivez pas.")

"""Single acts on students: move one today, an arrival, a departure, an agreement. No proposal is needed."""

from datetime import date, datetime, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands.acts import check_consistency, record_act
from apdash.store.commands.move_checks import move_checks
from apdash.store.commands.versions import MEMBERSHIPS, carve, closed, replace_rows
from apdash.store.store import Store, Transaction

AGREEMENTS = ("agreed", "trying", "disagreed", "not_asked")


def move_student(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    student: int,
    group: int,
    on: date,
    reason: str,
    now: datetime,
    agreement: str = "not_asked",
    acknowledged: bool = False,
) -> int:
    """Put a student in a group from a day on, leaving the one they had at that slot; return the act.

    A change already planned for later still happens. reason: a code of motifs_de_changement.csv.
    Raises `ApdashError` when `move_checks` blocks, or warns and `acknowledged` is false.
    """
    viewer.require(Action.CHANGE_GROUPS)
    check_reason(reference, reason)
    with store.write() as tx:
        _check_move(tx, viewer, reference, student=student, group=group, on=on, acknowledged=acknowledged)
        had = _at_slot(tx, student=student, group=group)
        kind = "move" if had.filter(_covers(on)).height else "arrival"
        band = tx.read("select band from ap_group where id = $group", group=group).item()
        act = record_act(tx, viewer, kind=kind, effective_on=on, now=now, band=band, reason=reason)
        _place(tx, act, had, student=student, group=group, on=on, reason=reason, agreement=agreement)
        check_consistency(tx)
    return act


def welcome_student(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    student: int,
    groups: list[int],
    on: date,
    now: datetime,
    acknowledged: bool = False,
) -> int:
    """Put a student who has just arrived in one group a slot, in one act; return the act.

    Raises `ApdashError` as `move_student` does.
    """
    viewer.require(Action.CHANGE_GROUPS)
    if not groups:
        raise ApdashError("Aucun groupe choisi.", "Choisissez un groupe par créneau.")
    with store.write() as tx:
        bands = tx.read("select band from ap_group where id in (select unnest($groups))", groups=groups)[
            "band"
        ]
        act = record_act(
            tx,
            viewer,
            kind="arrival",
            effective_on=on,
            now=now,
            band=bands[0] if bands.len() else None,
            reason="ARR",
        )
        for group in groups:
            _check_move(tx, viewer, reference, student=student, group=group, on=on, acknowledged=acknowledged)
            had = _at_slot(tx, student=student, group=group)
            _place(tx, act, had, student=student, group=group, on=on, reason="ARR", agreement="not_asked")
        check_consistency(tx)
    return act


def end_memberships(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    student: int,
    last_day: date,
    now: datetime,
    reason: str = "DEP",
) -> int:
    """End all the groups of a student after a day: a departure; return the act. The enrolment is left to imports.

    Raises `ApdashError` when the student is in no group after that day.
    """
    viewer.require(Action.CHANGE_GROUPS)
    check_reason(reference, reason)
    first_out = last_day + timedelta(days=1)
    with store.write() as tx:
        rows = _memberships(tx, "m.student = $student", student=student)
        left = closed(rows, on=first_out, reason=reason)
        if left.equals(rows):
            raise ApdashError("Aucun groupe à quitter.", "L’élève n’est dans aucun groupe après cette date.")
        act = record_act(tx, viewer, kind="departure", effective_on=first_out, now=now, reason=reason)
        replace_rows(tx, MEMBERSHIPS, act=act, old=rows, new=left)
    return act


def record_agreement(store: Store, viewer: Viewer, *, membership: int, agreement: str, now: datetime) -> int:
    """Record what the student says of a group (agreed, trying, disagreed, not_asked); return the act."""
    viewer.require(Action.INTERVIEW)
    if agreement not in AGREEMENTS:
        raise ApdashError("Accord inconnu.", f"« {agreement} » n’est pas une réponse prévue.")
    with store.write() as tx:
        rows = _memberships(
            tx,
            "m.id = $membership and m.student in (select student from visible_students($role, $staff::bigint))",
            membership=membership,
            role=viewer.role.value,
            staff=viewer.staff,
        )
        if rows.is_empty():
            raise ApdashError("Élève introuvable.", "Ce groupe n’est pas, ou n’est plus, le sien.")
        act = record_act(tx, viewer, kind="agreement", effective_on=now.date(), now=now)
        replace_rows(tx, MEMBERSHIPS, act=act, old=rows, new=rows.with_columns(agreement=pl.lit(agreement)))
    return act


def describe_group(
    store: Store, viewer: Viewer, *, group: int, name: str, objective: str = "", scheme: str = ""
) -> None:
    """Change what a group is called, its objective and its kind (code of dispositifs.csv)."""
    viewer.require(Action.CHANGE_GROUPS)
    if not name.strip():
        raise ApdashError("Nom attendu.", "Un groupe a un nom, neutre, lu par les élèves et les familles.")
    if len(objective) > 200:
        raise ApdashError("Objectif trop long.", "200 caractères au plus : un objectif tient en une phrase.")
    with store.write() as tx:
        tx.run(
            "update ap_group set name = $name, objective = $objective, scheme = $scheme where id = $group",
            name=name.strip(),
            objective=objective.strip(),
            scheme=scheme,
            group=group,
        )


def check_reason(reference: Reference, reason: str) -> None:
    """Raise `ApdashError` when a reason is not one of motifs_de_changement.csv."""
    known = reference.change_reasons["code"].to_list()
    if reason not in known:
        raise ApdashError("Motif inconnu.", f"« {reason} » n’est pas dans la liste : {', '.join(known)}.")


def _check_move(
    tx: Transaction,
    viewer: Viewer,
    reference: Reference,
    *,
    student: int,
    group: int,
    on: date,
    acknowledged: bool,
) -> None:
    checks = move_checks(tx, viewer, reference, student=student, group=group, on=on)
    if checks.blocks:
        raise ApdashError("Changement refusé.", " ".join(checks.blocks))
    if checks.warnings and not acknowledged:
        raise ApdashError("À confirmer.", " ".join(checks.warnings))


def _place(
    tx: Transaction,
    act: int,
    had: pl.DataFrame,
    *,
    student: int,
    group: int,
    on: date,
    reason: str,
    agreement: str,
) -> None:
    """Write the membership of a student from a day on, until the one they had, or the next one, would change."""
    now_in = had.filter(_covers(on))
    later = had.filter(pl.col("starts_on") > on).sort("starts_on")
    ends_on, why_ended = None, None
    if now_in.height:
        ends_on, why_ended = now_in.select("ends_on", "why_ended").row(0)
    elif later.height:
        ends_on, why_ended = later["starts_on"][0] - timedelta(days=1), later["why_began"][0]
    before = carve(now_in, first=on, last=None).with_columns(why_ended=pl.lit(reason))
    new = {
        "id": tx.read("select nextval('ids') as id").item(), "ap_group": group, "student": student, "starts_on": on,
        "ends_on": ends_on, "why_began": reason, "why_ended": why_ended, "agreement": agreement,
    }  # fmt: skip
    added = pl.DataFrame([new], schema=had.schema)
    replace_rows(tx, MEMBERSHIPS, act=act, old=now_in, new=pl.concat([before, added], how="vertical_relaxed"))


def _at_slot(tx: Transaction, *, student: int, group: int) -> pl.DataFrame:
    return _memberships(
        tx,
        "m.student = $student and g.slot = (select slot from ap_group where id = $group)",
        student=student,
        group=group,
    )


def _memberships(tx: Transaction, condition: str, **params: object) -> pl.DataFrame:
    columns = ", ".join(f"m.{name}" for name in MEMBERSHIPS.columns)
    return tx.read(
        f"select {columns} from membership m join ap_group g on g.id = m.ap_group "
        f"where m.replaced_by is null and {condition} order by m.id",
        **params,
    )


def _covers(on: date) -> pl.Expr:
    return (pl.col("starts_on") <= on) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= on))

"""Dated facts about a student that correct intensities: no company found yet, a named decision on priority."""

from datetime import date

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.store import Store

NO_PLACEMENT, PRIORITY = "no_placement_found", "priority"


def record_fact(
    store: Store,
    viewer: Viewer,
    *,
    student: int,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    value: float | None = None,
) -> None:
    """Record a fact, or change its end and value when it began that day already.

    value: the priority, 0.5 to 2; nothing for the other kind. Raises `ApdashError` for anything else.
    """
    viewer.require(Action.CLOSE_REVIEW)
    if kind not in (NO_PLACEMENT, PRIORITY) or (kind == PRIORITY) != (value is not None):
        raise ApdashError(
            "Fait inconnu.", "Sans lieu de PFMP, ou une priorité et sa valeur\u00a0: rien d’autre n’est noté."
        )
    if value is not None and not 0.5 <= value <= 2:
        raise ApdashError("Priorité refusée.", "Elle va de 0,5 à 2.")
    if ends_on is not None and ends_on < starts_on:
        raise ApdashError("Dates inversées.", "La fin vient avant le début.")
    with store.write() as tx:
        if tx.read("select id from student where id = $student", student=student).is_empty():
            raise ApdashError("Élève introuvable.", "Rechargez la page.")
        tx.run(
            """
            insert into student_fact (student, kind, starts_on, ends_on, value, recorded_by)
            values ($student, $kind, $starts_on, $ends_on, $value, $login)
            on conflict (student, kind, starts_on) do update
            set ends_on = excluded.ends_on, value = excluded.value, recorded_by = excluded.recorded_by
            """,
            student=student,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            value=value,
            login=viewer.login,
        )

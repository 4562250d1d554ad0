"""What every entry in a bilan is checked against: the students it concerns, and who may hear them."""

from datetime import datetime

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.store import Transaction


def check_students(tx: Transaction, *, review: int, students: list[int], now: datetime) -> None:
    """Raise `ApdashError` unless every student is in a division of the bilan, on the day it closes or today."""
    strange = tx.read(
        """
        select unnest($students) as student
        except
        select e.student
        from enrolment e
        join review r on r.id = $review
        join review_division rd on rd.review = r.id and rd.division = e.division
        where (e.starts_on <= r.closes_on and coalesce(e.ends_on, date '9999-12-31') >= r.closes_on)
            or (e.starts_on <= $today and coalesce(e.ends_on, date '9999-12-31') >= $today)
        """,
        review=review,
        students=students,
        today=now.date(),
    )
    if strange.height:
        raise ApdashError(
            "Élève hors de ce bilan.",
            f"{strange.height} des élèves ne sont dans aucune division de ce bilan. Rien n’a été enregistré.",
        )


def check_confidant(tx: Transaction, viewer: Viewer, *, student: int) -> None:
    if viewer.can(Action.CLOSE_REVIEW):
        return
    leads = tx.read(
        "select 1 from enrolment e join principal_teacher p on p.division = e.division "
        "where e.student = $student and p.staff = $staff",
        student=student,
        staff=viewer.staff,
    )
    if leads.is_empty():
        raise ApdashError(
            "Geste réservé.", "L’entretien est saisi par le professeur principal ou par le pilote."
        )

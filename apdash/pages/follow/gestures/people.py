"""Adults, students and the year, as the dialogs of this page name them."""

from datetime import date

from apdash.errors import ApdashError
from apdash.pages.follow.words import student_words
from apdash.pages.gestures.form import Option
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year, staff
from apdash.store.queries.students import student_on


def student_named(services: Services, viewer: Viewer, student: int, on: date) -> str:
    """Return the name of a student; raises `ApdashError` when this person may not see them."""
    rows = student_on(services.store, viewer, student=student, on=on)
    if rows.is_empty():
        raise ApdashError("Élève introuvable.", "Il n’est pas inscrit à cette date.")
    return student_words(rows.row(0, named=True))


def adults_of(services: Services) -> list[Option]:
    """Return the adults present, to choose from."""
    rows = staff(services.store).to_dicts()
    return [
        (str(row["id"]), f"{row['title']} {row['last_name']} {row['first_name']}".strip()) for row in rows
    ]


def year_of(services: Services) -> int:
    """Return the school year; raises `ApdashError` before there is one."""
    year = current_year(services.store, services.today())
    if year is None:
        raise ApdashError("Aucune année scolaire.", "Importez d’abord les élèves.")
    return year

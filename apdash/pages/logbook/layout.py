"""The logbook of the group or of the student of the address; printable."""

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import filter_bar, page_head, print_button
from apdash.components.still import still
from apdash.errors import ApdashError
from apdash.pages.logbook.group_book import group_book
from apdash.pages.logbook.student_book import student_book
from apdash.pages.page import Params, whole
from apdash.rights import Viewer
from apdash.services import Services


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the logbook; raises `ApdashError` for a group or a student this person may not see."""
    group, student = whole(params, "groupe"), whole(params, "eleve")
    if group is not None:
        book = group_book(services, viewer, group=group)
    elif student is not None:
        book = student_book(services, viewer, student=student, params=params)
    else:
        raise ApdashError(
            "Cahier introuvable.", "On y arrive par la page Groupes ou par la fiche d’un élève."
        )
    bar = [filter_bar(book.filters)] if book.filters else []
    return html.Div(
        [
            *bar,
            html.Div(
                [page_head(book.title, book.lead, still(print_button())), still(book.body)],
                className="page logbook",
            ),
        ]
    )

"""The logbook of a group: date, what was done, who was missing, who led."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import back_link, card, link_button
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.labels import NBSP, school_year
from apdash.pages.logbook.book import Book, done_words, hours_held, presence_share, when_words
from apdash.pages.roll.words import presence_words, roll_address
from apdash.reference import Reference
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.queries.calendar import school_years
from apdash.store.queries.logbook import group_presences, group_title
from apdash.store.queries.sessions import sessions


def group_book(services: Services, viewer: Viewer, *, group: int) -> Book:
    """Return the logbook of a group up to today, latest first; raises `ApdashError` when one may not see it."""
    store = services.store
    title = group_title(store, group=group)
    rows = []
    if title is not None:
        first = school_years(store).filter(year=title["year"])["starts_on"][0]
        rows = sessions(store, viewer, first=first, last=services.today(), group=group).to_dicts()
    if title is None or (not rows and viewer.role == Role.TEACHER):
        raise ApdashError("Ce cahier n’est pas accessible.", "L’adresse ne mène à aucun de vos groupes.")
    presences: dict[int, list[dict]] = {}
    for one in group_presences(store, viewer, group=group).to_dicts():
        presences.setdefault(one["host"], []).append(one)
    said = [one["presence"] for row in rows for one in presences.get(row["host"], ())]
    lead = [school_year(title["year"]), hours_held(rows), presence_share(said)]
    objective = f"Objectif{NBSP}: {title['objective']}" if title["objective"] else None
    body = [
        html.P(objective, className="book-objective") if objective else None,
        _table(services.reference, viewer, rows, presences),
    ]
    return Book(
        title=f"Cahier d’AP{NBSP}: {title['name']} ({title['code']})",
        lead=" · ".join(filter(None, lead)),
        body=body,
        filters=_links(viewer, group, rows),
    )


def _links(viewer: Viewer, group: int, rows: Sequence[Mapping]) -> list[Component]:
    """Return the way back and, for who leads a session of the group and who pilots, the way to its bilan."""
    back = back_link("Groupes", "/groupes")
    if viewer.role == Role.TEACHER and not any(viewer.staff in row["staff"] for row in rows):
        return [back]
    href = address("/ateliers", {}, groupe=str(group))
    return [back, link_button("Bilan d’atelier", href, icon="card-checklist", kind="quiet btn-sm")]


def _table(
    reference: Reference, viewer: Viewer, rows: Sequence[Mapping], presences: Mapping[int, list[dict]]
) -> Component:
    if not rows:
        return card("Séances", empty("Aucune séance jusqu’ici", "Le cahier se remplit avec les appels."))
    titles = ("Séance", "Ce qui a été fait", "Présences", "Adulte")
    head = html.Tr([html.Th(title, scope="col") for title in titles])
    body = [_row(reference, viewer, row, presences.get(row["host"], [])) for row in reversed(rows)]
    return html.Section(
        html.Table([html.Thead(head), html.Tbody(body)], className="tbl book"), className="card book-card"
    )


def _row(reference: Reference, viewer: Viewer, row: Mapping, people: Sequence[Mapping]) -> Component:
    when = when_words(row)
    leads = viewer.role != Role.TEACHER or viewer.staff in row["staff"]
    link = dcc.Link(when, href=roll_address(row["host"])) if leads and row["state"] != "not_held" else when
    missing = [one for one in people if one["presence"] in ("absent", "late", "excused")]
    there = sum(one["presence"] in ("present", "late") for one in people)
    called = sum(one["presence"] is not None for one in people)
    words = [
        html.Div(f"{there} sur {called}" if called else "–", className="b"),
        *(html.Div(_missing(one), className="xs soft") for one in missing),
    ]
    quiet = "" if row["done"] and row["state"] == "held" else "muted"
    return html.Tr(
        [
            html.Th(link, scope="row", className="nw fw-normal"),
            html.Td(done_words(reference, row), className=quiet, **{"data-label": "Fait"}),
            html.Td(words, **{"data-label": "Présences"}),
            html.Td(row["staff_names"] or "–", className="soft", **{"data-label": "Adulte"}),
        ]
    )


def _missing(one: Mapping) -> str:
    return f"{one['last_name']} {one['first_name']}{NBSP}: {presence_words(one['presence'], one['minutes_late'])}"

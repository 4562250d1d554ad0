"""The page « Groupes »: the groups of a day, lists, moves and the journal, in one address."""

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button, page_head
from apdash.components.states import empty
from apdash.components.still import still
from apdash.labels import day
from apdash.pages.groups import board, files, journal, lists, moves
from apdash.pages.groups.asked import JOURNAL, LISTS, MOVES, Asked, asked
from apdash.pages.groups.filters import filters, views
from apdash.pages.groups.picture import Picture, read_picture
from apdash.pages.groups.year import year_card
from apdash.pages.page import Params, day_in
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.bands import bands
from apdash.store.queries.calendar import current_year


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page for what the address asks."""
    today = services.today()
    year = current_year(services.store, day_in(params, "date", today))
    known = bands(services.store, year=year) if year is not None else None
    if year is None or known is None or known.is_empty():
        return _no_band(viewer)
    at = asked(viewer, params, today=today, bands=known)
    picture = read_picture(services, viewer, at, bands=known, year=year)
    return html.Div(
        [
            filters(viewer, at, picture),
            html.Div(_content(services, viewer, at, picture, year=year), className="page groups"),
        ]
    )


def _content(
    services: Services, viewer: Viewer, at: Asked, picture: Picture, *, year: int
) -> list[Component]:
    choice = views(viewer, at)
    if at.view == JOURNAL:
        found = journal.journal_of(services, viewer, at, bands=picture.bands["band"].to_list())
        lead = "Chaque geste est daté, signé, et se reprend tant que rien ne repose sur lui."
        return [page_head(journal.title(found), lead, choice), still(journal.journal(services, found))]
    if at.view == MOVES:
        first, second = moves.span(at, picture)
        found = moves.moves_of(services, viewer, at, picture, first=first, second=second)
        names = {code: row["public_name"] for code, row in picture.needs.items()}
        head = page_head(
            moves.title(found, first=first, second=second),
            f"Entre le {day(first)} et le {day(second)}.",
            choice,
        )
        last = picture.compositions[-1] if picture.compositions else second
        lives = still(year_card(services, viewer, at, year=year, last=last))
        return [head, *moves.moves_view(found, names, lives, first=first, second=second)]
    head = page_head(board.title(at, picture), board.lead(at, picture), [*_actions(at, picture), choice])
    if at.view == LISTS:
        sheets = html.Div(lists.lists(services, viewer, at, picture, year=year))
        given = [files.files(at, picture)] if viewer.can(Action.EXPORT) else []
        return [head, html.Div([sheets, *given], className="gp-lists" if given else "")]
    return [head, still(board.board(at, picture))]


def _actions(at: Asked, picture: Picture) -> list[Component]:
    return board.header_actions(at, picture) if at.view != LISTS else []


def _no_band(viewer: Viewer) -> Component:
    action = link_button("Ouvrir les réglages", "/reglages") if viewer.can(Action.SET_UP) else None
    words = "Une bande réunit les divisions qui ont leurs heures d’accompagnement au même moment."
    return html.Div(
        [page_head("Groupes"), empty("Aucune bande cette année", words, action)], className="page"
    )

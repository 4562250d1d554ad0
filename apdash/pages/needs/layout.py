"""The needs page: the finding, the filters, and three ways to look at it."""

from collections.abc import Callable

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import page_head
from apdash.components.states import empty
from apdash.labels import NBSP, count, day
from apdash.pages.needs import ids
from apdash.pages.needs.asked import ALL, PATH, VIEWS, read_asked
from apdash.pages.needs.distribution import distribution_view
from apdash.pages.needs.filters import filters
from apdash.pages.needs.map_view import map_view
from apdash.pages.needs.picture import Picture, draw
from apdash.pages.needs.summary import finding, need_counts
from apdash.pages.needs.table_view import table_view
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services

View = Callable[[Services, Viewer, Picture, Params, pl.DataFrame], Component]
_VIEWS: dict[str, View] = {"carte": map_view, "tableau": table_view, "repartition": distribution_view}


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the needs of the students this person may see, as the address asks."""
    picture = draw(services, viewer, read_asked(params))
    counts = need_counts(picture.cells, picture.needs)
    scope = _scope(picture)
    body = _nothing(picture, params) or _VIEWS[picture.asked.view](services, viewer, picture, params, counts)
    right = [_switch(picture, params)]
    return html.Div(
        [
            filters(services, picture, params),
            html.Div(
                [page_head(finding(counts, scope=scope), _lead(picture), right), body],
                className="page needs",
            ),
            _why(),
        ]
    )


def _scope(picture: Picture) -> str:
    """Return where the finding holds: `En 2de`, `En 2GATL`, or what this person sees; then whom filters leave."""
    divisions = picture.divisions["division_code"].to_list()
    if picture.asked.division is not None and divisions:
        place = f"En {divisions[0]}"
    elif picture.grade is None:
        place = "Au lycée" if picture.whole_school else "Dans vos divisions"
    else:
        place = f"En {picture.grade}" if picture.whole_school else f"Dans vos divisions de {picture.grade}"
    kept = [
        "parmi les élèves non servis" if picture.asked.only_waiting else "",
        f"profil «{NBSP}{picture.asked.profile}{NBSP}»"
        if picture.asked.profile and picture.profiles.height
        else "",
    ]
    return ", ".join([place, *filter(None, kept)])


def _lead(picture: Picture) -> str:
    review = picture.review
    if review is None:
        return "Les besoins se calculent à partir d’un bilan."
    shown = set(picture.divisions["division"].to_list())
    still_open = len(shown & picture.provisional)
    state = (
        "bilan ouvert, chiffres provisoires"
        if still_open and still_open == len(shown)
        else f"bilan encore ouvert pour {count(still_open, 'division')}, chiffres provisoires"
        if still_open
        else f"bilan clos le {day(review['closes_on'])}"
    )
    size = f"{count(picture.students.height, 'élève')}, {count(picture.needs.height, 'besoin')}"
    groups = f"Groupes au {day(picture.groups_on)}"
    return f"Intensité de chaque besoin, de 0 à 100. {review['label']} ({state}). {size}. {groups}."


def _switch(picture: Picture, params: Params) -> Component:
    links = [
        dcc.Link(
            [html.I(className=f"bi bi-{icon} me-1", **{"aria-hidden": "true"}), html.Span(words)],
            href=address(PATH, params, vue=code if code != "carte" else None),
            className="on" if code == picture.asked.view else "",
        )
        for code, words, icon in VIEWS
    ]
    return html.Div(links, className="seg no-print", role="group", **{"aria-label": "Vue"})


def _nothing(picture: Picture, params: Params) -> Component | None:
    """Return what to say when there is nothing to draw: no bilan, no student, or filters that leave nobody."""
    if picture.review is None:
        return _card(
            empty("Aucun bilan n’est encore ouvert", "Les besoins apparaîtront dès les premières saisies.")
        )
    if picture.roster.is_empty():
        return _card(
            empty("Aucun élève à montrer", "Vous verrez ici les élèves de vos divisions et de vos groupes.")
        )
    if picture.students.is_empty() or picture.needs.is_empty():
        clear = dcc.Link(
            "Effacer les filtres",
            href=address(PATH, {}, niveau=params.get("niveau") or ALL),
            className="btn btn-outline",
        )
        return _card(
            empty(
                "Aucun élève ne répond à ces filtres",
                "Élargissez-les pour revoir la carte.",
                clear,
                icon="funnel",
            )
        )
    return None


def _card(body: Component) -> Component:
    return html.Section(body, className="card")


def _why() -> Component:
    """Return the side panel that unfolds one number, and where the page notes which one is asked."""
    return html.Div(
        [
            dcc.Store(id=ids.ASKED),
            dbc.Offcanvas(
                html.Div(id=ids.WHY_BODY),
                id=ids.WHY,
                title="De quoi ce chiffre est fait",
                placement="end",
                backdrop=False,
                scrollable=True,
                is_open=False,
                className="why-panel",
            ),
        ]
    )

"""The list behind a point of vigilance: whom or what it is about, with the way there; to print or to take away."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, page_head, said
from apdash.components.states import empty
from apdash.components.still import still
from apdash.errors import ApdashError
from apdash.labels import NBSP, day
from apdash.pages.indicators.asked import FILE
from apdash.pages.indicators.picture import Picture
from apdash.pages.indicators.vigilance_card import count_words, level_badge
from apdash.vigilance import Point


def point_named(picture: Picture) -> Point:
    """Return the point the address opens; raises `ApdashError` when there is none of that name."""
    found = next((point for point in picture.points if point.code == picture.asked.point), None)
    if found is None:
        raise ApdashError("Point inconnu.", "Choisissez-le dans la liste des points de vigilance.")
    return found


def point_list(picture: Picture) -> Component:
    """Return the page of one point."""
    point = point_named(picture)
    lead = f"Seuil : {point.threshold}. Pourquoi : {point.why}. Au {day(picture.on)}, {picture.scope}."
    body = still(_table(point), className="scroll-x") if point.count else _nothing(point)
    return html.Div(
        [page_head(f"{point.label} : {count_words(point)}", lead, [level_badge(point.level), _file(picture, point)]),
         card("Liste", body, sub="pour l’équipe ; ne pas afficher")],
        className="page indicators",
    )  # fmt: skip


def _file(picture: Picture, point: Point) -> Component | None:
    if not point.count:
        return None
    icon = html.I(className="bi bi-download", **{"aria-hidden": "true"})
    href = address(FILE, picture.asked.params, point=point.code)
    return html.A([icon, html.Span("CSV")], href=href, className="btn btn-outline btn-sm", download="")


def _table(point: Point) -> Component:
    head = html.Tr([html.Th(title, scope="col") for title in ("Qui ou quoi", "Constat", "Niveau")])
    rows = [
        html.Tr(
            [
                html.Th(_link(row), scope="row"),
                html.Td(said(row["detail"])),
                html.Td(level_badge(row["level"]), className="lvl"),
            ]
        )
        for row in point.rows.to_dicts()
    ]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="tbl ind-list")


def _link(row: dict) -> Component | str:
    if row["student"] is not None:
        return dcc.Link(row["label"], href=f"/eleve?id={row['student']}")
    if row["ap_group"] is not None:
        return dcc.Link(row["label"], href="/groupes?bande=toutes")
    if row["band"] is not None:
        return dcc.Link(row["label"], href=f"/groupes?bande={row['band']}&vue=mouvements")
    if row["division"] is not None:
        return dcc.Link(row["label"], href=f"/bilans?division={row['division']}")
    return row["label"]


def _nothing(point: Point) -> Component:
    if point.level == "unknown":
        return empty("Pas encore mesurable", f"Pour l’instant, {point.words}.", icon="hourglass")
    return empty(
        "Rien à signaler", f"Le seuil n’est franchi nulle part{NBSP}: {point.threshold}.", icon="check-circle"
    )

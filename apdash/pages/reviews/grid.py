"""The page around the entry grid of a division: what is shown, how to type, what is left."""

from collections.abc import Mapping

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import page_head
from apdash.components.marks import level
from apdash.labels import percent
from apdash.pages.page import Params
from apdash.pages.reviews import ids
from apdash.pages.reviews.figures import share_bar
from apdash.pages.reviews.grid_data import MINE
from apdash.reference import Reference

PATH = "/bilans"
COMPETENCIES = "competences"
VIEW = "vue"


def grid_page(
    reference: Reference,
    head: Mapping,
    *,
    editable: bool,
    params: Params,
    divisions: pl.DataFrame,
    told: tuple[int, int],
    foot: list,
    notes: list,
) -> Component:
    """Return the page of a division in a bilan; divisions: as `division_shares`, those to go to next."""
    scope = params.get(COMPETENCIES, MINE)
    spec = {"review": head["review"], "division": head["division"], "scope": scope}
    what = "saisie" if editable else "lecture"
    return html.Div(
        [
            page_head(
                f"{head['label']}, {what} de la {head['code']}",
                html.Div(html.Span(id=ids.GRID_STATUS, role="status", className="save-state")),
                view_switch(params, told),
            ),
            *notes,
            division_strip(divisions, current=head["division"], params=params),
            html.Section(
                [
                    legend(reference, editable=editable),
                    html.Div(
                        id=ids.GRID, key="-".join(str(part) for part in spec.values()), className="entry-box"
                    ),
                    dcc.Store(id=ids.GRID_SPEC, data=spec),
                    html.Span(id=ids.GRID_READY, hidden=True),
                ],
                className="card entry-card",
            ),
            html.Div(foot, className="entry-foot"),
        ],
        className="page entry-page",
    )


def view_switch(params: Params, told: tuple[int, int]) -> Component:
    """Return the choice between the grid and the interviews of a division; told: how many had theirs, of how many."""
    count = html.Span(interviews_words(told), id=ids.INTERVIEW_COUNT)
    views: tuple[tuple[str, str | Component], ...] = (("", "Compétences"), ("entretiens", count))
    now = params.get(VIEW, "")
    links = [
        dcc.Link(
            text,
            href=address(PATH, params, **{VIEW: view or None, "eleve": None}),
            className="on" if view == now else "",
        )
        for view, text in views
    ]
    return html.Div(links, className="seg", role="group", **{"aria-label": "Ce qui est saisi"})


def interviews_words(told: tuple[int, int]) -> str:
    """Return `Entretiens (3 / 22)`."""
    return f"Entretiens ({told[0]} / {told[1]})"


def division_strip(divisions: pl.DataFrame, *, current: int, params: Params) -> Component | None:
    """Return the divisions beside this one, each with how far its bilan is."""
    if divisions.height < 2:
        return None
    tiles = [_tile(row, params, here=row["division"] == current) for row in divisions.iter_rows(named=True)]
    return html.Nav(tiles, className="strip no-print", **{"aria-label": "Divisions de ce bilan"})


def _tile(row: Mapping, params: Params, *, here: bool) -> Component:
    words = html.Span([html.Span(row["code"]), html.Span(_share_words(row), className="b")], className="line")
    target = address(PATH, params, division=str(row["division"]), eleve=None)
    told = f"{_percent(row['share'])} de ce qui est attendu"
    link = dcc.Link([words, share_bar(row["share"])], href=target, className="on" if here else "", title=told)
    return html.Span(link, **({"aria-current": "page"} if here else {}))


def _share_words(row: Mapping) -> list[Component | str]:
    icon = "lock-fill" if row["closed_at"] else "check-lg" if row["share"] >= 1 else None
    mark = (
        html.I(className=f"bi bi-{icon}", title="Bilan clos" if row["closed_at"] else "Complet")
        if icon
        else None
    )
    return [html.Span(_percent(row["share"]), className="share"), mark]


def _percent(share: float) -> str:
    return percent(int(100 * share) / 100)


def legend(reference: Reference, *, editable: bool) -> Component:
    """Return what each mark means, with the words of the level scale, and the keys that make them."""
    scale = reference.scales.filter(pl.col("scale") == "lsl_pro").sort("rank")
    marks = [
        html.Span([level(int(row["rank"])), row["label"]], className="nw")
        for row in scale.iter_rows(named=True)
    ]
    marks.append(html.Span([level("A"), "absent"], className="nw"))
    marks.append(html.Span([html.Span("=", className="lv lv-same"), "inchangé"], className="nw"))
    return html.Div(
        [html.Div(marks, className="marks"), _keys() if editable else None], className="entry-legend s"
    )


def _keys() -> Component:
    keys = [
        (("←", "↑", "→", "↓"), "se déplacer"), (("Entrée",), "élève suivant"), (("Suppr",), "effacer"),
        (("Ctrl", "V"), "coller"), (("Ctrl", "Z"), "annuler"),
    ]  # fmt: skip
    parts = [part for names, words in keys for part in (*[html.Kbd(name) for name in names], f" {words} ")]
    return html.Div(parts, className="keys soft nw no-print")

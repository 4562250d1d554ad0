"""Bilans: those of the year, a new one, and who is asked to assess what."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card, link_button
from apdash.components.states import empty
from apdash.labels import day
from apdash.pages.page import Params
from apdash.pages.settings.expectations_part import expectations
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries import reviews as queries

KINDS = {"initial": "Initial (septembre)", "intermediate": "Intermédiaire", "final": "Final (juin)"}


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return the bilans of the year, the form of a new one, and the expectations of the chosen one."""
    reviews = queries.reviews(services.store, year=year)
    periods = calendar.periods(services.store, year=year)
    if periods.is_empty():
        return [
            card(
                "Bilans",
                empty("Aucune période", "Un bilan clôt une période : saisissez d’abord les périodes."),
            )
        ]
    parts = [_known(reviews), _new(services, year, periods, reviews)]
    return [*parts, expectations(services, viewer, reviews, params)] if reviews.height else parts


def _known(reviews: pl.DataFrame) -> Component:
    if reviews.is_empty():
        return card("Bilans de l’année", empty("Aucun bilan", "Ouvrez le premier ci-dessous."))
    head = html.Tr(
        [html.Th(words) for words in ("Bilan", "Saisie", "Groupes en vigueur", "Divisions closes", "")]
    )
    rows = [
        html.Tr(
            [
                html.Th(row["label"], scope="row"),
                html.Td(
                    f"du {day(row['opens_on'])} au {day(row['closes_on'])}",
                    className="whole",
                    **{"data-label": "Saisie"},
                ),
                html.Td(
                    day(row["effective_from"]) if row["effective_from"] else "–",
                    **{"data-label": "Groupes en vigueur"},
                ),
                html.Td(f"{row['closed']} sur {row['divisions']}", **{"data-label": "Divisions closes"}),
                html.Td(link_button("Voir", f"/bilans?bilan={row['review']}"), className="num"),
            ]
        )
        for row in reviews.to_dicts()
    ]
    return card(
        "Bilans de l’année",
        html.Div(
            html.Table([html.Thead(head), html.Tbody(rows)], className="tbl settings-table"),
            className="scroll-x",
        ),
    )


def _new(services: Services, year: int, periods: pl.DataFrame, reviews: pl.DataFrame) -> Component:
    """Return the form, filled in for the first period that has no bilan yet."""
    free = periods.join(reviews.select(id="period"), on="id", how="anti", maintain_order="left")
    period = (free if free.height else periods).row(0, named=True)
    number = next(n for n in range(reviews.height + 1) if f"B{n}" not in reviews["code"].to_list())
    divisions = [
        {"value": row["id"], "label": row["code"]}
        for row in calendar.divisions(services.store, year=year).to_dicts()
    ]
    kinds = [{"value": key, "label": words} for key, words in KINDS.items()]
    options = [{"value": row["id"], "label": row["label"]} for row in periods.to_dicts()]
    following = periods.filter(pl.col("starts_on") > period["ends_on"])
    effective = following["starts_on"][0].isoformat() if following.height else ""
    fields = [
        _labelled("Code", dbc.Input(id="review-code", value=f"B{number}")),
        _labelled(
            "Nom",
            dbc.Input(id="review-label", value="Bilan initial" if reviews.is_empty() else f"Bilan {number}"),
        ),
        _labelled(
            "Sorte",
            dbc.Select(kinds, value="initial" if reviews.is_empty() else "intermediate", id="review-kind"),
        ),
        _labelled("Période qu’il clôt", dbc.Select(options, value=period["id"], id="review-period")),
        _labelled(
            "Saisie à partir du",
            dbc.Input(id="review-opens", type="date", value=period["starts_on"].isoformat()),
        ),
        _labelled(
            "Clôture le", dbc.Input(id="review-closes", type="date", value=period["ends_on"].isoformat())
        ),
        _labelled("Groupes en vigueur le", dbc.Input(id="review-effective", type="date", value=effective)),
    ]
    chosen = dbc.Checklist(
        divisions, value=[row["value"] for row in divisions], id="review-divisions", inline=True
    )
    note = html.Span(
        "Qui évalue quoi est proposé d’après les services, puis se corrige.", className="s muted"
    )
    return card(
        "Nouveau bilan",
        [
            html.Div(fields, className="fields"),
            html.Fieldset([html.Legend("Divisions", className="form-label"), chosen]),
            html.Div([button("Ouvrir le bilan", "open-review", icon="plus-lg"), note], className="form-foot"),
        ],
    )


def _labelled(words: str, field: Component) -> Component:
    return html.Div([dbc.Label(words, html_for=field.id, className="form-label"), field])

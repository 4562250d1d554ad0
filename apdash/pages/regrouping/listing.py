"""« Propositions »: every proposal asked for in a band, the old ones readable for ever."""

from collections.abc import Mapping

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card, link_button
from apdash.components.states import empty
from apdash.labels import count, moment, number, short_day
from apdash.pages.regrouping.decide import state_badge

_STATUS = {"infeasible": "aucune répartition possible", "none": "arrêtée sans résultat"}


def proposals_card(rows: pl.DataFrame, links: Mapping[int, str], *, prepare: str) -> Component:
    """Return the list, newest first. rows: as `queries.proposals.proposals`; links: proposal -> address."""
    if rows.is_empty():
        action = link_button("Préparer un regroupement", prepare)
        return card("Propositions", empty("Aucune proposition", "Elles restent ici, même rejetées.", action))
    titles = ("Proposition", "Bilan", "Demandée", "État", "Groupes", "En vigueur", "Motif ou remarque")
    head = html.Tr(
        [html.Th(title, scope="col", className="num" if title == "Groupes" else "") for title in titles]
    )
    body = [
        html.Tr(
            [
                html.Th(dcc.Link(row["label"], href=links[row["proposal"]]), scope="row"),
                html.Td(row["review_label"], **{"data-label": "Bilan"}),
                html.Td(f"{moment(row['made_at'])}, {row['made_by']}", **{"data-label": "Demandée"}),
                html.Td(state_badge(row["state"]), className="state-cell"),
                html.Td(
                    number(row["groups"]) if row["groups"] else "–",
                    className="num",
                    **{"data-label": "Groupes"},
                ),
                html.Td(short_day(row["effective_from"]), **{"data-label": "En vigueur"}),
                html.Td(row["reason"] or _STATUS.get(row["status"], ""), className="soft whole"),
            ]
        )
        for row in rows.iter_rows(named=True)
    ]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="tbl rg-proposals")
    return card("Propositions", html.Div(table, className="scroll-x"), sub=count(rows.height, "proposition"))

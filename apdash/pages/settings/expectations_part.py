"""Who is asked to assess what: one line an adult, unfolded to tick competencies."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import segment
from apdash.components.frame import button, card
from apdash.components.states import empty
from apdash.labels import count, trade
from apdash.pages.page import Params, whole
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries import reviews as queries

PATH = "/reglages"
# Adults who see every division without teaching it: documentalist, CPE, PsyEN.
EVERYWHERE = ("DOC", "EDU", "CPE", "ORI")


def expectations(services: Services, viewer: Viewer, reviews: pl.DataFrame, params: Params) -> Component:
    """Return, for a division of a bilan, what each of its adults is asked to assess."""
    chosen = whole(params, "bilan", reviews["review"][0])
    options = [(str(row["review"]), row["label"]) for row in reviews.to_dicts()]
    shown = {**params, "bilan": str(chosen)}
    filters = segment("Bilan", options, name="bilan", path=PATH, params=shown, clears=("division",))
    divisions = queries.review_divisions(services.store, viewer, review=chosen)
    if divisions.is_empty():
        return card("Qui évalue quoi", [filters, empty("Aucune division", "Ce bilan n’en concerne aucune.")])
    division = whole(params, "division", divisions["division"][0])
    codes = [(str(row["division"]), row["code"]) for row in divisions.to_dicts()]
    by_division = segment(
        "Division", codes, name="division", path=PATH, params={**shown, "division": str(division)}
    )
    expected = queries.expected_of(services.store, viewer, review=chosen).filter(
        pl.col("division") == division
    )
    lines = [
        _adult(row, expected, services, chosen, division)
        for row in _adults(services, division, expected).to_dicts()
    ]
    note = html.Span(f"{count(expected.height, 'attente')} pour cette division.", className="s muted")
    foot = html.Div(
        [
            button("Enregistrer", "save-expected", icon="check2"),
            button("Proposer d’après les services", "propose-expected", icon="magic"),
            note,
        ],
        className="form-foot",
    )
    return card(
        "Qui évalue quoi",
        [filters, html.Div(by_division, className="my-2"), *lines, foot],
        sub="six compétences par adulte au bilan initial, trois ensuite : une minute par élève au plus",
    )


def _adults(services: Services, division: int, expected: pl.DataFrame) -> pl.DataFrame:
    """Return the adults of a division: those who teach or lead it, and those already asked."""
    year = calendar.current_year(services.store, services.today())
    there = pl.concat(
        [
            calendar.services_in_words(services.store, year=year).select("division", "staff"),
            calendar.principal_teachers(services.store, year=year),
            expected.select("division", "staff"),
        ]
    ).filter(pl.col("division") == division)
    everybody = calendar.staff(services.store)
    aside = pl.col("job").is_in(EVERYWHERE)
    return everybody.filter(pl.col("id").is_in(there["staff"].implode()) | aside)


def _adult(row: dict, expected: pl.DataFrame, services: Services, review: int, division: int) -> Component:
    competencies = services.reference.competencies.to_dicts()
    asked = expected.filter(pl.col("staff") == row["id"])["competency"].to_list()
    options = [{"value": line["code"], "label": line["short_label"]} for line in competencies]
    name = f"{row['title']} {row['last_name']}".strip()
    choice = dbc.Checklist(
        options,
        value=asked,
        id={"expected": row["id"], "division": division, "review": review},
        inline=True,
        class_name="needs-choice",
    )
    summary = [
        html.Span(name, className="b"),
        html.Span(trade(row["discipline"], row["job"]), className="muted s mx-2"),
        html.Span(count(len(asked), "compétence"), className="s"),
    ]
    return html.Details([html.Summary(summary), choice], className="fold")

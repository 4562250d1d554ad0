"""Who is forecast to end the cycle below the grid: divisions, then students."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, link_button
from apdash.components.states import empty, notice
from apdash.components.still import still
from apdash.hours.forecast import by_division
from apdash.hours.words import gap_words, too_early
from apdash.labels import NBSP, count, duration
from apdash.pages.hours.asked import PATH
from apdash.pages.hours.cells import labelled
from apdash.pages.hours.picture import Picture
from apdash.pages.page import Params


def shortfalls_card(picture: Picture, params: Params) -> Component:
    """Return who is forecast to leave the grid: the divisions, then the students."""
    title = "Face à l’enveloppe"
    if not picture.hours.ready:
        return card(
            title,
            empty("Trop tôt pour une prévision", too_early(picture.hours.weeks), icon="hourglass"),
            class_name="mb-3",
        )
    known = picture.balance.drop_nulls("forecast")
    if known.is_empty():
        action = (
            link_button("Choisir les enveloppes", "/reglages?partie=enveloppes")
            if picture.whole_school
            else None
        )
        return card(
            title,
            empty(
                "Aucune enveloppe choisie", "La direction ou le pilote la choisit par année d’entrée.", action
            ),
            class_name="mb-3",
        )
    short = known.filter(pl.col("gap") < -pl.col("due") * picture.share).sort("gap", "student")
    gone = int((known["unknown"] > 0).sum())
    words = "Elles ne comptent ni dans l’enveloppe ni dans les heures ; reprenez-les dans Réglages."
    note = notice("info", f"{count(gone, 'élève')} : années précédentes inconnues", words) if gone else None
    parts = [_divisions(picture, known, params), _students(picture, short), note]
    return card(
        title,
        parts,
        sub=f"plus de {round(100 * picture.share)}{NBSP}% sous la grille en fin de cycle",
        class_name="mb-3",
    )


def _divisions(picture: Picture, known: pl.DataFrame, params: Params) -> Component:
    lines = [
        html.Tr([
            html.Th(_open(picture, params, row["division"]), scope="row"),
            labelled("Tenues", duration(row["so_far"])), labelled("Prévision", duration(row["forecast"])),
            labelled("Enveloppe", duration(row["due"])),
            labelled("Écart", gap_words(row["gap"], row["due"], share=picture.share)),
            labelled("Élèves dessous", f"{row['short']} / {row['students']}"),
        ])
        for row in by_division(known, share=picture.share).sort("gap").to_dicts() if row["division"] in picture.codes
    ]  # fmt: skip
    titles = ("Division", "Tenues", "Prévision", "Enveloppe", "Écart", "Élèves dessous")
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in titles]))
    return still(
        html.Table([head, html.Tbody(lines)], className="tbl hr-table hr-cards"), className="scroll-x"
    )


def _students(picture: Picture, short: pl.DataFrame) -> Component:
    if short.is_empty():
        return html.P("Aucun élève à plus de l’écart admis sous la grille.", className="s soft mt-2")
    lines = [
        html.Li([
            dcc.Link(picture.people.get(row["student"], "élève"), href=f"/eleve?id={row['student']}"),
            html.Span(f" {row['division_code']} ", className="muted"),
            html.Span(f"prévision {duration(row['forecast'])} sur {duration(row['due'])}", className="soft"),
        ])
        for row in short.to_dicts()
    ]  # fmt: skip
    return html.Details(
        [html.Summary(f"Les {count(short.height, 'élève')}"), still(html.Ul(lines, className="hr-short"))],
        className="mt-2",
    )


def _open(picture: Picture, params: Params, division: int) -> Component:
    return dcc.Link(picture.codes[division], href=address(PATH, params, division=str(division), par="eleves"))

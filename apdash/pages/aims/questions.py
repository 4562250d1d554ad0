"""What a teacher is asked to look at in ordinary lessons: one touch each."""

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import button, card
from apdash.labels import NBSP, count, short_day
from apdash.pages.aims import ids
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.objectives import questions_to

SHOWN = 6


def questions_card(services: Services, viewer: Viewer) -> Component | None:
    """Return the objectives this person is asked about; nothing when there is none."""
    if viewer.staff is None:
        return None
    asked = questions_to(services.store, viewer, on=services.today())
    if asked.is_empty():
        return None
    lines = [_question(row) for row in asked.head(SHOWN).iter_rows(named=True)]
    more = asked.height - SHOWN
    rest = (
        html.Div(f"et {count(more, 'autre')}, après celles-ci", className="s muted mt-2")
        if more > 0
        else None
    )
    return card("L’avez-vous revu en classe ?", [*lines, rest], sub="une réponse suffit, sans rien préparer")


def _question(row: Mapping) -> Component:
    name = f"{row['last_name']} {row['first_name']}"
    evidence = f" · {row['evidence']}" if row["evidence"] else ""
    what = html.Div(
        [
            html.Div([html.Span(row["text"], className="b"), html.Span(evidence, className="muted")]),
            html.Div(
                [
                    dcc.Link(name, href=address("/eleve", {}, id=str(row["student"]))),
                    f", {row['division_code']}, demandé le {short_day(row['asked_on'])}",
                ],
                className="s soft",
            ),
        ],
        className="what",
    )
    return html.Div([what, answer_buttons(row["objective"], name)], className="ask")


def answer_buttons(objective: int, name: str) -> Component:
    """Return the two answers to a question about an objective of somebody."""
    said = (("seen", "Vu", "eye"), ("unseen", "Pas vu", "eye-slash"))
    return html.Div(
        [
            button(words, ids.act(what, objective), icon=icon, **{"aria-label": f"{words}{NBSP}: {name}"})
            for what, words, icon in said
        ],
        className="acts no-print",
    )

"""Envelopes: the grid of each cohort, whose hours count in it, the hours of earlier years."""

import json

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.components.states import empty
from apdash.hours.cohorts import cohorts
from apdash.hours.words import GRID
from apdash.labels import JOBS, NBSP, count, number, school_year
from apdash.pages.page import Params
from apdash.pages.settings.carried_card import carried_card
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import envelopes as queries

_TITLES = ("Entrés en", "Cycle", "Élèves", "Heures officielles", "Enveloppe")


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return the cards of the envelopes of the cohorts present."""
    return [_cohorts(services, year), _jobs(services), carried_card(services, viewer, year)]


def _cohorts(services: Services, year: int) -> Component:
    rows = cohorts(services, year=year)
    if rows.is_empty():
        return card(
            "Enveloppes par cohorte",
            empty("Aucune cohorte", "Importez d’abord les divisions et leurs élèves."),
        )
    options = [{"value": "", "label": "aucune"}] + [
        {"value": row["code"], "label": f"{row['label']} ({_grid(row)})"}
        for row in services.reference.envelopes.to_dicts()
    ]
    lines = [_cohort(row, options) for row in rows.to_dicts()]
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in _TITLES]))
    table = html.Div(html.Table([head, html.Tbody(lines)], className="tbl entry-table"), className="scroll-x")
    note = html.Span("Une proposition vaut dès qu’elle est enregistrée.", className="s muted")
    save = button("Enregistrer les enveloppes", "save-envelopes", icon="check2", kind="primary")
    foot = html.Div([save, note], className="form-foot")
    return card("Enveloppes par cohorte", [html.P(GRID, className="s soft"), table, foot],
                sub="année d’entrée dans le cycle ; apprentis à part")  # fmt: skip


def _cohort(row: dict, options: list[dict]) -> Component:
    key = {"envelope": f"{row['entry_year']}|{row['cycle']}"}
    weekly = (
        f"{number(row['weekly_hours'], 1)}{NBSP}h par semaine"
        if row["weekly_hours"] is not None
        else "non dites"
    )
    proposed = row["envelope"] is None and row["proposed"] is not None
    select = dbc.Select(options=options, value=row["envelope"] or row["proposed"] or "", id=key, size="sm")
    words = f"Enveloppe des entrés en {school_year(row['entry_year'])}, {row['cycle']}"
    note = html.Div("proposée, pas encore enregistrée", className="xs muted") if proposed else None
    text_id = json.dumps(key, separators=(",", ":"), ensure_ascii=False)  # as the page writes it
    label = html.Label(words, htmlFor=text_id, className="visually-hidden")
    cells = [
        school_year(row["entry_year"]),
        row["cycle"],
        str(row["students"]),
        weekly,
        [label, select, note],
    ]
    told = [html.Td(cell, **{"data-label": title}) for cell, title in zip(cells, _TITLES, strict=True)]
    return html.Tr(told, className="cohort")


def _grid(row: dict) -> str:
    parts = [row[f"hours_{step}"] for step in (1, 2, 3)]
    return " + ".join(
        number(part, 0 if part == int(part) else 1) if part is not None else "?" for part in parts
    )


def _jobs(services: Services) -> Component:
    outside = queries.jobs_outside(services.store)
    rows = queries.jobs(services.store)
    options = [
        {"value": job, "label": f"{JOBS.get(job, job)} ({count(adults, 'adulte')})"}
        for job, adults in rows.iter_rows()
    ]
    inside = [job for job in rows["job"].to_list() if job not in outside]
    words = "Une séance conduite par des fonctions non cochées seulement est montrée à côté, jamais dans l’enveloppe."
    return card(
        "Qui compte dans l’enveloppe",
        [html.P(words, className="s soft"), dbc.Checklist(id="jobs-inside", options=options, value=inside),
         button("Enregistrer les fonctions", "save-jobs", icon="check2")],
        sub="fonctions de STS-web",
    )  # fmt: skip

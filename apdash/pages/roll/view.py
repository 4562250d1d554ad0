"""The roll of one session as it is first shown; assets/roll-page.js takes it from there, network or not."""

from collections.abc import Mapping

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.components.states import notice
from apdash.components.still import still
from apdash.labels import NBSP, count
from apdash.pages.roll.done_part import done_card
from apdash.pages.roll.lines import roll_lines
from apdash.pages.roll.traces import corrections_card
from apdash.pages.roll.words import (
    LETTERS,
    PATH,
    day_words,
    hours_words,
    owner_of,
)
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.rolls import others_of_band, roll_call, session_head


def roll_view(services: Services, viewer: Viewer, session: int) -> list[Component]:
    """Return the parts of the page; raises `ApdashError` for a session this person does not lead."""
    head = session_head(services.store, viewer, session=session)
    rows = roll_call(services.store, viewer, session=session)
    bar, what = _bar(), _what(services, head, rows)
    if head["on_day"] > services.today():
        words = "L’appel se fera le jour de la séance. Voici qui est attendu."
        return [bar, what, notice("info", "Séance à venir", words), _names(rows)]
    if head["state"] == "not_held":
        reasons = dict(services.reference.session_reasons.select("code", "label").iter_rows())
        why = reasons.get(head["why"], head["why"]) or "sans motif noté"
        return [bar, what, notice("watch", "Cette séance n’a pas été tenue", f"Motif : {why.lower()}.")]
    others = others_of_band(services.store, viewer, session=session)
    roll = [roll_lines(rows, others), _foot(head, rows)]
    side = [
        done_card(services.reference, head),
        corrections_card(services, viewer, session=session),
        _logbook(head),
    ]
    marks = {
        "data-roll": str(head["session"]), "data-owner": owner_of(viewer), "data-done": head["done"],
        "data-held": str(head["state"] == "held").lower(),
    }  # fmt: skip
    left = html.Div([what, html.Div(still(roll), className="roll-main")])
    body = [left, html.Div(still(side), className="roll-side stack")]
    return [html.Div([bar, html.Div(body, className="roll-cols")], className="roll-whole", **marks)]


def _bar() -> Component:
    back = html.I(className="bi bi-chevron-left", **{"aria-hidden": "true"})
    link = dcc.Link(
        back, href=address(PATH, {}, tous="non"), className="btn btn-quiet", title="Toutes mes séances"
    )
    status = html.Span(className="roll-status s", role="status")
    return html.Div([link, html.H1("Appel"), still(status, className="roll-told")], className="roll-bar")


def _what(services: Services, head: Mapping, rows: pl.DataFrame) -> Component:
    axes = dict(services.reference.needs.select("code", "axis").iter_rows())
    expected = int(rows["expected"].sum())
    joined = f"{NBSP}; réuni avec {', '.join(head['joined'])}" if head["joined"] else ""
    place = " · ".join(filter(None, [head["room_code"] or "salle à fixer", head["staff_names"]]))
    when = f"{day_words(head)}, {hours_words(head)}"
    name = head["name"] or head["label"]
    return html.Div(
        [
            html.H2([axis_mark(axes.get(head["need"])) if head["need"] else None, f" {name}"]),
            html.Div(
                f"{when[0].upper()}{when[1:]} · {place} · {count(expected, 'élève')}{joined}",
                className="s soft",
            ),
        ],
        className="roll-what",
    )


def _names(rows: pl.DataFrame) -> Component:
    lines = [
        html.Li(f"{row['last_name']} {row['first_name']}, {row['division_code'] or 'sans division'}")
        for row in rows.to_dicts()
    ]
    return card("Élèves attendus", html.Ul(lines, className="mb-0"), class_name="mt-3")


def _foot(head: Mapping, rows: pl.DataFrame) -> Component:
    check = html.I(className="bi bi-check-lg", **{"aria-hidden": "true"})
    all_present = html.Button("Tous présents", type="button", className="btn btn-outline roll-all")
    valid = html.Button("Valider l’appel", type="button", className="btn btn-primary roll-valid")
    counts = html.Div(
        [
            html.Span([check if presence == "present" else LETTERS[presence], " ", html.B("0"), " ", html.Span()],
                      **{"data-count": presence})
            for presence in LETTERS
        ],
        className="roll-counts s",
    )  # fmt: skip
    told = html.Div(className="roll-said-foot s", role="status")
    return html.Div(
        [counts, told, html.Div([all_present, valid], className="roll-acts")] if rows.height or head else [],
        className="roll-foot no-print",
    )


def _logbook(head: Mapping) -> Component | None:
    if head["ap_group"] is None:
        return None
    link = dcc.Link("Cahier du groupe", href=address("/cahier", {}, groupe=str(head["ap_group"])))
    return html.P(link, className="s no-print")

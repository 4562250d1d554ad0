"""What is decided for a whole table: the bilan its values go to, whose they are, or the school of a first list."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button
from apdash.components.states import notice
from apdash.imports import TableKind
from apdash.labels import day
from apdash.pages.importing import form, ids
from apdash.pages.importing.draft import Look
from apdash.services import Services
from apdash.store.queries.calendar import staff
from apdash.store.queries.imports import known_school, reviews_of_year

_EVERYBODY_ELSE = (
    "Les séances de ces jours seront notées tenues, tous présents sauf ceux de la liste. "
    "Un appel fait ici n’est jamais remplacé."
)


def table_fields(services: Services, look: Look, values: dict[str, str]) -> Component:
    """Return the fields about the whole table: the bilan and whose values, the days, or the school of a first list."""
    uai, year = known_school(services.store)
    fields: list[Component | None] = []
    if look.proposal.mapping.kind == TableKind.ABSENCES:
        fields += [
            _text("Séances du", form.FIRST, values, kind="date"),
            _text("au", form.LAST, values, kind="date"),
            html.P(_EVERYBODY_ELSE, className="s soft im-wide"),
        ]
    elif look.proposal.mapping.kind in (TableKind.ASSESSMENTS, TableKind.INTERVIEW):
        fields.append(_review(services, year, values))
    if look.proposal.mapping.kind == TableKind.ASSESSMENTS:
        fields += _assessor(services, look, values)
    if look.proposal.mapping.kind == TableKind.STUDENTS and uai is None:
        fields += [
            _text("Numéro UAI du lycée", form.UAI, values),
            _text("Année de rentrée", form.YEAR, values),
        ]
    if look.proposal.mapping.kind == TableKind.STUDENTS and uai is not None:
        fields.append(_text("Les changements prennent effet le", form.ON, values, kind="date"))
    return html.Div(fields, className="fields")


def _review(services: Services, year: int | None, values: dict[str, str]) -> Component:
    rows = reviews_of_year(services.store, year=year or 0).to_dicts()
    if not rows:
        words = "Ces valeurs vont dans un bilan. Le tableau reste ici 30 minutes."
        action = link_button("Ouvrir un bilan", "/reglages?partie=bilans")
        return html.Div(notice("watch", "Aucun bilan cette année", words, [action]), className="im-wide")
    options = [
        {
            "value": str(row["id"]),
            "label": f"{row['label']} ({day(row['opens_on'])} – {day(row['closes_on'])})",
        }
        for row in rows
    ]
    return _choice("Dans le bilan", form.REVIEW, options, values)


def _assessor(services: Services, look: Look, values: dict[str, str]) -> list[Component]:
    if look.proposal.mapping.values and all(column.test for column in look.proposal.mapping.values):
        return [html.P("Chaque test est sa propre source.", className="s soft")]
    adults = [
        {
            "value": f"staff:{row['id']}",
            "label": f"{row['title']} {row['last_name']} {row['first_name']}".strip(),
        }
        for row in staff(services.store).to_dicts()
    ]
    others = [
        {"value": form.TEST, "label": "un test, ou plusieurs adultes"},
        {"value": "student", "label": "l’élève lui-même"},
    ]
    return [
        _choice("Valeurs données par", form.ASSESSOR, [*others, *adults], values, class_name="im-assessor"),
        _text(
            "Nom du test ou de la source", form.SOURCE, values, class_name="im-source", placeholder="tableau"
        ),
    ]


def _choice(
    label: str, name: str, options: list[dict], values: dict[str, str], class_name: str = ""
) -> Component:
    known = [option["value"] for option in options]
    blank = [] if values[name] in known else [{"value": values[name], "label": "à choisir", "disabled": True}]
    return html.Div(
        [html.Span(label, className="form-label"), select(name, [*blank, *options], values, label, "")],
        className=class_name,
    )


def select(name: str, options: list[dict], values: dict[str, str], label: str, class_name: str) -> Component:
    choice = dbc.Select(options=options, value=values[name], id=ids.field(name), size="sm")
    return html.Label(
        [html.Span(label, className="visually-hidden"), choice], className=f"im-select {class_name}"
    )


def _text(
    label: str,
    name: str,
    values: dict[str, str],
    *,
    kind: str = "text",
    class_name: str = "",
    placeholder: str = "",
) -> Component:
    field = dbc.Input(type=kind, value=values[name], id=ids.field(name), size="sm", placeholder=placeholder)
    return html.Label([html.Span(label, className="form-label"), field], className=class_name)

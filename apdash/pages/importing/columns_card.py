"""What the columns of a table are taken for, with a choice for each."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.imports import MappingProposal
from apdash.imports.tables import Table
from apdash.labels import NBSP
from apdash.pages.importing import form, ids
from apdash.pages.importing.draft import Look
from apdash.pages.importing.files_card import busy
from apdash.pages.importing.roles import role_options, scale_options, usual_cuts, values_of
from apdash.pages.importing.table_fields import select, table_fields
from apdash.pages.importing.words import table_words
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.services import Services

_WELL_READ = 0.999


def columns_card(services: Services, viewer: Viewer, look: Look) -> Component | None:
    """Return the columns of a table with what each is taken for; nothing for official files."""
    if look.table is None or look.proposal is None:
        return None
    values = form.shown_values(services, viewer, look)
    body = [
        table_fields(services, look, values),
        _columns(services.reference, look.table, look.proposal, values),
        html.Div(
            button("Refaire l’aperçu", ids.pressed("again"), icon="arrow-repeat"), className="form-foot"
        ),
        busy(ids.BUSY_LOOK, "Lecture…"),
        html.Div(id=ids.TOLD_LOOK, role="status"),
    ]
    sub = "proposé d’après les titres et les valeurs"
    if look.corrected or look.proposal.remembered:
        sub = "comme vous l’avez choisi" if look.corrected else "comme au dernier import de ces titres"
    return card(f"Colonnes{NBSP}: {table_words(look.proposal)}", body, sub=sub, class_name="im-columns")


def _columns(
    reference: Reference, table: Table, proposal: MappingProposal, values: dict[str, str]
) -> Component:
    titles = ("Colonne", "Ce que c’est", "Comment la lire")
    head = html.Tr([html.Th(title, scope="col") for title in titles])
    scales = [{"value": form.BLANK, "label": "d’après les valeurs"}, *scale_options(reference)]
    rows = [
        _column(reference, proposal, row, at, scales, values)
        for at, row in enumerate(proposal.columns.iter_rows(named=True))
    ]
    never = [
        html.Tr([html.Th(title, scope="row"), html.Td("jamais lue", className="muted"),
                 html.Td("peut contenir des données qu’APdash ne conserve pas", className="muted s")])
        for title in proposal.never_read
    ]  # fmt: skip
    return html.Table([html.Thead(head), html.Tbody([*rows, *never])], className="tbl im-map")


def _column(
    reference: Reference,
    proposal: MappingProposal,
    row: dict,
    at: int,
    scales: list[dict],
    values: dict[str, str],
) -> Component:
    header = row["header"]
    role = select(
        form.column_field("role", at),
        [
            {"value": form.BLANK, "label": "ne pas reprendre"},
            *role_options(reference, proposal.mapping, header),
        ],
        values,
        f"{header}{NBSP}: ce que c’est",
        "im-role",
    )
    scale = select(form.column_field("scale", at), scales, values, f"{header}{NBSP}: échelle", "im-scale")
    columns = values_of(proposal.mapping, header)
    usual = (
        usual_cuts(reference, columns[0])
        if columns and columns[0].scale in ("note_20", "pour_cent", "seuils")
        else ""
    )
    cuts = [
        _small("Niveaux 2, 3, 4 à partir de", "cuts", at, header, values, placeholder=usual or "7 ; 10 ; 14"),
        _small("Noté sur", "out_of", at, header, values, placeholder="20"),
    ]
    samples = html.Div(row["samples"] or "(vide)", className="s muted im-samples")
    read = row["readable"]
    doubt = (
        html.Div(
            [
                html.I(className="bi bi-eye-fill", **{"aria-hidden": "true"}),
                " toutes les valeurs ne se lisent pas ainsi",
            ],
            className="xs im-doubt",
        )
        if read is not None and read < _WELL_READ
        else None
    )
    return html.Tr(
        [
            html.Th([html.Div(header), samples], scope="row"),
            html.Td(role),
            html.Td([scale, html.Div(cuts, className="im-marks"), doubt]),
        ]
    )


def _small(
    label: str, part: str, at: int, header: str, values: dict[str, str], *, placeholder: str
) -> Component:
    name = form.column_field(part, at)
    field = dbc.Input(value=values[name], id=ids.field(name), size="sm", placeholder=placeholder)
    words = html.Span(
        [html.Span(f"{header}{NBSP}: ", className="visually-hidden"), label], className="xs muted nw"
    )
    return html.Label([words, field], className=f"im-{part}")

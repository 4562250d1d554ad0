"""Bands: the divisions that share AP slots, those slots, and the rules of their regrouping."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.entry_table import entry_table
from apdash.components.frame import button, card
from apdash.labels import spaced
from apdash.pages.page import Params
from apdash.pages.settings import tables
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import bands as queries
from apdash.store.queries.calendar import divisions as divisions_of

NEW = 0


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return a card for each band, then one for a new band."""
    choices = [
        {"value": row["id"], "label": f"{row['code']} ({row['students']})"}
        for row in divisions_of(services.store, year=year).to_dicts()
    ]
    known = [_band(services, row, choices) for row in queries.bands(services.store, year=year).to_dicts()]
    blank = {
        "band": NEW,
        "code": "",
        "label": "",
        "max_needs_open": 7,
        "max_division_share": 0.6,
        "max_periods": 3,
    }
    return [*known, _card("Nouvelle bande", blank, [], [], choices, [])]


def _band(services: Services, row: dict, choices: list[dict]) -> Component:
    chosen = queries.band_divisions(services.store, band=row["band"])["division"].to_list()
    blocks = queries.band_blocks(services.store, band=row["band"]).to_dicts()
    in_blocks = {block["code"] for block in blocks}
    slots = [
        slot
        | {"weeks": tables.IN_BLOCKS if slot["code"] in in_blocks else slot["weeks"] or tables.EVERY_WEEK}
        for slot in queries.band_slots(services.store, band=row["band"]).to_dicts()
    ]
    return _card(f"{row['code']} · {row['label']}", row, chosen, slots, choices, blocks)


def _card(
    title: str, row: dict, chosen: list[int], slots: list[dict], choices: list[dict], blocks: list[dict]
) -> Component:
    band = row["band"]
    names = [] if band else [_field("Code", band, "code", row["code"], "text", "2-A")]
    fields = [
        *names,
        _field("Nom", band, "label", row["label"], "text", "Secondes, mardi 10 h"),
        _field("Besoins ouverts, au plus", band, "max_needs_open", row["max_needs_open"], "number"),
        _field(
            "Une division, dès trois (% d’un groupe, au plus)",
            band,
            "share",
            round(100 * row["max_division_share"]),
            "number",
        ),
        _field("Périodes de suite dans un besoin", band, "max_periods", row["max_periods"], "number"),
    ]
    divisions = dbc.Checklist(choices, value=chosen, id={"band": band, "field": "divisions"}, inline=True)
    body = [
        html.Div(fields, className="fields"),
        html.Fieldset(
            [html.Legend("Divisions (effectif)", className="form-label"), divisions], className="mt-2"
        ),
        html.H3("Créneaux de la semaine", className="mt-3"),
        entry_table(f"slots-{band}", tables.SLOTS, slots, blanks=1 if slots else 2),
        _blocks(band, blocks),
        html.Div(
            button("Enregistrer la bande", {"save": "band", "band": band}, icon="check2"),
            className="form-foot",
        ),
    ]
    return card(title, body)


def _blocks(band: int, blocks: list[dict]) -> Component:
    """Return the dates of the slots that meet in blocks, folded while there is none."""
    title = f"Dates des créneaux en blocs ({len(blocks)})" if blocks else "Dates des créneaux en blocs"
    about = "Pour des heures regroupées sur des périodes : choisissez « en blocs », puis donnez chaque date."
    return html.Details(
        [
            html.Summary(title, className="b"),
            html.P(spaced(about), className="s muted mt-2"),
            entry_table(f"blocks-{band}", tables.BLOCKS, blocks, blanks=3),
        ],
        className="fold mt-2",
        open=bool(blocks),
    )


def _field(words: str, band: int, key: str, value: object, kind: str, example: str = "") -> Component:
    field_id = {"band": band, "field": key}
    field = dbc.Input(id=field_id, value=value, type=kind, placeholder=example)
    wide = "wide" if key == "label" else None
    return html.Label([html.Span(words, className="form-label"), field], className=wide)

"""Adults and rooms of a band: who is free at which slot, for which needs they volunteer, which rooms are kept."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import segment
from apdash.components.frame import button, card
from apdash.components.marks import axis_mark
from apdash.components.states import empty
from apdash.labels import hour
from apdash.pages.page import Params, whole
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import bands as queries
from apdash.store.queries.calendar import rooms as rooms_of
from apdash.store.queries.calendar import staff as staff_of


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return, for the chosen band, the table of adults and the rooms of each slot."""
    bands = queries.bands(services.store, year=year)
    if bands.is_empty():
        return [card("Adultes et salles", empty("Aucune bande", "Créez d’abord une bande et ses créneaux."))]
    band = whole(params, "bande", bands["band"][0])
    options = [(str(row["band"]), row["code"]) for row in bands.to_dicts()]
    filters = segment("Bande", options, name="bande", path="/reglages", params={**params, "bande": str(band)})
    return [filters, _adults(services, band), _rooms(services, band)]


def slot_title(row: dict) -> str:
    """Return a slot as it is said: `mardi 10 h 10`."""
    return f"{row['day']} {hour(row['starts_at'])}"


def _adults(services: Services, band: int) -> Component:
    slots = queries.band_slots(services.store, band=band).to_dicts()
    free = queries.band_staff(services.store, band=band)
    needs = services.reference.needs.filter("in_band").to_dicts()
    willing = queries.needs_led(services.store)
    head = [
        html.Th("Adulte"),
        *(html.Th(slot_title(row), scope="col") for row in slots),
        html.Th("Volontaire pour"),
    ]
    rows = [
        _adult(row, slots, free, needs, willing.get(row["id"], []))
        for row in staff_of(services.store).to_dicts()
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="tbl adults")
    legend = [html.Span([axis_mark(axis), " ", words], className="me-3") for axis, words in
              services.reference.axes.select("code", "label").iter_rows()]  # fmt: skip
    return card(
        "Adultes",
        [html.Div(legend, className="s muted mb-2"), html.Div(table, className="scroll-x"),
         html.Div(button("Enregistrer les adultes", "save-staff", icon="check2"), className="form-foot")],
        sub="cochez les créneaux où chacun est libre, et ce qu’il ou elle accepte d’animer",
    )  # fmt: skip


def _adult(
    row: dict, slots: list[dict], free: pl.DataFrame, needs: list[dict], willing: list[str]
) -> Component:
    there = set(free.filter(pl.col("staff") == row["id"])["slot"].to_list())
    name = f"{row['title']} {row['last_name']}".strip()
    checks = [
        html.Td(dbc.Checkbox(id={"free": row["id"], "slot": slot["slot"]}, value=slot["slot"] in there,
                             label=html.Span(f"{name}, {slot_title(slot)}", className="visually-hidden")))
        for slot in slots
    ]  # fmt: skip
    options = [
        {"value": need["code"], "label": html.Span([axis_mark(need["axis"]), " ", need["short_name"]])}
        for need in needs
    ]
    choice = dbc.Checklist(
        options, value=willing, id={"willing": row["id"]}, inline=True, class_name="needs-choice"
    )
    who = html.Th(
        [html.Div(name, className="nw"), html.Div(row["discipline"] or row["job"], className="xs muted")],
        scope="row",
    )
    return html.Tr([who, *checks, html.Td(choice)])


def _rooms(services: Services, band: int) -> Component:
    slots = queries.band_slots(services.store, band=band).to_dicts()
    kept = queries.band_rooms(services.store, band=band)
    options = [
        {"value": row["id"], "label": f"{row['code']} ({row['capacity']})"}
        for row in rooms_of(services.store).to_dicts()
    ]
    if not options:
        return card(
            "Salles", empty("Aucune salle", "Sans salle saisie, les salles ne limitent pas les groupes.")
        )
    lines = [
        html.Fieldset([html.Legend(slot_title(slot), className="form-label b"),
                       dbc.Checklist(options, value=kept.filter(pl.col("slot") == slot["slot"])["room"].to_list(),
                                     id={"rooms": slot["slot"]}, inline=True)], className="mb-2")
        for slot in slots
    ]  # fmt: skip
    save = html.Div(button("Enregistrer les salles", "save-rooms-kept", icon="check2"), className="form-foot")
    return card("Salles", [*lines, save], sub="(places) ; aucune cochée : les salles ne limitent pas")

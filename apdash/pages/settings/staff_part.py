"""Adults and rooms of a band: who is free at which slot, for which needs they volunteer, which rooms are kept."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address, segment
from apdash.components.frame import button, card
from apdash.components.marks import axis_mark
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.labels import trade
from apdash.pages.page import Params, whole
from apdash.pages.settings.adults_table import adults_card, slot_title
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import bands as queries
from apdash.store.queries.calendar import rooms as rooms_of
from apdash.store.queries.calendar import staff as staff_of

PATH = "/reglages"


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return, for the chosen band, the table of adults and the rooms of each slot; or what one adult leads."""
    bands = queries.bands(services.store, year=year)
    if bands.is_empty():
        return [card("Adultes et salles", empty("Aucune bande", "Créez d’abord une bande et ses créneaux."))]
    band = whole(params, "bande", bands["band"][0])
    adult = whole(params, "adulte")
    if adult is not None:
        return [_willing(services, adult, band)]
    options = [(str(row["band"]), row["code"]) for row in bands.to_dicts()]
    filters = segment("Bande", options, name="bande", path=PATH, params={**params, "bande": str(band)})
    return [filters, adults_card(services, band=band, year=year), _rooms(services, band)]


def _willing(services: Services, adult: int, band: int) -> Component:
    """Return the needs one adult agrees to lead, to tick, under their axes."""
    known = staff_of(services.store).filter(pl.col("id") == adult)
    if known.is_empty():
        raise ApdashError("Adulte inconnu.", "Il n’est pas, ou n’est plus, dans l’établissement.")
    row = known.row(0, named=True)
    chosen = queries.needs_led(services.store).get(adult, [])
    needs = services.reference.needs.filter("in_band")
    axes = [*services.reference.axes.select("code", "label").iter_rows(), (None, "Accueil")]
    fields = [
        html.Fieldset([html.Legend([axis_mark(axis), " ", words], className="form-label b"),
                       _needs_of(needs.filter(pl.col("axis").eq_missing(axis)), chosen, adult, axis)], className="mb-2")
        for axis, words in axes
    ]  # fmt: skip
    back = dcc.Link(
        "Revenir aux adultes",
        href=address(PATH, {}, partie="adultes", bande=str(band)),
        className="btn btn-quiet",
    )
    foot = html.Div(
        [button("Enregistrer", "save-willing", icon="check2", kind="primary"), back], className="form-foot"
    )
    title = f"Ce que {row['title']} {row['last_name']} accepte d’animer"
    return card(title, [*fields, foot], sub=trade(row["discipline"], row["job"]))


def _needs_of(needs: pl.DataFrame, chosen: list[str], adult: int, axis: str | None) -> Component:
    options = [{"value": code, "label": label} for code, label in needs.select("code", "label").iter_rows()]
    return dbc.Checklist(options, value=chosen, id={"willing": adult, "axis": axis or "none"})


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

"""Saves a band: its name, divisions, rules and slots."""

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx

from apdash import current
from apdash.components.entry_table import entered
from apdash.components.states import toast
from apdash.errors import ApdashError
from apdash.pages.page import only_when_pressed
from apdash.pages.settings import tables
from apdash.pages.settings.bands_part import NEW
from apdash.store.commands import bands as commands
from apdash.store.queries.calendar import current_year

_SLOT_TYPES = {
    "code": pl.String,
    "day": pl.String,
    "starts_at": pl.Time,
    "minutes": pl.Int64,
    "weeks": pl.String,
}
_BLOCK_TYPES = {"code": pl.String, "on_day": pl.Date, "starts_at": pl.Time, "minutes": pl.Int64}


def register(app: Dash) -> None:
    """Register the save button of each band."""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input({"save": "band", "band": ALL}, "n_clicks"),
        State({"band": ALL, "field": ALL}, "value"),
        State({"table": ALL, "row": ALL, "column": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_band(clicks: list[int], values: list, cells: list) -> tuple:
        only_when_pressed()
        band = ctx.triggered_id["band"]
        fields = {
            cell["id"]["field"]: cell.get("value")
            for cell in ctx.states_list[0]
            if cell["id"]["band"] == band
        }
        slots = entered(_of_every_week(_cells(f"slots-{band}")), tables.SLOTS)
        blocks = entered(_cells(f"blocks-{band}"), tables.BLOCKS)
        saved = _save(
            band, fields, pl.DataFrame(slots, schema=_SLOT_TYPES), pl.DataFrame(blocks, schema=_BLOCK_TYPES)
        )
        return toast("info", "Bande enregistrée."), f"?partie=bandes&enregistree={saved}"


def _cells(table: str) -> list[dict]:
    return [cell for cell in ctx.states_list[1] if cell["id"]["table"] == table]


def _of_every_week(cells: list[dict]) -> list[dict]:
    """Return the cells of slots: a line that says nothing of its weeks meets in all of them."""
    said = {cell["id"]["row"] for cell in cells if cell["id"]["column"] != "weeks" and cell.get("value")}
    return [
        cell | {"value": cell.get("value") or (tables.EVERY_WEEK if cell["id"]["row"] in said else None)}
        if cell["id"]["column"] == "weeks"
        else cell
        for cell in cells
    ]


def _checked_blocks(slots: pl.DataFrame, blocks: pl.DataFrame) -> None:
    """Raise `ApdashError` when a slot in blocks has no date, or a slot with dates is not in blocks."""
    wanted = set(slots.filter(pl.col("weeks") == tables.IN_BLOCKS)["code"])
    dated = set(blocks["code"])
    if wanted - dated:
        raise ApdashError("Blocs sans date.", f"Donnez les dates du créneau « {min(wanted - dated)} ».")
    if dated - wanted:
        words = f"« {min(dated - wanted)} » a des dates : choisissez « en blocs », ou videz-les."
        raise ApdashError("Dates en trop.", words)


def _save(band: int, fields: dict, slots: pl.DataFrame, blocks: pl.DataFrame) -> int:
    services, viewer = current.services(), current.viewer()
    _checked_blocks(slots, blocks)
    rules = {
        "label": str(fields["label"] or "").strip(),
        "divisions": fields["divisions"] or [],
        "max_needs_open": _whole(fields["max_needs_open"], "Besoins ouverts", 1, 30),
        "max_division_share": _whole(fields["share"], "Part d’une division", 1, 100) / 100,
        "max_periods": _whole(fields["max_periods"], "Périodes de suite", 1, 20),
    }
    if not rules["label"] or (band == NEW and not str(fields["code"] or "").strip()):
        raise ApdashError("Bande incomplète.", "Il lui faut un code court et un nom.")
    if band == NEW:
        year = current_year(services.store, services.today())
        code = str(fields["code"]).strip()
        band = commands.create_band(services.store, viewer, year=year, code=code, **rules)
    else:
        commands.update_band(services.store, viewer, band=band, **rules)
    weekly = slots.with_columns(weeks=pl.when(pl.col("weeks").is_in(["A", "B"])).then("weeks"))
    commands.set_slots(services.store, viewer, band=band, slots=weekly, blocks=blocks, now=services.now())
    return band


def _whole(value: object, words: str, low: int, high: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ApdashError("Nombre refusé.", f"{words} : de {low} à {high}.")
    return number

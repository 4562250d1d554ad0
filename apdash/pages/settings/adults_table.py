"""The table of the adults of a band: a line each, a box a slot and a need, one save (assets/settings-adults.js)."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.components.still import still
from apdash.labels import hour, trade
from apdash.services import Services
from apdash.store.queries import bands as queries
from apdash.store.queries import calendar
from apdash.volunteers import proposed_volunteers

PATH = "/reglages"
_SUB = "ceux qui enseignent aux divisions de la bande d’abord"
_ABOUT = (
    "Chacun choisit ce qu’il anime. Une proposition remplit les lignes encore vides, en pointillé : "
    "elle reste à confirmer avec chaque adulte, et ne vaut qu’une fois enregistrée."
).replace(" :", "\u00a0:")


@dataclass(frozen=True, slots=True)
class _Boxes:
    """What is ticked and what is proposed: pairs of adult and slot, of adult and need."""

    free: frozenset[tuple[int, int]]
    led: frozenset[tuple[int, str]]
    likely: frozenset[int]
    could: frozenset[tuple[int, str]]


def adults_card(services: Services, *, band: int, year: int) -> Component:
    """Return the card: the two proposals, the table, the save button and what it says."""
    slots = queries.band_slots(services.store, band=band).to_dicts()
    needs = services.reference.needs.filter("in_band").to_dicts()
    boxes = _boxes(services, band=band, year=year)
    everybody = calendar.staff(services.store).with_columns(
        here=pl.col("id").is_in(list(boxes.likely | {adult for adult, _ in boxes.free}))
    )
    rows = [
        _adult(row, band, slots, needs, boxes)
        for row in everybody.sort("here", descending=True, maintain_order=True).to_dicts()
    ]
    table = html.Table([_head(slots, needs), html.Tbody(rows)], className="tbl adults")
    actions = html.Div(
        [
            _button("Proposer les besoins d’après les disciplines", "propose", "need", icon="magic"),
            _button("Proposer les créneaux d’après les services", "propose", "slot", icon="magic"),
            _button("Enregistrer", "save", "all", icon="check2", kind="primary"),
            html.Span(className="s adults-told", role="status"),
        ],
        className="form-foot adults-acts",
    )
    body = [
        html.P(_ABOUT, className="s soft mb-2"),
        actions,
        html.Div(table, className="scroll-x adults-box"),
    ]
    return card("Adultes", still(html.Div(body, **{"data-adults": str(band)})), sub=_SUB)


def slot_title(row: dict) -> str:
    """Return a slot as it is said: `mardi 10 h 10`."""
    return f"{row['day']} {hour(row['starts_at'])}"


def _boxes(services: Services, *, band: int, year: int) -> _Boxes:
    store = services.store
    taught = calendar.services_in_words(store, year=year)
    principals = calendar.principal_teachers(store, year=year)
    divisions = queries.band_divisions(store, band=band)["division"].to_list()
    proposed = proposed_volunteers(
        services.reference, staff=calendar.staff(store), services=taught, principals=principals
    )
    led = queries.needs_led(store)
    return _Boxes(
        free=frozenset(queries.band_staff(store, band=band).select("staff", "slot").iter_rows()),
        led=frozenset((adult, need) for adult, needs in led.items() for need in needs),
        likely=frozenset(taught.filter(pl.col("division").is_in(divisions))["staff"].to_list()),
        could=frozenset(proposed.iter_rows()),
    )


def _head(slots: list[dict], needs: list[dict]) -> Component:
    over = [
        html.Td(),
        html.Th("Libre", colSpan=max(1, len(slots)), scope="colgroup"),
        html.Th("Accepte d’animer", colSpan=len(needs), scope="colgroup", className="gap"),
        html.Td(),
    ]
    names = [html.Th(html.Span(slot_title(row)), scope="col", className="up") for row in slots]
    if not slots:
        names = [html.Th("aucun créneau", scope="col", className="muted")]
    wanted = [
        html.Th(
            html.Span([axis_mark(row["axis"]), " ", row["short_name"]]),
            scope="col",
            className="up gap" if place == 0 else "up",
            title=row["label"],
        )
        for place, row in enumerate(needs)
    ]
    return html.Thead([html.Tr(over), html.Tr([html.Th("Adulte", scope="col"), *names, *wanted, html.Td()])])


def _adult(row: dict, band: int, slots: list[dict], needs: list[dict], boxes: _Boxes) -> Component:
    name, adult = f"{row['title']} {row['last_name']} {row['first_name']}".strip(), row["id"]
    who = html.Th(
        [
            html.Div(name, className="nw"),
            html.Div(trade(row["discipline"], row["job"]), className="xs muted"),
        ],
        scope="row",
    )
    href = address(PATH, {}, partie="adultes", bande=str(band), adulte=str(adult))
    change = dcc.Link("Modifier", href=href, title=f"Modifier ce que {name} anime")
    return html.Tr([who, *_cells(adult, name, slots, needs, boxes), html.Td(change)])


def _cells(adult: int, name: str, slots: list[dict], needs: list[dict], boxes: _Boxes) -> Iterator[Component]:
    for row in slots:
        slot, said = row["slot"], f"{slot_title(row)}, {name}"
        yield html.Td(_box(adult, "slot", slot, said, (adult, slot) in boxes.free, adult in boxes.likely))
    if not slots:
        yield html.Td()
    for place, row in enumerate(needs):
        pair, said = (adult, row["code"]), f"{row['short_name']}, {name}"
        box = _box(adult, "need", row["code"], said, pair in boxes.led, pair in boxes.could)
        yield html.Td(box, className="gap" if place == 0 else None)


def _box(adult: int, kind: str, value: object, said: str, ticked: bool, proposed: bool) -> Component:
    """Return a box to tick that the script keeps: what is saved, and whether it may be proposed."""
    state = "true" if ticked else "false"
    told = {
        "data-kind": kind,
        "data-staff": str(adult),
        "data-value": str(value),
        "data-saved": state,
        "aria-checked": state,
        "aria-label": said,
    }
    return html.Button(
        type="button",
        role="checkbox",
        className="tickbox",
        **told,
        **({"data-could": "1"} if proposed else {}),
    )


def _button(words: str, does: str, what: str, *, icon: str, kind: str = "outline") -> Component:
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return html.Button(
        [mark, html.Span(words)], type="button", className=f"btn btn-{kind}", **{f"data-{does}": what}
    )

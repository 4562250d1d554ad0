"""The sessions behind one figure, a line each."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.states import empty
from apdash.components.still import still
from apdash.hours.words import PRESENCES, STATES
from apdash.labels import NBSP, count, duration, hour, short_day
from apdash.pages.hours.asked import LISTED, PATH
from apdash.pages.hours.picture import Picture
from apdash.pages.page import Params
from apdash.reference import Reference

MOST = 400
_COLUMNS = {
    "eleve": "student",
    "division": "division",
    "groupe": "ap_group",
    "axe": "axis",
    "adulte": "staff",
}


def sessions_card(reference: Reference, picture: Picture, params: Params) -> Component | None:
    """Return the list the address asks for, None when it asks for none."""
    if picture.asked.key is None:
        return None
    kind, value = picture.asked.key
    rows = _rows(picture, kind, value)
    label = LISTED[picture.asked.which][0]
    close = dcc.Link(
        "Fermer la liste",
        href=address(PATH, params, liste=None, etat=None),
        className="btn btn-outline btn-sm",
    )
    title = f"{_who(reference, picture, kind, value)}{NBSP}: séances {label}"
    if rows.is_empty():
        return card(
            title,
            empty("Aucune séance", "Ce chiffre a peut-être changé depuis ; rechargez la page."),
            right=close,
            class_name="mb-3",
        )
    total = f"{count(rows.height, 'séance')}, {duration(rows['minutes'].sum())}"
    more = html.P(f"Les {MOST} premières.", className="s muted") if rows.height > MOST else None
    reasons = dict(reference.session_reasons.select("code", "label").iter_rows())
    table = _table(picture, rows.head(MOST), kind, reasons)
    return card(
        title, [still(table, className="scroll-x hr-list"), more], sub=total, right=close, class_name="mb-3"
    )


def _rows(picture: Picture, kind: str, value: str) -> pl.DataFrame:
    """Return the sessions in order of time, each with how many are expected and came; presence: of the first one."""
    day, column = picture.hours.day, _COLUMNS[kind]
    if kind == "adulte":
        mine = picture.led.filter(pl.col("staff").cast(pl.String) == value)
        rows = mine.with_columns(
            action=pl.lit(None, pl.Int64), why=pl.lit(""), presence=pl.lit(None, pl.String)
        )
    else:
        same = pl.col(column).cast(pl.String).fill_null("") == value
        rows = picture.places.filter(pl.col("counts") & same)
    kept = rows.filter(_which(picture.asked.which, day))
    came = pl.col("presence").is_in(["present", "late"])
    return (
        kept.group_by("session", maintain_order=True)
        .agg(
            pl.col("on_day", "starts_at", "minutes", "state", "why", "ap_group", "action", "presence").first(),
            expected=pl.len(), came=came.sum(),
        )
        .sort("on_day", "starts_at", "session")
    )  # fmt: skip


def _which(which: str, day: object) -> pl.Expr:
    state, over = pl.col("state"), pl.col("on_day") < day
    return {
        "prevues": pl.lit(value=True),
        "tenues": state == "held",
        "suivies": (state == "held") & pl.col("presence").is_in(["present", "late"]),
        "perdues": state == "not_held",
        "a-dire": (state == "planned") & over,
        "a-venir": (state == "planned") & ~over,
    }[which]


def _who(reference: Reference, picture: Picture, kind: str, value: str) -> str:
    axes = dict(reference.axes.select("code", "label").iter_rows())
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 16 else -1
    adults = dict(picture.led.select("staff", "staff_name").iter_rows())
    names: dict[str, str | None] = {
        "eleve": picture.people.get(number),
        "division": picture.codes.get(number),
        "groupe": picture.names["group"].get(number) or "Actions communes",
        "axe": axes.get(value) or "Accueil et actions sans axe",
        "adulte": adults.get(number),
    }
    return names[kind] or "Liste"


def _table(picture: Picture, rows: pl.DataFrame, kind: str, reasons: dict[str, str]) -> Component:
    last = {"eleve": "Présence", "adulte": ""}.get(kind, "Présents")
    titles = ["Jour", "Heure", "Durée", "Groupe ou action", "Séance", *([last] if last else [])]
    lines = [html.Tr(_line(picture, row, kind, reasons)) for row in rows.to_dicts()]
    head = html.Thead(html.Tr([html.Th(title, scope="col") for title in titles]))
    return html.Table([head, html.Tbody(lines)], className="tbl")


def _line(picture: Picture, row: dict, kind: str, reasons: dict[str, str]) -> list[Component]:
    name = picture.names["action"].get(row["action"]) or picture.names["group"].get(
        row["ap_group"], "Action commune"
    )
    why = reasons.get(row["why"], row["why"])
    state = STATES[row["state"]] + (f"{NBSP}: {why.lower()}" if why else "")
    cells = [short_day(row["on_day"]), hour(row["starts_at"]), duration(row["minutes"]), name, state]
    if kind == "eleve":
        cells.append(PRESENCES.get(row["presence"], "non appelé") if row["state"] == "held" else "–")
    elif kind != "adulte":
        cells.append(
            f"{row['came']} sur {row['expected']}"
            if row["state"] == "held"
            else f"{row['expected']} attendus"
        )
    return [html.Td(cell) for cell in cells]
